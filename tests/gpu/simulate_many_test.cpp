// SPDX-License-Identifier: Apache-2.0
#include "gpu/simulate_many.hpp"

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>

#include "tests/gpu/plans.hpp"

namespace simulate_many_test {
using namespace kramers;
using namespace kramers::testing;

namespace {

/// Passages and snapshots of several methods and sizes, most of them smaller than a lane block.
std::vector<Plan> various_plans() {
    std::vector<Plan> plans;
    for (int k = 0; k < 9; ++k) {
        Plan plan = double_well_plan(0.15 + 0.02 * k, 0.02, 100 + 250 * static_cast<unsigned>(k));
        plan.seed += static_cast<unsigned>(k);
        plans.push_back(plan);
    }
    plans.push_back(rastrigin_plan(2, 700));
    for (int k = 0; k < 4; ++k) {
        Plan plan = double_well_plan(0.2, 0.02, 150 + 200 * static_cast<unsigned>(k));
        SnapshotPlan snapshots;
        snapshots.burn_in = 50;
        snapshots.snapshots = 3;
        snapshots.stride = 7;
        snapshots.histograms.emplace_back().bins_x = 5;
        plan.observe = snapshots;
        plans.push_back(plan);
    }
    plans.push_back(double_well_plan(0.3, 0.02, 20000));
    return plans;
}

bool same(Tallies const& a, Tallies const& b) {
    if (a.info.particle_steps != b.info.particle_steps || a.tally.index() != b.tally.index())
        return false;
    if (auto const* passage = std::get_if<PassageTally>(&a.tally))
        return passage->slots == std::get<PassageTally>(b.tally).slots;
    auto const& s = std::get<SnapshotTally>(a.tally);
    auto const& t = std::get<SnapshotTally>(b.tally);
    return s.groups == t.groups && s.origin == t.origin && s.dim == t.dim &&
           s.moment_scale == t.moment_scale &&
           s.snapshots_per_trajectory == t.snapshots_per_trajectory;
}

}  // namespace

TEST_CASE("simulate_many: every plan has the tallies that it has alone, on any number of threads") {
    std::vector<Plan> const plans = various_plans();
    Controls controls;
    controls.backend = Backend::cpu;
    std::vector<Tallies> alone;
    for (Plan const& plan : plans) alone.push_back(simulate(plan, controls));
    for (int const threads : {1, 2, 3, 5}) {
        controls.threads = threads;
        controls.round_seconds = threads == 3 ? 1e-4 : 0.25;  // many rounds, too
        std::map<std::size_t, Tallies> together;
        CHECK(simulate_many(plans, controls, [&](std::size_t i, Tallies tallies) {
            CHECK(together.emplace(i, std::move(tallies)).second);
        }));
        REQUIRE(together.size() == plans.size());
        for (std::size_t i = 0; i < plans.size(); ++i) {
            CAPTURE(threads);
            CAPTURE(i);
            CHECK(same(together.at(i), alone[i]));
        }
        CHECK_FALSE(same(together.at(0), alone[1]));  // the check has teeth
    }
}

TEST_CASE("simulate_many: an interrupt delivers what is over and nothing else") {
    std::vector<Plan> plans{double_well_plan(0.3, 0.02, 200), double_well_plan(0.005, 0.02, 200)};
    std::get<PassagePlan>(plans[1].observe).max_steps = std::uint64_t{1} << 40;  // never over
    Controls controls;
    controls.backend = Backend::cpu;
    controls.round_seconds = 0.05;
    std::size_t delivered = 0;
    controls.progress = [&](Progress const& progress) {
        CHECK(progress.trajectories == 400);
        return progress.trajectories_done < 200;
    };
    CHECK_FALSE(simulate_many(plans, controls, [&](std::size_t i, Tallies tallies) {
        CHECK(i == 0);
        CHECK(same(tallies, simulate(plans[0])));
        ++delivered;
    }));
    CHECK(delivered == 1);
}

TEST_CASE("simulate_many: a bad plan is refused before any is run") {
    std::vector<Plan> plans{double_well_plan(), double_well_plan()};
    plans[1].dt = -1.0;
    CHECK_THROWS_AS(simulate_many(plans, {}, [](std::size_t, Tallies const&) { CHECK(false); }),
                    std::invalid_argument);
    CHECK(simulate_many({}, {}, [](std::size_t, Tallies const&) { CHECK(false); }));
}

}  // namespace simulate_many_test
