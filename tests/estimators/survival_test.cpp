// SPDX-License-Identifier: Apache-2.0
#include "estimators/survival.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "estimators/exponentiality.hpp"
#include "tests/estimators/ensembles.hpp"
#include "tests/support/statistics.hpp"

namespace survival_test {
using namespace kramers;
using namespace kramers::test;

namespace {

PassageSlot arrived(std::uint64_t step, int target = 0) {
    return PassageSlot::make(Outcome::arrived, target, step);
}
PassageSlot censored(std::uint64_t step) { return PassageSlot::make(Outcome::censored, 0, step); }

}  // namespace

TEST_CASE("Survival: Kaplan-Meier by hand") {
    // Remission times 6, 6, 6, 6+, 7, 9+, 10, 10+ (the start of Freireich's classic example):
    // n = 8: S(6) = 5/8; then n = 4 at 7: S(7) = 5/8·3/4 = 15/32; n = 2 at 10: S(10) = 15/64.
    // Greenwood: 3/(8·5), + 1/(4·3), + 1/(2·1).
    PassageTally const tally{.trajectories = 8,
                             .slots = {arrived(6), arrived(10), censored(6), arrived(6), arrived(7),
                                       censored(9), arrived(6), censored(10)}};
    auto const curve = survival_curve(tally, {.dt = 0.5}, {0.0, 2.9, 3.0, 3.5, 4.9, 5.0, 5.5});
    REQUIRE(curve.size() == 6);  // nothing is known beyond t = 5
    CHECK(curve[0].survival == 1.0);
    CHECK(curve[1].survival == 1.0);
    CHECK(curve[1].upper == 1.0);
    CHECK(curve[1].lower == doctest::Approx(std::pow(0.05, 1.0 / 8.0)));
    CHECK(curve[2].survival == doctest::Approx(5.0 / 8.0));
    CHECK(curve[3].survival == doctest::Approx(15.0 / 32.0));
    CHECK(curve[4].survival == doctest::Approx(15.0 / 32.0));
    CHECK(curve[5].survival == doctest::Approx(15.0 / 64.0));
    double const g = 3.0 / 40.0 + 1.0 / 12.0;
    CHECK(curve[3].standard_error == doctest::Approx(15.0 / 32.0 * std::sqrt(g)));
    // log(−log): S^{exp(± 1.96 √g / ln S)}
    double const z = 1.959963984540054 * std::sqrt(g) / std::log(15.0 / 32.0);
    CHECK(curve[3].lower == doctest::Approx(std::pow(15.0 / 32.0, std::exp(-z))));
    CHECK(curve[3].upper == doctest::Approx(std::pow(15.0 / 32.0, std::exp(z))));
    CHECK(curve[3].lower < curve[3].survival);
    CHECK(curve[3].upper > curve[3].survival);
}

TEST_CASE("Survival: other targets leave the risk set, and the curve ends at zero") {
    PassageTally const tally{.trajectories = 4,
                             .slots = {arrived(1, 0), arrived(2, 1), arrived(3, 0), arrived(3, 0)}};
    auto const one = survival_curve(tally, {.target = 0}, {1.0, 2.0, 3.0});
    CHECK(one[0].survival == 0.75);
    CHECK(one[1].survival == 0.75);
    CHECK(one[2].survival == 0.0);
    CHECK(one[2].upper == doctest::Approx(1.0 - std::pow(0.05, 0.25)));
    auto const mid = survival_curve(tally, {.stamp = Stamp::middle_of_step}, {0.4, 0.5});
    CHECK(mid[0].survival == 1.0);
    CHECK(mid[1].survival == 0.75);
    auto const times = survival_times(tally, {.dt = 0.5}, 4);
    CHECK(times == std::vector<double>{0.0, 0.5, 1.0, 1.5});
}

TEST_CASE("Survival: pointwise 95 % interval covers 95 % under random censoring") {
    Random random(31);
    std::uint64_t covered = 0, naive = 0;
    double const truth = std::exp(-0.7);
    for (int i = 0; i < 2000; ++i) {
        PassageTally tally;
        double alive = 0.0;
        for (int id = 0; id < 200; ++id) {
            double const time = random.exponential();
            double const stop = 2.0 * random.uniform();
            auto const step = static_cast<std::uint64_t>(std::ceil(std::min(time, stop) * 1e5));
            tally.slots.push_back(time <= stop ? arrived(step) : censored(step));
            alive += std::min(time, stop) > 0.7 ? 1.0 / 200.0 : 0.0;
        }
        auto const p = survival_curve(tally, {.dt = 1e-5}, {0.7}).at(0);
        covered += p.lower <= truth && truth <= p.upper ? 1 : 0;
        naive += std::abs(alive - truth) < 2.0 * p.standard_error ? 1 : 0;
    }
    CHECK_MESSAGE(check_frequency(covered, 2000, 0.95), covered);
    CHECK_FALSE(check_frequency(naive, 2000, 0.95));  // twin: the censored counted as arrived
}

namespace {

struct Rejections {
    std::uint64_t any = 0, shape = 0, total_time = 0, linearity = 0, covered = 0;
};

/// How often each part rejects at 5 %, and how often the shape interval holds `shape`.
template <class F>
Rejections reject(std::uint64_t ensembles, double after, double shape, double dt, F&& make) {
    Rejections r;
    for (std::uint64_t i = 0; i < ensembles; ++i) {
        auto const e = test_exponentiality(make(), {.dt = dt}, after);
        REQUIRE(e.reason.empty());
        r.any += e.p_value < 0.05 ? 1 : 0;
        r.shape += e.shape_p < 0.05 ? 1 : 0;
        r.total_time += e.total_time_p < 0.05 ? 1 : 0;
        r.linearity += e.linearity_p < 0.05 ? 1 : 0;
        r.covered += e.shape_lower <= shape && shape <= e.shape_upper ? 1 : 0;
    }
    return r;
}

}  // namespace

TEST_CASE("Exponentiality: keeps its level under an exponential law") {
    Random random(32);
    double dt = 1e-5, after = 0.0;
    std::uint64_t cap = no_cap;
    SUBCASE("complete, fine steps") {}
    SUBCASE("five steps per mean time: a mid-step value would fail here") { dt = 0.2; }
    SUBCASE("a cap at the mean time") { cap = 100000; }
    SUBCASE("after a discarded stretch") { after = 0.3; }
    auto const r = reject(2000, after, 1.0, dt, [&] {
        return passage_ensemble(400, dt, cap, [&](auto) { return random.exponential(); });
    });
    CHECK_MESSAGE(check_at_most(r.any, 2000, 0.05), r.any);
    CHECK_MESSAGE(check_frequency(r.shape, 2000, 0.05), r.shape);
    CHECK_MESSAGE(check_frequency(r.total_time, 2000, 0.05), r.total_time);
    CHECK_MESSAGE(check_frequency(r.linearity, 2000, 0.05), r.linearity);
    CHECK_MESSAGE(check_frequency(r.covered, 2000, 0.95), r.covered);
}

TEST_CASE("Exponentiality: rejects a Weibull shape 1.2 and measures it") {
    // 1000 events: standard deviation of the shape 0.78/√1000 = 0.025 (E62); 1.2 is 7 of them away.
    Random random(33);
    auto const r = reject(200, 0.0, 1.2, 1e-5, [&] {
        return passage_ensemble(1000, 1e-5, no_cap,
                                [&](auto) { return std::pow(random.exponential(), 1.0 / 1.2); });
    });
    CHECK(check_at_least(r.any, 200, 0.99));
    CHECK_MESSAGE(check_frequency(r.covered, 200, 0.95), r.covered);
}

TEST_CASE("Exponentiality: shape 1.2 is measured under a cap that hides half of the arrivals") {
    Random random(34);
    auto const r = reject(1000, 0.0, 1.2, 1e-5, [&] {
        return passage_ensemble(1000, 1e-5, 70000,
                                [&](auto) { return std::pow(random.exponential(), 1.0 / 1.2); });
    });
    CHECK_MESSAGE(check_frequency(r.covered, 1000, 0.95), r.covered);
}

TEST_CASE("Exponentiality: rejects a dead time, and accepts after it is discarded") {
    // Dead time 0.1 with 2000 arrivals: the total-time distance is 0.1/1.1 = 4 critical values.
    Random random(35);
    auto const dead = [&] {
        return passage_ensemble(2000, 1e-5, no_cap,
                                [&](auto) { return 0.1 + random.exponential(); });
    };
    auto const whole = reject(200, 0.0, 1.0, 1e-5, dead);
    CHECK(check_at_least(whole.total_time, 200, 0.99));
    CHECK(check_at_least(whole.any, 200, 0.99));
    auto const late = reject(1000, 0.1, 1.0, 1e-5, dead);
    CHECK_MESSAGE(check_at_most(late.any, 1000, 0.05), late.any);
}

TEST_CASE("Exponentiality: shape and its error against the closed form, 0.78/root n (E62)") {
    Random random(36);
    auto const tally =
        passage_ensemble(100000, 1e-6, no_cap, [&](auto) { return random.exponential(); });
    auto const e = test_exponentiality(tally, {.dt = 1e-6}, 0.0);
    CHECK(e.shape_standard_error == doctest::Approx(0.7797 / std::sqrt(1e5)).epsilon(0.02));
    CHECK(std::abs(e.shape - 1.0) < 5.42 * e.shape_standard_error);
    CHECK(e.windows.size() == 10);
    std::uint64_t events = 0;
    for (auto const& w : e.windows) {
        events += w.events;
        CHECK(w.rate == doctest::Approx(1.0).epsilon(0.06));  // 10^4 arrivals each: 6 deviations
        CHECK(w.begin < w.end);
    }
    CHECK(events == e.events - 1);  // the last arrival ends the clock
}

TEST_CASE("Exponentiality: says when there is too little to test") {
    auto const few = passage_ensemble(
        49, 0.1, no_cap, [](std::uint64_t id) { return 1.0 + static_cast<double>(id); });
    auto const e = test_exponentiality(few, {.dt = 0.1}, 0.0);
    CHECK(e.reason.find("49 arrivals") != std::string::npos);
    CHECK(e.p_value == 1.0);
}

}  // namespace survival_test
