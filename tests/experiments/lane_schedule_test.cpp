// SPDX-License-Identifier: Apache-2.0
#include "experiments/lane_schedule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "sde/random/fill.hpp"

namespace lane_schedule_test {
namespace {

using namespace kramers;

constexpr double lanes = lane_count;

LaneLoad passages(double trajectories, double mean) { return {trajectories, mean}; }
LaneLoad snapshots(double trajectories, double length) {
    return {trajectories, length, length, true};
}

/// Quantiles of the exponential law of mean 1000, out of order.
PassageTally exponential(std::size_t n) {
    PassageTally tally;
    tally.trajectories = n;
    for (std::size_t k = 0; k < n; ++k) {
        double const u = (static_cast<double>(k * 7919 % n) + 0.5) / static_cast<double>(n);
        tally.slots.push_back(PassageSlot::make(
            Outcome::arrived, 0, static_cast<std::uint64_t>(std::lround(-1000.0 * std::log(u)))));
    }
    return tally;
}

}  // namespace

TEST_CASE("longest_of: harmonic numbers without an end, the integral of the law with one") {
    LaneLoad const endless = passages(500.0, 3.0);
    CHECK(longest_of(1.0, endless) == doctest::Approx(3.0).epsilon(1e-12));
    CHECK(longest_of(4.0, endless) == doctest::Approx(3.0 * 25.0 / 12.0).epsilon(1e-12));
    CHECK(longest_of(1e6, endless) ==  // ln n + Euler's constant
          doctest::Approx(3.0 * (std::log(1e6) + 0.5772156649)).epsilon(1e-3));
    // cut off at c = 5 with m = 2: E min(τ, c) = m (1 − e^{−c/m}), and by the midpoint rule
    double const m = 2.0, c = 5.0;
    double const mean = m * (1.0 - std::exp(-c / m));
    double sum = 0.0;
    for (double t = 0.5e-3; t < c; t += 1e-3)
        sum += 1e-3 * (1.0 - std::pow(1.0 - std::exp(-t / m), 30.0));
    CHECK(longest_of(30.0, {500.0, mean, c}) == doctest::Approx(sum).epsilon(1e-6));
    CHECK(longest_of(1.0, {500.0, mean, c}) == doctest::Approx(mean).epsilon(1e-9));
    CHECK(longest_of(30.0, {500.0, c, c}) == c);  // all are cut off
    CHECK(longest_of(30.0, snapshots(500.0, 7.0)) == 7.0);
}

TEST_CASE("time_alone: what a queue of exponential passages takes on the lanes of a worker") {
    for (std::size_t const n : {128u, 500u, 2000u, 20'000u})
        for (int const threads : {1, 2}) {
            double const made = busiest_lane(exponential(n), threads);
            double const expected = time_alone(passages(static_cast<double>(n), 1000.0), threads);
            CAPTURE(n);
            CAPTURE(threads);
            CHECK(expected == doctest::Approx(made).epsilon(0.1));
            // broken twin: steps over lanes, as if none ever idled
            double const busy = 1000.0 * static_cast<double>(n) / (lanes * threads);
            if (n <= 2000) CHECK_FALSE(busy == doctest::Approx(made).epsilon(0.1));
        }
    CHECK(time_alone(snapshots(500.0, 10.0), 1) == 30.0);  // blocks of 192, 192 and 116
    CHECK(time_alone(snapshots(500.0, 10.0), 2) == 20.0);
    CHECK(time_alone(snapshots(500.0, 10.0), 16) == 10.0);
}

TEST_CASE("time_together: a thread takes a whole ensemble, and helps when there are no more") {
    double const one = time_alone(passages(500.0, 1.0), 1),
                 last = longest_of(lanes, passages(1, 1));
    CHECK(one == doctest::Approx((500.0 - lanes) / lanes + last).epsilon(1e-12));
    LaneLoad const load = passages(500.0, 1.0);
    CHECK(time_together({load}, 1) == doctest::Approx(one));
    CHECK(time_together({load, load, load}, 1) == doctest::Approx(3.0 * one));
    CHECK(time_together({load, load}, 2) == doctest::Approx(one));
    // The second of one long and one short ensemble comes when the queue of the long one is empty.
    CHECK(time_together({passages(500.0, 4.0), load}, 2) == doctest::Approx(4.0 * one));
    // Of a larger one 855 still wait when it comes; it takes a block, and they share the rest.
    double const waiting = 2000.0 - lanes - lanes * one / 1.5 - lanes;
    REQUIRE(waiting > 0.0);
    CHECK(time_together({passages(2000.0, 1.5), load}, 2) ==
          doctest::Approx(one + 1.5 * waiting / (2.0 * lanes) + 1.5 * last).epsilon(1e-9));
    CHECK(time_together({snapshots(500.0, 10.0), snapshots(500.0, 10.0)}, 2) == 30.0);
    CHECK(time_together({snapshots(500.0, 10.0)}, 2) == 20.0);
    CHECK(time_together({snapshots(100.0, 10.0)}, 2) == 10.0);
    CHECK(time_together({}, 2) == 0.0);
}

TEST_CASE("busiest_lane: a lane takes the next id when it is free") {
    PassageTally tally;
    for (std::size_t k = 0; k < lane_count; ++k)
        tally.slots.push_back(PassageSlot::make(Outcome::arrived, 0, k == 5 ? 3 : 10));
    CHECK(busiest_lane(tally, 1) == 10.0);
    tally.slots.push_back(PassageSlot::make(Outcome::arrived, 0, 9));  // on lane 5
    CHECK(busiest_lane(tally, 1) == 12.0);
    CHECK(busiest_lane(tally, 2) == 10.0);  // a second thread has a lane for it
    tally.slots.push_back(PassageSlot::make(Outcome::censored, 0, 4));
    CHECK(busiest_lane(tally, 1) == 14.0);
}

}  // namespace lane_schedule_test
