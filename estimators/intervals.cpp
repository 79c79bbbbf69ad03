// SPDX-License-Identifier: Apache-2.0
#include "estimators/intervals.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "sde/contracts.hpp"

namespace kramers {
namespace bm = boost::math;

double normal_quantile(double p) { return bm::quantile(bm::normal(), p); }

double student_quantile(double p, double degrees_of_freedom) {
    KRAMERS_EXPECTS(degrees_of_freedom > 0.0);
    if (std::isinf(degrees_of_freedom)) return normal_quantile(p);
    return bm::quantile(bm::students_t(degrees_of_freedom), p);
}

double chi_squared_quantile(double p, double degrees_of_freedom) {
    return bm::quantile(bm::chi_squared(degrees_of_freedom), p);
}

double student_p(double t, double degrees_of_freedom) {
    if (std::isinf(t)) return 0.0;
    if (std::isinf(degrees_of_freedom)) {
        return 2.0 * bm::cdf(bm::complement(bm::normal(), std::abs(t)));
    }
    return 2.0 * bm::cdf(bm::complement(bm::students_t(degrees_of_freedom), std::abs(t)));
}

double chi_squared_p(double chi_squared, double degrees_of_freedom) {
    if (std::isinf(chi_squared)) return 0.0;
    return bm::cdf(bm::complement(bm::chi_squared(degrees_of_freedom), chi_squared));
}

double fisher_p(double f, double numerator, double denominator) {
    if (!std::isfinite(f)) return 0.0;
    return bm::cdf(bm::complement(bm::fisher_f(numerator, denominator), f));
}

double kolmogorov_p(double distance, double n) {
    double const root = std::sqrt(n);
    double const z = (root + 0.12 + 0.11 / root) * distance;
    if (z < 0.3) return 1.0;  // 1 − p < 1e-5, and the series below converges slowly
    double p = 0.0;
    for (int k = 1; k <= 20; ++k) p += (k % 2 == 1 ? 2.0 : -2.0) * std::exp(-2.0 * k * k * z * z);
    return std::clamp(p, 0.0, 1.0);
}

Interval clopper_pearson(double successes, double trials, double level) {
    KRAMERS_EXPECTS(trials > 0.0 && successes >= 0.0 && successes <= trials);
    double const tail = 0.5 * (1.0 - level);
    double const failures = trials - successes;
    Interval interval{.lower = 0.0, .upper = 1.0};
    if (successes > 0.0) {
        interval.lower = bm::quantile(bm::beta_distribution<>(successes, failures + 1.0), tail);
    }
    if (failures > 0.0) {
        bm::beta_distribution<> const law(successes + 1.0, failures);
        interval.upper = bm::quantile(bm::complement(law, tail));
    }
    return interval;
}

Interval poisson_interval(double events, double exposure, double level) {
    KRAMERS_EXPECTS(exposure > 0.0);
    double const alpha = 1.0 - level;
    if (events <= 0.0) return {.lower = 0.0, .upper = -std::log(0.5 * alpha) / exposure};
    bm::chi_squared const below(2.0 * events);
    bm::chi_squared const above(2.0 * events + 2.0);
    return {.lower = bm::quantile(below, 0.5 * alpha) / (2.0 * exposure),
            .upper = bm::quantile(bm::complement(above, 0.5 * alpha)) / (2.0 * exposure)};
}

Interval interval_at(Estimate const& e, double level) {
    KRAMERS_EXPECTS(level > 0.0 && level < 1.0);
    switch (e.law) {
        case IntervalLaw::poisson_rate:
            return poisson_interval(e.law_events, e.law_exposure, level);
        case IntervalLaw::poisson_time: {
            auto const rate = poisson_interval(e.law_events, e.law_exposure, level);
            double const infinity = std::numeric_limits<double>::infinity();
            return {.lower = 1.0 / rate.upper,
                    .upper = rate.lower > 0.0 ? 1.0 / rate.lower : infinity};
        }
        case IntervalLaw::binomial: return clopper_pearson(e.law_events, e.law_exposure, level);
        case IntervalLaw::student: break;
    }
    double const half =
        student_quantile(0.5 + 0.5 * level, e.degrees_of_freedom) * e.standard_error;
    return {.lower = e.value - half, .upper = e.value + half};
}

void set_interval(Estimate& estimate) {
    auto const interval = interval_at(estimate, 0.95);
    estimate.lower = interval.lower;
    estimate.upper = interval.upper;
}

double detectable(Estimate const& e, double level, double power) {
    return (student_quantile(0.5 + 0.5 * level, e.degrees_of_freedom) +
            student_quantile(power, e.degrees_of_freedom)) *
           e.standard_error;
}

double more_trajectories(Estimate const& e, double level, double half_width) {
    auto const interval = interval_at(e, level);
    double const ratio = 0.5 * (interval.upper - interval.lower) / half_width;
    if (!(ratio > 1.0)) return 0.0;
    return std::ceil(static_cast<double>(e.trajectories) * (ratio * ratio - 1.0));
}

}  // namespace kramers
