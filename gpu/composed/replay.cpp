// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/detector.hpp"
#include "gpu/composed/start_position.hpp"
#include "gpu/composed/workers.hpp"

namespace kramers::composed {

Replay replay(Plan const& plan, std::uint64_t trajectory, std::uint64_t every,
              std::uint64_t max_rows) {
    auto const* passage = std::get_if<PassagePlan>(&plan.observe);
    auto const* snapshots = std::get_if<SnapshotPlan>(&plan.observe);
    std::uint64_t const last =
        passage != nullptr ? passage->max_steps
                           : snapshots->burn_in + (snapshots->snapshots - 1) * snapshots->stride;
    int const dim = plan.key.dim;
    Isa const isa = best_isa();
    LaneBlock block(plan, isa);
    PassagePlan const nowhere{};
    Detector detector(passage != nullptr ? *passage : nowhere, dim, plan.divergence_bound, isa);

    std::vector<double> x(static_cast<std::size_t>(dim));
    std::uint64_t id[lane_count], steps[lane_count];
    start_position(plan, trajectory, x.data());
    for (int i = 0; i < lane_count; ++i) {
        id[i] = trajectory;
        steps[i] = 0;
        block.start(i, x.data(), 0);
    }

    Replay out;
    out.dim = dim;
    std::uint64_t step = 0;
    auto const record = [&] {
        if (out.steps.size() >= max_rows) return;
        out.steps.push_back(step);
        for (int c = 0; c < dim; ++c) out.states.push_back(block.position(c, 0));
    };
    auto const finish = [&](Outcome outcome, int target) {
        out.outcome = outcome;
        out.target = outcome == Outcome::arrived ? target : -1;
        out.final_step = step;
        if (out.steps.empty() || out.steps.back() != step) record();
        return out;
    };

    record();
    if (!detector.inside_bound(x.data(), 1)) return finish(Outcome::diverged, -1);
    if (int const t = passage != nullptr ? detector.target_at(x.data(), 1) : -1; t >= 0)
        return finish(Outcome::arrived, t);
    auto const block_length = static_cast<std::uint64_t>(block.block_steps());
    while (step < last) {
        auto const within = static_cast<int>(step % block_length);
        if (within == 0) {
            for (auto& s : steps) s = step;
            block.draw(steps, id, true);
        }
        block.advance(within, within + 1, nullptr);
        ++step;
        double const* const position = block.positions();
        int const target = passage != nullptr ? detector.target_at(position, lane_count) : -1;
        bool const lost = !detector.inside_bound(position, lane_count);
        if (target >= 0) return finish(lost ? Outcome::diverged : Outcome::arrived, target);
        if (lost && (step % block_length == 0 || (passage == nullptr && step == last)))
            return finish(Outcome::diverged, -1);
        if (every > 0 && step % every == 0) record();
    }
    return finish(passage != nullptr ? Outcome::censored : Outcome::running, -1);
}

std::uint64_t worker_bytes(Plan const& plan) {
    LaneBlock const block(plan, Isa::baseline);
    return block.bytes() + 64u * 1024u;
}

}  // namespace kramers::composed
