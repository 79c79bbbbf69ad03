// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "estimators/passage_query.hpp"

namespace kramers {

struct SurvivalPoint {
    double time = 0.0;
    double survival = 1.0;        ///< Ŝ(t) = P(τ > t)
    double standard_error = 0.0;  ///< Greenwood
    double lower = 0.0;           ///< pointwise 95 %
    double upper = 1.0;
    std::uint64_t at_risk = 0;  ///< trajectories followed to t
};

/// Survival curve of the first-passage time on a grid of times.
///
///   Ŝ(t) = Π_{t_i ≤ t} (1 − d_i/n_i),   Var Ŝ ≈ Ŝ² Σ d_i/(n_i(n_i − d_i))   (E61)
///
/// d_i arrivals among the n_i still running at the step t_i. With a single target asked for among
/// several, arrivals at the others leave the risk set: the curve is then exp(−∫ hazard) of this
/// target, not one minus the probability of having ended there.
///
/// Parameters  times  ascending; those beyond the last observation of a curve that has not reached
///                    zero are left out, because nothing is known there
/// Valid for   censoring that knows nothing of the future of the path: a cap, an interrupt
/// Error       log(−log) interval; 1 − 0.05^(1/n) as one-sided bound where Ŝ is 0 or 1.
///             Pointwise: a curve leaves such a strip somewhere more often than 5 %.
/// Source      kaplan1958; greenwood1926; kalbfleisch2002 (log-log interval)
std::vector<SurvivalPoint> survival_curve(PassageTally const& tally, PassageQuery const& query,
                                          std::vector<double> const& times);

/// `points` equally spaced times from 0 to the last exit of any kind, for a curve.
std::vector<double> survival_times(PassageTally const& tally, PassageQuery const& query,
                                   int points);

}  // namespace kramers
