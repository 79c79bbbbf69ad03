// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "estimators/tallies/passage.hpp"
#include "gpu/start_state.hpp"
#include "gpu/targets.hpp"
#include "gpu/thread_noise.hpp"

namespace kramers {

template <class Real, int Dim>
KRAMERS_HD bool inside_bound(Vec<Real, Dim> const& x, Real bound) {
    bool inside = true;
    for (int i = 0; i < Dim; ++i) inside = inside & (math::abs(x[i]) <= bound);
    return inside;
}

/// What a first-passage kernel looks for, known when it is compiled.
enum class Arrivals {
    half_space_endpoint,  ///< one target, a half-space, at step ends
    half_space_bridge,    ///< the same between step ends as well
    general,              ///< any targets; a run-time switch says how
};

inline bool is_single_half_space(PassagePlan const& passage) {
    return passage.targets.size() == 1 && passage.targets[0].kind == RegionKind::half_space;
}

/// Index of the first target reached between two step ends, or −1. words: the step's bridge words;
/// bridge: look between the step ends.
template <class Noise, class Real, int Dim>
KRAMERS_HD int passage_event(Targets<Real, Dim> const& targets, Vec<Real, Dim> const& before,
                             Vec<Real, Dim> const& after, bool bridge, std::uint32_t const* words) {
    int target = -1;
    KRAMERS_UNROLL_NOT
    for (int t = targets.count - 1; t >= 0; --t) {
        Real const d = targets.region[t].distance(after);
        bool hit = crossed_endpoint(d);
        if (bridge)
            hit = crossed_bridge<Noise>(targets.region[t].distance(before), d, targets.bridge_rate,
                                        words[t]);
        target = hit ? t : target;
    }
    return target;
}

/// The same for one target that is a half-space.
template <bool bridge, class Noise, class Real, int Dim>
KRAMERS_HD int half_space_event(Targets<Real, Dim> const& targets, Vec<Real, Dim> const& before,
                                Vec<Real, Dim> const& after, std::uint32_t const* words) {
    Real const d = targets.region[0].half_space_distance(after);
    if constexpr (bridge)
        return crossed_bridge<Noise>(targets.region[0].half_space_distance(before), d,
                                     targets.bridge_rate, words[0])
                   ? 0
                   : -1;
    else return crossed_endpoint(d) ? 0 : -1;
}

/// Words of the bridge test at one step: word (step mod n)·rows + target of call step / n, n = 4/rows.
KRAMERS_HD_CALLED void bridge_words(std::uint64_t seed, std::uint64_t step,
                                    std::uint64_t trajectory, int rows,
                                    std::uint32_t (&words)[max_targets]) {
    int const per_call = 4 / rows;
    Words4 const all =
        words4(seed, step / static_cast<unsigned>(per_call), 0, Purpose::bridge, trajectory);
    int const offset = static_cast<int>(step % static_cast<unsigned>(per_call)) * rows;
    for (int t = 0; t < max_targets; ++t) words[t] = all.w[(offset + t) & 3];
}

/// Shared counters of a run, in device memory (or host memory when the host plays the device).
struct DeviceCounters {
    unsigned long long next;  ///< first id not yet handed out
    unsigned long long finished;
    unsigned long long arrived;
    unsigned long long steps;  ///< of all trajectories, the running ones up to where they are
};

/// Steps that a worker has counted for the trajectory it is at: taken off before it runs and added
/// after, so that the loop between counts ended trajectories only.
KRAMERS_HD unsigned long long running_steps(std::uint64_t id, std::uint64_t step) {
    return id != ~std::uint64_t{0} ? step : 0;
}

KRAMERS_HD std::uint64_t fetch_add(unsigned long long* counter, unsigned long long amount) {
#if KRAMERS_DEVICE_PASS
    return atomicAdd(counter, amount);
#else
    unsigned long long const old = *counter;
    *counter = old + amount;
    return old;
#endif
}

/// First passage with one trajectory per thread and everything in registers. A thread that ends a
/// trajectory takes the next id from the shared counter, so warps stay full. Runs `iterations`
/// iterations of steps_per_call steps, a trip count all threads share: the loop has one level of
/// divergence (refill and settling are its only branches), because nested divergent loops are
/// miscompiled by nvcc 12.8 to 13.2.
///
/// On a host the same functor, called for each worker in turn, is the reference that tests hold
/// against the lane blocks: arrival steps agree trajectory by trajectory.
template <class B, Arrivals arrivals, bool fast>
struct PassageThread {
    using Real = typename B::Real;
    using Noise = typename B::Noise;
    using Layout = typename B::Layout;
    using State = typename B::State;
    static constexpr int dim = B::dim;
    static constexpr bool single = arrivals != Arrivals::general;
    static constexpr std::uint64_t idle = ~std::uint64_t{0};

