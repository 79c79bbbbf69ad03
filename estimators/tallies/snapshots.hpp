// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "estimators/tallies/groups.hpp"

namespace kramers {

/// An exact sum of fixed-point numbers: order of addition never matters.
/// A real v is added as round(v·2^40) split into two 64-bit words (device atomics are 64-bit).
/// Two sums are equal when their values are: the split into words is not part of the value.
struct FixedSum {
    static constexpr double scale = 1099511627776.0;  // 2^40
    std::int64_t high = 0;                            // multiples of 2^32 units
    std::uint64_t low = 0;  // sum of the low 32-bit halves; overflows after 2^32 additions
    /// The sum of one number.
    static FixedSum of(double v) {
        auto const units = std::llrint(v * scale);
        return {.high = units >> 32, .low = static_cast<std::uint64_t>(units) & 0xffffffffu};
    }
    /// The sum in units of 2^-40, exact.
    Int128 units() const {
        return static_cast<Int128>(high) * 4294967296 + static_cast<Int128>(low);
    }
    double value() const { return static_cast<double>(units()) / scale; }
    /// Carries the upper half of `low` into `high`, so that 2^32 more additions fit.
    void carry() {
        high += static_cast<std::int64_t>(low >> 32);
        low &= 0xffffffffu;
    }
    void merge(FixedSum other) {
        carry();
        other.carry();
        high += other.high;
        low += other.low;
        carry();
    }
    friend bool operator==(FixedSum const& a, FixedSum const& b) { return a.units() == b.units(); }
};

/// What the snapshots of one group of trajectories add up to. A monoid under merge(): all integers.
/// Moments are of y = (x − origin)/moment_scale.
struct SnapshotGroup {
    std::uint64_t trajectories = 0;
    std::uint64_t samples = 0;   ///< snapshots taken of finite states
    std::uint64_t diverged = 0;  ///< trajectories that diverged; they contribute no further samples
    std::uint64_t overflowed = 0;  ///< samples with |y_i| > 2^10, left out of the moments
    std::vector<FixedSum> first;   ///< dim: Σ y_i
    std::vector<FixedSum> second;  ///< dim(dim+1)/2, index i(i+1)/2 + j with j ≤ i: Σ y_i y_j
    std::vector<FixedSum> lagged;  ///< snapshots × dim × dim if asked: Σ y_i(0) y_j(k)
    std::vector<std::uint64_t> lagged_samples;  ///< snapshots: how many pairs
    std::vector<std::vector<std::uint64_t>>
        histograms;                      ///< one per HistogramPlan, row-major (x slow)
    std::vector<std::uint64_t> outside;  ///< one per HistogramPlan: samples out of range
    std::vector<std::uint64_t> regions;  ///< samples inside each region
    std::vector<FixedSum> observables;   ///< one per Observable: Σ φ(x)
    /// Samples with |φ| > 2^20 or no number, left out of that sum.
    std::vector<std::uint64_t> beyond;

    void merge(SnapshotGroup const& other);
    friend bool operator==(SnapshotGroup const&, SnapshotGroup const&) = default;
};

struct SnapshotTally {
    int dim = 0;
    double moment_scale = 1.0;
    std::vector<double> origin;
    std::uint64_t snapshots_per_trajectory = 1;
    std::vector<SnapshotGroup> groups;  ///< group_count of them
    /// Trajectories × dim, row-major by id, if asked: the states of the last snapshot. NaN where a
    /// trajectory had diverged, or was not there yet when the run was interrupted.
    std::vector<double> final_states;
};

}  // namespace kramers
