// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "gpu/bound_method.hpp"
#include "gpu/cuda_run.hpp"
#include "gpu/dispatch.hpp"
#include "gpu/per_thread.hpp"
#include "gpu/snapshot_thread.hpp"
#include "sde/methods.hpp"

/// Device side of the engine, compiled by nvcc in one generated unit per landscape.
namespace kramers {

template <class Functor>
void launch(std::uint64_t threads, Functor const& functor, char const* what) {
    thrust::for_each_n(thrust::cuda::par, thrust::counting_iterator<std::uint64_t>(0), threads,
                       functor);
    cudaError_t const status = cudaDeviceSynchronize();
    if (status != cudaSuccess)
        throw DeviceError(std::string(what) + ": " + cudaGetErrorString(status));
}

inline std::uint64_t resident_threads() {
    CudaDevice device;
    std::string reason;
    if (!find_cuda_device(device, reason)) throw DeviceError("no GPU: " + reason);
    return static_cast<std::uint64_t>(device.multiprocessors) *
           static_cast<std::uint64_t>(device.threads_per_multiprocessor);
}

/// Doubles or halves the work of a launch so that it takes about `target` seconds.
inline std::uint64_t adapt(std::uint64_t work, double seconds, double target, std::uint64_t most) {
    if (seconds < 0.5 * target) return std::min(most, work * 2);
    if (seconds > 2.0 * target && work > 1) return work / 2;
    return work;
}

inline double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// A thrust::device_vector frees its memory; allocation failures become DeviceErrors with the size.
template <class T>
thrust::device_vector<T> device_memory(std::uint64_t count, T value, char const* what) {
    try {
        return thrust::device_vector<T>(count, value);
    } catch (std::exception const& error) {
        throw DeviceError(std::string("allocating ") + std::to_string(count * sizeof(T)) +
                          " bytes of GPU memory for " + what + ": " + error.what() +
                          "; use fewer trajectories or --backend cpu");
    }
}

template <class B>
StartData<B::dim> device_start(Plan const& plan, thrust::device_vector<double>& table) {
    StartData<B::dim> start = B::start(plan);
    table = thrust::device_vector<double>(plan.start.table.begin(), plan.start.table.end());
    if (start.table != nullptr) start.table = thrust::raw_pointer_cast(table.data());
    return start;
}

template <class B, bool bridge, bool fast, bool single>
class CudaPassage final : public CudaRun {
    using Real = typename B::Real;

  public:
    explicit CudaPassage(Plan const& plan)
        : workers_(std::min(plan.trajectories, resident_threads())),
          slots_(device_memory<PassageSlot>(plan.trajectories, PassageSlot{}, "arrival slots")),
          counters_(device_memory<DeviceCounters>(1, DeviceCounters{}, "counters")),
          id_(device_memory<std::uint64_t>(workers_, ~std::uint64_t{0}, "ids")),
          step_(device_memory<std::uint64_t>(workers_, 0, "steps")),
          x_(device_memory<Real>(workers_ * B::dim, Real(0), "states")) {
        PassagePlan const& passage = std::get<PassagePlan>(plan.observe);
        driver_.landscape = B::landscape(plan);
        driver_.stepper = B::stepper(plan);
        driver_.targets = make_targets<Real, B::dim>(passage, plan.dt);
        driver_.start = device_start<B>(plan, table_);
        driver_.bound = static_cast<Real>(plan.divergence_bound);
        driver_.seed = plan.seed;
        driver_.trajectories = plan.trajectories;
        driver_.max_steps = passage.max_steps;
        driver_.refinement = plan.noise_refinement;
        driver_.word_rows = driver_.targets.count <= 1 ? 1 : driver_.targets.count == 2 ? 2 : 4;
        driver_.slots = thrust::raw_pointer_cast(slots_.data());
        driver_.counters = thrust::raw_pointer_cast(counters_.data());
        driver_.id = thrust::raw_pointer_cast(id_.data());
        driver_.step = thrust::raw_pointer_cast(step_.data());
        driver_.x = thrust::raw_pointer_cast(x_.data());
        driver_.workers = workers_;
    }

    bool round(double seconds) override {
        auto const begin = std::chrono::steady_clock::now();
        do {
            auto const launched = std::chrono::steady_clock::now();
            driver_.iterations = static_cast<std::uint32_t>(iterations_);
            launch(workers_, driver_, "first-passage kernel");
            iterations_ = adapt(iterations_, seconds_since(launched), 0.05, 1u << 24);
            host_counters_ = counters_[0];
            if (host_counters_.finished >= driver_.trajectories) return false;
        } while (seconds_since(begin) < seconds);
        return true;
    }

    void report(Progress& progress) override {
        progress.trajectories_done = host_counters_.finished;
        progress.events = host_counters_.arrived;
        progress.particle_steps = host_counters_.steps;
    }

    void collect(Tallies& tallies) override {
        PassageTally tally;
        tally.trajectories = driver_.trajectories;
        tally.slots.resize(driver_.trajectories);
        thrust::copy(slots_.begin(), slots_.end(), tally.slots.begin());
        std::vector<std::uint64_t> id(workers_), step(workers_);
        thrust::copy(id_.begin(), id_.end(), id.begin());
        thrust::copy(step_.begin(), step_.end(), step.begin());
        for (std::uint64_t w = 0; w < workers_; ++w)
            if (id[w] < tally.trajectories)
                tally.slots[id[w]] = PassageSlot::make(Outcome::censored, 0, step[w]);
        tallies.tally = std::move(tally);
    }

