// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/kinds/race.hpp"

namespace kramers {

/// The best cell of each entrant as text, best first: success with its 95 % interval on the fresh
/// ensemble, loss before and after the quench, median time in gradient evaluations and in relaxation
/// times of the start, where the cell lies in the grid (marked where that is its edge) and how many
/// cells cannot be told from it.
std::string race_summary(Spec const& spec, std::vector<BestCell> const& best);

}  // namespace kramers
