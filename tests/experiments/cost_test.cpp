// SPDX-License-Identifier: Apache-2.0
#include "experiments/cost.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <variant>

#include "experiments/calibration.hpp"
#include "experiments/cell_plans.hpp"
#include "experiments/lane_schedule.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/passage_pilot.hpp"
#include "experiments/runner.hpp"
#include "gpu/dispatch.hpp"
#include "sde/random/fill.hpp"

namespace cost_test {
using namespace kramers;

namespace {

char const* const small_race = R"(
kind = "race"
landscape = { name = "tilted_double_well", half_width = 1.0, barrier = 0.25, tilt = -0.05 }
ensemble = { trajectories = 512, seed = 3 }
start = { point = "minimum.left" }
goal = { basin = "minimum.right" }
evaluations = 200
grid = { intensity = [1, 4, 16, 64], learning_rate = [0.05, 0.1, 0.2] }
[[entrant]]
name = "student"
dynamics = { name = "sgd" }
noise = { law = "student_t", degrees = 5.0 }
intensity = "noise.scale_variance"
[[entrant]]
name = "stable"
dynamics = { name = "sgd" }
noise = { law = "stable", alpha = 1.5 }
intensity = "noise.scale"
scale = { intensity = 0.125 }
)";

char const* const stationary = R"(
kind = "stationary"
landscape = { name = "quadratic", curvatures = [1.0, 4.0] }
dynamics = { name = "sgd", learning_rate = 0.1 }
noise = { gradient_variance = 2.0 }
ensemble = { trajectories = 512, snapshots = 20 }
start = { point = [0.0, 0.0] }
burn_in = { steps = 8000 }
stride = { steps = 2 }
)";

char const* const few_escapes = R"(
kind = "escape"
landscape = { name = "double_well", half_width = 1.0, barrier = 0.25 }
dynamics = { name = "overdamped" }
scheme = { name = "euler_maruyama", dt = 0.02 }
ensemble = { trajectories = 256, seed = 5 }
start = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
sweep."dynamics.temperature" = { barrier_over = [2.5, 2.6, 2.7, 2.8, 2.9, 3, 3.1, 3.2] }
)";

Spec load(char const* text, std::vector<std::string> const& changes = {}) {
    return load_spec({text, "cost.toml", "cost"}, changes);
}

Controls one_thread() {
    Controls controls;
    controls.backend = Backend::cpu;
    controls.threads = 1;
    return controls;
}

std::string kind_of(Plan const& plan, double steps = 1e6) { return calibration_kind(plan, steps); }

Plan first_plan(char const* text, std::vector<std::string> const& changes = {}) {
    return make_plan(load(text, changes).cells.front(), 0, 0);
}

}  // namespace

TEST_CASE("cost: the steps of a race are those it makes, which end at the goal") {
    // Half of the trajectories of a cell end early, at times as long as their spread: 64 of them in 24
    // plans give the sum to 3 %, so that 0.1 is missed once in 1000 seeds. The seed is fixed.
    Spec const spec = load(small_race);
    RunSettings settings;
    settings.controls = one_thread();
    auto const made = static_cast<double>(run_spec(spec, settings).report.particle_steps);
    double const expected = estimate_cost(spec, one_thread()).particle_steps;
    CHECK(expected / made == doctest::Approx(1.0).epsilon(0.1));
    double to_the_end = 0.0;  // twin: every trajectory of every plan uses its evaluations up
    for (Cell const& cell : spec.cells)
        for (Plan const& plan : cell_plans(cell))
            to_the_end += 200.0 * static_cast<double>(plan.trajectories);
    CHECK_FALSE(to_the_end / made == doctest::Approx(1.0).epsilon(0.1));
}

TEST_CASE(
    "cost: laws of noise are measured apart, temperatures are not; their method's name is one") {
    std::set<std::string> kinds, names;
    for (Cell const& cell : load(small_race).cells) {
        kinds.insert(kind_of(make_plan(cell, 0, 0)));
        names.insert(describe(make_plan(cell, 0, 0).key));
    }
    CHECK(kinds.size() == 2);
    CHECK(names.size() == 1);  // twin: a rate by the method's name has one for both
}

TEST_CASE("cost: how often and how much is observed makes a kind, and so does a short trajectory") {
    Plan const plan = first_plan(stationary);
    std::string const kind = kind_of(plan);
    CHECK(kind_of(first_plan(stationary, {"dynamics.learning_rate=0.05"})) == kind);
    CHECK(kind_of(first_plan(stationary, {"stride.steps=2000"})) != kind);
    CHECK(kind_of(first_plan(stationary, {"ensemble.lagged=true"})) != kind);
    CHECK(kind_of(plan, 20.0) != kind);
    CHECK(kind_of(plan, 5000.0) == kind);
    Plan refined = plan;
    refined.noise_refinement = 4;
    CHECK(kind_of(refined) != kind);
}

