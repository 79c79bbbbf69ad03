// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "gpu/composed/thread_passage.hpp"
#include "gpu/composed/thread_run.hpp"
#include "gpu/dispatch.hpp"
#include "landscapes/landscape_headers.inc"
#include "landscapes/make_potential.hpp"
#include "tests/gpu/composed_plans.hpp"
#include "tests/played_threads/played_threads.hpp"

namespace composed_thread_test {
/// A GPU thread, played on the host, against the lane blocks: two programs for the same numbers.
using namespace kramers;
using namespace kramers::testing;

namespace {

std::vector<PassageSlot> by_lanes(Plan const& plan) {
    Controls controls;
    controls.backend = Backend::cpu;
    return slots_of(plan, controls);
}

std::vector<PassageSlot> by_threads(Plan const& plan, std::uint64_t workers = 37) {
    std::vector<PassageSlot> slots(plan.trajectories);
    passage_by_threads(plan, workers, slots.data());
    return slots;
}

/// `piece` steps at most between two calls of a thread.
std::vector<SnapshotGroup> snapshots_by_threads(Plan const& plan, std::uint64_t piece) {
    auto const& snapshots = std::get<SnapshotPlan>(plan.observe);
    auto const layout = SnapshotLayout::make(snapshots, 1);
    std::vector<RegionData<double, 1>> regions;
    for (Region const& region : snapshots.regions)
        regions.push_back(region_data<double, 1>(region));
    composed::Snapshots<1> driver{};
    driver.method = composed::thread_method<1>(plan);
    driver.start = composed::thread_start<1>(plan);
    std::vector<std::uint64_t> counters(std::size_t{layout.size} * group_count, 0);
    std::vector<double> x(static_cast<unsigned>(driver.method.rows()) * plan.trajectories);
    std::vector<double> first(plan.trajectories);
    std::vector<unsigned char> lost(plan.trajectories);
    driver.bound = plan.divergence_bound;
    driver.trajectories = driver.threads = plan.trajectories;
    driver.layout = &layout;
    driver.regions = regions.data();
    driver.counters = counters.data();
    driver.x = x.data();
    driver.first = first.data();
    driver.lost = lost.data();
    std::uint64_t now = 0;
    while (driver.index < snapshots.snapshots) {
        std::uint64_t const due = snapshots.burn_in + driver.index * snapshots.stride;
        driver.from = now;
        driver.to = now = std::min(due, now + piece);
        driver.observe = now == due;
        for (std::uint64_t thread = 0; thread < plan.trajectories; ++thread) driver(thread);
        driver.index += now == due;
    }
    std::vector<SnapshotGroup> groups;
    for (int g = 0; g < group_count; ++g) {
        groups.push_back(
            layout.group(snapshots, counters.data() + static_cast<std::size_t>(g) * layout.size));
        groups.back().trajectories =
            group_begin(g + 1, plan.trajectories) - group_begin(g, plan.trajectories);
    }
    return groups;
}

composed::ProgramEntry const& program(char const* dynamics, char const* scheme) {
    return *composed::find_program(dynamics, scheme);
}

/// Out of a ball or half-space near the start, within 160 steps.
Plan line(composed::ProgramEntry const& p, NoiseLaw const& law, std::uint64_t trajectories) {
    Plan plan = composed_plan(p, law, trajectories);
    passage(plan).targets = {half_space({1.0}, -0.8), half_space({-1.0}, 1.2)};
    passage(plan).max_steps = 160;
    return plan;
}
Plan plane(composed::ProgramEntry const& p, NoiseLaw const& law, std::uint64_t trajectories,
           int dim = 2) {
    Plan plan = composed_plane_plan(p, law, trajectories);
    Plan const start = rastrigin_plan(dim, trajectories);
    plan.key.dim = dim;
    plan.start = start.start;
    plan.observe = start.observe;
    passage(plan).targets[0].extent = {0.125 * std::sqrt(dim)};
    passage(plan).max_steps = 160;
    return plan;
}

bool possible(Plan const& plan) {
    return composed::why_not(*composed::find_landscape(plan.key.landscape, plan.key.dim),
                             *composed::find_program(plan.key.dynamics, plan.key.scheme),
                             plan.composition, plan.dynamics.data())
        .empty();
}

/// Noise whose amplitude is that of `kind`.
NoiseLaw varying(coordinate::NoiseAmplitude kind, int dim) {
    NoiseLaw law = isotropic(2.0, dim);
    law.amplitude = kind;
    law.amplitude_data = {0.75, -0.125, 0.0625};
    return law;
}

/// Landscape L with the default parameters and all that an evaluation can ask of it.
template <class L>
void add_landscape(std::vector<Plan>& plans) {
    if (L::dim != 1 && L::dim != 2 && L::dim != 8) return;
    using coordinate::NoiseAmplitude;
    auto const& sgd = program("sgd", "iterate");
    auto const& platen = program("modified_equation", "platen_weak2");
    for (auto const& [kind, p] :
         {std::pair{NoiseAmplitude::loss, &sgd}, std::pair{NoiseAmplitude::hessian, &platen},
          std::pair{NoiseAmplitude::gradient_norm, &platen},
          std::pair{NoiseAmplitude::gradient, &platen}}) {
        Plan plan = plane(*p, varying(kind, L::dim), 15, L::dim);
        plan.key.landscape = std::string(L::name);
        plan.landscape = default_values(*kramers::find_landscape(L::name), L::dim);
        for (double& value : plan.landscape) value = std::isnan(value) ? 0.5 : value;
        plan.dt = 0.02;
        passage(plan).max_steps = 60;
        plans.push_back(plan);
    }
}

/// Compares all that make sense; how many trajectories arrived.
int compare(std::vector<Plan> const& plans) {
    int arrived = 0;
    for (Plan const& plan : plans) {
        if (!possible(plan)) continue;
        CAPTURE(describe(plan.key));
        auto const threads = by_threads(plan);
        CHECK(threads == by_lanes(plan));
        for (PassageSlot const& slot : threads) arrived += slot.outcome() == Outcome::arrived;
    }
    return arrived;
}

}  // namespace

TEST_CASE("Composed threads repeat the lane blocks: every program, on a line and in the plane") {
    std::vector<Plan> plans;
    for (composed::ProgramEntry const& p : composed::programs()) {
        plans.push_back(line(p, isotropic(4.0, 1), 40));
        plans.back().composition.rate = {coordinate::ScheduleKind::power, 500.0, 0.5};
        plans.push_back(plane(p, isotropic(4.0, 2), 25));
        plans.back().key.precision = Precision::full;
        plans.back().noise_refinement = 2;
        plans.push_back(plane(p, varying(coordinate::NoiseAmplitude::multiplicative, 2), 20));
    }
    CHECK(compare(plans) > 2000);
}

TEST_CASE("Composed threads repeat the lane blocks: every landscape") {
    std::vector<Plan> plans;
#define KRAMERS_LANDSCAPE(stem, Class, dim) add_landscape<Class<double, dim>>(plans);
#include "landscapes/landscape_list.inc"
#undef KRAMERS_LANDSCAPE
    CHECK(compare(plans) > 200);
}

TEST_CASE("Composed threads repeat the lane blocks: every law, in 1, 2 and 8 dimensions") {
    std::vector<Plan> plans;
    for (NoiseLawEntry const& entry : noise_laws())
        for (int const refinement : {1, 2}) {
            auto const& sgd = program("sgd", "iterate");
            auto const& adam = program("adam", "iterate");
            auto const& svag = program("svag", "iterate");
            std::vector<Plan> list{
                line(sgd, mild_law(entry, 1), 40),     plane(sgd, mild_law(entry, 2), 25),
                plane(sgd, mild_law(entry, 8), 15, 8), plane(adam, mild_law(entry, 8), 15, 8),
                line(svag, mild_law(entry, 1), 40),    plane(svag, mild_law(entry, 2), 25),
                plane(svag, mild_law(entry, 8), 15, 8)};
            for (Plan& plan : list) {
                plan.dynamics[0] = 0.03125;  // the learning rate
                plan.noise_refinement = refinement;
                plan.key.precision = refinement == 1 ? Precision::mixed : Precision::full;
                // between two calls and two blocks
                passage(plan).max_steps = plan.key.dim == 8 ? 61 : 157;
                plans.push_back(plan);
            }
        }
    CHECK(compare(plans) > 500);
}

TEST_CASE("Composed threads repeat the lane blocks: amplitudes, memories, schedules, transforms") {
    std::vector<Plan> plans;
    auto const& sgd = program("sgd", "iterate");
    auto const& milstein = program("modified_equation", "milstein");
    for (coordinate::NoiseAmplitude const kind : coordinate::all_amplitudes)
        for (composed::ProgramEntry const* p : {&sgd, &milstein}) {
            plans.push_back(line(*p, varying(kind, 1), 40));
            plans.push_back(plane(*p, varying(kind, 2), 25));
        }
    for (coordinate::NoiseMemory const memory : coordinate::all_memories)
        for (int const dim : {1, 2}) {
            NoiseLaw law = isotropic(9.0, dim);
            law.memory = memory;
            law.memory_data = coordinate::memory_data(memory, 0.5);
            plans.push_back(dim == 1 ? line(sgd, law, 40) : plane(sgd, law, 25));
        }
    for (coordinate::ScheduleKind const kind : coordinate::all_schedules) {
        Plan plan = line(program("adam", "iterate"), isotropic(9.0, 1), 40);
        plan.composition.rate = {kind, 90.0, 0.5, 0.75, 0.25, 10.0};
        plan.composition.noise_schedule = {kind, 70.0, 0.25, 0.5, 0.5, 0.0};
        plans.push_back(plan);
    }
    Plan shifted = line(program("heavy_ball", "iterate"), isotropic(0.0, 1), 40);
    shifted.composition.noise.point_shift = 0.25;
    plans.push_back(shifted);
    Plan rotated = plane(sgd, isotropic(4.0, 2), 25);
    rotated.composition.gradient_transform = {0.8, -0.6, 0.6, 0.8};
    plans.push_back(rotated);
    rotated.composition.noise.point_shift = 0.25;
    plans.push_back(rotated);
    CHECK(compare(plans) > 500);
}

TEST_CASE("Composed threads: arrivals do not depend on the number of workers") {
    Plan const plan = line(program("kinetic", "baoab"), isotropic(0.0, 1), 150);
    auto const reference = by_lanes(plan);
    for (std::uint64_t const workers : {1, 7, 150, 400})
        CHECK(by_threads(plan, workers) == reference);
    // the twins: another seed, another parameter, another refinement are seen
    Plan twin = plan;
    ++twin.seed;
    CHECK_FALSE(by_threads(twin) == reference);
    twin = plan;
    twin.dynamics.back() *= 1.0 + 1e-3;
    CHECK_FALSE(by_threads(twin) == reference);
    twin = plan;
    twin.noise_refinement = 2;
    CHECK_FALSE(by_threads(twin) == reference);
}

TEST_CASE("Composed threads: what diverges does so at the step of the lane blocks") {
    Region far;  // hardly ever hit: divergence is seen at the end of a block
    far.kind = RegionKind::ball;
    far.a = {5.0};
    far.extent = {0.0625};
    for (Region const& target : {far, half_space({1.0}, 1e7)}) {  // beyond the bound: at the step
        Plan plan = line(program("sgd", "iterate"), isotropic(9.0, 1), 150);
        plan.dynamics[0] = 1.5;  // unstable: the well has curvature 2
        passage(plan).targets = {target};
        auto const reference = by_lanes(plan);
        int diverged = 0;
        for (PassageSlot const& slot : reference) diverged += slot.outcome() == Outcome::diverged;
        CHECK(diverged > 100);
        CHECK(by_threads(plan) == reference);
    }
}

TEST_CASE("Composed threads repeat the snapshots of the lane blocks, in pieces of any length") {
    std::uint64_t diverged = 0;
    for (coordinate::NoiseMemory const memory : coordinate::all_memories) {
        NoiseLaw law = isotropic(9.0, 1);
        law.memory = memory;
        law.memory_data = coordinate::memory_data(memory, 0.5);
        Plan plan = line(program("adam", "iterate"), law, 150);
        plan.divergence_bound = 1.0625;
        SnapshotPlan snapshots;
        snapshots.burn_in = 37;
        snapshots.snapshots = 5;
        snapshots.stride = 13;
        snapshots.lagged = true;
        snapshots.origin = {0.0};
        snapshots.regions = {half_space({1.0}, -0.5)};
        plan.observe = snapshots;
        Controls controls;
        controls.backend = Backend::cpu;
        auto const tally = std::get<SnapshotTally>(simulate(plan, controls).tally);
        for (std::uint64_t const piece : {7, 1000}) {
            auto const groups = snapshots_by_threads(plan, piece);
            for (std::size_t g = 0; g < groups.size(); ++g) CHECK(groups[g] == tally.groups[g]);
        }
        for (SnapshotGroup const& group : tally.groups) diverged += group.diverged;
        ++plan.seed;  // the twin
        CHECK_FALSE(snapshots_by_threads(plan, 7) == tally.groups);
    }
    CHECK(diverged > 50);
    CHECK(diverged < 400);
}

TEST_CASE("Composed threads: dimensions without device code are refused with the reason") {
    MethodKey key = composed_plane_plan(program("sgd", "iterate"), isotropic(1.0, 2)).key;
    CHECK(composed::why_no_threads(key).empty());
    key.dim = 4;
    CHECK(composed::why_no_threads(key).find("1, 2, 8 dimensions") != std::string::npos);
    key.dim = 2;
    key.landscape = "somewhere_else";
    CHECK(composed::why_no_threads(key).find("somewhere_else") != std::string::npos);
}

}  // namespace composed_thread_test
