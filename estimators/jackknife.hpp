// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "estimators/estimate.hpp"
#include "estimators/tallies/groups.hpp"

namespace kramers {

template <class T>
using PerGroup = std::array<T, static_cast<std::size_t>(group_count)>;

/// Estimate of a statistic from its value and its values without each group.
///
///   s² = (G−1)/G Σ_g (θ_(g) − mean θ_(·))²
///
/// Parameters  informative  groups that hold data; the interval is Student's with informative − 1
/// Valid for   smooth statistics of group sums: means, ratios, covariances; not quantiles or maxima
/// Error       s² is biased upwards by O(1/G); exact for a mean over equal groups
/// Source      efron1982
Estimate jackknife_estimate(double value, std::vector<double> leave_one_out, int informative,
                            std::string method);

/// The ratio scale · Σ numerators / Σ denominators with its jackknife. Sums are integers, so neither
/// the order of the groups' data nor the partition of the work changes a bit. Needs at least two
/// groups with a positive denominator.
Estimate jackknife_ratio(PerGroup<Int128> const& numerators, PerGroup<Int128> const& denominators,
                         double scale, std::string method);

/// Σ weights_i · estimates_i for estimates whose groups share their random numbers (same seed, same
/// ids): the jackknife of the combination, so that common noise cancels. Counts are those of the
/// first estimate except censored and diverged (the largest); warnings are joined.
Estimate linear_combination(std::vector<double> const& weights,
                            std::vector<Estimate> const& estimates, std::string method);

}  // namespace kramers
