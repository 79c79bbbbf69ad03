// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/hd.hpp"
#include "sde/random/streams.hpp"

namespace kramers {

/// Four 32-bit words: a Philox counter or one call's output.
struct Words4 {
    std::uint32_t w[4];
    friend constexpr bool operator==(Words4 const&, Words4 const&) = default;
};

namespace philox {
inline constexpr std::uint32_t multiplier_0 = 0xD2511F53U;
inline constexpr std::uint32_t multiplier_1 = 0xCD9E8D57U;
inline constexpr std::uint32_t weyl_0 = 0x9E3779B9U;
inline constexpr std::uint32_t weyl_1 = 0xBB67AE85U;
inline constexpr int rounds = 10;
}  // namespace philox

/// Philox4x32: a bijection of the counter for every key.
///
/// Facts       10 rounds pass BigCrush with a margin of 3; period and independence by construction:
///             distinct counters give distinct outputs
/// Cost        2 multiplications 32×32→64 and 4 xor per round
/// Source      salmon2011
template <int Rounds = philox::rounds>
KRAMERS_HD constexpr Words4 philox_4x32(Words4 c, std::uint32_t key_low, std::uint32_t key_high) {
    for (int round = 0; round < Rounds; ++round) {
        std::uint64_t const p0 = static_cast<std::uint64_t>(philox::multiplier_0) * c.w[0];
        std::uint64_t const p1 = static_cast<std::uint64_t>(philox::multiplier_1) * c.w[2];
        c = Words4{{static_cast<std::uint32_t>(p1 >> 32) ^ c.w[1] ^ key_low,
                    static_cast<std::uint32_t>(p1),
                    static_cast<std::uint32_t>(p0 >> 32) ^ c.w[3] ^ key_high,
                    static_cast<std::uint32_t>(p0)}};
        key_low += philox::weyl_0;
        key_high += philox::weyl_1;
    }
    return c;
}

/// The counter of one draw (layout: streams.hpp). Precondition: call < 2^48, block < 256.
KRAMERS_HD constexpr Words4 counter_of(std::uint64_t call, int block, Purpose purpose,
                                       std::uint64_t trajectory) {
    return {{static_cast<std::uint32_t>(call),
             (static_cast<std::uint32_t>(call >> 32) << 16) |
                 (static_cast<std::uint32_t>(block) << 8) | static_cast<std::uint32_t>(purpose),
             static_cast<std::uint32_t>(trajectory), static_cast<std::uint32_t>(trajectory >> 32)}};
}

/// The four words of one draw block.
KRAMERS_HD constexpr Words4 words4(std::uint64_t seed, std::uint64_t call, int block,
                                   Purpose purpose, std::uint64_t trajectory) {
    return philox_4x32(counter_of(call, block, purpose, trajectory),
                       static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
}

/// Midpoint of one of 2^32 equal bins of (0, 1); never 0 or 1.
KRAMERS_HD constexpr double uniform_of(std::uint32_t word) {
    return (static_cast<double>(word) + 0.5) * 0x1p-32;
}

}  // namespace kramers
