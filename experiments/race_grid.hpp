// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/input.hpp"
#include "experiments/tree.hpp"

namespace kramers {

/// One entrant at one point of the grid: an ordinary spec of that optimizer, without grid and
/// entrants, with its own scale on the grid's values. What the entrant has none of is NaN.
struct RaceCell {
    Table tree;
    std::string entrant;
    double intensity, decay, learning_rate;
    double limit;  ///< above which the learning rate makes no sense, if the entrant states one; 0
};

/// Entrants × intensities × decays × learning rates, the last one fastest. `root` keeps its
/// entrants and gets the numbers of its grid.
std::vector<RaceCell> expand_race(Table& root, Problems& problems);

/// Names of the entrants, for the claims; whatever can be read of them.
std::vector<std::string> entrant_names(Table const& root);

}  // namespace kramers
