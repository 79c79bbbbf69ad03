// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "estimators/estimate.hpp"
#include "estimators/passage_query.hpp"

namespace kramers {

/// Rate of arrivals: how many per unit of time at risk, once the start is forgotten.
///
///   k̂ = d / S,   d = arrivals after t0,   S = Σ (time spent after t0, whatever the outcome)
///
/// Parameters  after  t0, the relaxation time discarded (left truncation): of a start at a
///                    point (c₂/c₁) e^{−(λ₂ − λ₁) t0} is left in the rate (E63): 7/(λ₂ − λ₁) for 1e-3;
///                    a dead time left in biases it (E60). Time.
/// Valid for   any censoring. It is the hazard only if that is constant after t0, and 1/mean only if
///             τ is exponential from the start: test it (exponentiality.hpp); at barrier/T = 2 the
///             two differ by tens of percent.
/// Error       95 % interval [χ²_{.025,2d}, χ²_{.975,2d+2}]/(2S) (E60), conservative at every d. With
///             d = 0: value 0, standard error 1/S, interval [0, 3.69/S], and the warning gives the
///             one-sided 95 % bound 3.00/S. The leave-one-out values give a jackknife that does not
///             assume an exponential law.
/// Source      garwood1936; epstein1953
EstimateResult passage_rate(PassageTally const& tally, PassageQuery const& query, double after);

/// The mean time 1/k̂ of an exponential law with that rate, with the inverse interval. Its warning
/// says that it is a mean first-passage time only under that law.
Estimate mean_time_of_rate(Estimate const& rate);

/// The probability that an arrival is at `target`: arrivals there over all arrivals, with the
/// Clopper–Pearson interval (trajectories are independent).
///
/// Valid for   complete runs; under censoring the quicker exits are over-represented unless the exit
///             point is independent of the exit time (QSD start, E63), and the warning says so
/// Source      clopper1934
EstimateResult exit_fraction(PassageTally const& tally, int target);

}  // namespace kramers
