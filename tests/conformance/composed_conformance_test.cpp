// SPDX-License-Identifier: Apache-2.0
// Every registered program on every landscape and under every noise law: it runs where it is valid
// and is refused with the reason where it is not. What is valid is said here a second time.
#include <doctest/doctest.h>

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "gpu/dispatch.hpp"
#include "landscapes/make_potential.hpp"
#include "tests/gpu/composed_plans.hpp"

namespace composed_conformance_test {
using namespace kramers;
using namespace kramers::testing;
using composed::LandscapeEntry;
using composed::ProgramEntry;

namespace {

constexpr std::uint64_t ensemble = 192;
constexpr std::uint64_t steps = 6;

/// Where a landscape is entered: beside its first minimum, else its first critical point, else 0.
struct Ground {
    LandscapeEntry const* entry;
    std::vector<double> values;
    std::vector<double> start;
    double curvature;  ///< norm of the Hessian there, at least 1
};

Ground ground_of(LandscapeEntry const& entry) {
    Ground g{&entry, default_values(*find_landscape(entry.name), entry.dim), {}, 1.0};
    auto const potential = make_potential(entry.name, entry.dim, g.values);
    Eigen::VectorXd x = Eigen::VectorXd::Zero(entry.dim);
    auto const& points = potential->critical_points();
    auto const minimum =
        std::ranges::find_if(points, [](CriticalPoint const& p) { return p.morse_index == 0; });
    if (!points.empty()) x = (minimum != points.end() ? *minimum : points.front()).point;
    g.curvature = std::max(1.0, potential->hessian(x).norm());
    for (int i = 0; i < entry.dim; ++i)
        g.start.push_back(x(i) + (i % 2 == 0 ? 0.01 : -0.005) / std::sqrt(g.curvature));
    return g;
}

/// A few steps, short on the scale of the curvature, with noise that keeps everybody in the well.
Plan plan_of(Ground const& ground, ProgramEntry const& program, NoiseLaw const& law) {
    Plan plan;
    plan.key = {std::string(ground.entry->name), ground.entry->dim, std::string(program.dynamics),
                std::string(program.scheme),     Precision::mixed,  true};
    plan.landscape = ground.values;
    plan.dynamics = mild_values(program);
    double const step = 0.01 / ground.curvature;
    for (std::size_t i = 0; i < program.parameters.size(); ++i) {
        std::string_view const name = program.parameters[i].name;
        if (name == "learning_rate" || name == "strength") plan.dynamics[i] = step;
        if (name == "temperature" || name == "scale" || name == "kick_deviation")
            plan.dynamics[i] = 1e-3;
        if (name == "epsilon") plan.dynamics[i] = 1.0;  // some laws here have no noise at all
    }
    // The adaptive SDEs count time in squares of the learning rate.
    bool const squared = program.dynamics == "adam_sde" || program.dynamics == "rmsprop_sde";
    plan.dt = squared ? step * step : step;
    plan.composition.noise = law;
    plan.start.point = ground.start;
    plan.trajectories = ensemble;
    plan.seed = 1701;
    SnapshotPlan snapshots;
    snapshots.burn_in = 1;
    snapshots.snapshots = 2;
    snapshots.stride = steps - 1;
    snapshots.origin = ground.start;
    snapshots.moment_scale = 1e-3 / std::sqrt(ground.curvature);  // beyond 2^10 of it: lost
    plan.observe = snapshots;
    return plan;
}

Controls one_thread() {
    Controls controls;
    controls.backend = Backend::cpu;
    controls.threads = 1;
    return controls;
}

/// What is wrong with a run, or nothing: nobody may be lost, everything be finite, and all moved.
std::string fault_of(Plan const& plan) {
    auto const tally = std::get<SnapshotTally>(simulate(plan, one_thread()).tally);
    SnapshotGroup all;
    for (SnapshotGroup const& g : tally.groups) all.merge(g);
    if (all.diverged != 0 || all.overflowed != 0) return "lost trajectories";
    if (all.samples != 2 * ensemble) return "missing snapshots";
    double const n = static_cast<double>(all.samples);
    for (int i = 0; i < plan.key.dim; ++i) {
        auto const k = static_cast<std::size_t>(i);
        double const square = all.second[k * (k + 3) / 2].value() / n;
        double const mean = all.first[k].value() / n;
        if (!std::isfinite(square) || !std::isfinite(mean)) return "moments are not finite";
        if (!(square > 0.0)) return "a coordinate did not move";
    }
    return {};
}

/// The message of the refusal; empty: it ran.
std::string refusal_of(Plan const& plan) {
    try {
        simulate(plan, one_thread());
    } catch (std::invalid_argument const& error) { return error.what(); }
    return {};
}

struct Count {
    int ran = 0, refused = 0;
};

/// Runs the plan or has it refused, as `valid` says.
void judge(Plan const& plan, LandscapeEntry const& landscape, ProgramEntry const& program,
           bool valid, Count& count) {
    std::string const reason =
        composed::why_not(landscape, program, plan.composition, plan.dynamics.data());
    CHECK_MESSAGE(reason.empty() == valid, describe(plan.key), ": ", reason);
    if (reason.empty()) {
        std::string const fault = fault_of(plan);
        CHECK_MESSAGE(fault.empty(), describe(plan.key), ": ", fault);
        ++count.ran;
    } else {
        std::string const message = refusal_of(plan);
        CHECK_MESSAGE(message.find(reason) != std::string::npos, describe(plan.key), ": ", message);
        ++count.refused;
    }
}

bool diagonal_hessian(LandscapeEntry const& landscape) {
    return landscape.dim == 1 || landscape.separable;
}

/// Needs V_ii where it stands for the whole Hessian.
bool needs_diagonal(ProgramEntry const& program) {
    return program.scheme == "exact_ou" || program.dynamics == "ou_interpolant" ||
           (program.dynamics == "sign_sde" && program.scheme == "milstein");
}

/// Takes draws that a Hessian mixes: looks once, and asks for no slope of C_ii.
bool mixes_draws(ProgramEntry const& program) {
    unsigned const needs = program.needs_for(mild_values(program).data());
    return program.evaluations == 1 && !program.second_batch &&
           (needs & coordinate::needs_variance_slope) == 0;
}

Ground const& plane(std::string_view name) {
    static std::vector<Ground> const grounds = {
        ground_of(*composed::find_landscape("quartic_well", 2)),
        ground_of(*composed::find_landscape("rastrigin", 2)),
        ground_of(*composed::find_landscape("coupled_double_wells", 2))};
    for (Ground const& g : grounds)
        if (g.entry->name == name) return g;
    throw std::runtime_error("no such ground");
}

}  // namespace

TEST_CASE("Composed methods: every program runs on every landscape that it is valid for") {
    Count count;
    std::set<std::string_view> names;
    for (LandscapeEntry const& landscape : composed::landscapes()) {
        names.insert(landscape.name);
        Ground const ground = ground_of(landscape);
        NoiseLaw const law = isotropic(0.25, landscape.dim);
        for (ProgramEntry const& program : composed::programs())
            judge(plan_of(ground, program, driving(program, law, landscape.dim)), landscape,
                  program, diagonal_hessian(landscape) || !needs_diagonal(program), count);
    }
    // The catalogue and the engine hold the same landscapes.
    CHECK(names.size() == landscape_catalogue().size());
    std::size_t entries = 0;
    for (LandscapeInfo const& info : landscape_catalogue()) entries += info.dims.size();
    CHECK(entries == composed::landscapes().size());
    CHECK(count.ran + count.refused ==
          static_cast<int>(composed::landscapes().size() * composed::programs().size()));
    CHECK(count.ran > 1900);
    CHECK(count.refused > 40);
}

TEST_CASE("Composed methods: every noise law drives every program that it is valid for") {
    Count count;
    for (char const* const name : {"rastrigin", "coupled_double_wells"}) {
        Ground const& ground = plane(name);
        bool const diagonal = diagonal_hessian(*ground.entry);
        for (NoiseLawEntry const& law : noise_laws())
            for (ProgramEntry const& program : composed::programs()) {
                CAPTURE(law.name);
                bool const silent = law.name == "none" || law.name == "weight";
                if (program.dynamics == "sign_sde" && silent) continue;  // its domain is C > 0
                bool const remembers = law.name == "anticorrelated" || law.name == "coloured" ||
                                       law.name == "population_reshuffled";
                bool valid = diagonal || !needs_diagonal(program);
                if (!diagonal && law.mixes_draws) valid = valid && mixes_draws(program);
                if (remembers && !program.discrete) valid = false;
                NoiseLaw const drawn = mild_law(law, 2);
                bool const third =
                    (program.needs_for(mild_values(program).data()) &
                     coordinate::needs_variance_slope) != 0 &&
                    (coordinate::slope_needs_of(drawn.amplitude) & coordinate::needs_third) != 0;
                if (!diagonal && third) valid = false;
                bool const gaussian = drawn.shape == coordinate::NoiseShape::gaussian ||
                                      drawn.shape == coordinate::NoiseShape::three_point;
                if (!program.discrete && program.scheme != "euler_maruyama" && !gaussian)
                    valid = false;
                bool const constant = drawn.amplitude == coordinate::NoiseAmplitude::constant ||
                                      drawn.amplitude == coordinate::NoiseAmplitude::covariance;
                if (!program.discrete && program.noise == NoiseStructure::additive && !constant)
                    valid = false;
                if (program.second_batch && (remembers || law.name == "weight")) valid = false;
                judge(plan_of(ground, program, mild_law(law, 2)), *ground.entry, program, valid,
                      count);
            }
    }
    CHECK(count.ran > 1200);
    CHECK(count.refused > 900);
}

TEST_CASE("Composed methods: parameters that ask for more are refused where it is missing") {
    // The second modified equation with weight decay and the third need V_ii; the drift of an
    // anti-Itô noise of the Hessian needs third derivatives.
    struct {
        char const *dynamics, *scheme;
        std::vector<double> values;
        bool everywhere;
    } const cases[] = {{"modified_equation", "euler_maruyama", {1e-4, 1.0, 0.5}, true},
                       {"modified_equation", "euler_maruyama", {1e-4, 2.0, 0.0}, true},
                       {"modified_equation", "euler_maruyama", {1e-4, 2.0, 0.5}, false},
                       {"modified_equation", "euler_maruyama", {1e-4, 3.0, 0.0}, false}};
    for (auto const& c : cases) {
        ProgramEntry const& program = *composed::find_program(c.dynamics, c.scheme);
        for (char const* const name : {"rastrigin", "coupled_double_wells"}) {
            Ground const& ground = plane(name);
            Plan plan = plan_of(ground, program, isotropic(0.25, 2));
            plan.dynamics = c.values;
            CAPTURE(name);
            CAPTURE(c.values[1]);
            Count count;
            judge(plan, *ground.entry, program, c.everywhere || ground.entry->separable, count);
        }
    }
}

TEST_CASE("Composed methods: a fault of a run is seen") {
    // The teeth of the two loops above: too few steps to move, a step that explodes, a lost start.
    ProgramEntry const& sgd = *composed::find_program("sgd", "iterate");
    Plan const good = plan_of(plane("rastrigin"), sgd, isotropic(0.25, 2));
    CHECK(fault_of(good).empty());
    Plan still = good;
    still.dynamics[0] = 1e-300;
    CHECK(fault_of(still) == "a coordinate did not move");
    Plan wild = good;
    wild.dynamics[0] = 1e8;
    CHECK(fault_of(wild) == "lost trajectories");
    Plan wide = good;
    wide.dynamics[0] = 10.0;
    CHECK_FALSE(fault_of(wide).empty());
    CHECK(refusal_of(good).empty());
    Plan wrong = good;
    wrong.key.precision = Precision::single;
    CHECK(refusal_of(wrong).find("precision") != std::string::npos);
}

}  // namespace composed_conformance_test
