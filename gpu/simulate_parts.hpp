// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "gpu/dispatch.hpp"
#include "gpu/queues.hpp"
#include "gpu/simulate.hpp"

/// Steps of simulate() that simulate_many() takes, too. Defined in simulate.cpp.
namespace kramers::detail {

/// The engine trusts its plan inside the loop, so it is checked once. Throws std::invalid_argument.
void check(Plan const& plan);

Isa chosen_isa(Controls const& controls);

/// Does a plan ask for final states?
bool keeps_final(Plan const& plan);

bool runs_on_cuda(Plan const& plan, MethodRow const& row, Controls const& controls);

/// What trajectories leave behind by their ids. The queue points into it.
struct HostSlots {
    HostSlots(Plan const& plan, WorkQueue& queue);
    PassageTally passage;
    std::vector<double> final_states;
};

/// What workers that have nothing left to do found.
Tallies collect_host(Plan const& plan, HostSlots slots,
                     std::vector<std::unique_ptr<HostWorker>> const& workers);

/// Snapshot tallies carry the plan's units and the size of each group.
void finish(Plan const& plan, Tallies& tallies);

}  // namespace kramers::detail
