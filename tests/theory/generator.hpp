// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include "sde/theory/mean_first_passage.hpp"

namespace kramers::theory::testing {

/// Mean time to `upper` from passage.start, reflecting at `lower`, from a Scharfetter–Gummel
/// generator on `cells` + 1 nodes: jump rates D/h² B(±Δψ), B(z) = z/(e^z − 1), order 2 (E66). Solved
/// without subtractions: t_i, the time from node i to node i + 1, is (1 + down_i t_{i−1})/up_i.
inline double generator_mean_time(Passage const& p, double lower, double upper, int cells) {
    double const h = (upper - lower) / cells, T = p.temperature;
    auto const bernoulli = [](double z) { return std::abs(z) < 1e-8 ? 1.0 : z / std::expm1(z); };
    auto const v = [&](int i) { return p.profile.value(lower + h * i); };
    double before = 0.0, sum = 0.0;
    for (int i = 0; i < cells; ++i) {
        double const volume = i == 0 ? 0.5 : 1.0;
        double const up = T / (h * h) * bernoulli((v(i + 1) - v(i)) / T) / volume;
        double const down = i == 0 ? 0.0 : T / (h * h) * bernoulli((v(i - 1) - v(i)) / T);
        before = (1.0 + down * before) / up;
        if (lower + h * (i + 0.5) > p.start) sum += before;
    }
    return sum;
}

}  // namespace kramers::theory::testing
