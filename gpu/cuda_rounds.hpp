// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/cuda/execution_policy.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <vector>

#include "gpu/cuda_run.hpp"
#include "gpu/device_memory.hpp"
#include "gpu/per_thread.hpp"
#include "gpu/snapshot_sums.hpp"

/// Rounds of launches on a GPU, for the drivers of fused and of composed methods.
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
        thrust::for_each_n(thrust::cuda::par_nosync.on(cudaStreamPerThread),
                           thrust::counting_iterator<std::uint64_t>(0),
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

/// First passage with a driver that pulls trajectories from a queue. What is the method's own, the
/// class that derives sets in the driver.
template <class Driver, class Real>
class PassageRounds : public CudaRun {
  public:
    bool round(double seconds) override {
        auto const begin = std::chrono::steady_clock::now();
        do {
            auto const launched = std::chrono::steady_clock::now();
            driver_.iterations = static_cast<std::uint32_t>(iterations_);
            launch(workers_, driver_, what_);
            iterations_ = adapt(iterations_, seconds_since(launched), 0.05, 1u << 24);
            counters_.read(&host_counters_);
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
        slots_.read(tally.slots.data());
        std::vector<std::uint64_t> const id = id_.values(), step = step_.values();
        for (std::uint64_t w = 0; w < workers_; ++w)
            if (id[w] < tally.trajectories)
                tally.slots[id[w]] = PassageSlot::make(Outcome::censored, 0, step[w]);
        tallies.tally = std::move(tally);
    }

  protected:
    /// rows: numbers that a trajectory keeps. what: the kernel, for messages.
    PassageRounds(Plan const& plan, int rows, char const* what)
        : what_(what),
          workers_(std::min(plan.trajectories, resident_threads())),
          slots_(plan.trajectories, 0, "arrival slots"),
          counters_(1, 0, "counters"),
          id_(workers_, 0xff, "ids"),  // all idle
          step_(workers_, 0, "steps"),
          x_(workers_ * static_cast<unsigned>(rows), 0, "states") {
        driver_.bound = static_cast<Real>(plan.divergence_bound);
        driver_.trajectories = plan.trajectories;
        driver_.max_steps = std::get<PassagePlan>(plan.observe).max_steps;
        driver_.slots = slots_.data();
        driver_.counters = counters_.data();
        driver_.id = id_.data();
        driver_.step = step_.data();
        driver_.x = x_.data();
        driver_.workers = workers_;
    }

    Driver driver_{};

  private:
    char const* what_;
    std::uint64_t workers_;
    DeviceArray<PassageSlot> slots_;
    DeviceArray<DeviceCounters> counters_;
    DeviceArray<std::uint64_t> id_, step_;
    DeviceArray<Real> x_;
    DeviceCounters host_counters_{};
    std::uint64_t iterations_ = 64;
};

/// Snapshots with a driver that moves all trajectories of a chunk together.
template <class Driver, class Real, int Dim>
class SnapshotRounds : public CudaRun {
  public:
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

  protected:
    SnapshotRounds(Plan const& plan, int rows, char const* what)
        : plan_(plan),
          snapshots_(std::get<SnapshotPlan>(plan.observe)),
          layout_(SnapshotLayout::make(snapshots_, Dim)),
          what_(what),
          chunk_(std::min(plan.trajectories, 4 * resident_threads())),
          counters_(std::uint64_t{layout_.size} * group_count, 0, "tallies"),
          x_(chunk_ * static_cast<unsigned>(rows), 0, "states"),
          first_(chunk_ * Dim, 0, "first snapshots"),
          lost_(chunk_, 0, "flags") {
        std::vector<RegionData<double, Dim>> regions;
        for (Region const& region : snapshots_.regions)
            regions.push_back(region_data<double, Dim>(region));
        regions_ = DeviceArray<RegionData<double, Dim>>(regions, "regions");
        driver_.bound = static_cast<Real>(plan.divergence_bound);
        driver_.trajectories = plan.trajectories;
        driver_.regions = regions_.data();
        driver_.counters = counters_.data();
        driver_.x = x_.data();
        driver_.first = first_.data();
        driver_.lost = lost_.data();
    }

    Plan const& plan_;
    SnapshotPlan const& snapshots_;
    SnapshotLayout layout_;
    Driver driver_{};

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
        launch(threads, driver_, what_);
        stretch_ = adapt(stretch_, seconds_since(launched), 0.05, std::uint64_t{1} << 32);
        made_ += threads * (to - now_);
        now_ = to;
        if (to == due && ++index_ == snapshots_.snapshots) {
            first_id_ += threads;
            now_ = 0;
            index_ = 0;
        }
    }

    char const* what_;
    std::uint64_t chunk_;
    DeviceArray<std::uint64_t> counters_;
    DeviceArray<Real> x_;
    DeviceArray<double> first_;
    DeviceArray<unsigned char> lost_;
    DeviceArray<RegionData<double, Dim>> regions_;
    std::uint64_t first_id_ = 0, now_ = 0, index_ = 0, made_ = 0, stretch_ = 4096;
};

}  // namespace kramers
