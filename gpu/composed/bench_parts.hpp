// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "gpu/composed/lane_block.hpp"
#include "gpu/composed/workers.hpp"

namespace kramers::composed {

/// What a composed step consists of, each to be timed by itself.
enum class StepPart {
    passage,    ///< the full step of a first-passage run: draws, arithmetic, detection, refills
    snapshots,  ///< the full step of a snapshot run between two snapshots
    draws,      ///< random numbers, their shape, mixing and memory
    arithmetic  ///< clock, points, landscape, amplitude and finish, on draws that are already there
};
inline constexpr int step_parts = 4;

/// Times the parts of one plan on this thread. Every part runs the code that simulate() runs, on
/// trajectories of the plan.
class StepBench {
  public:
    /// plan: a passage plan whose targets are out of reach.
    StepBench(Plan plan, Isa isa);

    int block_steps() const { return block_.block_steps(); }
    /// Seconds that `blocks` blocks of lane_count·block_steps() particle-steps take.
    double seconds(StepPart part, int blocks);

  private:
    void restart_lost();
    double full(std::unique_ptr<HostWorker>& worker, bool passage, std::uint64_t budget);

    Plan passage_, snapshots_;
    Isa isa_;
    LaneBlock block_;
    WorkQueue queue_, snapshot_queue_;
    std::vector<PassageSlot> slots_;
    std::unique_ptr<HostWorker> passage_worker_, snapshot_worker_;
    std::vector<double> x_;
    std::uint64_t id_[lane_count];
    std::uint64_t step_[lane_count];
};

}  // namespace kramers::composed
