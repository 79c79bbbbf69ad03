// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "experiments/spec.hpp"

namespace kramers {

/// The predicted particle-steps of a cell, at least 1.
double cell_cost(Cell const& cell);

/// One past the last cell of the batch that begins with cell `first`: as many cells, of these costs,
/// as are simulated together. `first` itself where its own plans are too large for that.
std::size_t batch_end(std::vector<Cell> const& cells, std::vector<double> const& costs,
                      std::size_t first);

}  // namespace kramers
