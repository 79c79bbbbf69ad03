// SPDX-License-Identifier: Apache-2.0
#include "estimators/intervals.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace intervals_test {
using namespace kramers;

namespace {
bool near(double a, double b, double relative = 1e-9) {
    return std::abs(a - b) <= relative * std::abs(b);
}
double const infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("Intervals: quantiles agree with tables") {
    CHECK(near(normal_quantile(0.975), 1.959963984540054));
    CHECK(near(student_quantile(0.975, 63), 1.998340541772196));
    CHECK(near(student_quantile(0.975, infinity), normal_quantile(0.975)));
    CHECK(near(chi_squared_quantile(0.025, 20), 9.590777392264867));
    CHECK(near(chi_squared_quantile(0.975, 22), 36.78071208403556));
    // |t| > 5.42 is p < 1e-6 with 63 degrees of freedom: the rule of the statistical tests.
    CHECK(near(student_p(5.42, 63), 1.0001131e-6, 1e-6));
    // χ² with 2 degrees of freedom: P(> x) = e^{−x/2}.
    CHECK(near(chi_squared_p(3.0, 2), std::exp(-1.5)));
    CHECK(near(kolmogorov_p(0.05, 500), 0.15866260223815387, 3e-2));
    CHECK(near(kolmogorov_p(0.1, 500), 8.342293067263533e-05, 3e-2));
    CHECK(kolmogorov_p(0.0, 100) == 1.0);
}

TEST_CASE("Intervals: Poisson rate is [chi2(2d), chi2(2d+2)] over twice the exposure") {
    // d = 10 events in 4 units: [9.590777, 36.780712] / 8.
    auto const ten = poisson_interval(10, 4.0, 0.95);
    CHECK(near(ten.lower, 9.590777392264867 / 8.0));
    CHECK(near(ten.upper, 36.78071208403556 / 8.0));
    // One event: χ²_{.025,2} = 0.0506356, χ²_{.975,4} = 11.1432868.
    auto const one = poisson_interval(1, 1.0, 0.95);
    CHECK(near(one.lower, 0.05063561596857975 / 2.0));
    CHECK(near(one.upper, 11.143286781877796 / 2.0));
    // None: −ln 0.025 = 3.688879.
    auto const none = poisson_interval(0, 2.0, 0.95);
    CHECK(none.lower == 0.0);
    CHECK(near(none.upper, 3.6888794541139363 / 2.0));
}

TEST_CASE("Intervals: Clopper-Pearson agrees with tables and includes the ends") {
    auto const three_of_ten = clopper_pearson(3, 10, 0.95);
    CHECK(near(three_of_ten.lower, 0.06673951117773447));
    CHECK(near(three_of_ten.upper, 0.6524528500599973));
    // No success in n: upper = 1 − 0.025^{1/n}.
    auto const none = clopper_pearson(0, 10, 0.95);
    CHECK(none.lower == 0.0);
    CHECK(near(none.upper, 1.0 - std::pow(0.025, 0.1)));
    CHECK(clopper_pearson(10, 10, 0.95).upper == 1.0);
}

TEST_CASE("Intervals: an estimate keeps its law at every level") {
    Estimate e;
    e.value = 2.0;
    e.standard_error = 0.5;
    set_interval(e);
    CHECK(near(e.upper, 2.0 + 0.5 * 1.998340541772196));
    CHECK(near(e.lower, 2.0 - 0.5 * 1.998340541772196));
    // 99.9 % normal: ± 3.290527
    e.degrees_of_freedom = infinity;
    CHECK(near(interval_at(e, 0.999).upper, 2.0 + 0.5 * 3.290526731491926));

    e.law = IntervalLaw::poisson_rate;
    e.law_events = 10;
    e.law_exposure = 4.0;
    CHECK(near(interval_at(e, 0.95).lower, 9.590777392264867 / 8.0));
    e.law = IntervalLaw::poisson_time;
    CHECK(near(interval_at(e, 0.95).upper, 8.0 / 9.590777392264867));
    e.law_events = 0;
    CHECK(interval_at(e, 0.95).upper == infinity);
    e.law = IntervalLaw::binomial;
    e.law_events = 3;
    e.law_exposure = 10;
    CHECK(near(interval_at(e, 0.95).lower, 0.06673951117773447));
}

TEST_CASE("Intervals: detectable is the sum of the two quantiles times the standard error") {
    Estimate e;
    e.standard_error = 1.0;
    // 1.998341 + 2.387007 at 95 % and 99 % power
    CHECK(near(detectable(e, 0.95, 0.99), 1.9983405417721956 + 2.387007860092993));
    // the rule detects/7.8 of the statistical tests
    CHECK(near(detectable(e, 1.0 - 1e-6, 0.99), 7.807, 1e-4));
}

TEST_CASE("Intervals: four times the trajectories halve the interval") {
    Estimate e;
    e.standard_error = 1.0;
    e.trajectories = 1000;
    double const half = student_quantile(0.975, 63);
    CHECK(more_trajectories(e, 0.95, 0.5 * half) == doctest::Approx(3000));
    CHECK(more_trajectories(e, 0.95, 2.0 * half) == 0.0);
}

}  // namespace intervals_test
