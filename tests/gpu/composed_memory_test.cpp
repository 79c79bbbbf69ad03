// SPDX-License-Identifier: Apache-2.0
// What a host worker of a composed method says that it takes, against what the heap says.
#include <doctest/doctest.h>
#include <malloc.h>

#include <memory>

#include "gpu/composed/workers.hpp"
#include "gpu/dispatch.hpp"
#include "tests/gpu/composed_plans.hpp"

namespace composed_memory_test {
using namespace kramers;
using namespace kramers::testing;

namespace {

std::size_t allocated() {
    struct mallinfo2 const info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// Bytes on the heap while a worker of this plan exists.
std::size_t grown(Plan const& plan) {
    std::vector<PassageSlot> slots(plan.trajectories);
    WorkQueue queue;
    queue.slots = slots.data();
    std::size_t const before = allocated();
    auto const worker = composed::make_passage(plan, queue, best_isa());
    return allocated() - before;
}

NoiseLaw population(std::string_view name, double batch, int samples) {
    NoiseRequest request;
    request.dim = 2;
    request.batch_size = batch;
    for (int n = 0; n < 2 * samples; ++n) request.table.push_back(std::sin(1.0 + 3.0 * n));
    return *find_noise_law(name)->make(request).law;
}

}  // namespace

TEST_CASE("Composed workers: the memory announced is that of the heap, words drawn ahead too") {
    std::vector<Plan> plans;
    for (char const* const name : {"sgd", "adam", "sgld"})
        for (NoiseLawEntry const& law : noise_laws())
            plans.push_back(
                composed_plane_plan(*composed::find_program(name, "iterate"), mild_law(law, 2)));
    auto const& sgd = *composed::find_program("sgd", "iterate");
    plans.push_back(composed_plane_plan(sgd, population("population_reshuffled", 16, 256)));
    std::size_t const words = plans.size();
    plans.push_back(composed_plane_plan(sgd, population("population", 16, 64)));
    plans.push_back(composed_plane_plan(sgd, population("population", 16, 60'000)));
    plans.push_back(composed_plane_plan(sgd, isotropic(1.0, 2)));
    plans.back().noise_refinement = 64;
    plans.back().key.precision = Precision::full;
    std::size_t const plain = composed::worker_bytes(plans.front());
    if (grown(plans.front()) == 0) {
        MESSAGE("skipped: this allocator does not say what it has given out");
        return;
    }
    for (Plan const& plan : plans) {
        CAPTURE(describe(plan.key));
        CAPTURE(plan.composition.noise.batch);
        std::size_t const taken = grown(plan), said = composed::worker_bytes(plan);
        CHECK(said >= taken);
        CHECK(said <= taken + 80 * 1024);
    }
    // The twin counts rows alone: what it says of a worker without words.
    for (std::size_t i = words; i < plans.size(); ++i) CHECK_FALSE(plain >= grown(plans[i]));
}

}  // namespace composed_memory_test
