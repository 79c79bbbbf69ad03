// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "estimators/estimate.hpp"

/// The only way a test may judge random numbers. Each check is wrong about a correct program once in
/// 10^6 fresh seeds, and each says what it is able to see. They return a result with its reason, so
/// that a test can also demand that a broken twin is refused:
///
///     CHECK(check_consistent(estimate, truth, 0.01 * truth));
///     CHECK_FALSE(check_consistent(half_the_time, truth, 0.01 * truth));
namespace kramers::test {

inline constexpr double significance = 1e-6;

struct CheckResult {
    bool passed = false;
    double p_value = 1.0;
    std::string message;  ///< the numbers, whether it passed or not
    explicit operator bool() const { return passed; }
};

/// Is the estimate consistent with the true value, and sharp enough to have noticed an error of size
/// `detects`?
///
/// Fails when the two-sided Student p-value is below 1e-6 (63 degrees of freedom: |t| > 5.42), or when
/// the standard error exceeds detects/7.8 (any degrees of freedom: detects over the sum of the two
/// quantiles, 5.42 + 2.39 for 63). A standard error from 64 groups scatters by 9 % itself: size the
/// ensemble for an expected one of detects/11.3, and the second rule fails by chance once in 10^6 too.
/// False positives: 1e-6 per fresh seed. Power: 99 % against an error of `detects`.
CheckResult check_consistent(Estimate const& estimate, double truth, double detects);

/// The same for two estimates from independent seeds: Student with the smaller of their degrees of
/// freedom, which is conservative.
CheckResult check_same(Estimate const& a, Estimate const& b, double detects);

/// Kolmogorov–Smirnov: are independent samples drawn from the continuous law with this distribution
/// function? False positives: 1e-6 (distance 2.69/√n). Power: 99 % against a law whose distribution
/// function differs somewhere by 3.9/√n.
CheckResult check_distribution(std::vector<double> samples,
                               std::function<double(double)> const& distribution_function);

/// Pearson χ²: are counts of independent samples consistent with probabilities fixed beforehand (they
/// sum to 1)? Fails also when a cell expects fewer than 25, where the χ² tail is no longer 1e-6.
/// False positives: 1e-6 (to about a factor 3, at the smallest cells). Power: 99 % against a law at
/// Σ (q − p)²/p = 72/n for 10 cells.
CheckResult check_counts(std::vector<std::uint64_t> const& counts,
                         std::vector<double> const& probabilities);

/// Is an event of probability `probability` seen as often as it should in independent trials? For the
/// coverage of intervals and the level of tests. Two-sided, exact binomial.
/// False positives: 1e-6. Power: 99 % for 2000 trials and p = 0.95 against 0.910 or less and 0.980 or
/// more (the check accepts 1849 … 1944).
CheckResult check_frequency(std::uint64_t seen, std::uint64_t trials, double probability);

/// The same, but only too few (or too many) count against it: conservative intervals, levels of
/// tests. Power: 99 % for 2000 trials against a coverage of 0.911 where 0.95 is promised.
CheckResult check_at_least(std::uint64_t seen, std::uint64_t trials, double probability);
CheckResult check_at_most(std::uint64_t seen, std::uint64_t trials, double probability);

}  // namespace kramers::test
