// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "sde/concepts.hpp"

namespace kramers {

/// Slopes that the convergence tests find, with the half-widths of their intervals.
struct MeasuredOrder {
    std::optional<double> strong, weak;
    double strong_error = 0.0, weak_error = 0.0;
};

/// Of a scheme under this noise; nothing: not measured.
std::optional<MeasuredOrder> measured_order(std::string_view scheme, NoiseStructure structure);

}  // namespace kramers
