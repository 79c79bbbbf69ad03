// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/kinds/race.hpp"

namespace kramers {

/// Where the best cell of an entrant lies on one axis of its grid.
enum class AxisPlace {
    single,   ///< the entrant has none, one or two values there: nothing lies between others
    inside,   ///< between two others
    plateau,  ///< at an end, but cells that cannot be told from the best are not
    limit,  ///< at an end beyond which there is nothing: 0, or within a fifth of the stability limit
    lower,  ///< at the lowest value: the optimum may lie below
    upper   ///< at the highest value: the optimum may lie above
};
char const* to_string(AxisPlace place);

struct BestPlace {
    AxisPlace intensity, decay, learning_rate;
};

/// Judged by the cells that not_worse_than_best() leaves.
BestPlace place_of_best(Spec const& spec, BestCell const& best);

/// The same for one axis: all its values in the grid, those of the cells not worse than the best, and
/// the value above which nothing is stable (0: unknown).
AxisPlace place_on_axis(std::vector<double> values, double best,
                        std::vector<double> const& not_worse, double limit);

/// "0.8", ">=0.8", "<=0.8", "~0.8" (plateau), "0.8 (limit)".
std::string marked(double value, AxisPlace place);

/// What the marks of a text mean, one line; "" without any.
std::string explain_marks(std::string const& text);

}  // namespace kramers
