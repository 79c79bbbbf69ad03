// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "gpu/dispatch.hpp"
#include "tests/gpu/plans.hpp"

namespace outcome_test {
using namespace kramers;
using namespace kramers::testing;

TEST_CASE("Passage: a trajectory that starts in its target arrives at step 0") {
    Plan plan = double_well_plan();
    plan.start.point = {1.5};
    for (PassageSlot const& slot : slots_of(plan)) {
        CHECK(slot.outcome() == Outcome::arrived);
        CHECK(slot.step() == 0);
    }
}

TEST_CASE("Passage: what has not arrived after max_steps is censored there, whatever the block") {
    for (std::uint64_t max_steps : {1u, 7u, 19u, 20u, 21u, 1000u}) {
        Plan plan = double_well_plan(0.1, 0.02, 400);
        passage(plan).max_steps = max_steps;
        auto const capped = slots_of(plan);
        passage(plan).max_steps = 200000;
        auto const full = slots_of(plan);
        for (std::size_t i = 0; i < full.size(); ++i) {
            if (full[i].step() <= max_steps) {
                CHECK(capped[i] == full[i]);
            } else {
                CHECK(capped[i].outcome() == Outcome::censored);
                CHECK(capped[i].step() == max_steps);
            }
        }
    }
}

TEST_CASE("Passage: an exploding Euler scheme is counted as diverged, not as arrived") {
    // dt·V'' = 2·2 > 2 at the minimum: the iteration leaves the bound 1e6 before any target there.
    Plan plan = double_well_plan(0.1, 2.0, 300);
    passage(plan).targets = {half_space({1.0}, 2e6)};
    passage(plan).max_steps = 100000;
    std::size_t diverged = 0;
    auto const slots = slots_of(plan);
    for (PassageSlot const& slot : slots) diverged += slot.outcome() == Outcome::diverged;
    CHECK(diverged == slots.size());
}

TEST_CASE("Passage: the first of several targets is the one that is reported") {
    Plan plan = double_well_plan(0.2, 0.01, 500);
    passage(plan).targets = {half_space({1.0}, 1.0), half_space({-1.0}, 1.4)};
    bool right = false, left = false;
    for (PassageSlot const& slot : slots_of(plan)) {
        REQUIRE(slot.outcome() == Outcome::arrived);
        right |= slot.target() == 0;
        left |= slot.target() == 1;
    }
    CHECK(right);
    CHECK(left);
    // exchanging the targets exchanges the numbers and nothing else
    auto const a = slots_of(plan);
    std::swap(passage(plan).targets[0], passage(plan).targets[1]);
    auto const b = slots_of(plan);
    for (std::size_t i = 0; i < a.size(); ++i) {
        CHECK(a[i].step() == b[i].step());
        CHECK(a[i].target() == 1 - b[i].target());
    }
}

TEST_CASE(
    "Passage: a half-space and the complement of the opposite half-space are the same target") {
    Plan plan = double_well_plan();
    auto const direct = slots_of(plan);
    Region opposite = half_space({-1.0}, -1.0);  // x ≤ 1
    opposite.complement = true;
    passage(plan).targets = {opposite};
    CHECK(slots_of(plan) == direct);
    Region box;  // [1, 41]: a state beyond 41 is never seen
    box.kind = RegionKind::box;
    box.a = {21.0};
    box.extent = {20.0};
    passage(plan).targets = {box};
    CHECK(slots_of(plan) == direct);
}

TEST_CASE("Passage: the bridge never arrives later than the grid on the same noise") {
    Plan plan = double_well_plan(0.1, 0.05, 2000);
    passage(plan).targets = {half_space({1.0}, 0.0)};
    auto const grid = slots_of(plan);
    passage(plan).crossing = Crossing::bridge;
    auto const bridge = slots_of(plan);
    std::size_t earlier = 0;
    for (std::size_t i = 0; i < grid.size(); ++i) {
        CHECK(bridge[i].step() <= grid[i].step());
        earlier += bridge[i].step() < grid[i].step();
    }
    CHECK(earlier > grid.size() / 20);  // a bridge that never fires would leave this at 0
}

TEST_CASE("Simulate: an interrupted run censors what was still running and says so") {
    Plan plan = double_well_plan(0.02, 0.01, 5000);
    passage(plan).max_steps = std::uint64_t{1} << 40;
    Controls controls;
    controls.backend = Backend::cpu;
    controls.round_seconds = 0.01;
    int calls = 0;
    controls.progress = [&](Progress const&) { return ++calls < 3; };
    Tallies const tallies = simulate(plan, controls);
    CHECK(tallies.info.interrupted);
    std::size_t censored = 0;
    auto const& slots = std::get<PassageTally>(tallies.tally).slots;
    for (PassageSlot const& slot : slots) {
        CHECK(slot.outcome() != Outcome::running);
        censored += slot.outcome() == Outcome::censored;
    }
    CHECK(censored > 0);
}

TEST_CASE("Simulate: bad plans and unknown methods are refused with a reason") {
    Plan plan = double_well_plan();
    plan.key.landscape = "double_wall";
    CHECK_THROWS_AS(simulate(plan), std::invalid_argument);
    plan = double_well_plan();
    plan.trajectories = 0;
    CHECK_THROWS_AS(simulate(plan), std::invalid_argument);
    plan = double_well_plan();
    passage(plan).targets.clear();
    CHECK_THROWS_AS(simulate(plan), std::invalid_argument);
    plan = double_well_plan();
    plan.key.dynamics = "sgd";
    plan.key.scheme = "iterate";
    plan.dynamics = {0.1, 1.0, 1.0};
    plan.trajectories = 200;
    CHECK_NOTHROW(simulate(plan));
    // Its loops know bridges: they are those of an SDE. There is none between iterates.
    passage(plan).crossing = Crossing::bridge;
    CHECK_THROWS_AS(simulate(plan), std::invalid_argument);
    CHECK_THROWS_AS(replay(plan, 0, 1, 10), std::invalid_argument);
    if (std::string reason; !cuda_available(&reason)) {
        CHECK_FALSE(reason.empty());
        Controls controls;
        controls.backend = Backend::cuda;
        CHECK_THROWS_AS(simulate(double_well_plan(), controls), DeviceError);
    }
}

}  // namespace outcome_test
