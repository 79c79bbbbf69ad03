// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/composed/thread_step.hpp"
#include "gpu/per_thread.hpp"
#include "gpu/snapshot_thread.hpp"

namespace kramers::composed {

/// First passage of a composed method with one trajectory per thread: PassageThread
/// (gpu/per_thread.hpp) for a method that is put together at run time. One level of divergence: all
/// branches inside a step depend on the plan alone.
template <int Dim>
struct Passage {
    using Layout = DrawLayout<Dim>;
    static constexpr std::uint64_t idle = ~std::uint64_t{0};

    ThreadMethod<Dim> method;
    Targets<double, Dim> targets;
    StartData<Dim> start;
    double bound;
    std::uint64_t trajectories;
    std::uint64_t max_steps;
    std::uint32_t iterations;
    // device memory
    PassageSlot* slots;
    DeviceCounters* counters;
    std::uint64_t* id;    ///< per worker: trajectory or idle
    std::uint64_t* step;  ///< per worker
    double* x;            ///< method.rows() × workers
    std::uint64_t workers;

    KRAMERS_HD void operator()(std::uint64_t worker) const {
        std::uint64_t my_id = id[worker];
        std::uint64_t my_step = step[worker];
        Trajectory<Dim> path;
        path.load(x, method.rows(), workers, worker);
        unsigned long long finished = 0, arrived = 0;
        unsigned long long made = 0 - running_steps(my_id, my_step);
        bool more = true;

        KRAMERS_UNROLL_NOT
        for (std::uint32_t iteration = 0; iteration < iterations; ++iteration) {
            if (my_id == idle && more) {
                my_id = fetch_add(&counters->next, 1);
                more = my_id < trajectories;
                my_step = 0;
                Vec<double, Dim> const at = start_state<double>(start, method.seed, my_id);
                path.start(at);
                my_id = more ? my_id : idle;
                int const target = event(at);
                bool const lost = !inside_bound(at, bound);
                if (more && (lost || target >= 0 || max_steps == 0)) {
                    Outcome const outcome = lost          ? Outcome::diverged
                                            : target >= 0 ? Outcome::arrived
                                                          : Outcome::censored;
                    slots[my_id] =
                        PassageSlot::make(outcome, outcome == Outcome::arrived ? target : 0, 0);
                    ++finished;
                    arrived += outcome == Outcome::arrived;
                    my_id = idle;
                }
            }
            bool const running = my_id != idle;
            bool alive = running;
            bool outside = false;  // when it ended
            int count = 0;
            int target = -1;
            path.draw(method, my_step, my_id);
            KRAMERS_UNROLL_NOT
            for (int j = 0; j < Layout::steps_per_call; ++j) {
                path.advance(method, j, my_step + static_cast<unsigned>(j), my_id);
                Vec<double, Dim> const at = path.position();
                int const found = event(at);
                count += alive;
                target = alive ? found : target;
                outside = alive ? !inside_bound(at, bound) : outside;
                alive = alive & (found < 0);
            }
            std::uint64_t const at = my_step + static_cast<unsigned>(count);
            my_step += Layout::steps_per_call;
            alive = alive & !(outside & (my_step % Layout::block_steps == 0));
            if (running && (!alive || my_step >= max_steps)) {
                bool const late = at > max_steps || alive;
                Outcome const outcome = late      ? Outcome::censored
                                        : outside ? Outcome::diverged
                                                  : Outcome::arrived;
                std::uint64_t const end = late ? max_steps : at;
                slots[my_id] =
                    PassageSlot::make(outcome, outcome == Outcome::arrived ? target : 0, end);
                ++finished;
                arrived += outcome == Outcome::arrived;
                made += end;
                my_id = idle;
            }
        }

        id[worker] = my_id;
        step[worker] = my_step;
        path.save(x, method.rows(), workers, worker);
        fetch_add(&counters->finished, finished);
        fetch_add(&counters->arrived, arrived);
        fetch_add(&counters->steps, made + running_steps(my_id, my_step));
    }

  private:
    KRAMERS_HD int event(Vec<double, Dim> const& at) const {
        return passage_event<double>(targets, at, at, false, nullptr);
    }
};

/// Snapshots of a composed method with one trajectory per thread: SnapshotThread
/// (gpu/snapshot_thread.hpp) for a method that is put together at run time.
template <int Dim>
struct Snapshots {
    using Layout = DrawLayout<Dim>;

    ThreadMethod<Dim> method;
    StartData<Dim> start;
    double bound;
    std::uint64_t trajectories;
    std::uint64_t first_id;  ///< id of thread 0
    std::uint64_t threads;
    std::uint64_t from, to;
    std::uint64_t index;  ///< number of the snapshot at `to`
    bool observe;
    // device memory
    SnapshotLayout const* layout;
    RegionData<double, Dim> const* regions;
    std::uint64_t* counters;  ///< group_count × layout->size
    double* x;                ///< method.rows() × threads
    double* first;            ///< threads × Dim
    unsigned char* lost;      ///< threads

    KRAMERS_HD void operator()(std::uint64_t thread) const {
        std::uint64_t const id = first_id + thread;
        Trajectory<Dim> path;
        bool gone = false;
        if (from == 0) {
            path.start(start_state<double>(start, method.seed, id));
        } else {
            path.load(x, method.rows(), threads, thread);
            gone = lost[thread] != 0;
        }
        bool const was_gone = gone;
        constexpr std::uint64_t per_call = Layout::steps_per_call;
        KRAMERS_UNROLL_NOT
        for (std::uint64_t base = from / per_call * per_call; base < to; base += per_call) {
            path.draw(method, base, id);
            KRAMERS_UNROLL_NOT
            for (int j = 0; j < Layout::steps_per_call; ++j) {
                std::uint64_t const step = base + static_cast<unsigned>(j);
                if (step < from || step >= to) continue;  // the same for all threads
                path.advance(method, j, step, id);
                bool const test = (step + 1) % Layout::block_steps == 0;
                gone = gone | (test & !inside_bound(path.position(), bound));
            }
        }
        Vec<double, Dim> const at = path.position();
        gone = gone | (observe & !inside_bound(at, bound));
        std::uint64_t const group = id * group_count / trajectories;
        std::uint64_t* const sums = counters + group * layout->size;
        if (gone && !was_gone) kramers::detail::add_counter(sums + layout->diverged, 1);
        if (observe && !gone)
            observe_snapshot<Dim>(*layout, regions, sums, at, index, first + thread * Dim);
        path.save(x, method.rows(), threads, thread);
        lost[thread] = gone ? 1 : 0;
    }
};

}  // namespace kramers::composed
