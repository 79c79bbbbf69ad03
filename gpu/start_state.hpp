// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "gpu/called.hpp"
#include "sde/random/philox.hpp"
#include "sde/random/streams.hpp"
#include "sde/vec.hpp"

namespace kramers {

/// Where trajectories begin, as the engine sees it: a point, or `entries` quantiles per coordinate.
template <int Dim>
struct StartData {
    double point[Dim];
    double const* table;  ///< Dim × entries, or null: everything starts at `point`
    int entries;
};

/// State of a trajectory before its first step. Coordinate i uses word i of purpose `start`.
template <class Real, int Dim>
KRAMERS_HD_CALLED Vec<Real, Dim> start_state(StartData<Dim> const& start, std::uint64_t seed,
                                             std::uint64_t trajectory) {
    Vec<Real, Dim> x;
    if (start.table == nullptr) {
        for (int i = 0; i < Dim; ++i) x[i] = static_cast<Real>(start.point[i]);
        return x;
    }
    Words4 words{};
    for (int i = 0; i < Dim; ++i) {
        if (i % 4 == 0) words = words4(seed, 0, i / 4, Purpose::start, trajectory);
        double const u = (static_cast<double>(words.w[i % 4]) + 0.5) * 0x1p-32;
        double const position = u * (start.entries - 1);
        int const k = static_cast<int>(position);
        double const* row = start.table + static_cast<std::int64_t>(i) * start.entries + k;
        x[i] = static_cast<Real>(row[0] + (position - k) * (row[1] - row[0]));
    }
    return x;
}

}  // namespace kramers
