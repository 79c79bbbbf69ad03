// SPDX-License-Identifier: Apache-2.0
#include "gpu/side_by_side.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace kramers {
namespace {

using Clock = std::chrono::steady_clock;
using SimulateOne = std::function<Tallies(Plan const&, Controls const&)>;

struct Ended {
    std::size_t index;
    Tallies tallies;
    Progress progress;
};

/// What the threads share.
class Desk {
  public:
    Desk(std::vector<Plan> const& plans, Controls const& controls, SimulateOne const& simulate_one,
         int width)
        : plans_(plans),
          controls_(controls),
          simulate_one_(simulate_one),
          running_(static_cast<std::size_t>(width)),
          busy_(width) {}

    /// A thread's work: plans until there are none, a stop or an exception.
    void work(std::size_t thread) {
        try {
            for (std::size_t i = next_++; i < plans_.size() && !stopped_; i = next_++)
                run(thread, i);
        } catch (...) {
            std::lock_guard<std::mutex> const lock(mutex_);
            if (!error_) error_ = std::current_exception();
            stopped_ = true;
        }
        std::lock_guard<std::mutex> const lock(mutex_);
        --busy_;
        news_.notify_one();
    }

    /// Waits for the end of a plan or of all threads, at most for `seconds`.
    std::vector<Ended> wait(double seconds) {
        std::unique_lock<std::mutex> lock(mutex_);
        news_.wait_for(lock, std::chrono::duration<double>(seconds),
                       [&] { return !ended_.empty() || busy_ == 0; });
        return std::exchange(ended_, {});
    }

    bool over() {
        std::lock_guard<std::mutex> const lock(mutex_);
        return busy_ == 0 && ended_.empty();
    }

    void add_running(Progress& progress) {
        std::lock_guard<std::mutex> const lock(mutex_);
        for (Progress const& p : running_) {
            progress.trajectories_done += p.trajectories_done;
            progress.particle_steps += p.particle_steps;
            progress.events += p.events;
        }
    }

    void stop() { stopped_ = true; }
    std::exception_ptr error() const { return error_; }

  private:
    void run(std::size_t thread, std::size_t i) {
        Progress last;
        Controls controls = controls_;
        controls.progress = [&](Progress const& progress) {
            last = progress;
            std::lock_guard<std::mutex> const lock(mutex_);
            running_[thread] = progress;
            return !stopped_;
        };
        Tallies tallies = simulate_one_(plans_[i], controls);
        std::lock_guard<std::mutex> const lock(mutex_);
        running_[thread] = {};
        if (tallies.info.interrupted) return;
        ended_.push_back({i, std::move(tallies), last});
        news_.notify_one();
    }

    std::vector<Plan> const& plans_;
    Controls const& controls_;
    SimulateOne const& simulate_one_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;  // of all below
    std::condition_variable news_;
    std::vector<Progress> running_;  ///< of each thread's plan
    std::vector<Ended> ended_;
    std::exception_ptr error_;
    int busy_;  ///< threads that have not ended
};

/// Stops and joins on every way out.
struct Crew {
    Desk& desk;
    std::vector<std::jthread> threads;
    ~Crew() { desk.stop(); }
};

}  // namespace

bool side_by_side(std::vector<Plan> const& plans, Controls const& controls, int width,
                  SimulateOne const& simulate_one,
                  std::function<void(std::size_t, Tallies)> const& finished) {
    width = std::clamp<int>(width, 1, std::max<int>(1, static_cast<int>(plans.size())));
    Progress past;  // what ended plans come to
    for (Plan const& plan : plans) past.trajectories += plan.trajectories;
    Desk desk(plans, controls, simulate_one, width);
    Clock::time_point const begin = Clock::now();
    auto const seconds = [&] {
        return std::chrono::duration<double>(Clock::now() - begin).count();
    };
    double booked = 0.0;  // seconds shared out among ended plans
    std::size_t delivered = 0;
    {
        Crew crew{desk, {}};
        for (int t = 0; t < width; ++t)
            crew.threads.emplace_back([&desk, t] { desk.work(static_cast<std::size_t>(t)); });
        while (!desk.over()) {
            std::vector<Ended> ended = desk.wait(controls.round_seconds);
            std::uint64_t steps = 0;
            for (Ended const& e : ended) steps += e.tallies.info.particle_steps;
            double const share = seconds() - booked;
            if (!ended.empty()) booked += share;
            for (Ended& e : ended) {
                e.tallies.info.seconds = share *
                                         static_cast<double>(e.tallies.info.particle_steps) /
                                         static_cast<double>(std::max<std::uint64_t>(1, steps));
                past.trajectories_done += e.progress.trajectories_done;
                past.particle_steps += e.progress.particle_steps;
                past.events += e.progress.events;
                ++delivered;
                finished(e.index, std::move(e.tallies));
            }
            Progress progress = past;
            desk.add_running(progress);
            progress.seconds = seconds();
            if (controls.progress && !controls.progress(progress)) desk.stop();
        }
    }
    if (desk.error()) std::rethrow_exception(desk.error());
    return delivered == plans.size();
}

}  // namespace kramers