TEST_CASE("cost: a shortened copy observes as often as the plan") {
    // 4000 snapshots in 8008 steps against one at the end: 3 to 7 times the time of a step. The least
    // of three measurements in turn, for other programs only make them longer.
    Plan often = first_plan(stationary, {"ensemble.snapshots=4000", "burn_in.steps=10"});
    Plan once = often;
    std::get<SnapshotPlan>(once.observe).snapshots = 1;
    std::get<SnapshotPlan>(once.observe).burn_in = 8000;
    double dense = measured_step(often, one_thread(), 0.05).block;
    double bare = measured_step(once, one_thread(), 0.05).block;
    for (int again = 0; again < 2; ++again) {
        dense = std::min(dense, measured_step(often, one_thread(), 0.05).block);
        bare = std::min(bare, measured_step(once, one_thread(), 0.05).block);
    }
    CHECK(dense > 1.2 * bare);
}

TEST_CASE("cost: passages that no theory knows are measured, not taken to their cap") {
    // 128 of 512 exponential times give their mean to 9 %: 0.4 is left once in 10⁴ seeds. The seed is
    // fixed.
    std::vector<std::string> const kinetic{
        "dynamics={ name = \"kinetic\", friction = 1.0 }", "scheme={ name = \"baoab\", dt = 0.05 }",
        "ensemble={ trajectories = 512, max_time = 2000, seed = 5 }",
        "sweep.\"dynamics.temperature\"=[0.2, 0.25]"};
    Spec const spec = load(few_escapes, kinetic);
    RunSettings settings;
    settings.controls = one_thread();
    auto const made = static_cast<double>(run_spec(spec, settings).report.particle_steps);
    Cost const cost = estimate_cost(spec, one_thread());
    CHECK_FALSE(cost.at_most);
    CHECK(cost.particle_steps / made == doctest::Approx(1.0).epsilon(0.4));
    double caps = 0.0;  // twin: the cap of every trajectory
    std::vector<Plan> plans;
    for (Cell const& cell : spec.cells) {
        caps += expected_steps(cell, 0, 0);
        plans.push_back(make_plan(cell, 0, 0));
        CHECK(is_at_most(cell, 0));
    }
    CHECK(caps > 10.0 * made);
    // Cut short, a pilot goes by the hazard that it sees, and says nothing where it sees too little.
    double hazard = 0.0;
    for (auto const& mean : pilot_passages(plans, one_thread(), 2.0 * 128 * 500))
        hazard += 512.0 * mean.value();
    CHECK(hazard / made == doctest::Approx(1.0).epsilon(0.6));
    for (auto const& mean : pilot_passages(plans, one_thread(), 2.0 * 128 * 10))
        CHECK_FALSE(mean.has_value());
    CHECK_FALSE(is_at_most(load(few_escapes, {"ensemble.max_time=100"}).cells.front(), 0));
}

TEST_CASE("cost: of few passages the last ones run alone") {
    // The longest of 192 exponential times is 5.84 ± 1.28 means, so that 8 cells scatter by about
    // 8 %: 0.35 is left once in 10⁵ seeds. The seed is fixed, and nothing here looks at a clock.
    double made = 0.0, expected = 0.0, busy = 0.0;
    for (Cell const& cell : load(few_escapes).cells) {
        Tallies const tallies = simulate(make_plan(cell, 0, 0), one_thread());
        made += busiest_lane(std::get<PassageTally>(tallies.tally), 1);
        double const mean = expected_steps(cell, 0, 0) / 256.0;
        expected += time_alone({256.0, mean}, 1);
        busy += mean * 256.0 / lane_count;
    }
    CHECK(expected / made == doctest::Approx(1.0).epsilon(0.35));
    CHECK_FALSE(busy / made == doctest::Approx(1.0).epsilon(0.35));  // twin: 4.6 times too little
}

TEST_CASE("cost: the seconds of a run of few passages are predicted to a factor 2") {
    // Other programs make both times longer: the least of three in turn.
    Spec const spec = load(few_escapes);
    RunSettings settings;
    settings.controls = one_thread();
    double predicted = 1e9, busy = 1e9, made = 1e9;
    for (int again = 0; again < 3; ++again) {
        Cost const cost = estimate_cost(spec, one_thread());
        predicted = std::min(predicted, cost.seconds);
        busy = std::min(busy, cost.busy_seconds);
        made = std::min(made, run_spec(spec, settings).report.seconds);
    }
    MESSAGE("predicted " << predicted << " s, made " << made << " s, never idle " << busy << " s");
    CHECK(predicted > 0.5 * made);
    CHECK(predicted < 2.0 * made);
    CHECK(busy < 0.5 * made);  // twin: a rate of busy lanes for all steps
}

}  // namespace cost_test
