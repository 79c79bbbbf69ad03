// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "tests/gpu/composed_plans.hpp"

namespace observable_test {
using namespace kramers;
using namespace kramers::testing;

namespace {

std::vector<SnapshotGroup> groups_of(Plan const& plan, int threads = 1) {
    Controls controls;
    controls.backend = Backend::cpu;
    controls.threads = threads;
    return std::get<SnapshotTally>(simulate(plan, controls).tally).groups;
}

std::vector<Observable> four() {
    using enum Observable::Kind;
    return {{power, 1, 0, 1.0}, {power, 3, 0, 1.0}, {cosine, 1, 0, 0.5}, {sine, 1, 0, 2.0}};
}

double by_hand(Observable const& o, double x) {
    double const y = o.factor * x;
    if (o.kind == Observable::Kind::cosine) return std::cos(y);
    return o.kind == Observable::Kind::sine ? std::sin(y) : std::pow(y, o.exponent);
}

Plan observed(Plan plan) {
    SnapshotPlan snapshots;
    snapshots.burn_in = 13;
    snapshots.snapshots = 2;
    snapshots.stride = 5;
    snapshots.observables = four();
    plan.observe = snapshots;
    return plan;
}

/// SGD on a landscape that is flat to 1e-9, and an SDE of it with r substeps per iteration.
Plan flat_plan(char const* dynamics, char const* scheme, std::vector<double> values, double dt) {
    Plan plan;
    plan.key = {"quadratic", 1, dynamics, scheme, Precision::mixed, true};
    plan.landscape = {1e-9};
    plan.dynamics = std::move(values);
    plan.dt = dt;
    plan.composition.noise = isotropic(1.0, 1);
    plan.start.point = {0.5};
    plan.trajectories = 200;
    plan.seed = 5;
    SnapshotPlan snapshots;
    snapshots.burn_in = 4000;
    plan.observe = snapshots;
    return plan;
}

/// Largest distance between the end of a path with a step of r·dt and that of one with dt.
double distance(Plan const& coarse, Plan const& fine, std::uint64_t steps, int r) {
    double largest = 0.0;
    for (std::uint64_t id : {0u, 7u, 199u}) {
        Replay const a = replay(coarse, id, 1, steps + 1);
        Replay const b = replay(fine, id, static_cast<unsigned>(r), steps + 1);
        for (std::size_t k = 0; k <= steps; ++k)
            largest = std::max(largest, std::abs(a.states[k] - b.states[k]));
    }
    return largest;
}

}  // namespace

TEST_CASE("Observables: the sums are those over trajectories replayed one by one") {
    composed::ProgramEntry const& sgd = *composed::find_program("sgd", "iterate");
    for (Plan const& plan :
         {observed(rastrigin_plan(2, 300)), observed(composed_plan(sgd, isotropic(0.5, 1), 300))}) {
        auto const& snapshots = std::get<SnapshotPlan>(plan.observe);
        auto const groups = groups_of(plan, 2);
        CHECK(groups == groups_of(plan, 1));
        SnapshotGroup all = groups[0];
        for (int g = 1; g < group_count; ++g) all.merge(groups[static_cast<std::size_t>(g)]);
        REQUIRE(all.observables.size() == 4);
        std::vector<double> sums(4, 0.0);
        for (std::uint64_t id = 0; id < plan.trajectories; ++id) {
            Replay const path = replay(plan, id, 1, 30);
            for (std::size_t row : {std::size_t{13}, std::size_t{18}})
                for (std::size_t k = 0; k < 4; ++k)
                    sums[k] += by_hand(snapshots.observables[k],
                                       path.states[row * static_cast<unsigned>(plan.key.dim)]);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            // 600 numbers rounded to 2^-41, and 2 ulp of sin and cos
            CHECK(std::abs(all.observables[k].value() - sums[k]) <= 600 * 0x1p-41 + 1e-12);
            CHECK(std::abs(all.observables[k].value() - sums[(k + 1) % 4]) > 1e-6);  // broken twin
            CHECK(all.beyond[k] == 0);
        }
    }
}

TEST_CASE("Observables: values too large for the sum are counted, not added") {
    Plan plan = flat_plan("sgd", "iterate", {0.1}, 0.0);
    plan.start.point = {2e3};
    plan.composition.noise = {};
    auto& snapshots = std::get<SnapshotPlan>(plan.observe);
    snapshots.burn_in = 1;
    snapshots.observables = {{Observable::Kind::power, 1, 0, 1.0},
                             {Observable::Kind::power, 2, 0, 1.0}};
    std::uint64_t beyond = 0, fits = 0;
    for (SnapshotGroup const& g : groups_of(plan)) {
        beyond += g.beyond[1];
        fits += g.beyond[0];
        CHECK(g.observables[1].value() == 0.0);
    }
    CHECK(beyond == 200);  // 4e6 > 2^20
    CHECK(fits == 0);
}

TEST_CASE("Common noise: an iteration's normal is the normalised sum of up to 64 fine ones") {
    double const eta = 0.25;
    for (int r : {16, 64}) {
        Plan coarse = flat_plan("sgd", "iterate", {eta}, 0.0);
        coarse.noise_refinement = r;
        Plan const fine =
            flat_plan("modified_equation", "euler_maruyama", {eta, 1.0, 0.0}, eta / r);
        // 50 float sums, each off by some 1e-7
        CHECK(distance(coarse, fine, 50, r) < 1e-4);
        Plan opposite = fine;  // broken twin: the noise of the SDE with the other sign
        opposite.composition.noise.factor = {-1.0};
        CHECK(distance(coarse, opposite, 50, r) > 0.1);
        Plan alone = coarse;  // broken twin: one normal per iteration
        alone.noise_refinement = 1;
        CHECK(distance(alone, fine, 50, r) > 0.1);
    }
    Plan plan = flat_plan("sgd", "iterate", {eta}, 0.0);
    for (int r : {3, 128}) {
        plan.noise_refinement = r;
        CHECK_THROWS_AS(simulate(plan), std::invalid_argument);
    }
}

}  // namespace observable_test
