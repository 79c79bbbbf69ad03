// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sde/hd.hpp"

namespace kramers {

enum class Outcome : std::uint8_t { running = 0, arrived = 1, censored = 2, diverged = 3 };

/// How one trajectory ended, in 8 bytes: outcome (2 bits), target (4 bits), step (58 bits).
struct PassageSlot {
    std::uint64_t bits = 0;
    KRAMERS_HD static PassageSlot make(Outcome outcome, int target, std::uint64_t step) {
        PassageSlot slot;
        slot.bits = (step << 6) | (static_cast<std::uint64_t>(target & 15) << 2) |
                    static_cast<std::uint64_t>(outcome);
        return slot;
    }
    KRAMERS_HD Outcome outcome() const { return static_cast<Outcome>(bits & 3); }
    KRAMERS_HD int target() const { return static_cast<int>((bits >> 2) & 15); }
    /// Steps made when it arrived, was censored or was found to have diverged.
    KRAMERS_HD std::uint64_t step() const { return bits >> 6; }
    friend bool operator==(PassageSlot const&, PassageSlot const&) = default;
};

/// First passages of an ensemble: one slot per trajectory id, in id order.
/// After an interrupt unfinished trajectories are censored at the step they had reached; ids that
/// never started are censored at step 0.
struct PassageTally {
    std::uint64_t trajectories = 0;
    std::vector<PassageSlot> slots;
};

}  // namespace kramers
