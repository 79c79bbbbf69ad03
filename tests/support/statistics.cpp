// SPDX-License-Identifier: Apache-2.0
#include "tests/support/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "estimators/intervals.hpp"

namespace kramers::test {
namespace {

template <class... Args>
std::string format(char const* pattern, Args... args) {
    char text[256];
    std::snprintf(text, sizeof text, pattern, args...);
    return text;
}

constexpr double power = 0.99;

CheckResult judge(double difference, double standard_error, double degrees_of_freedom,
                  double detects) {
    CheckResult result;
    if (!std::isfinite(difference) || !std::isfinite(standard_error) || standard_error < 0.0) {
        result.p_value = 0.0;
        result.message = "value or standard error is not a finite number";
        return result;
    }
    double const t = standard_error > 0.0 ? difference / standard_error
                     : difference == 0.0  ? 0.0
                                          : HUGE_VAL;
    result.p_value = student_p(t, degrees_of_freedom);
    double const sharp = student_quantile(1.0 - 0.5 * significance, degrees_of_freedom) +
                         student_quantile(power, degrees_of_freedom);
    bool const consistent = result.p_value >= significance;
    bool const able = standard_error <= detects / sharp;
    result.passed = consistent && able;
    result.message = format("difference %.6g, standard error %.3g, t = %.2f, p = %.2g", difference,
                            standard_error, t, result.p_value);
    if (!consistent) result.message += "; inconsistent";
    if (!able) {
        result.message += format("; too blurred to detect %.3g (needs a standard error of %.3g)",
                                 detects, detects / sharp);
    }
    return result;
}

/// Bounds of a Clopper–Pearson interval one tail of which holds `tail`.
Interval bounds(std::uint64_t seen, std::uint64_t trials, double tail) {
    return clopper_pearson(static_cast<double>(seen), static_cast<double>(trials),
                           1.0 - 2.0 * tail);
}

CheckResult frequency(std::uint64_t seen, std::uint64_t trials, double probability, bool passed) {
    CheckResult result;
    result.passed = passed;
    result.message =
        format("%llu of %llu = %.5f, expected %.5f", static_cast<unsigned long long>(seen),
               static_cast<unsigned long long>(trials),
               static_cast<double>(seen) / static_cast<double>(trials), probability);
    return result;
}

}  // namespace

CheckResult check_consistent(Estimate const& e, double truth, double detects) {
    auto result = judge(e.value - truth, e.standard_error, e.degrees_of_freedom, detects);
    result.message = format("%.8g against %.8g: ", e.value, truth) + result.message;
    return result;
}

CheckResult check_same(Estimate const& a, Estimate const& b, double detects) {
    auto result = judge(a.value - b.value, std::hypot(a.standard_error, b.standard_error),
                        std::min(a.degrees_of_freedom, b.degrees_of_freedom), detects);
    result.message = format("%.8g against %.8g: ", a.value, b.value) + result.message;
    return result;
}

CheckResult check_distribution(std::vector<double> samples,
                               std::function<double(double)> const& distribution_function) {
    std::sort(samples.begin(), samples.end());
    auto const n = static_cast<double>(samples.size());
    double distance = 0.0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        double const u = distribution_function(samples[i]);
        auto const rank = static_cast<double>(i);
        if (!(u >= 0.0 && u <= 1.0)) distance = 1.0;
        distance = std::max({distance, (rank + 1.0) / n - u, u - rank / n});
    }
    CheckResult result;
    result.p_value = samples.empty() ? 0.0 : kolmogorov_p(distance, n);
    result.passed = result.p_value >= significance;
    result.message =
        format("largest distance %.3g of %g samples, p = %.2g", distance, n, result.p_value);
    return result;
}

CheckResult check_counts(std::vector<std::uint64_t> const& counts,
                         std::vector<double> const& probabilities) {
    CheckResult result;
    double samples = 0.0;
    double sum = 0.0;
    for (auto const c : counts) samples += static_cast<double>(c);
    for (double const p : probabilities) sum += p;
    if (counts.size() != probabilities.size() || counts.size() < 2 || std::abs(sum - 1.0) > 1e-9) {
        result.message = "needs one probability per count, at least 2, adding up to 1";
        return result;
    }
    double chi_squared = 0.0;
    double smallest = samples;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        double const expected = samples * probabilities[i];
        double const excess = static_cast<double>(counts[i]) - expected;
        chi_squared +=
            expected > 0.0 ? excess * excess / expected : (excess > 0.0 ? HUGE_VAL : 0.0);
        smallest = std::min(smallest, expected);
    }
    result.p_value = chi_squared_p(chi_squared, static_cast<double>(counts.size() - 1));
    result.passed = result.p_value >= significance && smallest >= 25.0;
    result.message = format("chi-squared %.3f over %zu cells, p = %.2g", chi_squared, counts.size(),
                            result.p_value);
    if (smallest < 25.0) result.message += format("; a cell expects only %.3g samples", smallest);
    return result;
}

CheckResult check_frequency(std::uint64_t seen, std::uint64_t trials, double probability) {
    auto const b = bounds(seen, trials, 0.5 * significance);
    return frequency(seen, trials, probability, b.lower <= probability && probability <= b.upper);
}

CheckResult check_at_least(std::uint64_t seen, std::uint64_t trials, double probability) {
    return frequency(seen, trials, probability,
                     bounds(seen, trials, significance).upper >= probability);
}

CheckResult check_at_most(std::uint64_t seen, std::uint64_t trials, double probability) {
    return frequency(seen, trials, probability,
                     bounds(seen, trials, significance).lower <= probability);
}

}  // namespace kramers::test
