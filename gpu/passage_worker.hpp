// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "gpu/bound_method.hpp"
#include "gpu/isa_clones.hpp"
#include "gpu/lane_kernels.hpp"
#include "gpu/lane_noise.hpp"
#include "gpu/per_thread.hpp"
#include "gpu/queues.hpp"

namespace kramers {

/// First passage on host threads. A lane that ends is refilled from the queue at the end of its
/// block, so nearly every lane-step is useful whatever the law of the exit times.
template <class B>
class PassageWorker final : public HostWorker {
    using Real = typename B::Real;
    using Kernels = LaneKernels<typename B::Landscape, typename B::Stepper, typename B::Noise>;
    using Layout = typename B::Layout;
    static constexpr int block_steps = Layout::block_steps;
    static constexpr std::uint64_t idle = ~std::uint64_t{0};

  public:
    PassageWorker(Plan const& plan, WorkQueue& queue, Isa isa)
        : plan_(plan),
          passage_(std::get<PassagePlan>(plan.observe)),
          queue_(queue),
          noise_(plan, isa),
          start_(B::start(plan)),
          lanes_(std::make_unique<LaneArrays>()) {
        args_.landscape = B::landscape(plan);
        args_.stepper = B::stepper(plan);
        args_.targets = make_targets<Real, B::dim>(passage_, plan.dt);
        args_.bound = static_cast<Real>(plan.divergence_bound);
        args_.steps = block_steps;
        args_.lanes = lanes_.get();
        args_.normals = noise_.normals();
        args_.words = noise_.words();
        args_.word_rows = noise_.word_rows(args_.targets.count);
        args_.seed = plan.seed;
        args_.id = id_;
        args_.step = step_;
        run_ = select(isa);
        fill_words_ = bridge() && !half_space();
        for (int i = 0; i < lane_count; ++i) clear(i);
    }

    bool work(std::uint64_t budget) override {
        if (!started_) {
            started_ = true;
            for (int i = 0; i < lane_count; ++i) refill(i);
            uniform_ = active_ == lane_count;  // an idle lane stays at step 0
        }
        std::uint64_t done = 0;
        while (active_ > 0 && done < budget) {
            noise_.fill(step_, id_, block_steps, uniform_);
            if (fill_words_) noise_.fill_words(step_, block_steps, args_.targets.count, uniform_);
            for (int i = 0; i < lane_count; ++i) lanes_->count[i] = 0;
            run_(args_);
            done += static_cast<std::uint64_t>(block_steps) * lane_count;
            account();
        }
        flush();
        return active_ > 0;
    }

    void abandon() override {
        for (int i = 0; i < lane_count; ++i)
            if (id_[i] != idle) {
                queue_.slots[id_[i]] = PassageSlot::make(Outcome::censored, 0, step_[i]);
                clear(i);
            }
        active_ = 0;
    }

  private:
    using LaneArrays = typename Kernels::LaneArrays;
    using Run = void (*)(typename Kernels::Args const&);

    bool bridge() const { return passage_.crossing == Crossing::bridge; }
    bool half_space() const {
        return args_.targets.count == 1 && args_.targets.region[0].kind == RegionKind::half_space;
    }

    Run select(Isa isa) const {
        bool const fast = half_space();
        if (bridge())
            return fast ? IsaClones<Kernels, LaneKernel::half_space_bridge>::select(isa)
                        : IsaClones<Kernels, LaneKernel::general_bridge>::select(isa);
        return fast ? IsaClones<Kernels, LaneKernel::half_space>::select(isa)
                    : IsaClones<Kernels, LaneKernel::general>::select(isa);
    }

    void clear(int i) {
        id_[i] = idle;
        step_[i] = 0;
        lanes_->alive[i] = 0;
        lanes_->count[i] = 0;
        lanes_->code[i] = 0;
        for (int c = 0; c < B::dim; ++c) lanes_->x[c][i] = Real(0);
    }

