// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "gpu/dispatch.hpp"
#include "tests/gpu/composed_plans.hpp"

namespace composed_identity_test {
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

composed::ProgramEntry const& program(char const* dynamics, char const* scheme) {
    return *composed::find_program(dynamics, scheme);
}

/// Every program in the double well, and every law on stochastic gradient descent in the plane.
std::vector<Plan> plans() {
    std::vector<Plan> list;
    for (composed::ProgramEntry const& p : composed::programs()) {
        list.push_back(composed_plan(p, isotropic(4.0, 1)));
        list.back().composition.rate = {coordinate::ScheduleKind::power, 500.0, 0.5};
    }
    for (NoiseLawEntry const& entry : noise_laws())
        list.push_back(composed_plane_plan(program("sgd", "iterate"), mild_law(entry, 2)));
    return list;
}

}  // namespace

TEST_CASE("Composed Euler–Maruyama has the bits of the fused loop") {
    for (Precision const precision : {Precision::mixed, Precision::full})
        for (int const refinement : {1, 2}) {
            Plan fused = double_well_plan(0.2, 0.03125, 700);
            passage(fused).targets = {half_space({1.0}, 1.0), interval_outside(-1.6, 3.0)};
            fused.key.precision = precision;
            fused.noise_refinement = refinement;
            Plan composed = fused;
            composed.key.composed = true;
            auto const reference = slots_of(fused, with(1, best_isa()));
            CHECK(slots_of(composed, with(2, best_isa())) == reference);
            composed.dynamics = {0.2001};  // the twin: another temperature is seen
            CHECK_FALSE(slots_of(composed, with(2, best_isa())) == reference);
            for (int const dim : {2, 8}) {
                fused = rastrigin_plan(dim, 250);
                fused.key.precision = precision;
                fused.noise_refinement = refinement;
                composed = fused;
                composed.key.composed = true;
                CHECK(slots_of(composed, with(2, best_isa())) ==
                      slots_of(fused, with(1, best_isa())));
            }
        }
}

TEST_CASE("Gaussian SGD is Euler–Maruyama of its first modified equation at dt = eta, bit by bit") {
    double const eta = 1.0 / 64.0;  // its root is exact, so nothing is rounded differently
    Plan const sgd = composed_plan(program("sgd", "iterate"), isotropic(12.25, 1));
    REQUIRE(sgd.dynamics == std::vector<double>{eta});
    Plan sde = composed_plan(program("modified_equation", "euler_maruyama"), isotropic(12.25, 1));
    REQUIRE(sde.dynamics[0] == eta);
    sde.dt = eta;
    auto const reference = slots_of(sgd, with(1, best_isa()));
    CHECK(slots_of(sde, with(1, best_isa())) == reference);
    sde.dynamics[1] = 2.0;  // the twin: the second modified equation is another one
    CHECK_FALSE(slots_of(sde, with(1, best_isa())) == reference);
}

TEST_CASE("Plans of levy_driven are driven by its stable process, not by normal draws") {
    Plan const plan = composed_plan(program("levy_driven", "euler_maruyama"), isotropic(4.0, 1));
    CHECK(plan.composition.noise.shape == coordinate::NoiseShape::stable);
    CHECK(plan.composition.noise.shape_data.alpha == plan.dynamics[1]);
    Plan normal = plan;
    normal.composition.noise = isotropic(4.0, 1);
    CHECK_FALSE(slots_of(normal, with(1, best_isa())) == slots_of(plan, with(1, best_isa())));
}

TEST_CASE("Composed methods: arrivals do not depend on threads or instruction set") {
    int arrived = 0, combinations = 0;
    for (Plan const& plan : plans()) {
        CAPTURE(describe(plan.key));
        auto const reference = slots_of(plan, with(1, best_isa()));
        CHECK(slots_of(plan, with(2, best_isa())) == reference);
        for (Isa isa : supported_isas()) {
            CAPTURE(name_of(isa));
            CHECK(slots_of(plan, with(1, isa)) == reference);
        }
        for (PassageSlot const& slot : reference) arrived += slot.outcome() == Outcome::arrived;
        ++combinations;
    }
    CHECK(combinations > 60);
    CHECK(arrived > 1000);  // else the comparison is empty
}

TEST_CASE("Composed methods: a trajectory replayed alone ends as it did in its ensemble") {
    for (Plan const& plan : plans()) {
        CAPTURE(describe(plan.key));
        auto const slots = slots_of(plan, with(1, best_isa()));
        for (std::uint64_t id : {std::uint64_t{0}, std::uint64_t{77}, plan.trajectories - 1}) {
            Replay const alone = replay(plan, id, 0, 2);
            CHECK(alone.outcome == slots[id].outcome());
            CHECK(alone.final_step == slots[id].step());
        }
    }
}

}  // namespace composed_identity_test
