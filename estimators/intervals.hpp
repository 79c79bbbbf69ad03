// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "estimators/estimate.hpp"

/// Quantiles, p-values and what follows from them for an Estimate.
namespace kramers {

/// Quantiles at probability p ∈ (0, 1). An infinite number of degrees of freedom means the normal law.
double normal_quantile(double p);
double student_quantile(double p, double degrees_of_freedom);
double chi_squared_quantile(double p, double degrees_of_freedom);

/// Probability of a value at least as extreme: |t| (two-sided), χ² and F (upper tail); F has degrees
/// of freedom of its numerator and denominator.
double student_p(double t, double degrees_of_freedom);
double chi_squared_p(double chi_squared, double degrees_of_freedom);
double fisher_p(double f, double numerator, double denominator);

/// p-value of a Kolmogorov–Smirnov distance between n samples and a law given in advance: the
/// asymptotic series at z = (√n + 0.12 + 0.11/√n)·distance.
/// Error       < 1e-3 in p for n ≥ 5
/// Source      stephens1970
double kolmogorov_p(double distance, double n);

/// Two-sided interval for the probability of an event seen `successes` times in `trials`
/// independent trials; never covers less than `level`. Real arguments are allowed.
/// Source      clopper1934
Interval clopper_pearson(double successes, double trials, double level);

/// Interval for the rate of a Poisson process seen `events` times during `exposure`,
///     [χ²_{α/2, 2d}, χ²_{1−α/2, 2d+2}] / (2 exposure),   α = 1 − level   (E60)
/// which is [0, −ln(α/2) / exposure] for no event. Never covers less than `level`.
/// Source      garwood1936
Interval poisson_interval(double events, double exposure, double level);

/// Two-sided interval of an estimate at another level than its 95 %: by the law it carries.
Interval interval_at(Estimate const& estimate, double level);

/// Fills `lower` and `upper` with the 95 % interval of the law the estimate carries.
void set_interval(Estimate& estimate);

/// Smallest true discrepancy from a reference value that an interval at `level` would have excluded
/// with probability `power`: (q(1 − α/2) + q(power)) × standard error, in the unit of the estimate.
double detectable(Estimate const& estimate, double level, double power);

/// How many more trajectories would shrink the half-width of the interval at `level` to `half_width`,
/// if the standard error falls like 1/√trajectories. 0 when it is already as narrow.
double more_trajectories(Estimate const& estimate, double level, double half_width);

}  // namespace kramers
