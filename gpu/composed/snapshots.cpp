// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include <vector>

#include "gpu/composed/lane_block.hpp"
#include "gpu/composed/start_position.hpp"
#include "gpu/composed/workers.hpp"
#include "gpu/snapshot_sums.hpp"

namespace kramers::composed {
namespace {

/// Adds snapshots of one dimension; the only code here that is compiled per dimension.
class Sums {
  public:
    virtual ~Sums() = default;
    virtual void add(std::uint64_t* counters, double const* position, int stride,
                     std::uint64_t index, double* first) const = 0;
};

template <int Dim>
class SumsOf final : public Sums {
  public:
    SumsOf(SnapshotLayout const& layout, SnapshotPlan const& plan) : layout_(layout) {
        for (Region const& region : plan.regions)
            regions_.push_back(region_data<double, Dim>(region));
    }
    void add(std::uint64_t* counters, double const* position, int stride, std::uint64_t index,
             double* first) const override {
        Vec<double, Dim> x;
        for (int c = 0; c < Dim; ++c) x[c] = position[c * stride];
        add_snapshot<Dim>(layout_, regions_.data(), counters, x, index, first);
    }

  private:
    SnapshotLayout const& layout_;
    std::vector<RegionData<double, Dim>> regions_;
};

template <int Dim = 1>
std::unique_ptr<Sums> make_sums(int dim, SnapshotLayout const& layout, SnapshotPlan const& plan) {
    if constexpr (Dim > max_dim) {
        throw std::invalid_argument("snapshots: the dimension is beyond 32");
    } else {
        if (dim == Dim) return std::make_unique<SumsOf<Dim>>(layout, plan);
        // 1 … 4, then powers of two: the dimensions landscapes are compiled in
        return make_sums<(Dim < 4 ? Dim + 1 : 2 * Dim)>(dim, layout, plan);
    }
}

/// Snapshots of a composed method on host threads, as SnapshotWorker (gpu/snapshot_worker.hpp).
class Snapshots final : public HostWorker {
  public:
    Snapshots(Plan const& plan, WorkQueue& queue, Isa isa)
        : plan_(plan),
          snapshots_(std::get<SnapshotPlan>(plan.observe)),
          queue_(queue),
          dim_(plan.key.dim),
          block_(plan, isa),
          layout_(SnapshotLayout::make(snapshots_, dim_)),
          counters_(static_cast<std::size_t>(layout_.size) * group_count),
          sums_(make_sums(dim_, layout_, snapshots_)),
          x_(static_cast<std::size_t>(dim_)),
          first_(static_cast<std::size_t>(lane_count * dim_)) {}

    bool work(std::uint64_t budget) override {
        std::uint64_t done = 0;
        while (done < budget) {
            if (lanes_used_ == 0 && !next_block()) return false;
            std::uint64_t const due = snapshots_.burn_in + index_ * snapshots_.stride;
            if (now_ < due) {
                advance(due);
                done += static_cast<std::uint64_t>(block_.block_steps()) * lane_count;
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
    bool next_block() {
        std::uint64_t const begin = queue_.next.fetch_add(lane_count, std::memory_order_relaxed);
        if (begin >= plan_.trajectories) return false;
        std::uint64_t const left = plan_.trajectories - begin;
        lanes_used_ = left < lane_count ? static_cast<int>(left) : lane_count;
        now_ = 0;
        index_ = 0;
        drawn_ = false;
        for (int i = 0; i < lane_count; ++i) {
            id_[i] = begin + static_cast<std::uint64_t>(i);
            start_position(plan_, id_[i], x_.data());
            block_.start(i, x_.data(), 0);
            lost_[i] = false;
        }
        return true;
    }

    /// To the end of this noise block or to `due`, whichever comes first.
    void advance(std::uint64_t due) {
        auto const steps = static_cast<std::uint64_t>(block_.block_steps());
        std::uint64_t const base = now_ / steps * steps;
        if (!drawn_ || drawn_at_ != base) {
            for (int i = 0; i < lane_count; ++i) step_[i] = base;
            block_.draw(step_, id_, true);
            drawn_ = true;
            drawn_at_ = base;
        }
        std::uint64_t const end = base + steps < due ? base + steps : due;
        block_.advance(static_cast<int>(now_ - base), static_cast<int>(end - base), nullptr);
        queue_.steps.fetch_add((end - now_) * static_cast<unsigned>(lanes_used_),
                               std::memory_order_relaxed);
        now_ = end;
        if (now_ % steps == 0) find_lost();
    }

    void find_lost() {
        for (int i = 0; i < lanes_used_; ++i) {
            if (lost_[i]) continue;
            bool inside = true;
            for (int c = 0; c < dim_; ++c)
                inside = inside && math::abs(block_.position(c, i)) <= plan_.divergence_bound;
            if (!inside) {
                lost_[i] = true;
                group(i)[layout_.diverged] += 1;
            }
        }
    }

    void observe() {
        find_lost();
        for (int i = 0; i < lanes_used_; ++i)
            if (!lost_[i])
                sums_->add(group(i), block_.positions() + i, lane_count, index_,
                           first_.data() + i * dim_);
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
            double* const kept = queue_.final_states + id_[i] * static_cast<unsigned>(dim_);
            for (int c = 0; c < dim_; ++c) kept[c] = block_.position(c, i);
        }
    }

    std::uint64_t* group(int i) {
        return counters_.data() +
               static_cast<std::size_t>(group_of(id_[i], plan_.trajectories)) * layout_.size;
    }

    Plan const& plan_;
    SnapshotPlan const& snapshots_;
    WorkQueue& queue_;
    int dim_;
    LaneBlock block_;
    SnapshotLayout layout_;
    std::vector<std::uint64_t> counters_;
    std::unique_ptr<Sums> sums_;
    std::vector<double> x_, first_;
    std::uint64_t id_[lane_count];
    std::uint64_t step_[lane_count];
    bool lost_[lane_count];
    std::uint64_t now_ = 0, index_ = 0, drawn_at_ = 0;
    bool drawn_ = false;
    int lanes_used_ = 0;
};

}  // namespace

std::unique_ptr<HostWorker> make_snapshots(Plan const& plan, WorkQueue& queue, Isa isa) {
    return std::make_unique<Snapshots>(plan, queue, isa);
}

}  // namespace kramers::composed
