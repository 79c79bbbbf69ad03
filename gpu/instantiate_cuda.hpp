// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/cuda/execution_policy.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <vector>

#include "gpu/bound_method.hpp"
#include "gpu/cuda_run.hpp"
#include "gpu/device_memory.hpp"
#include "gpu/dispatch.hpp"
#include "gpu/per_thread.hpp"
#include "gpu/snapshot_thread.hpp"
#include "sde/methods.hpp"

/// Device side of the engine, compiled by nvcc in one generated unit per landscape and dimension.
/// Everything runs under Thrust's for_each_n on its CUDA system.
namespace kramers {

/// Worker of an index of for_each_n, one per thread. A block of for_each_n has 256 threads and does
/// 512 consecutive indices, thread t those of t and 256 + t; the upper half has no workers. A
/// library that shares out the indices otherwise costs time, but every worker still runs once.
///
/// The call is not inlined: for_each_n has it four times in a kernel (two items, full and partial
/// tiles), and the driver shall be compiled once. It is read through a pointer; as a member, its
/// address would be taken and every thread would make a copy on its stack.
template <class Driver>
struct Caller {
    static constexpr std::uint64_t stripe = 256;
    Driver const* driver;  ///< device memory
    std::uint64_t workers;

    static std::uint64_t indices(std::uint64_t workers) {
        return (workers + stripe - 1) / stripe * (2 * stripe);
    }
    __device__ void operator()(std::uint64_t index) const {
        std::uint64_t const worker = index / (2 * stripe) * stripe + index % stripe;
        if (index % (2 * stripe) < stripe && worker < workers) run(*driver, worker);
    }

  private:
    __device__ __noinline__ static void run(Driver const& driver, std::uint64_t worker) {
        driver(worker);
    }
};

/// Calls driver(worker) on the GPU for each of the workers and waits. Throws DeviceError with `what`.
template <class Driver>
void launch(std::uint64_t workers, Driver const& driver, char const* what) {
    DeviceArray<Driver> const copy(driver, what);
    try {
        thrust::for_each_n(thrust::cuda::par_nosync, thrust::counting_iterator<std::uint64_t>(0),
                           Caller<Driver>::indices(workers), Caller<Driver>{copy.data(), workers});
    } catch (std::exception const& error) { throw_device_error(what, error); }
    finish_kernel(what);
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

template <class B>
StartData<B::dim> device_start(Plan const& plan, DeviceArray<double>& table) {
    StartData<B::dim> start = B::start(plan);
    if (start.table == nullptr) return start;
    table = DeviceArray<double>(plan.start.table, "the start table");
    start.table = table.data();
    return start;
}

template <class B, Arrivals arrivals, bool fast>
class CudaPassage final : public CudaRun {
    using Real = typename B::Real;

  public:
    explicit CudaPassage(Plan const& plan)
        : workers_(std::min(plan.trajectories, resident_threads())),
          slots_(plan.trajectories, 0, "arrival slots"),
          counters_(1, 0, "counters"),
          id_(workers_, 0xff, "ids"),  // all idle
          step_(workers_, 0, "steps"),
          x_(workers_ * B::dim, 0, "states") {
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
        driver_.bridge = passage.crossing == Crossing::bridge;
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
            launch(workers_, driver_, "first-passage kernel");
            iterations_ = adapt(iterations_, seconds_since(launched), 0.05, 1u << 24);
            counters_.read(&host_counters_);
            if (host_counters_.finished >= driver_.trajectories) return false;
        } while (seconds_since(begin) < seconds);
        return true;
    }

    NoiseMath noise_math() const override { return fast ? NoiseMath::fast : NoiseMath::exact; }

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
    std::uint64_t workers_;
    DeviceArray<PassageSlot> slots_;
    DeviceArray<DeviceCounters> counters_;
    DeviceArray<std::uint64_t> id_, step_;
    DeviceArray<Real> x_;
    DeviceArray<double> table_;
    PassageThread<B, arrivals, fast> driver_{};
    DeviceCounters host_counters_{};
    std::uint64_t iterations_ = 64;
};

template <class B>
class CudaSnapshots final : public CudaRun {
    using Real = typename B::Real;

  public:
    explicit CudaSnapshots(Plan const& plan)
        : plan_(plan),
          snapshots_(std::get<SnapshotPlan>(plan.observe)),
          chunk_(std::min(plan.trajectories, 4 * resident_threads())),
          layout_(SnapshotLayout::make(snapshots_, B::dim)),
          counters_(std::uint64_t{layout_.size} * group_count, 0, "tallies"),
          x_(chunk_ * B::dim, 0, "states"),
          first_(chunk_ * B::dim, 0, "first snapshots"),
          lost_(chunk_, 0, "flags") {
        std::vector<RegionData<double, B::dim>> regions;
        for (Region const& region : snapshots_.regions)
            regions.push_back(region_data<double, B::dim>(region));
        regions_ = DeviceArray<RegionData<double, B::dim>>(regions, "regions");
        driver_.landscape = B::landscape(plan);
        driver_.stepper = B::stepper(plan);
        driver_.start = device_start<B>(plan, table_);
        driver_.bound = static_cast<Real>(plan.divergence_bound);
        driver_.seed = plan.seed;
        driver_.trajectories = plan.trajectories;
        driver_.refinement = plan.noise_refinement;
        driver_.layout = layout_;
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
    DeviceArray<std::uint64_t> counters_;
    DeviceArray<Real> x_;
    DeviceArray<double> first_;
    DeviceArray<unsigned char> lost_;
    DeviceArray<RegionData<double, B::dim>> regions_;
    DeviceArray<double> table_;
    SnapshotThread<B> driver_{};
    std::uint64_t first_id_ = 0, now_ = 0, index_ = 0, made_ = 0, stretch_ = 4096;
};

/// The kernels for a single half-space: what rates are measured with, hence specialised.
template <class B, bool fast>
std::unique_ptr<CudaRun> make_half_space_run(Plan const& plan, Crossing crossing) {
    if constexpr (!B::discrete)
        if (crossing == Crossing::bridge)
            return std::make_unique<CudaPassage<B, Arrivals::half_space_bridge, fast>>(plan);
    return std::make_unique<CudaPassage<B, Arrivals::half_space_endpoint, fast>>(plan);
}

/// Only half-space passages have variants with fast noise, and none of them in full precision:
/// special-function units are single precision. Everything else runs exact and says so.
template <class B>
std::unique_ptr<CudaRun> make_cuda_run(Plan const& plan, NoiseMath math) {
    auto const* passage = std::get_if<PassagePlan>(&plan.observe);
    if (passage == nullptr) return std::make_unique<CudaSnapshots<B>>(plan);
    if (!is_single_half_space(*passage))
        return std::make_unique<CudaPassage<B, Arrivals::general, false>>(plan);
    if constexpr (sizeof(typename B::Noise) == sizeof(float))
        if (math == NoiseMath::fast) return make_half_space_run<B, true>(plan, passage->crossing);
    return make_half_space_run<B, false>(plan, passage->crossing);
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
