// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/plan.hpp"
#include "sde/random/philox.hpp"
#include "sde/random/streams.hpp"

namespace kramers::composed {

/// Position of a trajectory before its first step, dim numbers: start_state (gpu/start_state.hpp) for
/// any dimension.
inline void start_position(Plan const& plan, std::uint64_t trajectory, double* x) {
    Start const& start = plan.start;
    int const dim = plan.key.dim;
    if (start.kind == StartKind::point) {
        for (int i = 0; i < dim; ++i) x[i] = start.point[static_cast<std::size_t>(i)];
        return;
    }
    int const entries = static_cast<int>(start.table.size()) / dim;
    Words4 words{};
    for (int i = 0; i < dim; ++i) {
        if (i % 4 == 0) words = words4(plan.seed, 0, i / 4, Purpose::start, trajectory);
        double const u = (static_cast<double>(words.w[i % 4]) + 0.5) * 0x1p-32;
        double const position = u * (entries - 1);
        int const k = static_cast<int>(position);
        double const* row = start.table.data() + static_cast<std::ptrdiff_t>(i) * entries + k;
        x[i] = row[0] + (position - k) * (row[1] - row[0]);
    }
}

}  // namespace kramers::composed
