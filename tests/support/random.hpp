// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include "tests/support/seed.hpp"

namespace kramers::test {

/// Numbers for synthetic data. Uniforms and normals are made from the words of std::mt19937_64 by
/// hand: the distributions of <random> differ between standard libraries.
struct Random {
    std::mt19937_64 engine;
    explicit Random(std::uint64_t fixed_seed) : engine(seed(fixed_seed)) {}
    double uniform() { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53; }
    double exponential() { return -std::log(uniform()); }
    double normal() {
        double const radius = std::sqrt(2.0 * exponential());
        return radius * std::cos(6.283185307179586 * uniform());
    }
};

}  // namespace kramers::test