    /// Puts the next trajectory that does not end at once into lane i.
    void refill(int i) {
        while (true) {
            std::uint64_t const id = queue_.next.fetch_add(1, std::memory_order_relaxed);
            if (id >= plan_.trajectories) {
                clear(i);
                return;
            }
            auto const x = start_state<Real>(start_, plan_.seed, id);
            int const target = target_at(x);
            if (!inside_bound(x, args_.bound)) {
                end(id, Outcome::diverged, 0, 0);
            } else if (target >= 0) {
                end(id, Outcome::arrived, target, 0);
            } else if (passage_.max_steps == 0) {
                end(id, Outcome::censored, 0, 0);
            } else {
                id_[i] = id;
                step_[i] = 0;
                for (int c = 0; c < B::dim; ++c) lanes_->x[c][i] = x[c];
                lanes_->alive[i] = -1;
                ++active_;
                return;
            }
        }
    }

    int target_at(typename B::State const& x) const {
        for (int t = 0; t < args_.targets.count; ++t)
            if (crossed_endpoint(args_.targets.region[t].distance(x))) return t;
        return -1;
    }

    void end(std::uint64_t id, Outcome outcome, int target, std::uint64_t step) {
        queue_.slots[id] = PassageSlot::make(outcome, target, step);
        ++finished_;
        if (outcome == Outcome::arrived) ++events_;
        useful_ += step;
    }

    /// After a block: write the slots of lanes that ended, refill them, advance the others.
    void account() {
        bool refilled = false;
        largest_ = 0;
        for (int i = 0; i < lane_count; ++i) {
            step_[i] += block_steps;
            largest_ = step_[i] > largest_ ? step_[i] : largest_;
        }
        for (int chunk = 0; chunk < chunk_count; ++chunk) {
            if (lanes_->chunk_alive[chunk] != 0 && largest_ < passage_.max_steps) continue;
            for (int i = chunk * lanes_per_chunk; i < (chunk + 1) * lanes_per_chunk; ++i) {
                if (id_[i] == idle) {
                    step_[i] = 0;
                } else if (lanes_->alive[i] == 0 || step_[i] >= passage_.max_steps) {
                    settle(i);
                    refilled = true;
                }
            }
        }
        if (refilled) uniform_ = false;
    }

    void settle(int i) {
        std::uint64_t const step =
            step_[i] - block_steps + static_cast<std::uint64_t>(lanes_->count[i]);
        typename B::State x;
        for (int c = 0; c < B::dim; ++c) x[c] = lanes_->x[c][i];
        --active_;
        std::uint64_t const id = id_[i];
        if (step > passage_.max_steps || lanes_->alive[i] != 0)
            end(id, Outcome::censored, 0, passage_.max_steps);
        else if (!inside_bound(x, args_.bound)) end(id, Outcome::diverged, 0, step);
        else end(id, Outcome::arrived, args_.targets.count > 1 ? coded_target(i) : 0, step);
        refill(i);
    }
    int coded_target(int i) const { return static_cast<int>(lanes_->code[i]) - 1; }

    void flush() {
        std::uint64_t running = 0;
        for (int i = 0; i < lane_count; ++i)
            if (id_[i] != idle) running += step_[i];
        queue_.finished.fetch_add(finished_, std::memory_order_relaxed);
        queue_.events.fetch_add(events_, std::memory_order_relaxed);
        queue_.steps.fetch_add(useful_ + running - reported_, std::memory_order_relaxed);
        finished_ = events_ = useful_ = 0;
        reported_ = running;
    }

    Plan const& plan_;
    PassagePlan const& passage_;
    WorkQueue& queue_;
    LaneNoise<typename B::Noise, Layout> noise_;
    StartData<B::dim> start_;
    std::unique_ptr<LaneArrays> lanes_;
    typename Kernels::Args args_;
    Run run_;
    std::uint64_t id_[lane_count];
    std::uint64_t step_[lane_count];
    std::uint64_t largest_ = 0;
    std::uint64_t finished_ = 0, events_ = 0, useful_ = 0, reported_ = 0;
    int active_ = 0;
    bool started_ = false;
    bool uniform_ = true;
    bool fill_words_ = false;  ///< the half-space path draws its few words itself
};

}  // namespace kramers
