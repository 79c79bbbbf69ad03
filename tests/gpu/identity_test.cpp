// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "gpu/dispatch.hpp"
#include "tests/gpu/plans.hpp"

namespace identity_test {
using namespace kramers;
using namespace kramers::testing;

namespace {

Controls with(int threads, Isa isa) {
    Controls controls;
    controls.backend = Backend::cpu;
    controls.threads = threads;
    controls.isa = isa;
    return controls;
}

std::vector<Plan> passage_plans() {
    std::vector<Plan> plans;
    for (Precision precision : {Precision::single, Precision::mixed, Precision::full})
        for (Crossing crossing : {Crossing::endpoint, Crossing::bridge})
            for (int refinement : {1, 2}) {
                Plan well = double_well_plan();
                well.trajectories = 300;
                well.key.precision = precision;
                well.noise_refinement = refinement;
                passage(well).crossing = crossing;
                plans.push_back(well);
                passage(well).targets = {half_space({1.0}, 1.0), interval_outside(-1.6, 3.0)};
                plans.push_back(well);
                for (int dim : {2, 8}) {
                    Plan rastrigin = rastrigin_plan(dim, 220);
                    rastrigin.key.precision = precision;
                    rastrigin.noise_refinement = refinement;
                    passage(rastrigin).crossing = crossing;
                    plans.push_back(rastrigin);
                }
            }
    return plans;
}

}  // namespace

TEST_CASE("Engine: arrivals do not depend on threads or instruction set") {
    for (Plan const& plan : passage_plans()) {
        CAPTURE(describe(plan.key));
        auto const reference = slots_of(plan, with(1, best_isa()));
        CHECK(slots_of(plan, with(2, best_isa())) == reference);
        CHECK(slots_of(plan, with(7, best_isa())) == reference);
        for (Isa isa : supported_isas()) {
            CAPTURE(name_of(isa));
            CHECK(slots_of(plan, with(1, isa)) == reference);
        }
    }
}

TEST_CASE("Engine: lane blocks and the one-trajectory-per-thread driver agree slot by slot") {
    for (Plan const& plan : passage_plans()) {
        CAPTURE(describe(plan.key));
        auto const reference = slots_of(plan, with(1, best_isa()));
        for (std::uint64_t workers : {1u, 33u}) {
            std::vector<PassageSlot> slots(plan.trajectories);
            find_method(plan.key).passage_by_threads(plan, workers, slots.data(), nullptr);
            CHECK(slots == reference);
        }
    }
}

TEST_CASE("Engine: a trajectory replayed alone ends as it did in the ensemble") {
    for (Plan const& plan : passage_plans()) {
        CAPTURE(describe(plan.key));
        auto const slots = slots_of(plan, with(2, best_isa()));
        for (std::uint64_t id : {std::uint64_t{0}, std::uint64_t{192}, plan.trajectories - 1}) {
            Replay const alone = replay(plan, id, 0, 2);
            CHECK(alone.outcome == slots[id].outcome());
            CHECK(alone.final_step == slots[id].step());
            if (alone.outcome == Outcome::arrived) CHECK(alone.target == slots[id].target());
        }
    }
}

TEST_CASE("Engine: an ensemble is the beginning of a larger one with the same seed") {
    Plan small = double_well_plan(0.1, 0.02, 500);
    Plan large = double_well_plan(0.1, 0.02, 1500);
    auto const a = slots_of(small);
    auto const b = slots_of(large);
    CHECK(std::equal(a.begin(), a.end(), b.begin()));
    large.seed += 1;
    CHECK_FALSE(std::equal(a.begin(), a.end(), slots_of(large).begin()));
}

TEST_CASE(
    "Sgd: with Gaussian noise it is Euler-Maruyama of its limit SDE at dt = eta, bit for bit") {
    // Powers of two, so that eta·sigma/sqrt(B) and sqrt(2T·dt) are the same double.
    double const eta = 0.0625, variance = 4.0, batch = 1.0;
    double const temperature = eta * variance / (2.0 * batch);  // 1/8
    for (Precision precision : {Precision::single, Precision::mixed, Precision::full}) {
        Plan em = double_well_plan(temperature, eta, 1000);
        em.key.precision = precision;
        Plan sgd = em;
        sgd.key.dynamics = "sgd";
        sgd.key.scheme = "iterate";
        sgd.dynamics = {eta, batch, variance};
        auto const reference = slots_of(em);
        CHECK(slots_of(sgd) == reference);
        sgd.dynamics = {eta, 2.0 * batch, variance};  // broken twin: batch size forgotten
        CHECK_FALSE(slots_of(sgd) == reference);
    }
}

TEST_CASE("Ladder: a coarse normal is the scaled sum of the fine ones") {
    Plan fine;
    fine.key = {"quadratic", 1, "overdamped", "euler_maruyama", Precision::full};
    fine.landscape = {0.5};
    fine.dynamics = {0.3};
    fine.dt = 0.01;
    fine.start.point = {0.2};
    fine.trajectories = 3;
    fine.seed = 5;
    SnapshotPlan snapshots;
    snapshots.burn_in = 64;
    fine.observe = snapshots;
    for (int r : {2, 4, 8}) {
        Plan coarse = fine;
        coarse.dt = fine.dt * r;
        coarse.noise_refinement = r;
        auto const normals = [](Plan const& plan) {
            Replay const path = replay(plan, 2, 1, 1000);
            std::vector<double> z;
            for (std::size_t k = 0; k + 1 < path.states.size(); ++k)
                z.push_back((path.states[k + 1] - path.states[k] + plan.dt * 0.5 * path.states[k]) /
                            std::sqrt(2.0 * 0.3 * plan.dt));
            return z;
        };
        auto const f = normals(fine);
        auto const c = normals(coarse);
        for (std::size_t k = 0; k < f.size() / static_cast<std::size_t>(r); ++k) {
            double sum = 0.0;
            for (int j = 0; j < r; ++j)
                sum += f[k * static_cast<std::size_t>(r) + static_cast<std::size_t>(j)];
            CHECK(c[k] == doctest::Approx(sum / std::sqrt(static_cast<double>(r))).epsilon(1e-11));
        }
        CHECK(c[0] != doctest::Approx(f[0]));  // broken twin: the fine normal used as it is
    }
}

}  // namespace identity_test
