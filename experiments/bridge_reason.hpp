// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "experiments/resolve_parts.hpp"

namespace kramers {

/// Why crossings = "bridge" is not to be had of a composed method: another step than Euler's of
/// overdamped dynamics, a drift that is not -grad V alone, or a landscape that it is not compiled for.
std::string why_no_bridge(Draft const& draft);

}  // namespace kramers
