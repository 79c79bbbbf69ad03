// SPDX-License-Identifier: Apache-2.0
#include "estimators/tallies/snapshots.hpp"

#include "sde/contracts.hpp"

namespace kramers {
namespace {

void add(std::uint64_t& to, std::uint64_t from) { to += from; }
void add(FixedSum& to, FixedSum const& from) { to.merge(from); }

/// Elementwise sum; an empty vector is the neutral element.
template <class T>
void add(std::vector<T>& to, std::vector<T> const& from) {
    KRAMERS_EXPECTS(to.empty() || from.empty() || to.size() == from.size());
    if (to.size() < from.size()) to.resize(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) add(to[i], from[i]);
}

}  // namespace

void SnapshotGroup::merge(SnapshotGroup const& other) {
    trajectories += other.trajectories;
    samples += other.samples;
    diverged += other.diverged;
    overflowed += other.overflowed;
    add(first, other.first);
    add(second, other.second);
    add(lagged, other.lagged);
    add(lagged_samples, other.lagged_samples);
    add(histograms, other.histograms);
    add(outside, other.outside);
    add(regions, other.regions);
    add(observables, other.observables);
    add(beyond, other.beyond);
}

}  // namespace kramers
