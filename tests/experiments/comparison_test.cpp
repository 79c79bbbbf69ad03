// SPDX-License-Identifier: Apache-2.0
#include "experiments/comparison.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "estimators/intervals.hpp"

namespace comparison_test {
using namespace kramers;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double z95 = 1.959963984540054;  // two-sided 95 % of the normal law

/// A normal estimate from 1000 trajectories.
Estimate normal_estimate(double value, double standard_error) {
    Estimate e;
    e.value = value;
    e.standard_error = standard_error;
    e.degrees_of_freedom = infinity;
    e.trajectories = 1000;
    set_interval(e);
    return e;
}

Prediction exact(double value) {
    Prediction p;
    p.name = "quadrature";
    p.value = value;
    return p;
}

ClaimSpec claim(double tolerance, Verdict expect = Verdict::agree) {
    ClaimSpec c;
    c.id = "spec.1";
    c.estimand = MeanFirstPassage{"other"};
    c.against = "quadrature";
    c.tolerance = tolerance;
    c.expect = expect;
    return c;
}

Verdict verdict(double value, double standard_error, double prediction, double tolerance) {
    return compare(claim(tolerance), 0, normal_estimate(value, standard_error), exact(prediction),
                   0.95)
        .verdict;
}

/// Broken twins: what a hasty comparison would say.
Verdict twin_standard_error(Estimate const& e, double p, double tolerance) {
    return detail::decide({e.value - e.standard_error, e.value + e.standard_error},
                          p * (1 - tolerance), p * (1 + tolerance));
}
Verdict twin_tolerance_around_estimate(Estimate const& e, double p, double tolerance) {
    bool const inside = std::abs(p - e.value) <= tolerance * e.value;
    return inside ? Verdict::agree : Verdict::disagree;
}

}  // namespace

TEST_CASE("family_level: Bonferroni shares 5 % among the claims") {
    CHECK(family_level(1) == doctest::Approx(0.95));
    CHECK(family_level(50) == doctest::Approx(0.999));  // 1 − 0.05/50
    CHECK(family_level(20, 0.01) == doctest::Approx(0.9995));
    CHECK(family_level(0) == doctest::Approx(0.95));
}

TEST_CASE("decide: an interval that touches the edge of the band from inside is inside") {
    using detail::decide;
    CHECK(decide({9.0, 11.0}, 9.0, 11.0) == Verdict::agree);
    CHECK(decide({9.0, 11.0 + 1e-12}, 9.0, 11.0) == Verdict::undecided);
    CHECK(decide({9.0 - 1e-12, 10.0}, 9.0, 11.0) == Verdict::undecided);
    CHECK(decide({11.0, 12.0}, 9.0, 11.0) == Verdict::undecided);  // they share a point
    CHECK(decide({8.0, 9.0}, 9.0, 11.0) == Verdict::undecided);
    CHECK(decide({11.0 + 1e-12, 12.0}, 9.0, 11.0) == Verdict::disagree);
    CHECK(decide({8.0, 9.0 - 1e-12}, 9.0, 11.0) == Verdict::disagree);
    CHECK(decide({8.0, 12.0}, 9.0, 11.0) == Verdict::undecided);
    CHECK(decide({std::nan(""), 10.0}, 9.0, 11.0) == Verdict::undecided);
    CHECK(decide({0.0, infinity}, 9.0, 11.0) == Verdict::undecided);
}

TEST_CASE(
    "compare: the interval at the given level decides, the tolerance is relative to the "
    "prediction") {
    // band [9, 11]; half-widths 1.96·0.5 = 0.980 and 1.96·0.52 = 1.019
    CHECK(verdict(10.0, 0.50, 10.0, 0.1) == Verdict::agree);
    CHECK(verdict(10.0, 0.52, 10.0, 0.1) == Verdict::undecided);
    CHECK(verdict(12.0, 0.50, 10.0, 0.1) == Verdict::disagree);
    CHECK(verdict(12.0, 0.52, 10.0, 0.1) == Verdict::undecided);
    CHECK(verdict(8.0, 0.50, 10.0, 0.1) == Verdict::disagree);
    // a negative prediction: band [−11, −9]
    CHECK(verdict(-10.0, 0.50, -10.0, 0.1) == Verdict::agree);
    CHECK(verdict(-12.0, 0.50, -10.0, 0.1) == Verdict::disagree);
    // tolerance 0: the interval can only exclude the prediction
    CHECK(verdict(10.0, 0.01, 10.0, 0.0) == Verdict::undecided);
    CHECK(verdict(10.0, 0.01, 10.1, 0.0) == Verdict::disagree);
}

