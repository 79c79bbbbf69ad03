// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/bench_parts.hpp"

#include <chrono>

#include "gpu/composed/start_position.hpp"

namespace kramers::composed {
namespace {

constexpr std::uint64_t never = std::uint64_t{1} << 40;
constexpr std::uint64_t trajectories = 1u << 14;  // more than lanes: diverged ones are replaced

template <class F>
double time(F&& run) {
    auto const begin = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Plan without_end(Plan plan) {
    plan.trajectories = trajectories;
    std::get<PassagePlan>(plan.observe).max_steps = never;
    return plan;
}

Plan observed_once(Plan plan) {
    SnapshotPlan snapshots;
    snapshots.burn_in = never;
    snapshots.origin.assign(static_cast<std::size_t>(plan.key.dim), 0.0);
    plan.observe = snapshots;
    return plan;
}

}  // namespace

StepBench::StepBench(Plan plan, Isa isa)
    : passage_(without_end(std::move(plan))),
      snapshots_(observed_once(passage_)),
      isa_(isa),
      block_(passage_, isa),
      slots_(trajectories),
      x_(static_cast<std::size_t>(passage_.key.dim)) {
    queue_.slots = slots_.data();
    for (int i = 0; i < lane_count; ++i) {
        id_[i] = static_cast<std::uint64_t>(i);
        step_[i] = 0;
        start_position(passage_, id_[i], x_.data());
        block_.start(i, x_.data(), 0);
    }
}

double StepBench::full(std::unique_ptr<HostWorker>& worker, bool passage, std::uint64_t budget) {
    if (!worker) {
        WorkQueue& queue = passage ? queue_ : snapshot_queue_;
        queue.next = 0;
        worker =
            passage ? make_passage(passage_, queue, isa_) : make_snapshots(snapshots_, queue, isa_);
        worker->work(budget);
    }
    bool more = true;
    double const seconds = time([&] { more = worker->work(budget); });
    if (!more) worker.reset();
    return seconds;
}

/// A lane that diverged would otherwise stay among the non-finite numbers.
void StepBench::restart_lost() {
    for (int i = 0; i < lane_count; ++i) {
        bool inside = true;
        for (int c = 0; c < block_.dim(); ++c)
            inside = inside && math::abs(block_.position(c, i)) <= passage_.divergence_bound;
        if (inside) continue;
        start_position(passage_, id_[i], x_.data());
        block_.start(i, x_.data(), step_[i]);
    }
}

double StepBench::seconds(StepPart part, int blocks) {
    int const steps = block_.block_steps();
    auto const budget = static_cast<std::uint64_t>(blocks) * static_cast<unsigned>(steps) *
                        static_cast<unsigned>(lane_count);
    auto const draw = [&] {
        block_.draw(step_, id_, true);
        for (int i = 0; i < lane_count; ++i) step_[i] += static_cast<unsigned>(steps);
    };
    switch (part) {
        case StepPart::passage: return full(passage_worker_, true, budget);
        case StepPart::snapshots: return full(snapshot_worker_, false, budget);
        case StepPart::draws:
            return time([&] {
                for (int b = 0; b < blocks; ++b) {
                    draw();
                    block_.draw_only(0, steps);
                }
            });
        case StepPart::arithmetic:
            draw();
            block_.advance(0, steps, nullptr);
            restart_lost();
            return time([&] {
                for (int b = 0; b < blocks; ++b) block_.move_only(0, steps);
            });
    }
    return 0.0;
}

}  // namespace kramers::composed
