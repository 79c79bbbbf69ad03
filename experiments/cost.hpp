// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "experiments/spec.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

/// Predicted size of a run, before it is made.
struct Cost {
    double particle_steps = 0.0;
    double seconds = 0.0;       ///< on this machine, with lanes and threads that idle at the end
    double busy_seconds = 0.0;  ///< if none ever did: ensembles of very many trajectories
    std::uint64_t memory_bytes = 0;  ///< of the largest simulation and its estimates
    bool known =
        true;  ///< false: some mean passage time has no prediction and no max_time bounds it
    bool at_most = false;  ///< of some passage only its max_time is known
};

/// Expected particle-steps of one run of a cell. Passage: trajectories × E τ / dt by quadrature or
/// Eyring–Kramers, at most max_steps. Negative: unknown.
double expected_steps(Cell const& cell, int level, int target);

/// What a simulation holds at most: the engine's own, and what its estimates sort and copy.
std::uint64_t bytes_with_estimates(Plan const& plan, Controls const& controls);

/// Whether these are the steps to max_time, because the mean time of this run has no prediction.
bool is_at_most(Cell const& cell, int target);

/// All cells, rungs and targets. Where no mean passage time is known, a pilot measures it
/// (passage_pilot.hpp). What a step takes comes from a short calibration of each method;
/// how long the last trajectories run alone, which with few of them is most of the time, from
/// lane_schedule.hpp.
Cost estimate_cost(Spec const& spec, Controls const& controls);

/// "12 s", "1:40 min", "2:05 h", "4.2e6 h".
std::string format_duration(double seconds);

}  // namespace kramers