TEST_CASE("compare: a wider family turns a verdict into undecided") {
    Estimate const e = normal_estimate(12.0, 0.5);  // 99.9 %: half-width 3.29·0.5 = 1.645
    CHECK(compare(claim(0.1), 0, e, exact(10.0), 0.95).verdict == Verdict::disagree);
    Comparison const c = compare(claim(0.1), 0, e, exact(10.0), family_level(50));
    CHECK(c.verdict == Verdict::undecided);
    CHECK(c.family_interval.lower == doctest::Approx(12.0 - 3.2905267314918945 * 0.5));
    CHECK(c.pointwise_interval.lower == doctest::Approx(12.0 - z95 * 0.5));
    CHECK(c.family_level == doctest::Approx(0.999));
}

TEST_CASE("compare: out_of_domain is decided before disagree") {
    Prediction p = exact(10.0);
    p.in_domain = false;
    p.domain_note = "barrier/T = 1.2 < 3";
    Comparison const c = compare(claim(0.1), 3, normal_estimate(99.0, 0.1), p, 0.95);
    CHECK(c.verdict == Verdict::out_of_domain);
    CHECK(c.note == "barrier/T = 1.2 < 3");
    CHECK(c.cell == 3);
    CHECK_FALSE(c.passed);
    CHECK(compare(claim(0.1, Verdict::out_of_domain), 0, normal_estimate(10, 0.1), p, 0.95).passed);
    CHECK(compare(claim(0.1), 0, normal_estimate(10, 0.1), exact(infinity), 0.95).verdict ==
          Verdict::out_of_domain);
}

TEST_CASE("compare: a missing prediction is out_of_domain with its reason") {
    PredictionResult const none{{}, "the target's boundary passes through a saddle"};
    Comparison const c = compare(claim(0.1), 0, normal_estimate(10, 0.1), none, 0.95);
    CHECK(c.verdict == Verdict::out_of_domain);
    CHECK(c.note == "the target's boundary passes through a saddle");
    CHECK(std::isnan(c.prediction.value));
    PredictionResult const some{exact(10.0), ""};
    CHECK(compare(claim(0.1), 0, normal_estimate(10, 0.1), some, 0.95).verdict == Verdict::agree);
}

TEST_CASE("compare: a claim that refutes a wrong formula passes by disagreeing") {
    Estimate const e = normal_estimate(20.0, 0.1);
    Comparison const wrong = compare(claim(0.05, Verdict::disagree), 0, e, exact(10.0), 0.95);
    CHECK(wrong.verdict == Verdict::disagree);  // half of the escape time
    CHECK(wrong.passed);
    CHECK_FALSE(compare(claim(0.05, Verdict::disagree), 0, e, exact(20.0), 0.95).passed);
    CHECK_FALSE(compare(claim(0.05), 0, e, exact(10.0), 0.95).passed);
}

TEST_CASE("compare: no estimate is undecided, never agreement") {
    Comparison const c =
        compare(claim(0.1), 0, normal_estimate(std::nan(""), 0.1), exact(10.0), 0.95);
    CHECK(c.verdict == Verdict::undecided);
    CHECK(std::isinf(c.more_trajectories));
    Estimate warned = normal_estimate(10.0, 0.1);
    warned.warning = "3 of 1000 censored";
    CHECK(compare(claim(0.1), 0, warned, exact(10.0), 0.95).note == "3 of 1000 censored");
}

