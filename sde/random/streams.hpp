// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/hd.hpp"

/// Which random number belongs to what: the map from (seed, trajectory, step, purpose) to a word.
///
///   key      = seed (low word, high word)
///   counter  = call low 32 | call high 16, draw block 8, purpose 8 | id low | id high
///   id       = trajectory
///   call     = step / steps_per_call(m), m = normals per step
///   word     = (step mod steps_per_call(m))·m + component,  draw block = word / 4
///
/// A purpose names a role, never a scheme, so every scheme sees the same ΔW and any step of any
/// trajectory can be regenerated alone. The low counter word is the one that changes fastest: two
/// of Philox's ten rounds then do not depend on it and are hoisted out of the fill's loop.
namespace kramers {

/// Version of this map and of the transforms behind it; printed in reports. Any change that alters
/// one bit of any stream increments it.
inline constexpr int stream_layout_version = 1;

/// Roles of random numbers. An id is never reused; new ones are added at the end, below low_bits.
enum class Purpose : std::uint32_t {
    increment = 0,         ///< ΔW of a step
    second_increment = 1,  ///< second independent normal of schemes and models that need one
    bridge = 2,            ///< Brownian-bridge crossing test inside a step
    start = 3,             ///< initial state
    law = 4,               ///< increments of a law that is not Gaussian
    minibatch = 5,         ///< which samples a gradient sees
    bootstrap = 6,         ///< resampling on the host
    second_law = 7,        ///< law, of a second batch in the same step
    second_minibatch = 8,  ///< minibatch, of a second batch
    low_bits = 0x80,       ///< flag: low halves of the words of the purpose it is added to
};

inline constexpr Purpose all_purposes[] = {Purpose::increment,
                                           Purpose::second_increment,
                                           Purpose::bridge,
                                           Purpose::start,
                                           Purpose::law,
                                           Purpose::minibatch,
                                           Purpose::bootstrap,
                                           Purpose::second_law,
                                           Purpose::second_minibatch};

namespace detail {
consteval bool purposes_are_distinct() {
    for (auto const& a : all_purposes) {
        if (static_cast<std::uint32_t>(a) >= static_cast<std::uint32_t>(Purpose::low_bits)) {
            return false;
        }
        for (auto const& b : all_purposes) {
            if (&a != &b && a == b) return false;
        }
    }
    return true;
}
static_assert(purposes_are_distinct());
}  // namespace detail

/// The stream that refines `purpose` from 32 to 64 bits per word (double precision).
KRAMERS_HD constexpr Purpose low_bits_of(Purpose purpose) {
    return static_cast<Purpose>(static_cast<std::uint32_t>(purpose) |
                                static_cast<std::uint32_t>(Purpose::low_bits));
}

/// What one draw of a noise law reads.
struct LawStreams {
    Purpose normals, words, minibatch;
};
KRAMERS_HD constexpr LawStreams first_batch() {
    return {Purpose::increment, Purpose::law, Purpose::minibatch};
}
/// Of an optimizer that sees two independent batches in each step.
KRAMERS_HD constexpr LawStreams second_batch() {
    return {Purpose::second_increment, Purpose::second_law, Purpose::second_minibatch};
}

/// How many consecutive steps share one Philox call when a step draws m normals.
KRAMERS_HD constexpr int steps_per_call(int m) { return m == 1 ? 4 : m == 2 ? 2 : 1; }

/// How many draw blocks of four words a call has when a step draws m normals (m ≤ 1024).
KRAMERS_HD constexpr int blocks_per_call(int m) { return m <= 2 ? 1 : (m + 3) / 4; }

/// Where one draw lives.
struct DrawAddress {
    std::uint64_t call;  ///< < 2^48
    int block;
    int word;  ///< 0 … 3 inside the block
};

KRAMERS_HD constexpr DrawAddress address_of(std::uint64_t step, int component, int m) {
    int const s = steps_per_call(m);
    int const word = static_cast<int>(step % static_cast<std::uint64_t>(s)) * m + component;
    return {step / static_cast<std::uint64_t>(s), word / 4, word % 4};
}

}  // namespace kramers
