// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "estimators/passage_query.hpp"

namespace kramers {

/// Part of the time after t0 that holds an equal share of the total time at risk.
struct HazardWindow {
    double begin = 0.0;  ///< time
    double end = 0.0;
    std::uint64_t events = 0;
    double rate = 0.0;  ///< events over time at risk: minus the slope of ln Ŝ there
};

struct Exponentiality {
    std::uint64_t events = 0;
    double shape = 1.0;  ///< Weibull shape κ of the residual times; 1 for an exponential law
    double shape_standard_error = 0.0;
    double shape_lower = 0.0;  ///< 95 %
    double shape_upper = 0.0;
    double shape_p = 1.0;       ///< p-value of κ = 1
    double total_time_p = 1.0;  ///< Kolmogorov–Smirnov of the total-time-on-test transform
    double linearity_p = 1.0;   ///< χ² of equal hazard in all windows: ln Ŝ is straight
    double p_value = 1.0;       ///< of the three together (Bonferroni): small rejects
    std::vector<HazardWindow> windows;
    std::string reason;  ///< set when there are too few events to test; then nothing else counts
};

/// Is the first-passage time exponential after t0? The question to settle before a rate is read as
/// 1/mean, because then all of Ŝ is one number.
///
///   κ̂: root of Σ t^κ ln t / Σ t^κ − 1/κ = mean of ln t over events; sums over all trajectories
///   u_j = (time at risk up to event j) / (time at risk up to the last event d):  under the null the
///   d − 1 values are uniform order statistics, whatever the rate, so no parameter is estimated
///
/// Each statistic sees what another misses: the shape a hazard that rises or falls as a power, the
/// u_j a dead time (E62: the shape is weak there), the windows a bump in the middle.
///
/// A time is known to one step. The null is that the number of steps is geometric, which is what a
/// constant hazard gives at any dt; each event is moved back within its step by an exponential
/// fraction (drawn from a hash of the trajectory id, so the answer is a pure function of the tally),
/// which turns the geometric law into the exponential law exactly. A mid-step value would bias κ̂.
///
/// Parameters  after  t0, time discarded (left truncation)
/// Valid for   ≥ 50 events; right censoring at a cap or by an interrupt. The law of the u_j is exact
///             without censoring and asymptotic with it.
/// Error       s.d. of κ̂ is 0.78/√n (E62); bias O(1/n) removed to that order
/// Source      cohen1965; barlow1975; stephens1970 (its null distribution)
Exponentiality test_exponentiality(PassageTally const& tally, PassageQuery const& query,
                                   double after);

}  // namespace kramers
