// SPDX-License-Identifier: Apache-2.0
#include "gpu/simulate_many.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "gpu/cuda_run.hpp"
#include "gpu/host_backend.hpp"
#include "gpu/side_by_side.hpp"
#include "gpu/simulate_parts.hpp"
#include "sde/random/fill.hpp"

namespace kramers {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// One plan and those who work on it.
struct Job {
    Job(std::size_t index_, Plan const& plan_) : index(index_), plan(plan_), slots(plan, queue) {}
    std::size_t index;
    Plan const& plan;
    WorkQueue queue;
    detail::HostSlots slots;
    std::vector<std::unique_ptr<HostWorker>> workers;
    int busy = 0;  ///< workers that have something to do
};

/// Hands plans to threads. Everything but working goes on under one lock: a thread comes here once
/// per plan.
class Pool {
  public:
    Pool(std::vector<Plan> const& plans, Isa isa, int threads) : plans_(plans), isa_(isa) {
        hands_.resize(static_cast<std::size_t>(threads));
    }

    /// Works until the time is over or nothing is left for this thread.
    void work(int thread, Clock::time_point round, double seconds) {
        constexpr std::uint64_t quantum = 1u << 20;
        Hand& hand = hands_[static_cast<std::size_t>(thread)];
        while (seconds_since(round) < seconds) {
            if (hand.job == nullptr && !take(hand)) return;
            if (!hand.worker->work(quantum)) leave(hand);
        }
    }

    bool over() const { return next_ == plans_.size() && open_.empty(); }

    /// The jobs that are done since the last call. Not while threads work.
    std::vector<std::unique_ptr<Job>> take_done() { return std::exchange(done_, {}); }

    void add_running(Progress& progress) const {
        for (auto const& job : open_) {
            progress.trajectories_done += job->queue.finished;
            progress.particle_steps += job->queue.steps;
            progress.events += job->queue.events;
        }
    }

  private:
    struct Hand {
        Job* job = nullptr;
        HostWorker* worker = nullptr;
    };

    bool take(Hand& hand) {
        std::unique_lock<std::mutex> lock(mutex_);
        Job* job = nullptr;
        if (next_ < plans_.size()) {
            auto fresh = std::make_unique<Job>(next_, plans_[next_]);
            ++next_;
            job = fresh.get();
            job->busy = 1;
            lock.unlock();  // until it is among the open ones nobody else sees it
            job->workers.push_back(make_worker(*job));
            hand = {job, job->workers.back().get()};
            lock.lock();
            open_.push_back(std::move(fresh));
            return true;
        }
        std::uint64_t most = lane_count;  // fewer than a block of them are not worth a worker
        for (auto const& open : open_) {
            std::uint64_t const next = open->queue.next, all = open->plan.trajectories;
            if (open->busy > 0 && next < all && all - next > most) {
                most = all - next;
                job = open.get();
            }
        }
        if (job == nullptr) return false;
        ++job->busy;
        job->workers.push_back(make_worker(*job));
        hand = {job, job->workers.back().get()};
        return true;
    }

    std::unique_ptr<HostWorker> make_worker(Job& job) const {
        MethodRow const& row = find_method(job.plan.key);
        bool const passage = std::holds_alternative<PassagePlan>(job.plan.observe);
        return (passage ? row.passage : row.snapshots)(job.plan, job.queue, isa_);
    }

    void leave(Hand& hand) {
        std::lock_guard<std::mutex> const lock(mutex_);
        Job* const job = std::exchange(hand, {}).job;
        if (--job->busy > 0) return;
        auto const at = std::find_if(open_.begin(), open_.end(),
                                     [&](auto const& open) { return open.get() == job; });
        done_.push_back(std::move(*at));
        open_.erase(at);
    }

    std::vector<Plan> const& plans_;
    Isa isa_;
    std::mutex mutex_;
    std::size_t next_ = 0;
    std::vector<std::unique_ptr<Job>> open_, done_;
    std::vector<Hand> hands_;
};

/// How many plans fill a GPU twice; each needs a host thread to launch it.
int plans_to_fill(std::vector<Plan> const& plans) {
    CudaDevice device;
    std::string reason;
    if (!find_cuda_device(device, reason)) return 1;  // simulate() says so
    double trajectories = 0.0;
    for (Plan const& plan : plans) trajectories += static_cast<double>(plan.trajectories);
    double const resident =
        static_cast<double>(device.multiprocessors) * device.threads_per_multiprocessor;
    double const fill =
        2.0 * resident * static_cast<double>(plans.size()) / std::max(1.0, trajectories);
    return static_cast<int>(std::clamp(fill, 1.0, 32.0));
}

}  // namespace

bool simulate_many(std::vector<Plan> const& plans, Controls const& controls,
                   std::function<void(std::size_t, Tallies)> const& finished) {
    bool cuda = false;
    Progress ended;  // what finished plans come to
    for (Plan const& plan : plans) {
        cuda = detail::runs_on_cuda(plan, find_method(plan.key), controls) || cuda;
        detail::check(plan);
        ended.trajectories += plan.trajectories;
    }
    if (cuda)
        return side_by_side(
            plans, controls, plans_to_fill(plans),
            [](Plan const& plan, Controls const& own) { return simulate(plan, own); }, finished);

    Isa const isa = detail::chosen_isa(controls);
    int const threads = controls.threads > 0 ? controls.threads : available_threads();
    RunInfo info;
    info.backend = "cpu";
    info.device = cpu_model();
    info.isa = std::string(name_of(isa));
    info.threads = threads;
    info.noise_math = "exact";
    Pool pool(plans, isa, threads);
    Clock::time_point const begin = Clock::now();
    double reported = 0.0;  // seconds booked on finished plans
    while (!pool.over()) {
        Clock::time_point const round = Clock::now();
        for_each_worker(threads, threads,
                        [&](int thread) { pool.work(thread, round, controls.round_seconds); });
        auto const done = pool.take_done();
        std::uint64_t steps = 0;
        for (auto const& job : done) steps += job->queue.steps;
        double const seconds = seconds_since(begin) - reported;
        if (!done.empty()) reported += seconds;
        for (auto const& job : done) {
            Tallies tallies = detail::collect_host(job->plan, std::move(job->slots), job->workers);
            detail::finish(job->plan, tallies);
            tallies.info = info;
            tallies.info.particle_steps = job->queue.steps;
            tallies.info.seconds = seconds * static_cast<double>(job->queue.steps) /
                                   static_cast<double>(std::max<std::uint64_t>(1, steps));
            ended.trajectories_done += job->queue.finished;
            ended.particle_steps += job->queue.steps;
            ended.events += job->queue.events;
            finished(job->index, std::move(tallies));
        }
        Progress progress = ended;
        pool.add_running(progress);
        progress.seconds = seconds_since(begin);
        if (controls.progress && !controls.progress(progress) && !pool.over()) return false;
    }
    return true;
}

}  // namespace kramers
