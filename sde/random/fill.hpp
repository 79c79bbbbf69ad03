// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/random/isa.hpp"

/// Noise for a block of lanes, the first phase of the host's lane block: one routine per
/// instruction set, chosen at run time, all giving the bits of sde/random/normal.hpp.
namespace kramers {

/// Trajectories that advance together on one host thread.
inline constexpr int lane_count = 192;

/// The first counter of every lane: lane_count entries each, 64-byte aligned.
/// Precondition: call_low[i] + calls does not wrap.
struct LaneCounters {
    std::uint32_t const* call_low;
    std::uint32_t const* call_high;  ///< bits 32 … 47
    std::uint32_t const* id_low;
    std::uint32_t const* id_high;
    bool uniform_call;  ///< promise: all lanes have the same call (a little faster)
};

/// Fills rows [row][lane_count], row = (k·blocks + b)·4 + word, for calls k = 0 … calls − 1
/// of every lane and draw blocks b = 0 … blocks − 1. Output is 64-byte aligned. `purpose` is the id of a
/// Purpose; normals_f64 adds its low_bits stream itself.
struct FillTable {
    void (*normals_f32)(LaneCounters const&, std::uint64_t seed, std::uint32_t purpose, int calls,
                        int blocks, float* z);
    void (*normals_f64)(LaneCounters const&, std::uint64_t seed, std::uint32_t purpose, int calls,
                        int blocks, double* z);
    void (*words)(LaneCounters const&, std::uint64_t seed, std::uint32_t purpose, int calls,
                  int blocks, std::uint32_t* w);
};

/// Precondition: isa_supported(isa).
FillTable const& fill_table(Isa isa);

}  // namespace kramers
