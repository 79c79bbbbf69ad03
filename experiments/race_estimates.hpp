// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "estimators/estimate.hpp"
#include "estimators/tallies/passage.hpp"
#include "experiments/spec.hpp"

namespace kramers {

/// A quantile of a time, by order statistics; ∞ where too few have arrived to know it.
struct CensoredQuantile {
    double value = 0.0, lower = 0.0, upper = 0.0;
};

/// What one ensemble of a cell says. Times are gradient evaluations.
struct RaceOutcome {
    int cell = 0;
    std::uint64_t trajectories = 0;
    std::uint64_t diverged = 0;   ///< by the end of the race
    std::uint64_t lost = 0;       ///< of these, before they had been in the goal
    std::uint64_t unsettled = 0;  ///< quenches that ended on a saddle, or at none
    Estimate success;     ///< P(the quenched last state lies in the goal); Clopper–Pearson
    Estimate arrival;     ///< P(has been in the goal by then); Clopper–Pearson
    EstimateResult loss;  ///< E V of the last state, diverged ones left out
    EstimateResult quenched_loss;  ///< E V of the minimum below it
    EstimateResult curvature;      ///< E of the largest curvature of that minimum
    EstimateResult mean_time;      ///< E min(time to the goal, all evaluations)
    CensoredQuantile median_time;
};

/// Quenches every last state (trajectories × dim, by id; NaN: diverged) on `threads` threads.
RaceOutcome race_outcome(Cell const& cell, std::vector<double> const& last_states,
                         PassageTally const& passages, int threads);

/// Mean over trajectories by id, NaN left out, with the jackknife over the 64 groups.
EstimateResult group_mean(std::vector<double> const& values);

/// Successes in independent trials with their Clopper–Pearson interval at 95 %.
Estimate proportion(std::uint64_t successes, std::uint64_t trials);

/// The median of n ascending times of which those beyond the last were not observed, with an
/// interval of at least 95 % by the normal law of the rank, one rank wider.
CensoredQuantile censored_median(std::vector<double> const& observed, std::uint64_t n);

}  // namespace kramers
