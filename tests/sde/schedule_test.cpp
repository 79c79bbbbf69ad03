// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/schedule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace schedule_test {
using namespace kramers;
using namespace kramers::coordinate;

namespace {

double const pi = std::acos(-1.0);

ScheduleData schedule(std::string_view name, std::vector<double> const& values) {
    auto const* const entry = find_schedule(name);
    REQUIRE(entry != nullptr);
    REQUIRE(entry->parameters.size() == values.size());
    return make_schedule(*entry, values.data());
}

/// Relative, also for small values.
doctest::Approx is(double x, double error = 1e-14) {
    return doctest::Approx(x).epsilon(error).scale(0.0);
}

}  // namespace

TEST_CASE("Schedules are found by the names of their kinds, with declared parameters") {
    CHECK(schedule_catalogue.size() == std::size(all_schedules));
    for (auto const& entry : schedule_catalogue) {
        CHECK(find_schedule(entry.name) == &entry);
        for (auto const& p : entry.parameters) CHECK_FALSE(p.doc.empty());
    }
    CHECK(find_schedule("linear") == nullptr);
    CHECK(schedule_factor(ScheduleData{}, 12.0) == 1.0);
    CHECK(schedule_factor(schedule("constant", {0.0}), 0.0) == 1.0);
}

TEST_CASE("Power schedule is (1 + k/k0)^-gamma") {
    ScheduleData const s = schedule("power", {10.0, 0.7, 0.0});
    for (double const k : {0.0, 1.0, 10.0, 1e6}) {
        CHECK(schedule_factor(s, k) == is(std::pow(1.0 + k / 10.0, -0.7)));
    }
    // Robbins–Monro: a/(k + k0) = (a/k0) u_k
    CHECK(schedule_factor(schedule("power", {4.0, 1.0, 0.0}), 12.0) == is(0.25));
}

TEST_CASE("Annealed noise is a power law of the variance, not of the amplitude") {
    ScheduleData const s = annealed_noise(1.0, 0.55);
    ScheduleData twin = s;
    twin.power = 0.55;
    for (double const k : {1.0, 99.0, 1e5}) {
        double const u = schedule_factor(s, k);
        CHECK(u * u == is(std::pow(1.0 + k, -0.55)));
        double const wrong = schedule_factor(twin, k);
        CHECK_FALSE(wrong * wrong == is(std::pow(1.0 + k, -0.55), 0.1));
    }
}

TEST_CASE("Step schedule changes exactly at the multiples of its length") {
    for (double const every : {1.0, 3.0, 7.0, 10.0, 49.0, 1000.0}) {
        ScheduleData const s = schedule("step", {every, 0.5, 0.0});
        CAPTURE(every);
        for (int n = 1; n < 40; ++n) {
            CAPTURE(n);
            CHECK(schedule_factor(s, n * every - 1.0) == is(std::ldexp(1.0, 1 - n)));
            CHECK(schedule_factor(s, n * every) == is(std::ldexp(1.0, -n)));
        }
        auto const f = schedule_factor(s, static_cast<float>(3.0 * every));
        CHECK(f == is(0.125, 1e-6));
    }
}

TEST_CASE("Cosine schedule falls from 1 to its floor and stays") {
    ScheduleData const s = schedule("cosine", {200.0, 0.1, 0.0});
    CHECK(schedule_factor(s, 0.0) == is(1.0));
    CHECK(schedule_factor(s, 100.0) == is(0.55));
    CHECK(schedule_factor(s, 50.0) == is(0.1 + 0.45 * (1.0 + std::cos(0.25 * pi))));
    CHECK(schedule_factor(s, 200.0) == is(0.1));
    CHECK(schedule_factor(s, 1e6) == is(0.1));
}

TEST_CASE("Warm-up rises linearly, is never 0, and what follows counts from its end") {
    ScheduleData const rise = schedule("warmup", {5.0});
    for (int k = 0; k < 5; ++k) CHECK(schedule_factor(rise, double(k)) == is((k + 1) / 5.0));
    CHECK(schedule_factor(rise, 5.0) == 1.0);
    CHECK(schedule_factor(rise, 500.0) == 1.0);

    ScheduleData const both = schedule("power", {10.0, 0.5, 4.0});
    for (int k = 0; k < 4; ++k) CHECK(schedule_factor(both, double(k)) == is((k + 1) / 4.0));
    CHECK(schedule_factor(both, 4.0) == is(1.0));
    CHECK(schedule_factor(both, 34.0) == is(0.5));
    ScheduleData const constant = schedule("constant", {3.0});
    CHECK(schedule_factor(constant, 0.0) == is(1.0 / 3.0));
    CHECK(schedule_factor(constant, 3.0) == 1.0);
}

TEST_CASE("A slowly annealed quadratic has the quasi-stationary variance of its noise") {
    // V' = a² V + η² u_k² with a = 1 − η h, against η u_k²/(h(2 − η h)), correction of order γ/(kηh)
    double const eta = 0.1;
    double const h = 2.0;
    ScheduleData const s = annealed_noise(1.0, 0.55);
    double v = 0.0;
    for (int k = 0; k < 20000; ++k) {
        double const u = schedule_factor(s, double(k));
        v = (1.0 - eta * h) * (1.0 - eta * h) * v + eta * eta * u * u;
    }
    double const expected = eta * std::pow(20000.0, -0.55) / (h * (2.0 - eta * h));
    CHECK(v == is(expected, 4.0 * 0.55 / (20000.0 * eta * h)));
}

}  // namespace schedule_test
