// SPDX-License-Identifier: Apache-2.0
// Tests of the tests: the checks of tests/support/statistics.hpp accept what is right, and refuse
// what is wrong by as much as they say they detect.
#include "tests/support/statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "estimators/mean_passage.hpp"
#include "tests/estimators/ensembles.hpp"

namespace statistics_test {
using namespace kramers;
using namespace kramers::test;

namespace {

Estimate with(double value, double standard_error) {
    Estimate e;
    e.value = value;
    e.standard_error = standard_error;
    return e;
}

double normal_law(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

TEST_CASE("check_consistent: accepts within 5.42 standard errors and no further") {
    CHECK(check_consistent(with(1.0 + 5.41 * 0.01, 0.01), 1.0, 0.1));
    CHECK_FALSE(check_consistent(with(1.0 + 5.43 * 0.01, 0.01), 1.0, 0.1));
    CHECK_FALSE(check_consistent(with(1.0 - 5.43 * 0.01, 0.01), 1.0, 0.1));
    CHECK(check_same(with(1.0, 0.01), with(1.0 + 7.6 * 0.01, 0.01), 0.2));
    CHECK_FALSE(check_same(with(1.0, 0.01), with(1.0 + 7.7 * 0.01, 0.01), 0.2));
}

TEST_CASE("check_consistent: refuses an estimate too blurred to see what it should") {
    CHECK(check_consistent(with(1.0, 0.1 / 7.81), 1.0, 0.1));
    CHECK_FALSE(check_consistent(with(1.0, 0.1 / 7.79), 1.0, 0.1));
    CHECK_FALSE(check_consistent(with(NAN, 0.01), 1.0, 0.1));
    CHECK_FALSE(check_consistent(with(1.0, NAN), 1.0, 0.1));
    CHECK_FALSE(check_consistent(with(1.0 + 1e-9, 0.0), 1.0, 0.1));
}

TEST_CASE("check_consistent: detects the error it names in 99 of 100 ensembles") {
    // Mean of 64 normals, off by `detects` = 7.8 standard errors.
    Random random(11);
    std::uint64_t caught = 0;
    for (int i = 0; i < 2000; ++i) {
        auto const t = 7.8074 + random.normal();
        caught += check_consistent(with(t, 1.0), 0.0, 7.81) ? 0 : 1;
    }
    CHECK(check_frequency(caught, 2000, 0.99));
}

TEST_CASE("check_distribution: accepts the law, refuses a variance off by a fifth") {
    Random random(12);
    std::vector<double> right, wide;
    for (int i = 0; i < 20000; ++i) {
        right.push_back(random.normal());
        wide.push_back(1.2 * random.normal());
    }
    CHECK(check_distribution(right, normal_law));
    CHECK_FALSE(check_distribution(wide, normal_law));
    CHECK_FALSE(check_distribution({}, normal_law));
}

TEST_CASE("check_counts: accepts a fair die, refuses a loaded one, refuses thin cells") {
    Random random(13);
    std::vector<std::uint64_t> fair(6), loaded(6);
    for (int i = 0; i < 60000; ++i) {
        fair[static_cast<std::size_t>(6.0 * random.uniform())] += 1;
        double const u = random.uniform();
        loaded[u < 0.02 ? 5 : static_cast<std::size_t>(6.0 * random.uniform())] += 1;
    }
    std::vector<double> const p(6, 1.0 / 6.0);
    CHECK(check_counts(fair, p));
    CHECK_FALSE(check_counts(loaded, p));
    CHECK_FALSE(check_counts({20, 20, 20, 20, 20, 20}, p));
    CHECK_FALSE(check_counts(fair, {0.5, 0.5}));
}

TEST_CASE("check_frequency: accepts 1849 to 1944 of 2000 for 0.95") {
    CHECK(check_frequency(1849, 2000, 0.95));
    CHECK(check_frequency(1944, 2000, 0.95));
    CHECK_FALSE(check_frequency(1848, 2000, 0.95));
    CHECK_FALSE(check_frequency(1945, 2000, 0.95));
    CHECK(check_at_least(2000, 2000, 0.95));
    CHECK_FALSE(check_at_least(1848, 2000, 0.95));
    CHECK(check_at_most(0, 2000, 0.05));
    CHECK_FALSE(check_at_most(152, 2000, 0.05));
}

TEST_CASE("Teeth: the check refuses wrong estimates of a mean first-passage time") {
    // 20000 exponential times of mean 1: standard error 0.00707 = 0.08/11.3.
    double const dt = 1e-4;
    double const detects = 0.08;
    Random random(14);
    std::vector<double> times;
    for (int i = 0; i < 20000; ++i) times.push_back(random.exponential());
    auto const tally =
        passage_ensemble(20000, dt, no_cap, [&](std::uint64_t id) { return times[id]; });
    auto const right = *mean_passage(tally, {.dt = dt}).estimate;
    CHECK(check_consistent(right, 1.0, detects));

    SUBCASE("half of the escape time: the saddle taken for the other well (E12)") {
        auto wrong = right;
        wrong.value *= 0.5;
        wrong.standard_error *= 0.5;
        CHECK_FALSE(check_consistent(wrong, 1.0, detects));
    }
    SUBCASE("the mean of the finished paths only (E64)") {
        // Cap C = 1: expectation 1 − 1/(e − 1) = 0.418 instead of 1.
        PassageTally finished;
        for (auto const slot : tally.slots) {
            if (slot.step() <= 10000) finished.slots.push_back(slot);
        }
        finished.trajectories = finished.slots.size();
        auto const wrong = *mean_passage(finished, {.dt = dt}).estimate;
        CHECK_FALSE(check_consistent(wrong, 1.0, detects));
        CHECK(check_consistent(wrong, 1.0 - 1.0 / (std::exp(1.0) - 1.0), 0.03));
    }
    SUBCASE("the standard deviation instead of the standard error (no division by root n)") {
        auto wrong = right;
        wrong.standard_error *= std::sqrt(20000.0);
        CHECK_FALSE(check_consistent(wrong, 1.0, detects));
    }
    SUBCASE("a group variance off by the number of groups") {
        auto wrong = right;
        wrong.standard_error *= 8.0;  // √64 too large: too blurred
        CHECK_FALSE(check_consistent(wrong, 1.0, detects));
    }
}

}  // namespace statistics_test