  private:
    std::uint64_t workers_;
    thrust::device_vector<PassageSlot> slots_;
    thrust::device_vector<DeviceCounters> counters_;
    thrust::device_vector<std::uint64_t> id_, step_;
    thrust::device_vector<Real> x_;
    thrust::device_vector<double> table_;
    PassageThread<B, bridge, fast, single> driver_{};
    DeviceCounters host_counters_{};
    std::uint64_t iterations_ = 64;
};

template <class B, bool fast>
class CudaSnapshots final : public CudaRun {
    using Real = typename B::Real;

  public:
    explicit CudaSnapshots(Plan const& plan)
        : plan_(plan),
          snapshots_(std::get<SnapshotPlan>(plan.observe)),
          chunk_(std::min(plan.trajectories, 4 * resident_threads())),
          layout_(SnapshotLayout::make(snapshots_, B::dim)),
          counters_(device_memory<std::uint64_t>(std::uint64_t{layout_.size} * group_count, 0,
                                                 "tallies")),
          x_(device_memory<Real>(chunk_ * B::dim, Real(0), "states")),
          first_(device_memory<double>(chunk_ * B::dim, 0.0, "first snapshots")),
          lost_(device_memory<unsigned char>(chunk_, 0, "flags")) {
        std::vector<RegionData<double, B::dim>> regions;
        for (Region const& region : snapshots_.regions)
            regions.push_back(region_data<double, B::dim>(region));
        regions_ = regions;
        driver_.landscape = B::landscape(plan);
        driver_.stepper = B::stepper(plan);
        driver_.start = device_start<B>(plan, table_);
        driver_.bound = static_cast<Real>(plan.divergence_bound);
        driver_.seed = plan.seed;
        driver_.trajectories = plan.trajectories;
        driver_.refinement = plan.noise_refinement;
        driver_.layout = layout_;
        driver_.regions = thrust::raw_pointer_cast(regions_.data());
        driver_.counters = thrust::raw_pointer_cast(counters_.data());
        driver_.x = thrust::raw_pointer_cast(x_.data());
        driver_.first = thrust::raw_pointer_cast(first_.data());
        driver_.lost = thrust::raw_pointer_cast(lost_.data());
    }

    bool round(double seconds) override {
        auto const begin = std::chrono::steady_clock::now();
        while (first_id_ < plan_.trajectories) {
            advance();
            if (seconds_since(begin) >= seconds) break;
        }
        return first_id_ < plan_.trajectories;
    }

    void report(Progress& progress) override {
        progress.trajectories_done = first_id_;
        progress.particle_steps = made_;
    }

    void collect(Tallies& tallies) override {
        std::vector<std::uint64_t> counters(counters_.size());
        thrust::copy(counters_.begin(), counters_.end(), counters.begin());
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
        launch(threads, driver_, "snapshot kernel");
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
    std::uint64_t chunk_;
    SnapshotLayout layout_;
    thrust::device_vector<std::uint64_t> counters_;
    thrust::device_vector<Real> x_;
    thrust::device_vector<double> first_;
    thrust::device_vector<unsigned char> lost_;
    thrust::device_vector<RegionData<double, B::dim>> regions_;
    thrust::device_vector<double> table_;
    SnapshotThread<B, fast> driver_{};
    std::uint64_t first_id_ = 0, now_ = 0, index_ = 0, made_ = 0, stretch_ = 4096;
};

template <class B, bool fast>
std::unique_ptr<CudaRun> make_cuda_run_with(Plan const& plan) {
    if (auto const* passage = std::get_if<PassagePlan>(&plan.observe)) {
        bool const single =
            passage->targets.size() == 1 && passage->targets[0].kind == RegionKind::half_space;
        if constexpr (!B::discrete) {
            if (passage->crossing == Crossing::bridge) {
                if (single) return std::make_unique<CudaPassage<B, true, fast, true>>(plan);
                return std::make_unique<CudaPassage<B, true, fast, false>>(plan);
            }
        }
        if (single) return std::make_unique<CudaPassage<B, false, fast, true>>(plan);
        return std::make_unique<CudaPassage<B, false, fast, false>>(plan);
    }
    return std::make_unique<CudaSnapshots<B, fast>>(plan);
}

template <class B>
std::unique_ptr<CudaRun> make_cuda_run(Plan const& plan, NoiseMath math) {
    // full precision has no fast variant: special-function units are single precision
    if constexpr (sizeof(typename B::Noise) == sizeof(float))
        if (math == NoiseMath::fast) return make_cuda_run_with<B, true>(plan);
    return make_cuda_run_with<B, false>(plan);
}

template <class B, class M>
void add_cuda_method(MethodTable& table, Precision precision) {
    MethodKey const key{std::string(B::Landscape::name), B::dim, std::string(M::dynamics),
                        std::string(M::scheme), precision};
    for (MethodRow& row : table)
        if (row.key == key) row.cuda = &make_cuda_run<B>;
}

template <class LSingle, class LDouble, class... M>
void add_cuda_list(MethodTable& table, MethodList<M...>) {
    (add_cuda_method<BoundMethod<LSingle, M, float>, M>(table, Precision::single), ...);
    (add_cuda_method<BoundMethod<LDouble, M, float>, M>(table, Precision::mixed), ...);
    (add_cuda_method<BoundMethod<LDouble, M, double>, M>(table, Precision::full), ...);
}

/// Gives the rows of one landscape and dimension their CUDA entry.
template <class LSingle, class LDouble>
void add_cuda_methods(MethodTable& table) {
    add_cuda_list<LSingle, LDouble>(table, Methods{});
}

}  // namespace kramers