TEST_CASE("compare: broken twins say something else where it matters") {
    Estimate const wide =
        normal_estimate(10.0, 0.9);  // interval [8.24, 11.76] around a band [9, 11]
    CHECK(twin_standard_error(wide, 10.0, 0.1) == Verdict::agree);
    CHECK(compare(claim(0.1), 0, wide, exact(10.0), 0.95).verdict == Verdict::undecided);
    Estimate const sharp = normal_estimate(12.2, 0.01);  // band [8, 12]; 20 % of 12.2 is 2.44
    CHECK(twin_tolerance_around_estimate(sharp, 10.0, 0.2) == Verdict::agree);
    CHECK(compare(claim(0.2), 0, sharp, exact(10.0), 0.95).verdict == Verdict::disagree);
}

TEST_CASE("trajectories_to_decide: hand-computed") {
    // value 10, interval ±2, band [9, 11]: shrink by 2, four times as many, 3·1000 more
    CHECK(detail::trajectories_to_decide(10.0, {8.0, 12.0}, 9.0, 11.0, 1000.0) == 3000.0);
    // off centre: 0.5 to the nearer edge, shrink by 4, 15·1000 more
    CHECK(detail::trajectories_to_decide(10.5, {8.5, 12.5}, 9.0, 11.0, 1000.0) == 15000.0);
    // outside by 1 with half-width 2: 3·1000 more touch the edge, one more refutes; only the near
    // side counts
    CHECK(detail::trajectories_to_decide(12.0, {10.0, 99.0}, 9.0, 11.0, 1000.0) == 3001.0);
    CHECK(detail::trajectories_to_decide(8.0, {1.0, 10.0}, 9.0, 11.0, 1000.0) == 3001.0);
    CHECK(std::isinf(detail::trajectories_to_decide(11.0, {10.0, 12.0}, 9.0, 11.0, 1000.0)));
    CHECK(std::isinf(detail::trajectories_to_decide(10.0, {8.0, infinity}, 9.0, 11.0, 1000.0)));
}

TEST_CASE("compare: so many more trajectories decide, one in a thousand fewer do not") {
    for (double value : {10.0, 10.7, 11.2, 8.4, 9.3}) {
        Estimate e = normal_estimate(value, 0.8);
        Comparison const now = compare(claim(0.1), 0, e, exact(10.0), 0.99);
        REQUIRE(now.verdict == Verdict::undecided);
        auto at = [&](double total) {
            return compare(claim(0.1), 0, normal_estimate(value, 0.8 * std::sqrt(1000.0 / total)),
                           exact(10.0), 0.99)
                .verdict;
        };
        double const total = 1000.0 + now.more_trajectories;
        CHECK(at(total * 1.001) ==
              (std::abs(value - 10.0) < 1.0 ? Verdict::agree : Verdict::disagree));
        CHECK(at(total * 0.999) == Verdict::undecided);
    }
}

TEST_CASE("compare: so many more trajectories decide, one fewer does not, whatever the law") {
    // Counts have their own law: so many times the events in so many times the exposure.
    auto const at = [](Estimate e, double more) {
        double const factor = 1.0 + more / 1000.0;
        e.standard_error /= std::sqrt(factor);
        e.law_events *= factor;
        e.law_exposure *= factor;
        return compare(claim(0.1), 0, e, exact(10.0), 0.99).verdict;
    };
    for (double const value : {10.0, 10.4, 11.3, 8.8}) {
        Estimate rate = normal_estimate(value, 0.8);
        rate.law = IntervalLaw::poisson_rate;
        rate.law_events = 160.0;
        rate.law_exposure = 160.0 / value;
        for (Estimate const& e : {normal_estimate(value, 0.8), rate}) {
            Comparison const now = compare(claim(0.1), 0, e, exact(10.0), 0.99);
            REQUIRE(now.verdict == Verdict::undecided);
            REQUIRE(std::isfinite(now.more_trajectories));
            CHECK(at(e, now.more_trajectories) != Verdict::undecided);
            CHECK(at(e, now.more_trajectories - 1.0) == Verdict::undecided);
            // The twin for counts: as if their interval shrank like a Student one.
            if (e.law == IntervalLaw::poisson_rate) {
                double const twin =
                    detail::trajectories_to_decide(value, now.family_interval, 9.0, 11.0, 1000.0);
                CHECK(std::abs(twin - now.more_trajectories) > 1.0);
            }
        }
    }
}

