// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "gpu/bound_method.hpp"
#include "gpu/isa_clones.hpp"
#include "gpu/lane_kernels.hpp"
#include "gpu/lane_noise.hpp"
#include "gpu/per_thread.hpp"
#include "gpu/queues.hpp"
#include "gpu/snapshot_sums.hpp"

namespace kramers {

/// Snapshots on host threads: blocks of lane_count consecutive trajectories run to each snapshot;
/// the steps between are not looked at, except for divergence.
template <class B>
class SnapshotWorker final : public HostWorker {
    using Real = typename B::Real;
    using Kernels = LaneKernels<typename B::Landscape, typename B::Stepper, typename B::Noise>;
    using Layout = typename B::Layout;
    static constexpr int block_steps = Layout::block_steps;

  public:
    SnapshotWorker(Plan const& plan, WorkQueue& queue, Isa isa)
        : plan_(plan),
          snapshots_(std::get<SnapshotPlan>(plan.observe)),
          queue_(queue),
          noise_(plan, isa),
          start_(B::start(plan)),
          layout_(SnapshotLayout::make(snapshots_, B::dim)),
          counters_(static_cast<std::size_t>(layout_.size) * group_count),
          lanes_(std::make_unique<LaneArrays>()),
          first_(lane_count * B::dim) {
        args_.landscape = B::landscape(plan);
        args_.stepper = B::stepper(plan);
        args_.bound = static_cast<Real>(plan.divergence_bound);
        args_.lanes = lanes_.get();
        run_ = IsaClones<Kernels, LaneKernel::advance>::select(isa);
        for (Region const& region : snapshots_.regions)
            regions_.push_back(region_data<double, B::dim>(region));
    }

    bool work(std::uint64_t budget) override {
        std::uint64_t done = 0;
        while (done < budget) {
            if (lanes_used_ == 0 && !next_block()) return false;
            std::uint64_t const due = snapshots_.burn_in + index_ * snapshots_.stride;
            if (now_ < due) {
                advance(due);
                done += block_steps * lane_count;
            } else {
                observe();
            }
        }
        return true;
    }

    void abandon() override { lanes_used_ = 0; }

    void collect(std::vector<SnapshotGroup>& groups) const override {
        for (std::size_t g = 0; g < groups.size(); ++g)
            groups[g].merge(layout_.group(snapshots_, counters_.data() + g * layout_.size));
    }

  private:
    using LaneArrays = typename Kernels::LaneArrays;

    bool next_block() {
        std::uint64_t const begin = queue_.next.fetch_add(lane_count, std::memory_order_relaxed);
        if (begin >= plan_.trajectories) return false;
        std::uint64_t const left = plan_.trajectories - begin;
        lanes_used_ = left < lane_count ? static_cast<int>(left) : lane_count;
        now_ = 0;
        index_ = 0;
        for (int i = 0; i < lane_count; ++i) {
            id_[i] = begin + static_cast<std::uint64_t>(i);
            auto const x = start_state<Real>(start_, plan_.seed, id_[i]);
            for (int c = 0; c < B::dim; ++c) lanes_->x[c][i] = x[c];
            lost_[i] = false;
        }
        return true;
    }

    /// To the end of this noise block or to `due`, whichever comes first.
    void advance(std::uint64_t due) {
        std::uint64_t const base = now_ / block_steps * block_steps;
        if (!filled_ || filled_at_ != base || filled_id_ != id_[0]) {
            for (int i = 0; i < lane_count; ++i) step_[i] = base;
            noise_.fill(step_, id_, block_steps, true);
            filled_ = true;
            filled_at_ = base;
            filled_id_ = id_[0];
        }
        std::uint64_t const end = base + block_steps < due ? base + block_steps : due;
        args_.steps = static_cast<int>(end - now_);
        args_.normals = noise_.normals() + (now_ - base) * Layout::rows_per_step * lane_count;
        run_(args_);
        queue_.steps.fetch_add((end - now_) * static_cast<unsigned>(lanes_used_),
                               std::memory_order_relaxed);
        now_ = end;
        if (now_ % block_steps == 0) find_lost();
    }

    typename B::State state(int i) const {
        typename B::State x;
        for (int c = 0; c < B::dim; ++c) x[c] = lanes_->x[c][i];
        return x;
    }

    void find_lost() {
        for (int i = 0; i < lanes_used_; ++i)
            if (!lost_[i] && !inside_bound(state(i), args_.bound)) {
                lost_[i] = true;
                group(i)[layout_.diverged] += 1;
            }
    }

    void observe() {
        find_lost();
        for (int i = 0; i < lanes_used_; ++i)
            if (!lost_[i])
                add_snapshot<B::dim>(layout_, regions_.data(), group(i), cast<double>(state(i)),
                                     index_, first_.data() + i * B::dim);
        if (++index_ == snapshots_.snapshots) {
            if (queue_.final_states != nullptr) keep_final();
            queue_.finished.fetch_add(static_cast<unsigned>(lanes_used_),
                                      std::memory_order_relaxed);
            lanes_used_ = 0;
        }
    }

    void keep_final() {
        for (int i = 0; i < lanes_used_; ++i) {
            if (lost_[i]) continue;
            double* const kept = queue_.final_states + id_[i] * static_cast<unsigned>(B::dim);
            for (int c = 0; c < B::dim; ++c) kept[c] = static_cast<double>(lanes_->x[c][i]);
        }
    }

    std::uint64_t* group(int i) {
        return counters_.data() +
               static_cast<std::size_t>(group_of(id_[i], plan_.trajectories)) * layout_.size;
    }

    Plan const& plan_;
    SnapshotPlan const& snapshots_;
    WorkQueue& queue_;
    LaneNoise<typename B::Noise, Layout> noise_;
    StartData<B::dim> start_;
    SnapshotLayout layout_;
    std::vector<std::uint64_t> counters_;
    std::vector<RegionData<double, B::dim>> regions_;
    std::unique_ptr<LaneArrays> lanes_;
    std::vector<double> first_;
    typename Kernels::Args args_;
    void (*run_)(typename Kernels::Args const&);
    std::uint64_t id_[lane_count];
    std::uint64_t step_[lane_count];
    bool lost_[lane_count];
    std::uint64_t now_ = 0, index_ = 0;
    std::uint64_t filled_at_ = 0, filled_id_ = 0;
    bool filled_ = false;
    int lanes_used_ = 0;
};

}  // namespace kramers
