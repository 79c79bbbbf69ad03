// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "experiments/components.hpp"

/// Equations with the factors of schedules written where they act: u(k) on the learning rate, w(k) on
/// the noise.
namespace kramers {

struct Scheduled {
    bool rate = false;   ///< u is not 1
    bool noise = false;  ///< w is not 1
};

/// Of a dynamics itself.
std::string equation_under(Scheduled schedule, DynamicsInfo const& dynamics);

/// Of an SDE as the limit of an optimizer (S7), whose learning rate it need not have itself.
std::string equation_under(Scheduled schedule, DynamicsInfo const& sde,
                           DynamicsInfo const& optimizer);

}  // namespace kramers
