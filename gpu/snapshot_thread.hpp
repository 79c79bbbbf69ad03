// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "gpu/per_thread.hpp"
#include "gpu/snapshot_sums.hpp"

namespace kramers {

/// add_snapshot as a function of its own: it depends on the dimension alone, so all snapshot kernels
/// of a unit share one copy.
template <int Dim>
KRAMERS_HOST_DEVICE __attribute__((noinline)) void observe_snapshot(
    SnapshotLayout const& layout, RegionData<double, Dim> const* regions, std::uint64_t* counters,
    Vec<double, Dim> const& x, std::uint64_t index, double* first) {
    add_snapshot<Dim>(layout, regions, counters, x, index, first);
}

/// One thread advances one trajectory from step `from` to step `to` in lockstep with all others, then
/// observes it if asked. The trip count is the same for every thread.
template <class B>
struct SnapshotThread {
    using Real = typename B::Real;
    using Noise = typename B::Noise;
    using Layout = typename B::Layout;
    using State = typename B::State;
    static constexpr int dim = B::dim;

    typename B::Landscape landscape;
    typename B::Stepper stepper;
    StartData<dim> start;
    Real bound;
    std::uint64_t seed;
    std::uint64_t trajectories;
    int refinement;
    SnapshotLayout layout;
    std::uint64_t first_id;  ///< id of thread 0
    std::uint64_t threads;
    std::uint64_t from, to;
    std::uint64_t index;  ///< number of the snapshot at `to`
    bool observe;
    // device memory
    RegionData<double, dim> const* regions;
    std::uint64_t* counters;  ///< group_count × layout.size
    Real* x;                  ///< dim × threads
    double* first;            ///< threads × dim
    unsigned char* lost;      ///< threads

    KRAMERS_HD void operator()(std::uint64_t thread) const {
        std::uint64_t const id = first_id + thread;
        State state;
        if (from == 0) state = start_state<Real>(start, seed, id);
        else
            for (int c = 0; c < dim; ++c) state[c] = x[c * threads + thread];
        bool gone = from == 0 ? false : lost[thread] != 0;
        constexpr std::uint64_t per_call = Layout::steps_per_call;
        for (std::uint64_t base = from / per_call * per_call; base < to; base += per_call) {
            Vec<Noise, Layout::normals> z[Layout::steps_per_call];
            thread_normals<Noise, Layout, false>(seed, base, id, refinement, z);
            for (int j = 0; j < Layout::steps_per_call; ++j) {
                std::uint64_t const step = base + static_cast<unsigned>(j);
                bool const active = step >= from && step < to;
                State const after = stepper.step(landscape, state, cast<Real>(z[j]));
                for (int c = 0; c < dim; ++c) state[c] = active ? after[c] : state[c];
                bool const test = active && (step + 1) % Layout::block_steps == 0;
                gone = gone | (test & !inside_bound(state, bound));
            }
        }
        gone = gone | (observe & !inside_bound(state, bound));
        std::uint64_t const group = id * group_count / trajectories;
        std::uint64_t* const sums = counters + group * layout.size;
        if (gone && (from == 0 || lost[thread] == 0))
            detail::add_counter(sums + layout.diverged, 1);
        if (observe && !gone)
            observe_snapshot<dim>(layout, regions, sums, cast<double>(state), index,
                                  first + thread * dim);
        for (int c = 0; c < dim; ++c) x[c * threads + thread] = state[c];
        lost[thread] = gone ? 1 : 0;
    }
};

}  // namespace kramers
