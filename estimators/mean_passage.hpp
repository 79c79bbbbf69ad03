// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "estimators/estimate.hpp"
#include "estimators/passage_query.hpp"

namespace kramers {

/// Mean first-passage time E τ: the pooled mean of the arrival times.
///
///   τ̂ = dt · Σ (steps − shift) / arrivals,   shift = ½ for Stamp::middle_of_step, else 0
///
/// With several absorbing targets and one asked for, it is the mean over the trajectories that end
/// there; the warning says so.
///
/// Valid for   ensembles in which every trajectory arrived. If one was censored or diverged there is
///             no estimate but a reason: averaging only finished paths estimates
///             τ − C/(e^{C/τ} − 1), about half the cap C when C ≪ τ (E64). passage_rate and
///             restricted_mean are what such data support.
/// Error       statistical: delete-one-group jackknife, Student with 63 degrees of freedom;
///             the bias in dt is not in it (extrapolate.hpp)
/// Source      efron1982; gobet2010 (time stamps)
EstimateResult mean_passage(PassageTally const& tally, PassageQuery const& query);

/// Restricted mean E min(τ, horizon) = ∫_0^horizon S(t) dt, the area under the Kaplan–Meier curve;
/// the plain average of min(τ, horizon) when every trajectory was followed to the horizon or its
/// arrival. A lower bound of E τ, and its warning says that it is not the mean.
///
/// Parameters  horizon  time, fixed before the run; no estimate beyond the longest observation
/// Valid for   censoring that knows nothing of the future of the path: a cap, an interrupt.
///             Divergence counts as censoring, which the warning mentions.
/// Error       delete-one-group jackknife
/// Source      kaplan1958
EstimateResult restricted_mean(PassageTally const& tally, PassageQuery const& query,
                               double horizon);

}  // namespace kramers
