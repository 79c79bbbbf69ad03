// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "experiments/spec.hpp"

namespace kramers {

/// Every plan of a cell, in the order in which its kind asks for them.
std::vector<Plan> cell_plans(Cell const& cell);

}  // namespace kramers
