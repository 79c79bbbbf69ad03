// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "gpu/composed/thread_passage.hpp"
#include "gpu/instantiate_cuda.hpp"

/// Device side of composed methods, compiled by nvcc in one generated unit per dimension: two
/// kernels, in which every landscape, law and program is a function of its own.
namespace kramers::composed {

/// A method whose tables lie in the memory of the GPU for as long as this lives.
template <int Dim>
class DeviceMethod {
  public:
    explicit DeviceMethod(Plan const& plan)
        : method(thread_method<Dim>(plan)), start(thread_start<Dim>(plan)) {
        NoiseLaw const& law = plan.composition.noise;
        move(method.factor, law.factor, "the factor of the covariance");
        move(method.transform, plan.composition.gradient_transform, "the gradient transform");
        if (method.population.offsets != nullptr)
            move(method.population.offsets, law.offsets, "the population");
        if (start.table != nullptr) move(start.table, plan.start.table, "the start table");
    }

    ThreadMethod<Dim> method;
    StartData<Dim> start;

  private:
    void move(double const*& pointer, std::vector<double> const& values, char const* what) {
        if (values.empty()) return;
        tables_.emplace_back(values, what);
        pointer = tables_.back().data();
    }
    std::vector<DeviceArray<double>> tables_;
};

template <int Dim>
class CudaPassage final : public CudaRun {
  public:
    explicit CudaPassage(Plan const& plan)
        : device_(plan),
          workers_(std::min(plan.trajectories, resident_threads())),
          slots_(plan.trajectories, 0, "arrival slots"),
          counters_(1, 0, "counters"),
          id_(workers_, 0xff, "ids"),  // all idle
          step_(workers_, 0, "steps"),
          x_(workers_ * static_cast<unsigned>(device_.method.rows()), 0, "states") {
        PassagePlan const& passage = std::get<PassagePlan>(plan.observe);
        driver_.method = device_.method;
        driver_.targets = make_targets<double, Dim>(passage, plan.dt);
        driver_.start = device_.start;
        driver_.bound = plan.divergence_bound;
        driver_.trajectories = plan.trajectories;
        driver_.max_steps = passage.max_steps;
        driver_.slots = slots_.data();
        driver_.counters = counters_.data();
        driver_.id = id_.data();
        driver_.step = step_.data();
        driver_.x = x_.data();
        driver_.workers = workers_;
    }

    bool round(double seconds) override {
        auto const begin = std::chrono::steady_clock::now();
        do {
            auto const launched = std::chrono::steady_clock::now();
            driver_.iterations = static_cast<std::uint32_t>(iterations_);
            launch(workers_, driver_, "first-passage kernel of composed methods");
            iterations_ = adapt(iterations_, seconds_since(launched), 0.05, 1u << 24);
            counters_.read(&host_counters_);
            if (host_counters_.finished >= driver_.trajectories) return false;
        } while (seconds_since(begin) < seconds);
        return true;
    }

    NoiseMath noise_math() const override { return NoiseMath::exact; }

    void report(Progress& progress) override {
        progress.trajectories_done = host_counters_.finished;
        progress.events = host_counters_.arrived;
        progress.particle_steps = host_counters_.steps;
    }

    void collect(Tallies& tallies) override {
        PassageTally tally;
        tally.trajectories = driver_.trajectories;
        tally.slots.resize(driver_.trajectories);
        slots_.read(tally.slots.data());
        std::vector<std::uint64_t> const id = id_.values(), step = step_.values();
        for (std::uint64_t w = 0; w < workers_; ++w)
            if (id[w] < tally.trajectories)
                tally.slots[id[w]] = PassageSlot::make(Outcome::censored, 0, step[w]);
        tallies.tally = std::move(tally);
    }

