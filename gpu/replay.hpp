// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/bound_method.hpp"
#include "gpu/per_thread.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

/// One trajectory alone, on the host, with the arithmetic of a GPU thread. Cold, as all that follows:
/// compiled for size, or it would take as long to compile as the lane blocks.
template <class B>
[[gnu::cold]] Replay replay_trajectory(Plan const& plan, std::uint64_t trajectory,
                                       std::uint64_t every, std::uint64_t max_rows) {
    using Real = typename B::Real;
    using Noise = typename B::Noise;
    using Layout = typename B::Layout;
    auto const landscape = B::landscape(plan);
    auto const stepper = B::stepper(plan);
    auto const bound = static_cast<Real>(plan.divergence_bound);
    auto const* passage = std::get_if<PassagePlan>(&plan.observe);
    auto const* snapshots = std::get_if<SnapshotPlan>(&plan.observe);
    auto const targets = passage != nullptr ? make_targets<Real, B::dim>(*passage, plan.dt)
                                            : Targets<Real, B::dim>{};
    bool const bridge = passage != nullptr && passage->crossing == Crossing::bridge;
    int const word_rows = targets.count <= 1 ? 1 : targets.count == 2 ? 2 : 4;
    std::uint64_t const last =
        passage != nullptr ? passage->max_steps
                           : snapshots->burn_in + (snapshots->snapshots - 1) * snapshots->stride;

    Replay replay;
    replay.dim = B::dim;
    auto x = start_state<Real>(B::start(plan), plan.seed, trajectory);
    std::uint64_t step = 0;
    auto const record = [&] {
        if (replay.steps.size() >= max_rows) return;
        replay.steps.push_back(step);
        for (int c = 0; c < B::dim; ++c) replay.states.push_back(static_cast<double>(x[c]));
    };
    auto const finish = [&](Outcome outcome, int target) {
        replay.outcome = outcome;
        replay.target = outcome == Outcome::arrived ? target : -1;
        replay.final_step = step;
        if (replay.steps.empty() || replay.steps.back() != step) record();
        return replay;
    };

    record();
    if (!inside_bound(x, bound)) return finish(Outcome::diverged, -1);
    if (passage != nullptr) {
        int const target = passage_event<Noise>(targets, x, x, false, nullptr);
        if (target >= 0) return finish(Outcome::arrived, target);
    }
    Vec<Noise, Layout::normals> z[Layout::steps_per_call];
    while (step < last) {
        auto const j = step % Layout::steps_per_call;
        if (j == 0)
            thread_normals<Noise, Layout, false>(plan.seed, step, trajectory, plan.noise_refinement,
                                                 z);
        auto const after = stepper.step(landscape, x, cast<Real>(z[j]));
        std::uint32_t words[max_targets] = {};
        if (bridge) bridge_words(plan.seed, step, trajectory, word_rows, words);
        int const event = passage_event<Noise>(targets, x, after, bridge, words);
        x = after;
        ++step;
        bool const lost = !inside_bound(x, bound);
        if (passage != nullptr && event >= 0)
            return finish(lost ? Outcome::diverged : Outcome::arrived, event);
        if (lost && (step % Layout::block_steps == 0 || (passage == nullptr && step == last)))
            return finish(Outcome::diverged, -1);
        if (every > 0 && step % every == 0) record();
    }
    return finish(passage != nullptr ? Outcome::censored : Outcome::running, -1);
}

/// The CUDA driver played on the host, worker after worker: the reference that tests hold against
/// the lane blocks. `workers` must not change the result. steps, unless null: what was counted by
/// the end of each round.
template <class B>
void passage_by_threads(Plan const& plan, std::uint64_t workers, PassageSlot* slots,
                        std::vector<std::uint64_t>* steps) {
    using Real = typename B::Real;
    PassagePlan const& passage = std::get<PassagePlan>(plan.observe);
    DeviceCounters counters{};
    std::vector<std::uint64_t> id(workers, ~std::uint64_t{0}), step(workers, 0);
    std::vector<Real> x(workers * B::dim, Real(0));
    auto const run = [&](auto driver) __attribute__((cold)) {
        driver.landscape = B::landscape(plan);
        driver.stepper = B::stepper(plan);
        driver.targets = make_targets<Real, B::dim>(passage, plan.dt);
        driver.start = B::start(plan);
        driver.bound = static_cast<Real>(plan.divergence_bound);
        driver.seed = plan.seed;
        driver.trajectories = plan.trajectories;
        driver.max_steps = passage.max_steps;
        driver.refinement = plan.noise_refinement;
        driver.word_rows = driver.targets.count <= 1 ? 1 : driver.targets.count == 2 ? 2 : 4;
        driver.bridge = passage.crossing == Crossing::bridge;
        driver.iterations = 64;
        driver.slots = slots;
        driver.counters = &counters;
        driver.id = id.data();
        driver.step = step.data();
        driver.x = x.data();
        driver.workers = workers;
        while (counters.finished < plan.trajectories) {
            for (std::uint64_t worker = 0; worker < workers; ++worker) driver(worker);
            if (steps != nullptr) steps->push_back(counters.steps);
        }
    };
    if (!is_single_half_space(passage)) return run(PassageThread<B, Arrivals::general, false>{});
    if (passage.crossing == Crossing::bridge)
        return run(PassageThread<B, Arrivals::half_space_bridge, false>{});
    run(PassageThread<B, Arrivals::half_space_endpoint, false>{});
}

}  // namespace kramers
