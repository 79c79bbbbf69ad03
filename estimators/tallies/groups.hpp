// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// The 64 groups of an ensemble: the independent replicas behind every error bar.
namespace kramers {

inline constexpr int group_count = 64;

/// 128-bit integers for exact sums; a GNU extension that g++, clang and nvcc (host) all have.
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

/// Group of a trajectory: contiguous ranges of ids, as equal as they can be.
inline int group_of(std::uint64_t trajectory, std::uint64_t trajectories) {
    return static_cast<int>((static_cast<UInt128>(trajectory) * group_count) / trajectories);
}

/// First id of a group (g = group_count: one past the last id). Inverse of group_of.
inline std::uint64_t group_begin(int g, std::uint64_t trajectories) {
    auto const n = static_cast<UInt128>(trajectories) * static_cast<unsigned>(g);
    return static_cast<std::uint64_t>((n + group_count - 1) / group_count);
}

}  // namespace kramers
