// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "experiments/spec.hpp"
#include "sde/theory/absorbing.hpp"

namespace kramers {

/// The goal of a race as one interval per coordinate.
struct GoalIntervals {
    std::vector<theory::Interval1D> axes;
    bool basin =
        false;  ///< every finite end is a stationary point of its coordinate: a state in the
                ///< goal flows to a minimum in the goal, and none from outside does
};

/// Nothing unless the landscape is separable and the goal a box (or, for d = 1, an interval).
std::optional<GoalIntervals> goal_intervals(Cell const& cell);

/// P(ends in the goal) under the temperatures of the schedule: the product over coordinates of that
/// of the Fokker–Planck equation (line_diffusion.hpp). Nothing unless the goal is a basin.
///
/// Precondition: the cell tends to overdamped motion at a temperature.
std::optional<double> fokker_planck_success(Cell const& cell);

}  // namespace kramers
