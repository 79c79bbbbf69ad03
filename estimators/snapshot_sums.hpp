// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "estimators/estimate.hpp"
#include "estimators/jackknife.hpp"
#include "estimators/tallies/snapshots.hpp"

/// What every estimator of snapshots needs from the groups.
namespace kramers::detail {

/// One integer per group, e.g. `per_group(tally, [](SnapshotGroup const& g) { return g.samples; })`.
template <class F>
PerGroup<Int128> per_group(SnapshotTally const& tally, F&& f) {
    PerGroup<Int128> out{};
    for (std::size_t g = 0; g < tally.groups.size() && g < out.size(); ++g) {
        out[g] = static_cast<Int128>(f(tally.groups[g]));
    }
    return out;
}

inline Int128 total(PerGroup<Int128> const& values) {
    Int128 sum = 0;
    for (auto const v : values) sum += v;
    return sum;
}

inline int informative(PerGroup<Int128> const& values) {
    int n = 0;
    for (auto const v : values) n += v > 0 ? 1 : 0;
    return n;
}

/// Counts and warnings that any estimate from a SnapshotTally carries.
inline void describe_sample(Estimate& e, SnapshotTally const& tally) {
    std::uint64_t overflowed = 0;
    for (auto const& g : tally.groups) {
        e.trajectories += g.trajectories;
        e.diverged += g.diverged;
        overflowed += g.overflowed;
    }
    e.n_effective = static_cast<double>(e.trajectories);
    auto const warn = [&e](std::string const& text) {
        e.warning += (e.warning.empty() ? "" : "; ") + text;
    };
    if (e.diverged > 0) {
        warn(std::to_string(e.diverged) + " of " + std::to_string(e.trajectories) +
             " trajectories diverged: the rest is not a stationary sample");
    }
    if (overflowed > 0) {
        warn(std::to_string(overflowed) + " samples were beyond the range of the moments");
    }
}

}  // namespace kramers::detail
