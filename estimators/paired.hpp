// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "estimators/estimate.hpp"
#include "estimators/tallies/snapshots.hpp"

namespace kramers {

/// Mean of observable `index` over the samples of a tally, with its jackknife over groups. None
/// where trajectories diverged or values were too large for the sum: the rest is no sample of the law.
EstimateResult observable_mean(SnapshotTally const& tally, std::size_t index);

/// E φ under `a` minus E φ under `b`, two ensembles that share seed, ids and driving noise: group g
/// of the one is paired with group g of the other, so that what both paths have in common cancels.
///
///   d_g = mean_g φ(a) − mean_g φ(b);   standard error from the scatter of d_g over the groups
///
/// Valid for   coupled and independent ensembles alike: only the size of the error differs
/// Error       statistical: delete-one-group jackknife, Student with 63 degrees of freedom
/// Source      efron1982; giles2015
EstimateResult paired_difference(SnapshotTally const& a, SnapshotTally const& b, std::size_t index);

/// Errors of one observable along a ladder of step sizes.
struct ErrorLadder {
    std::vector<double> steps;     ///< h, distinct
    std::vector<Estimate> errors;  ///< signed, with their leave-one-out values
};

/// How fast errors fall with the step.
struct OrderFit {
    EstimateResult order;           ///< p of the regression; its interval is Student's
    std::vector<Estimate> leading;  ///< C_p of each ladder at the claimed p
    double lack_of_fit_p = 1.0;     ///< small: the steps kept are not yet asymptotic
    /// To be added to both sides of the interval: how far dropping the last coarse step moved p; if none
    /// was dropped, twice how far it would and the standard error of that (0 where the other steps do
    /// not determine p). If that is more and the residuals contradict the model to the end: the distance
    /// to p with (without) the next term.
    double systematic = 0.0;
    bool systematic_known = false;     ///< false: too few steps to see what the coarsest one does
    std::vector<double> steps;         ///< the steps that were kept, descending
    std::vector<std::size_t> ladders;  ///< those of which at least one point was used
    std::size_t points = 0;
};

/// What an order fit assumes.
struct OrderModel {
    double claimed = 1.0;    ///< p of `leading`
    bool next_term = true;   ///< C_{p+1} h^{p+1} besides C_p h^p
    double significant = 6;  ///< points with |error| below so many standard errors are left out
};

/// Order of the errors of several observables, all together.
///
///   ln |e_j(h)| = a_j + p ln h + b_j h        (e_j = C_p h^p + C_{p+1} h^{p+1} + O(h^{p+2}))
///
/// By least squares with weights (e/standard error)²; p is common, a_j and b_j belong to an
/// observable. Unlike a free p in the sum of two powers, this has one minimum and no confusion of
/// C_{p+1} h^{p+1} with a higher order. Points that are not significant, or of another sign than the
/// finest significant one of their ladder, or coarser than where two consecutive slopes differ by
/// more than ¼ and their noise, are left out (S81). While the residuals contradict the
/// model (Hotelling's test on their jackknife covariance, p < 10⁻³) and four steps are left, the
/// coarsest step is dropped. `systematic` says how far p may be off: a term of order p + 2 too small
/// to be seen in the residuals biases p by more than its standard error in a long run.
///
/// Valid for   ladders whose errors come from the same groups
/// Error       statistical: jackknife of the whole regression with fixed weights and points.
///             Systematic: the term p + 2, see `systematic`
/// Source      efron1982; hotelling1931
OrderFit fit_order(std::vector<ErrorLadder> const& ladders, OrderModel const& model);

}  // namespace kramers
