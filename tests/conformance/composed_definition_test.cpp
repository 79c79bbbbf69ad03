// SPDX-License-Identifier: Apache-2.0
// Replayed trajectories of composed methods against their definition: equal to the last bit.
#include <doctest/doctest.h>

#include <iterator>
#include <string>

#include "gpu/dispatch.hpp"
#include "landscapes/coupled_double_wells.hpp"
#include "landscapes/rastrigin.hpp"
#include "landscapes/tilted_double_well.hpp"
#include "sde/methods.hpp"
#include "tests/conformance/composed_definition.hpp"
#include "tests/gpu/composed_plans.hpp"

namespace composed_definition_test {
using namespace kramers;
using namespace kramers::checks;
using namespace kramers::testing;

namespace {

constexpr std::uint64_t steps = 26;  // over the edge of a block of draws in every dimension

struct Ground {
    std::string name;
    int dim;
    Vector values, start;
    Oracle oracle;
    bool diagonal;
};

std::vector<Ground> const& grounds() {
    static std::vector<Ground> const list = {
        {"tilted_double_well",
         1,
         {1.0, 0.25, 0.05},
         {-0.9},
         oracle_of<TiltedDoubleWell<double, 1>>({1.0, 0.25, 0.05}),
         true},
        {"rastrigin", 2, {0.2}, {0.1, -0.2}, oracle_of<Rastrigin<double, 2>>({0.2}), true},
        {"coupled_double_wells",
         2,
         {1.0, 0.25, 0.5},
         {0.9, -0.7},
         oracle_of<CoupledDoubleWells<double, 2>>({1.0, 0.25, 0.5}),
         false},
        {"rastrigin",
         8,
         {0.2},
         {0.1, -0.2, 0.3, -0.4, 0.2, -0.1, 0.05, 0.15},
         oracle_of<Rastrigin<double, 8>>({0.2}),
         true}};
    return list;
}

/// Schedules that change every step, so that a late clock is seen.
template <class P>
Plan plan_for(Ground const& ground, NoiseLaw const& law, Precision precision) {
    composed::ProgramEntry const& program = *composed::find_program(P::Dynamics::name, P::name);
    Plan plan;
    plan.key = {ground.name, ground.dim, std::string(program.dynamics), std::string(program.scheme),
                precision,   true};
    plan.landscape = ground.values;
    plan.dynamics = mild_values(program);
    for (std::size_t i = 0; i < program.parameters.size(); ++i)
        if (program.parameters[i].name == "epsilon") plan.dynamics[i] = 1.0;
    plan.dt = 1.0 / 64.0;
    if (program.dynamics == "adam_sde" || program.dynamics == "rmsprop_sde")
        plan.dt = plan.dynamics[0] * plan.dynamics[0];
    plan.composition.noise = driving(program, law, ground.dim);
    plan.composition.rate = {coordinate::ScheduleKind::power, 30.0, 0.5};
    plan.composition.noise_schedule = {coordinate::ScheduleKind::cosine, 40.0, 0.0, 1.0, 0.25};
    plan.composition.iterations_per_step = program.discrete ? 1.0 : 1.5;
    plan.start.point = ground.start;
    plan.trajectories = 1000;
    plan.seed = 0x123456789abcdefULL;
    SnapshotPlan snapshots;
    snapshots.burn_in = steps;
    plan.observe = snapshots;
    return plan;
}

struct Count {
    int compared = 0, refused = 0, seen[std::size(faults)] = {};
};

template <class P>
void compare(Ground const& ground, NoiseLaw const& law, Precision precision, Count& count) {
    // Not to the last bit: hessian_noise_test.cpp has it.
    if (law.amplitude == coordinate::NoiseAmplitude::hessian && !ground.diagonal) return;
    Plan const plan = plan_for<P>(ground, law, precision);
    std::string const why = composed::why_not(*composed::find_landscape(ground.name, ground.dim),
                                              *composed::find_program(P::Dynamics::name, P::name),
                                              plan.composition, plan.dynamics.data());
    if (!why.empty()) {
        ++count.refused;
        return;
    }
    ProgramView const program = program_view<P>(plan);
    for (std::uint64_t const id : {std::uint64_t{0}, std::uint64_t{777}}) {
        Vector const engine = replay(plan, id, 1, steps + 1).states;
        CHECK_MESSAGE(engine == path_of(plan, program, ground.oracle, id, steps, Fault::none),
                      describe(plan.key));
        ++count.compared;
        for (std::size_t f = 0; f < std::size(faults); ++f)
            count.seen[f] += engine != path_of(plan, program, ground.oracle, id, steps, faults[f]);
    }
}

/// Each fault must show in at least this share of the comparisons, in the order of `faults`. One
/// coordinate, a quarter of them, has nothing to swap.
void check_teeth(Count const& count, Vector const& share) {
    for (std::size_t f = 0; f < std::size(faults); ++f) {
        CAPTURE(f);
        CHECK(count.seen[f] >= share[f] * count.compared);
    }
}

template <class Visit, class... P>
void for_each_program(coordinate::ProgramList<P...>, Visit&& visit) {
    (visit.template operator()<P>(), ...);
}

}  // namespace

TEST_CASE("Composed methods: every program moves as defined, bit by bit, under its usual noise") {
    Count count;
    auto const every = [&](auto list) {
        for_each_program(list, [&]<class P>() {
            for (Ground const& ground : grounds())
                for (Precision const precision : {Precision::mixed, Precision::full})
                    compare<P>(ground, isotropic(0.5, ground.dim), precision, count);
        });
    };
    every(coordinate::OptimizerPrograms{});
    every(coordinate::OverdampedPrograms{});
    every(coordinate::ModelPrograms{});
    every(coordinate::KineticPrograms{});
    CHECK(count.compared > 800);
    // A reused draw may leave a sign as it was; a model with its own temperature has no amplitude.
    check_teeth(count, {0.97, 0.7, 0.65, 1.0, 1.0});
}

TEST_CASE("Composed methods: noise that depends on the state is that of each evaluation point") {
    Count count;
    auto const every = [&](auto list) {
        for_each_program(list, [&]<class P>() {
            for (Ground const& ground : grounds())
                for (char const* const law :
                     {"multiplicative", "loss", "gradient_norm", "hessian"}) {
                    CAPTURE(std::string(law));
                    NoiseLaw noise = mild_law(*find_noise_law(law), ground.dim);
                    for (double& v : noise.variances) v += 0.25;  // it vanishes nowhere
                    noise.amplitude_data.floor = 0.5;
                    compare<P>(ground, noise, Precision::mixed, count);
                }
        });
    };
    every(coordinate::ModelPrograms{});
    every(coordinate::ProgramList<coordinate::Iterate<coordinate::Nesterov>,
                                  coordinate::Iterate<coordinate::Svag>,
                                  coordinate::StochasticHeun<coordinate::MomentumSde>>{});
    CHECK(count.compared > 500);
    check_teeth(count, {0.9, 0.7, 0.9, 0.95, 0.9});
}

TEST_CASE("Composed methods: every noise law acts as defined on descent, with and without memory") {
    Count count;
    for (NoiseLawEntry const& law : noise_laws())
        for (Ground const& ground : grounds()) {
            CAPTURE(law.name);
            compare<coordinate::Iterate<coordinate::Sgd>>(ground, mild_law(law, ground.dim),
                                                          Precision::mixed, count);
            compare<coordinate::Iterate<coordinate::HeavyBall>>(ground, mild_law(law, ground.dim),
                                                                Precision::full, count);
            compare<coordinate::Iterate<coordinate::Svag>>(ground, mild_law(law, ground.dim),
                                                           Precision::mixed, count);
        }
    CHECK(count.compared > 440);
    check_teeth(count, {0.85, 0.7, 0.85, 1.0, 0.9});  // no noise and weight noise are among them
}

}  // namespace composed_definition_test
