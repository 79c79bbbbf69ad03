// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <bit>
#include <cmath>

#include "tests/gpu/composed_plans.hpp"

namespace final_states_test {
using namespace kramers;
using namespace kramers::testing;

namespace {

std::vector<std::uint64_t> kept(Plan const& plan, int threads) {
    Controls controls;
    controls.backend = Backend::cpu;
    controls.threads = threads;
    auto const states = std::get<SnapshotTally>(simulate(plan, controls).tally).final_states;
    std::vector<std::uint64_t> bits;  // NaN equals itself
    for (double const x : states) bits.push_back(std::bit_cast<std::uint64_t>(x));
    return bits;
}

/// The same by replaying every trajectory alone. The twin takes the step before.
std::vector<std::uint64_t> replayed(Plan const& plan, std::uint64_t steps, bool twin = false) {
    auto const dim = static_cast<std::size_t>(plan.key.dim);
    std::vector<std::uint64_t> bits;
    for (std::uint64_t id = 0; id < plan.trajectories; ++id) {
        Replay const path = replay(plan, id, 1, steps + 1);
        bool const lost = path.outcome == Outcome::diverged;
        for (std::size_t c = 0; c < dim; ++c) {
            double const x = lost ? std::nan("") : path.states[(steps - twin) * dim + c];
            bits.push_back(std::bit_cast<std::uint64_t>(x));
        }
    }
    return bits;
}

Plan keep(Plan plan, std::uint64_t burn_in) {
    SnapshotPlan snapshots;
    snapshots.burn_in = burn_in;
    snapshots.snapshots = 2;
    snapshots.stride = 7;
    snapshots.keep_final = true;
    plan.observe = snapshots;
    return plan;
}

std::vector<Plan> plans() {
    std::vector<Plan> list;
    for (int const dim : {1, 2, 8}) list.push_back(keep(rastrigin_plan(dim, 150), 30));  // fused
    for (auto const& [dynamics, scheme] : {std::pair{"sgd", "iterate"},
                                           {"heavy_ball", "iterate"},
                                           {"adam", "iterate"},
                                           {"overdamped", "leimkuhler_matthews"}}) {
        auto const& program = *composed::find_program(dynamics, scheme);
        list.push_back(keep(composed_plane_plan(program, isotropic(1.0, 2), 150), 30));
    }
    return list;
}

}  // namespace

TEST_CASE("Final states: kept ones are the last states of the trajectories, with any threads") {
    for (Plan const& plan : plans()) {
        CAPTURE(plan.key.dynamics);
        auto const reference = replayed(plan, 37);
        CHECK(kept(plan, 1) == reference);
        CHECK(kept(plan, 3) == reference);
        CHECK_FALSE(kept(plan, 1) == replayed(plan, 37, true));
    }
}

TEST_CASE("Final states: those of diverged trajectories are no numbers, and none without asking") {
    Plan plan = plans()[3];
    auto& snapshots = std::get<SnapshotPlan>(plan.observe);
    snapshots.snapshots = 1;  // replay looks for divergence at the end only
    snapshots.burn_in = 37;
    double farthest = 0.0;
    for (std::uint64_t const x : kept(plan, 1))
        farthest = std::fmax(farthest, std::fabs(std::bit_cast<double>(x)));
    plan.divergence_bound = 0.5 * farthest;
    auto const states = kept(plan, 2);
    std::size_t lost = 0;
    for (std::uint64_t const x : states) lost += std::isnan(std::bit_cast<double>(x));
    CHECK(lost > 0);
    CHECK(lost < states.size());
    CHECK(states == replayed(plan, 37));
    snapshots.keep_final = false;
    CHECK(kept(plan, 2).empty());
}

}  // namespace final_states_test
