// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "estimators/intervals.hpp"
#include "estimators/mean_passage.hpp"
#include "estimators/passage_rate.hpp"
#include "tests/estimators/ensembles.hpp"
#include "tests/support/statistics.hpp"

namespace passage_test {
using namespace kramers;
using namespace kramers::test;

namespace {

constexpr std::uint64_t ensembles = 2000;

PassageTally tally_of(std::vector<PassageSlot> slots) {
    return {.trajectories = slots.size(), .slots = std::move(slots)};
}
PassageSlot arrived(std::uint64_t step, int target = 0) {
    return PassageSlot::make(Outcome::arrived, target, step);
}
PassageSlot censored(std::uint64_t step) { return PassageSlot::make(Outcome::censored, 0, step); }
PassageSlot diverged(std::uint64_t step) { return PassageSlot::make(Outcome::diverged, 0, step); }

bool covers(Estimate const& e, double truth) { return e.lower <= truth && truth <= e.upper; }

/// Exits with hazard `rate`, seen in steps of dt, exponential ensembles of n trajectories.
PassageTally exponential(Random& random, std::uint64_t n, double rate, double dt,
                         std::uint64_t cap = no_cap) {
    return passage_ensemble(n, dt, cap, [&](auto) { return random.exponential() / rate; });
}

}  // namespace

TEST_CASE("Mean passage: pooled mean and jackknife by hand") {
    // Two trajectories are two groups: times 2 and 6 steps of 0.5, mean 2, and the standard error of
    // a mean of two values a, b is |a − b|/2 = 1. The 62 empty groups leave the value unchanged:
    // s² = 63/64 (1 + 1) against 1/2 (1 + 1) for two groups alone, hence the factor √(63/32).
    auto const e = mean_passage(tally_of({arrived(2), arrived(6)}), {.dt = 0.5}).estimate;
    REQUIRE(e);
    CHECK(e->value == 2.0);
    CHECK(e->standard_error == doctest::Approx(std::sqrt(63.0 / 32.0)));
    CHECK(e->degrees_of_freedom == 1.0);
    CHECK(e->arrived == 2);
    CHECK(e->warning.empty());

    // 64 trajectories, one per group: the standard error of their mean, exactly.
    std::vector<PassageSlot> slots;
    double mean = 0.0, square = 0.0;
    for (std::uint64_t i = 0; i < 64; ++i) {
        auto const step = (i * i * 7 + 3) % 100 + 1;
        slots.push_back(arrived(step));
        mean += static_cast<double>(step) / 64.0;
        square += static_cast<double>(step * step) / 64.0;
    }
    auto const all = mean_passage(tally_of(slots), {.dt = 1.0}).estimate;
    REQUIRE(all);
    CHECK(all->value == doctest::Approx(mean).epsilon(1e-14));
    CHECK(all->standard_error == doctest::Approx(std::sqrt((square - mean * mean) / 63.0)));
    CHECK(all->degrees_of_freedom == 63.0);
    CHECK(all->leave_one_out.size() == 64);
}

TEST_CASE("Mean passage: a bridge stamp is half a step earlier, but not before the start") {
    auto const late = mean_passage(tally_of({arrived(2), arrived(6)}), {.dt = 0.5});
    auto const mid = mean_passage(tally_of({arrived(2), arrived(6)}),
                                  {.dt = 0.5, .stamp = Stamp::middle_of_step});
    CHECK(mid.estimate->value == late.estimate->value - 0.25);
    auto const zero = mean_passage(tally_of({arrived(0), arrived(0)}),
                                   {.dt = 0.5, .stamp = Stamp::middle_of_step});
    CHECK(zero.estimate->value == 0.0);
}

TEST_CASE("Mean passage: by target, and refused with a reason when it would be biased") {
    auto const two = tally_of({arrived(2, 0), arrived(10, 1), arrived(6, 0), arrived(20, 1)});
    CHECK(mean_passage(two, {}).estimate->value == 9.5);
    auto const first = mean_passage(two, {.target = 0}).estimate;
    CHECK(first->value == 4.0);
    CHECK(first->warning.find("2 of 4") != std::string::npos);
    CHECK(mean_passage(two, {.target = 1}).estimate->value == 15.0);

    auto const capped = mean_passage(tally_of({arrived(2), arrived(3), censored(9)}), {});
    CHECK_FALSE(capped.estimate);
    CHECK(capped.reason.find("1 of 3 trajectories were censored") != std::string::npos);
    auto const lost = mean_passage(tally_of({arrived(2), arrived(3), diverged(9)}), {});
    CHECK_FALSE(lost.estimate);
    CHECK(lost.reason.find("diverged") != std::string::npos);
    CHECK_FALSE(mean_passage(tally_of({}), {}).estimate);
    CHECK_FALSE(mean_passage(tally_of({arrived(3)}), {}).estimate);
    CHECK_FALSE(mean_passage(two, {.target = 2}).estimate);
}

TEST_CASE("Mean passage: 95 % interval covers 95 %; a group variance off by 64 does not") {
    Random random(21);
    std::uint64_t covered = 0, broken = 0;
    for (std::uint64_t i = 0; i < ensembles; ++i) {
        auto e = *mean_passage(exponential(random, 640, 1.0, 1e-6), {.dt = 1e-6}).estimate;
        covered += covers(e, 1.0) ? 1 : 0;
        e.standard_error /= 8.0;  // variance of the groups taken for that of their mean, twice
        set_interval(e);
        broken += covers(e, 1.0) ? 1 : 0;
    }
    CHECK_MESSAGE(check_frequency(covered, ensembles, 0.95), covered);
    CHECK_FALSE(check_frequency(broken, ensembles, 0.95));
}

TEST_CASE("Merge invariance: the order of ids inside a group changes no bit") {
    Random random(22);
    auto tally = exponential(random, 1000, 1.0, 0.01, 200);
    auto const rate = *passage_rate(tally, {.dt = 0.01}, 0.1).estimate;
    auto const restricted = *restricted_mean(tally, {.dt = 0.01}, 1.5).estimate;
    for (int g = 0; g < group_count; ++g) {
        auto const begin = static_cast<std::ptrdiff_t>(group_begin(g, 1000));
        auto const end = static_cast<std::ptrdiff_t>(group_begin(g + 1, 1000));
        std::reverse(tally.slots.begin() + begin, tally.slots.begin() + end);
    }
    auto const same = *passage_rate(tally, {.dt = 0.01}, 0.1).estimate;
    CHECK(rate.leave_one_out == same.leave_one_out);
    CHECK(rate.value == same.value);
    auto const again = *restricted_mean(tally, {.dt = 0.01}, 1.5).estimate;
    CHECK(restricted.leave_one_out == again.leave_one_out);
    CHECK(restricted.standard_error == again.standard_error);
}

TEST_CASE("Restricted mean: equals the average of min(time, horizon) and says what it is") {
    // min(2,5), min(8,5), censored at 6 ≥ 5, min(4,5): (2 + 5 + 5 + 4)/4 = 4 steps of 0.5
    auto const r = restricted_mean(tally_of({arrived(2), arrived(8), censored(6), arrived(4)}),
                                   {.dt = 0.5}, 2.5);
    REQUIRE(r.estimate);
    CHECK(r.estimate->value == 2.0);
    CHECK(r.estimate->warning.find("not the mean first-passage time") != std::string::npos);
    CHECK(r.estimate->warning.find("1 of 4") != std::string::npos);
    auto const beyond = restricted_mean(tally_of({arrived(2), censored(6), censored(3)}), {}, 7.0);
    CHECK_FALSE(beyond.estimate);
    CHECK(beyond.reason.find("at most 6") != std::string::npos);
}

TEST_CASE("Restricted mean: Kaplan-Meier area agrees with the average where both exist") {
    Random random(23);
    auto tally = exponential(random, 500, 1.0, 0.01, 200);
    auto const direct = *restricted_mean(tally, {.dt = 0.01}, 1.2).estimate;
    tally.slots.push_back(censored(0));  // never started: adds nothing, but takes the general route
    auto const area = *restricted_mean(tally, {.dt = 0.01}, 1.2).estimate;
    CHECK(area.value == doctest::Approx(direct.value).epsilon(1e-12));
    CHECK(area.standard_error == doctest::Approx(direct.standard_error).epsilon(0.05));
}

TEST_CASE("Restricted mean: covers E min(tau, h) = 1 - exp(-h) under an interrupt") {
    Random random(24);
    std::uint64_t covered = 0, naive = 0;
    double const truth = 1.0 - std::exp(-1.0);
    for (std::uint64_t i = 0; i < ensembles; ++i) {
        PassageTally tally;
        double mean = 0.0;
        for (int id = 0; id < 256; ++id) {
            double const time = random.exponential();
            double const stop = 2.0 * random.uniform();  // followed for different lengths of time
            auto const step = static_cast<std::uint64_t>(std::ceil(std::min(time, stop) * 1e4));
            tally.slots.push_back(time <= stop ? arrived(step) : censored(step));
            mean += std::min({time, stop, 1.0}) / 256.0;
        }
        auto const e = *restricted_mean(tally, {.dt = 1e-4}, 1.0).estimate;
        covered += covers(e, truth) ? 1 : 0;
        naive += std::abs(mean - truth) < e.upper - e.value ? 1 : 0;
    }
    CHECK_MESSAGE(check_frequency(covered, ensembles, 0.95), covered);
    CHECK_FALSE(check_frequency(naive, ensembles, 0.95));  // twin: censored counted as finished
}

TEST_CASE("Rate: arrivals over time at risk by hand") {
    // After 2 steps: 3 + 8 + 4 at risk (the third ended before), 2 arrivals, dt = 0.5.
    auto const tally = tally_of({arrived(5), censored(10), arrived(2), arrived(6)});
    auto const e = passage_rate(tally, {.dt = 0.5}, 1.0).estimate;
    REQUIRE(e);
    CHECK(e->value == doctest::Approx(2.0 / 7.5));
    CHECK(e->lower == doctest::Approx(poisson_interval(2, 7.5, 0.95).lower));
    CHECK(e->upper == doctest::Approx(poisson_interval(2, 7.5, 0.95).upper));
    CHECK(e->censored == 1);
    // Mid-step stamps take half a step off each of the two arrivals.
    auto const mid = passage_rate(tally, {.dt = 0.5, .stamp = Stamp::middle_of_step}, 1.0);
    CHECK(mid.estimate->value == doctest::Approx(2.0 / 7.0));
    auto const time = mean_time_of_rate(*e);
    CHECK(time.value == doctest::Approx(3.75));
    CHECK(time.upper == doctest::Approx(1.0 / e->lower));
    CHECK(time.warning.find("only if the law is exponential") != std::string::npos);
}

TEST_CASE("Rate: without arrivals a bound, without time at risk a reason") {
    auto const none = passage_rate(tally_of({censored(10), censored(10)}), {.dt = 0.5}, 0.0);
    REQUIRE(none.estimate);
    CHECK(none.estimate->value == 0.0);
    CHECK(none.estimate->lower == 0.0);
    CHECK(none.estimate->upper == doctest::Approx(3.6888794541 / 10.0));      // −ln .025
    CHECK(none.estimate->warning.find("below 0.2995") != std::string::npos);  // −ln .05
    auto const late = passage_rate(tally_of({censored(10)}), {.dt = 0.5}, 5.0);
    CHECK_FALSE(late.estimate);
}

TEST_CASE("Rate: conservative at any number of events; value +- 1.96 standard errors is not") {
    // 400 trajectories, cap chosen for 3, 10 and 100 expected arrivals.
    Random random(25);
    for (double const expected : {3.0, 10.0, 100.0}) {
        double const cap = -std::log1p(-expected / 400.0);
        std::uint64_t covered = 0, wald = 0;
        for (std::uint64_t i = 0; i < ensembles; ++i) {
            auto const tally =
                exponential(random, 400, 1.0, 1e-6, static_cast<std::uint64_t>(cap * 1e6));
            auto const e = *passage_rate(tally, {.dt = 1e-6}, 0.0).estimate;
            covered += covers(e, 1.0) ? 1 : 0;
            wald += std::abs(e.value - 1.0) < 1.96 * e.value / std::sqrt(e.law_events) ? 1 : 0;
        }
        CHECK_MESSAGE(check_at_least(covered, ensembles, 0.95), expected, ": ", covered);
        // Twin: rate ± 1.96 rate/√d is empty at d = 0 and too short at 3 expected events.
        if (expected < 5.0) CHECK_FALSE(check_at_least(wald, ensembles, 0.95));
    }
}

TEST_CASE("Rate: a dead time biases it unless the first stretch is discarded (E60)") {
    Random random(26);
    auto const tally =
        passage_ensemble(20000, 1e-4, 20000, [&](auto) { return 0.2 + random.exponential(); });
    auto const whole = *passage_rate(tally, {.dt = 1e-4}, 0.0).estimate;
    auto const late = *passage_rate(tally, {.dt = 1e-4}, 0.2).estimate;
    CHECK(check_consistent(late, 1.0, 0.07));
    CHECK_FALSE(check_consistent(whole, 1.0, 0.07));
    // E60: 1/(τ + t0/(1 − e^{−(C − t0)/τ})) with C = 2
    CHECK(check_consistent(whole, 1.0 / (1.0 + 0.2 / (1.0 - std::exp(-1.8))), 0.07));
}

TEST_CASE("Rate: equals 1/mean for the exponential law only") {
    Random random(27);
    // A sum of two exponentials, mean 2, capped at its mean: hazard rises from 0.
    auto const tally = passage_ensemble(
        20000, 1e-4, 20000, [&](auto) { return random.exponential() + random.exponential(); });
    auto const time = mean_time_of_rate(*passage_rate(tally, {.dt = 1e-4}, 0.0).estimate);
    CHECK_FALSE(check_consistent(time, 2.0, 0.2));
}

TEST_CASE("Exit side: share of arrivals by hand, covered by Clopper-Pearson") {
    auto const tally = tally_of({arrived(1, 0), arrived(2, 1), arrived(2, 1), censored(9)});
    auto const e = exit_fraction(tally, 1).estimate;
    REQUIRE(e);
    CHECK(e->value == doctest::Approx(2.0 / 3.0));
    CHECK(e->upper == doctest::Approx(clopper_pearson(2, 3, 0.95).upper));
    CHECK(e->warning.find("1 trajectories did not arrive") != std::string::npos);
    CHECK_FALSE(exit_fraction(tally_of({censored(1)}), 0).estimate);

    Random random(28);
    std::uint64_t covered = 0;
    for (std::uint64_t i = 0; i < ensembles; ++i) {
        std::vector<PassageSlot> slots;
        for (int id = 0; id < 100; ++id)
            slots.push_back(arrived(1, random.uniform() < 0.1 ? 1 : 0));
        covered += covers(*exit_fraction(tally_of(std::move(slots)), 1).estimate, 0.1) ? 1 : 0;
    }
    CHECK_MESSAGE(check_at_least(covered, ensembles, 0.95), covered);
}

}  // namespace passage_test
