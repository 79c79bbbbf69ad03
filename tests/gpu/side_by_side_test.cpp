// SPDX-License-Identifier: Apache-2.0
#include "gpu/side_by_side.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <stdexcept>
#include <thread>

#include "tests/gpu/plans.hpp"

namespace side_by_side_test {
using namespace kramers;
using namespace kramers::testing;

namespace {

std::vector<Plan> several(int count) {
    std::vector<Plan> plans;
    for (int k = 0; k < count; ++k) {
        plans.push_back(double_well_plan(0.2, 0.02, 100 + 50 * static_cast<unsigned>(k)));
        plans.back().seed += static_cast<unsigned>(k);
    }
    return plans;
}

Tallies on_one_thread(Plan const& plan, Controls const& controls) {
    Controls own = controls;
    own.backend = Backend::cpu;
    own.threads = 1;
    return simulate(plan, own);
}

std::vector<PassageSlot> const& slots(Tallies const& tallies) {
    return std::get<PassageTally>(tallies.tally).slots;
}

/// The most calls that were under way at a time, with calls that wait for `hoped` of them.
int most_at_a_time(int width, int hoped) {
    std::atomic<int> inside{0}, most{0};
    auto const meet = [&](Plan const& plan, Controls const& controls) {
        int const now = ++inside;
        int before = most;
        while (before < now && !most.compare_exchange_weak(before, now)) {}
        auto const limit = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
        while (most < hoped && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
        --inside;
        return on_one_thread(plan, controls);
    };
    CHECK(side_by_side(several(4), {}, width, meet, [](std::size_t, Tallies const&) {}));
    return most;
}

}  // namespace

TEST_CASE("side_by_side: each plan once, with the tallies that it has alone") {
    std::vector<Plan> const plans = several(9);
    for (int const width : {1, 3, 20}) {
        Controls controls;
        controls.round_seconds = 0.01;
        Progress last;
        controls.progress = [&](Progress const& progress) {
            last = progress;
            return true;
        };
        std::map<std::size_t, Tallies> all;
        double seconds = 0.0;
        CHECK(side_by_side(plans, controls, width, on_one_thread, [&](std::size_t i, Tallies t) {
            seconds += t.info.seconds;
            CHECK(all.emplace(i, std::move(t)).second);
        }));
        REQUIRE(all.size() == plans.size());
        std::uint64_t steps = 0;
        for (std::size_t i = 0; i < plans.size(); ++i) {
            CHECK(slots(all.at(i)) == slots(on_one_thread(plans[i], {})));
            steps += all.at(i).info.particle_steps;
        }
        CHECK_FALSE(slots(all.at(0)) == slots(all.at(1)));  // the check has teeth
        CHECK(last.particle_steps == steps);
        CHECK(last.trajectories_done == last.trajectories);
        CHECK(seconds <= last.seconds);
    }
}

TEST_CASE("side_by_side: as many plans at a time as it is wide") {
    CHECK(most_at_a_time(4, 4) == 4);
    CHECK(most_at_a_time(1, 4) == 1);  // the twin: one after the other
}

TEST_CASE("side_by_side: a stop delivers what is over and nothing else") {
    std::vector<Plan> plans = several(2);
    plans[1] = double_well_plan(0.005, 0.02, 200);
    std::get<PassagePlan>(plans[1].observe).max_steps = std::uint64_t{1} << 40;  // never over
    Controls controls;
    controls.round_seconds = 0.02;
    controls.progress = [](Progress const& progress) { return progress.trajectories_done < 100; };
    std::size_t delivered = 0;
    CHECK_FALSE(side_by_side(plans, controls, 2, on_one_thread, [&](std::size_t i, Tallies) {
        CHECK(i == 0);
        ++delivered;
    }));
    CHECK(delivered == 1);
}

TEST_CASE("side_by_side: what a thread or a receiver throws arrives, and the others end") {
    std::vector<Plan> const plans = several(3);
    std::atomic<int> calls{0};
    auto const throws = [&](Plan const& plan, Controls const& controls) {
        ++calls;
        if (plan.trajectories == plans[1].trajectories) throw DeviceError("no memory");
        return on_one_thread(plan, controls);
    };
    Controls controls;
    controls.round_seconds = 0.02;
    CHECK_THROWS_WITH_AS(side_by_side(plans, controls, 1, throws, [](std::size_t, Tallies) {}),
                         "no memory", DeviceError);
    CHECK(calls == 2);  // the third is not begun
    CHECK_THROWS_AS(side_by_side(several(3), controls, 2, on_one_thread,
                                 [](std::size_t, Tallies const&) {
                                     throw std::runtime_error("the disk is full");
                                 }),
                    std::runtime_error);
}

TEST_CASE("side_by_side: nothing to do is done at once") {
    CHECK(
        side_by_side({}, {}, 4, on_one_thread, [](std::size_t, Tallies const&) { CHECK(false); }));
}

}  // namespace side_by_side_test
