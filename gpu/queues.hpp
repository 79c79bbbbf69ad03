// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "estimators/tallies/passage.hpp"
#include "estimators/tallies/snapshots.hpp"
#include "gpu/plan.hpp"
#include "sde/random/isa.hpp"

namespace kramers {

/// What the workers of one run share. Ids are handed out by one counter; which worker runs which
/// trajectory changes nothing in the result.
struct WorkQueue {
    std::atomic<std::uint64_t> next{0};      ///< first id not yet handed out
    std::atomic<std::uint64_t> finished{0};  ///< trajectories that ended
    std::atomic<std::uint64_t> events{0};    ///< of these, arrivals
    std::atomic<std::uint64_t> steps{0};     ///< useful particle-steps so far
    PassageSlot* slots = nullptr;            ///< passage runs: one per id
    double* final_states = nullptr;          ///< snapshot runs that keep them: dim per id
};

/// Runs trajectories in lane blocks until its step budget is used or the queue is empty. Keeps its
/// lanes between calls, so that a run proceeds in rounds.
class HostWorker {
  public:
    virtual ~HostWorker() = default;
    /// Makes about `budget` particle-steps. Returns false once it has nothing left to do.
    virtual bool work(std::uint64_t budget) = 0;
    /// After an interrupt: censors what is still running at the step it has reached.
    virtual void abandon() = 0;
    /// Snapshot runs: adds what this worker saw (group_count groups).
    virtual void collect(std::vector<SnapshotGroup>&) const {}
};

using MakeHostWorker = std::unique_ptr<HostWorker> (*)(Plan const&, WorkQueue&, Isa);

}  // namespace kramers
