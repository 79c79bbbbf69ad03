// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

namespace kramers::test {

/// The seed of a statistical test: the one fixed in the tree, so that the suite is reproducible; with
/// KRAMERS_FRESH_SEEDS=<n> in the environment (make calibrate) another one for every n.
inline std::uint64_t seed(std::uint64_t fixed) {
    char const* const round = std::getenv("KRAMERS_FRESH_SEEDS");
    if (round == nullptr) return fixed;
    // splitmix64 of the pair
    std::uint64_t z = fixed + 0x9e3779b97f4a7c15ULL * (std::strtoull(round, nullptr, 10) + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

}  // namespace kramers::test