    typename B::Landscape landscape;
    typename B::Stepper stepper;
    Targets<Real, dim> targets;
    StartData<dim> start;
    Real bound;
    std::uint64_t seed;
    std::uint64_t trajectories;
    std::uint64_t max_steps;
    int refinement;
    int word_rows;
    bool bridge;  ///< for Arrivals::general
    std::uint32_t iterations;
    // device memory
    PassageSlot* slots;
    DeviceCounters* counters;
    std::uint64_t* id;    ///< per worker: trajectory or idle
    std::uint64_t* step;  ///< per worker
    Real* x;              ///< dim × workers
    std::uint64_t workers;

    KRAMERS_HD void operator()(std::uint64_t worker) const {
        std::uint64_t my_id = id[worker];
        std::uint64_t my_step = step[worker];
        State state;
        for (int c = 0; c < dim; ++c) state[c] = x[c * workers + worker];
        unsigned long long finished = 0, arrived = 0;
        unsigned long long made = 0 - running_steps(my_id, my_step);
        bool more = true;

        for (std::uint32_t iteration = 0; iteration < iterations; ++iteration) {
            if (my_id == idle && more) {
                my_id = fetch_add(&counters->next, 1);
                more = my_id < trajectories;
                my_step = 0;
                if (more) state = start_state<Real>(start, seed, my_id);
                my_id = more ? my_id : idle;
                int const target = start_event(state);
                bool const lost = !inside_bound(state, bound);
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
            int count = 0;
            int target = -1;
            Vec<Noise, Layout::normals> z[Layout::steps_per_call];
            thread_normals<Noise, Layout, fast>(seed, my_step, my_id, refinement, z);
            for (int j = 0; j < Layout::steps_per_call; ++j) {
                State const after = stepper.step(landscape, state, cast<Real>(z[j]));
                int const event =
                    step_event(state, after, my_step + static_cast<unsigned>(j), my_id);
                for (int c = 0; c < dim; ++c) state[c] = alive ? after[c] : state[c];
                count += alive;
                target = alive ? event : target;
                alive = alive & (event < 0);
            }
            std::uint64_t const at = my_step + static_cast<unsigned>(count);
            my_step += Layout::steps_per_call;
            bool const lost = !inside_bound(state, bound);
            alive = alive & !(lost & (my_step % Layout::block_steps == 0));
            if (running && (!alive || my_step >= max_steps)) {
                bool const late = at > max_steps || alive;
                Outcome const outcome = late   ? Outcome::censored
                                        : lost ? Outcome::diverged
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
        for (int c = 0; c < dim; ++c) x[c * workers + worker] = state[c];
        fetch_add(&counters->finished, finished);
        fetch_add(&counters->arrived, arrived);
        fetch_add(&counters->steps, made + running_steps(my_id, my_step));
    }

  private:
    KRAMERS_HD int start_event(State const& state) const {
        if constexpr (single) return half_space_event<false, Noise>(targets, state, state, nullptr);
        else return passage_event<Noise>(targets, state, state, false, nullptr);
    }
    KRAMERS_HD int step_event(State const& before, State const& after, std::uint64_t at,
                              std::uint64_t trajectory) const {
        std::uint32_t words[max_targets] = {};
        if constexpr (arrivals == Arrivals::half_space_endpoint) {
            return half_space_event<false, Noise>(targets, before, after, words);
        } else if constexpr (arrivals == Arrivals::half_space_bridge) {
            bridge_words(seed, at, trajectory, word_rows, words);
            return half_space_event<true, Noise>(targets, before, after, words);
        } else {
            if (bridge) bridge_words(seed, at, trajectory, word_rows, words);
            return passage_event<Noise>(targets, before, after, bridge, words);
        }
    }
};

}  // namespace kramers
