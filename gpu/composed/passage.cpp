// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/detector.hpp"
#include "gpu/composed/start_position.hpp"
#include "gpu/composed/workers.hpp"

namespace kramers::composed {
namespace {

/// First passage of a composed method on host threads: the outcomes, refills and rules of
/// PassageWorker (gpu/passage_worker.hpp) over lane blocks of any dimension.
class Passage final : public HostWorker {
    static constexpr std::uint64_t idle = ~std::uint64_t{0};

  public:
    Passage(Plan const& plan, WorkQueue& queue, Isa isa)
        : plan_(plan),
          passage_(std::get<PassagePlan>(plan.observe)),
          queue_(queue),
          block_(plan, isa),
          detector_(passage_, plan.key.dim, plan.divergence_bound, isa),
          x_(static_cast<std::size_t>(plan.key.dim)) {
        for (int i = 0; i < lane_count; ++i) clear(i);
    }

    bool work(std::uint64_t budget) override {
        if (!started_) {
            started_ = true;
            for (int i = 0; i < lane_count; ++i) refill(i);
            uniform_ = active_ == lane_count;
        }
        auto const steps = static_cast<std::uint64_t>(block_.block_steps());
        for (std::uint64_t done = 0; active_ > 0 && done < budget; done += steps * lane_count) {
            block_.draw(step_, id_, uniform_);
            detector_.begin_block();
            block_.advance(0, block_.block_steps(), &detector_);
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
    void clear(int i) {
        id_[i] = idle;
        step_[i] = 0;
        detector_.watched[i] = false;
        for (double& x : x_) x = 0.0;
        block_.start(i, x_.data(), 0);
    }

    /// Puts the next trajectory that does not end at once into lane i.
    void refill(int i) {
        while (true) {
            std::uint64_t const id = queue_.next.fetch_add(1, std::memory_order_relaxed);
            if (id >= plan_.trajectories) return clear(i);
            start_position(plan_, id, x_.data());
            int const target = detector_.target_at(x_.data(), 1);
            if (!detector_.inside_bound(x_.data(), 1)) {
                end(id, Outcome::diverged, 0, 0);
            } else if (target >= 0) {
                end(id, Outcome::arrived, target, 0);
            } else if (passage_.max_steps == 0) {
                end(id, Outcome::censored, 0, 0);
            } else {
                id_[i] = id;
                step_[i] = 0;
                detector_.watched[i] = true;
                block_.start(i, x_.data(), 0);
                ++active_;
                return;
            }
        }
    }

    void end(std::uint64_t id, Outcome outcome, int target, std::uint64_t step) {
        queue_.slots[id] = PassageSlot::make(outcome, target, step);
        ++finished_;
        if (outcome == Outcome::arrived) ++events_;
        useful_ += step;
    }

    /// After a block: write the slots of lanes that ended, refill them, advance the others.
    void account() {
        auto const steps = static_cast<std::uint64_t>(block_.block_steps());
        if (!detector_.any() && active_ == lane_count && longest_ + steps < passage_.max_steps &&
            detector_.all_inside(block_.positions())) {
            longest_ += steps;
            for (int i = 0; i < lane_count; ++i) step_[i] += steps;
            return;
        }
        longest_ = 0;
        for (int i = 0; i < lane_count; ++i) {
            if (id_[i] == idle) continue;
            std::uint64_t const before = step_[i];
            step_[i] += steps;
            bool const ended = detector_.count[i] >= 0;
            bool const lost = !detector_.inside_bound(block_.positions() + i, lane_count);
            if (ended || lost || step_[i] >= passage_.max_steps) settle(i, before, ended, lost);
            longest_ = step_[i] > longest_ ? step_[i] : longest_;
        }
    }

    void settle(int i, std::uint64_t before, bool ended, bool lost) {
        std::uint64_t const at =
            ended ? before + static_cast<std::uint64_t>(detector_.count[i]) : step_[i];
        std::uint64_t const id = id_[i];
        --active_;
        if (at > passage_.max_steps || (!ended && !lost))
            end(id, Outcome::censored, 0, passage_.max_steps);
        else if (ended ? detector_.outside[i] : lost) end(id, Outcome::diverged, 0, at);
        else end(id, Outcome::arrived, detector_.target[i], at);
        uniform_ = false;
        refill(i);
    }

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
    LaneBlock block_;
    Detector detector_;
    std::vector<double> x_;
    std::uint64_t id_[lane_count];
    std::uint64_t step_[lane_count];
    std::uint64_t finished_ = 0, events_ = 0, useful_ = 0, reported_ = 0;
    std::uint64_t longest_ = 0;  ///< largest of step_
    int active_ = 0;
    bool started_ = false;
    bool uniform_ = true;
};

}  // namespace

std::unique_ptr<HostWorker> make_passage(Plan const& plan, WorkQueue& queue, Isa isa) {
    return std::make_unique<Passage>(plan, queue, isa);
}

}  // namespace kramers::composed
