// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "estimators/tallies/passage.hpp"

namespace kramers {

/// One ensemble as the lanes of host threads see it: how many trajectories of what length. A thread
/// advances lane_count of them at once and takes as long over one as over all, so that the last of
/// them, which run alone, cost as much as a full block.
///
/// Passages: an exponential law cut off at `longest`. It has no memory, so that a lane that is still
/// running when the queue is empty has a whole passage before it. Times are of one lane, in any unit.
struct LaneLoad {
    double trajectories = 0.0;
    double mean = 0.0;  ///< E min(τ, longest)
    double longest = std::numeric_limits<double>::infinity();
    bool alike = false;  ///< all of length `mean`, and a thread begins lane_count of them at once
};

/// E of the longest of n trajectories that begin together.
///
///   ∫_0^c 1 − (1 − e^{−t/m})^n dt = m Σ_{j=1}^n Y^j/j,   Y = 1 − e^{−c/m},   mean = m Y
double longest_of(double n, LaneLoad const& load);

/// Expected time of an ensemble that has all threads for itself (simulate).
double time_alone(LaneLoad const& load, int threads);

/// Expected time of ensembles that are handed out in this order (simulate_many): a thread takes a
/// whole one; when there are no more it helps where most trajectories wait, if they are more than a
/// block, and otherwise idles.
double time_together(std::vector<LaneLoad> const& loads, int threads);

/// Steps of the busiest lane in a run that was made, each lane taking the next id when it is free.
double busiest_lane(PassageTally const& tally, int threads);

}  // namespace kramers