TEST_CASE("compare: a family of true claims is refuted at most as often as it says") {
    // 4000 families of 20 true claims, tolerance 0, Student with 63 degrees of freedom. At most 5 %
    // are refuted: 200 expected, standard deviation 13.8, below 200 + 4.9·13.8 = 267 but for 1e-6.
    std::mt19937_64 bits(20260131);
    std::normal_distribution<double> normal;
    std::chi_squared_distribution<double> chi_squared(63.0);
    int refuted = 0, refuted_unadjusted = 0, refuted_by_standard_error = 0;
    for (int family = 0; family < 4000; ++family) {
        bool any = false, any_unadjusted = false, any_standard_error = false;
        for (int k = 0; k < 20; ++k) {
            Estimate e;
            e.value = 5.0 + 0.1 * normal(bits);
            e.standard_error = 0.1 * std::sqrt(chi_squared(bits) / 63.0);
            e.trajectories = 64;
            auto refutes = [&](double level) {
                return compare(claim(0.0), 0, e, exact(5.0), level).verdict == Verdict::disagree;
            };
            any = any || refutes(family_level(20));
            any_unadjusted = any_unadjusted || refutes(0.95);
            any_standard_error =
                any_standard_error || twin_standard_error(e, 5.0, 0.0) == Verdict::disagree;
        }
        refuted += any ? 1 : 0;
        refuted_unadjusted += any_unadjusted ? 1 : 0;
        refuted_by_standard_error += any_standard_error ? 1 : 0;
    }
    CHECK(refuted < 267);
    CHECK(refuted > 120);                     // nor is it needlessly timid: 195 expected
    CHECK(refuted_unadjusted > 2000);         // twin: 1 − 0.95^20 = 64 %
    CHECK(refuted_by_standard_error > 3900);  // twin: 1 − 0.68^20 = 99.96 %
}

TEST_CASE("compare: detectable is found 99 times in 100") {
    // truth = p (1 + detectable) with the expected standard error; 20000 draws: 19800 ± 14
    ClaimSpec const c = claim(0.02);
    double const level = family_level(20);
    Estimate typical;
    typical.value = 10.0;
    typical.standard_error = 0.1;
    double const detectable = compare(c, 0, typical, exact(10.0), level).detectable;
    double const half_width = student_quantile(0.5 + 0.5 * level, 63.0) * 0.1;
    std::mt19937_64 bits(7);
    std::normal_distribution<double> normal;
    std::chi_squared_distribution<double> chi_squared(63.0);
    int found = 0, found_by_twin = 0;
    for (int k = 0; k < 20000; ++k) {
        Estimate e = typical;
        e.standard_error = 0.1 * std::sqrt(chi_squared(bits) / 63.0);
        double const noise = 0.1 * normal(bits);
        e.value = 10.0 * (1.0 + detectable) + noise;
        found += compare(c, 0, e, exact(10.0), level).verdict == Verdict::disagree ? 1 : 0;
        e.value = 10.2 + half_width + noise;  // twin: forgets the power
        found_by_twin += compare(c, 0, e, exact(10.0), level).verdict == Verdict::disagree ? 1 : 0;
    }
    CHECK(found > 19700);
    CHECK(found < 19900);
    CHECK(found_by_twin < 12000);
}

TEST_CASE("ratio_to: value, error and interval in units of the prediction") {
    Estimate const e = normal_estimate(12.0, 0.6);
    Ratio const r = ratio_to(e, 10.0);
    CHECK(r.value == doctest::Approx(1.2));
    CHECK(r.standard_error == doctest::Approx(0.06));
    CHECK(r.lower == doctest::Approx(1.2 - z95 * 0.06));
    CHECK(r.upper == doctest::Approx(1.2 + z95 * 0.06));
    Ratio const negative = ratio_to(e, -10.0);
    CHECK(negative.lower == doctest::Approx(-1.2 - z95 * 0.06));
    CHECK(negative.lower < negative.upper);
    CHECK(negative.standard_error > 0.0);
}

}  // namespace comparison_test