  private:
    DeviceMethod<Dim> device_;
    std::uint64_t workers_;
    DeviceArray<PassageSlot> slots_;
    DeviceArray<DeviceCounters> counters_;
    DeviceArray<std::uint64_t> id_, step_;
    DeviceArray<double> x_;
    Passage<Dim> driver_{};
    DeviceCounters host_counters_{};
    std::uint64_t iterations_ = 64;
};

template <int Dim>
class CudaSnapshots final : public CudaRun {
  public:
    explicit CudaSnapshots(Plan const& plan)
        : plan_(plan),
          snapshots_(std::get<SnapshotPlan>(plan.observe)),
          device_(plan),
          chunk_(std::min(plan.trajectories, 4 * resident_threads())),
          layout_(SnapshotLayout::make(snapshots_, Dim)),
          device_layout_(std::vector<SnapshotLayout>{layout_}, "layout"),
          counters_(std::uint64_t{layout_.size} * group_count, 0, "tallies"),
          x_(chunk_ * static_cast<unsigned>(device_.method.rows()), 0, "states"),
          first_(chunk_ * Dim, 0, "first snapshots"),
          lost_(chunk_, 0, "flags") {
        std::vector<RegionData<double, Dim>> regions;
        for (Region const& region : snapshots_.regions)
            regions.push_back(region_data<double, Dim>(region));
        regions_ = DeviceArray<RegionData<double, Dim>>(regions, "regions");
        driver_.method = device_.method;
        driver_.start = device_.start;
        driver_.bound = plan.divergence_bound;
        driver_.trajectories = plan.trajectories;
        driver_.layout = device_layout_.data();
        driver_.regions = regions_.data();
        driver_.counters = counters_.data();
        driver_.x = x_.data();
        driver_.first = first_.data();
        driver_.lost = lost_.data();
    }

    bool round(double seconds) override {
        auto const begin = std::chrono::steady_clock::now();
        while (first_id_ < plan_.trajectories) {
            advance();
            if (seconds_since(begin) >= seconds) break;
        }
        return first_id_ < plan_.trajectories;
    }

    NoiseMath noise_math() const override { return NoiseMath::exact; }

    void report(Progress& progress) override {
        progress.trajectories_done = first_id_;
        progress.particle_steps = made_;
    }

    void collect(Tallies& tallies) override {
        std::vector<std::uint64_t> const counters = counters_.values();
        SnapshotTally tally;
        for (int g = 0; g < group_count; ++g)
            tally.groups.push_back(layout_.group(
                snapshots_, counters.data() + static_cast<std::size_t>(g) * layout_.size));
        tallies.tally = std::move(tally);
    }

  private:
    void advance() {
        std::uint64_t const threads = std::min(chunk_, plan_.trajectories - first_id_);
        std::uint64_t const due = snapshots_.burn_in + index_ * snapshots_.stride;
        std::uint64_t const to = std::min(due, now_ + stretch_);
        driver_.first_id = first_id_;
        driver_.threads = threads;
        driver_.from = now_;
        driver_.to = to;
        driver_.index = index_;
        driver_.observe = to == due;
        auto const launched = std::chrono::steady_clock::now();
        launch(threads, driver_, "snapshot kernel of composed methods");
        stretch_ = adapt(stretch_, seconds_since(launched), 0.05, std::uint64_t{1} << 32);
        made_ += threads * (to - now_);
        now_ = to;
        if (to == due && ++index_ == snapshots_.snapshots) {
            first_id_ += threads;
            now_ = 0;
            index_ = 0;
        }
    }

    Plan const& plan_;
    SnapshotPlan const& snapshots_;
    DeviceMethod<Dim> device_;
    std::uint64_t chunk_;
    SnapshotLayout layout_;
    DeviceArray<SnapshotLayout> device_layout_;
    DeviceArray<std::uint64_t> counters_;
    DeviceArray<double> x_;
    DeviceArray<double> first_;
    DeviceArray<unsigned char> lost_;
    DeviceArray<RegionData<double, Dim>> regions_;
    Snapshots<Dim> driver_{};
    std::uint64_t first_id_ = 0, now_ = 0, index_ = 0, made_ = 0, stretch_ = 4096;
};

static_assert(sizeof(Passage<8>) < 4096 && sizeof(Snapshots<8>) < 4096);

template <int Dim>
std::unique_ptr<CudaRun> make_cuda_run_of_dim(Plan const& plan) {
    if (std::holds_alternative<PassagePlan>(plan.observe))
        return std::make_unique<CudaPassage<Dim>>(plan);
    return std::make_unique<CudaSnapshots<Dim>>(plan);
}

}  // namespace kramers::composed
