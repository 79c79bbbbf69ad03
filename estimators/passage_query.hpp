// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "estimators/tallies/passage.hpp"

namespace kramers {

inline constexpr int any_target = -1;

/// When inside its last step a trajectory arrived: `endpoint` detection sees it at the end of the
/// step; a Brownian-bridge test finds crossings anywhere in it, on average in the middle (E49).
enum class Stamp { end_of_step, middle_of_step };

/// How the steps of a PassageTally are read.
struct PassageQuery {
    double dt = 1.0;          ///< time per step (an optimizer: 1, or its limit's clock)
    int target = any_target;  ///< which arrivals count as the event
    Stamp stamp = Stamp::end_of_step;
};

inline bool is_event(PassageSlot slot, int target) {
    return slot.outcome() == Outcome::arrived && (target == any_target || slot.target() == target);
}

/// Whole steps in a stretch of time, rounded up (a multiple of dt is not pushed to the next step).
inline std::uint64_t steps_in(double time, double dt) {
    return time > 0.0 ? static_cast<std::uint64_t>(std::ceil(time / dt * (1.0 - 1e-12))) : 0;
}

/// How the trajectories of a tally ended. Those still running count as censored.
struct OutcomeCounts {
    std::uint64_t arrived = 0;  ///< at any target
    std::uint64_t events = 0;   ///< at the target asked for
    std::uint64_t censored = 0;
    std::uint64_t diverged = 0;
};
inline OutcomeCounts count_outcomes(PassageTally const& tally, int target = any_target) {
    OutcomeCounts counts;
    for (auto const slot : tally.slots) {
        switch (slot.outcome()) {
            case Outcome::arrived: ++counts.arrived; break;
            case Outcome::diverged: ++counts.diverged; break;
            case Outcome::running:
            case Outcome::censored: ++counts.censored; break;
        }
        counts.events += is_event(slot, target) ? 1 : 0;
    }
    return counts;
}

}  // namespace kramers
