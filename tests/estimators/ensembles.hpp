// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "estimators/tallies/passage.hpp"
#include "estimators/tallies/snapshots.hpp"
#include "tests/support/random.hpp"

/// Synthetic tallies whose truth is known, for the tests of the estimators.
namespace kramers::test {

/// Passage slots of times t(random), seen at the end of the step of length dt they fall in, censored
/// after max_steps.
template <class F>
PassageTally passage_ensemble(std::uint64_t trajectories, double dt, std::uint64_t max_steps,
                              F&& time) {
    PassageTally tally;
    tally.trajectories = trajectories;
    for (std::uint64_t id = 0; id < trajectories; ++id) {
        auto const step = static_cast<std::uint64_t>(std::ceil(time(id) / dt));
        tally.slots.push_back(step <= max_steps
                                  ? PassageSlot::make(Outcome::arrived, 0, step)
                                  : PassageSlot::make(Outcome::censored, 0, max_steps));
    }
    return tally;
}

inline constexpr std::uint64_t no_cap = std::uint64_t{1} << 40;

/// A tally of 64 groups, filled by add(), one snapshot of a trajectory at a time. Moments in any dimension, a histogram of coordinate 0 over [lower, upper).
struct SnapshotBuilder {
    SnapshotTally tally;
    double lower, upper;
    std::size_t bins;
    std::uint64_t trajectories;

    SnapshotBuilder(int dim, std::uint64_t count, std::uint64_t snapshots, double lo, double up,
                    std::size_t bin_count)
        : lower(lo), upper(up), bins(bin_count), trajectories(count) {
        auto const d = static_cast<std::size_t>(dim);
        tally.dim = dim;
        tally.origin.assign(d, 0.0);
        tally.snapshots_per_trajectory = snapshots;
        SnapshotGroup group;
        group.first.resize(d);
        group.second.resize(d * (d + 1) / 2);
        group.lagged.resize(snapshots * d * d);
        group.lagged_samples.resize(snapshots);
        group.histograms.assign(1, std::vector<std::uint64_t>(bins));
        group.outside.resize(1);
        group.regions.resize(1);
        tally.groups.assign(static_cast<std::size_t>(group_count), group);
        for (std::uint64_t id = 0; id < count; ++id) group_for(id).trajectories += 1;
    }
    SnapshotGroup& group_for(std::uint64_t id) {
        return tally.groups[static_cast<std::size_t>(group_of(id, trajectories))];
    }
    /// Snapshot k of trajectory id at x; `start` is its snapshot 0. Region 0 is x_0 > 0.
    void add(std::uint64_t id, std::size_t k, std::vector<double> const& x,
             std::vector<double> const& start) {
        auto& g = group_for(id);
        g.samples += 1;
        g.lagged_samples[k] += 1;
        g.regions[0] += x[0] > 0.0 ? 1 : 0;
        auto const bin = std::floor((x[0] - lower) / (upper - lower) * static_cast<double>(bins));
        if (bin >= 0.0 && bin < static_cast<double>(bins)) {
            g.histograms[0][static_cast<std::size_t>(bin)] += 1;
        } else {
            g.outside[0] += 1;
        }
        auto const y = [&](std::vector<double> const& v, std::size_t i) {
            return (v[i] - tally.origin[i]) / tally.moment_scale;
        };
        auto const d = x.size();
        for (std::size_t i = 0; i < d; ++i) {
            g.first[i].merge(FixedSum::of(y(x, i)));
            for (std::size_t j = 0; j <= i; ++j) {
                g.second[i * (i + 1) / 2 + j].merge(FixedSum::of(y(x, i) * y(x, j)));
            }
            for (std::size_t j = 0; j < d; ++j) {
                g.lagged[(k * d + i) * d + j].merge(FixedSum::of(y(start, i) * y(x, j)));
            }
        }
    }
};

/// Stationary Ornstein–Uhlenbeck chains x' = a x + √(1 − a²) ξ of variance 1: normal at every
/// snapshot, correlation a^k at lag k.
inline SnapshotTally normal_chains(Random& random, std::uint64_t trajectories,
                                   std::uint64_t snapshots, double correlation, double lower = -3.0,
                                   double upper = 3.0, std::size_t bins = 12) {
    SnapshotBuilder builder(1, trajectories, snapshots, lower, upper, bins);
    for (std::uint64_t id = 0; id < trajectories; ++id) {
        std::vector<double> x{random.normal()};
        auto const start = x;
        for (std::size_t k = 0; k < snapshots; ++k) {
            if (k > 0) {
                x[0] = correlation * x[0] +
                       std::sqrt(1.0 - correlation * correlation) * random.normal();
            }
            builder.add(id, k, x, start);
        }
    }
    return builder.tally;
}

/// Probabilities of the bins of normal_chains.
inline std::vector<double> normal_bins(double lower = -3.0, double upper = 3.0,
                                       std::size_t bins = 12) {
    std::vector<double> p;
    auto const below = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
    double const width = (upper - lower) / static_cast<double>(bins);
    for (std::size_t b = 0; b < bins; ++b) {
        double const left = lower + width * static_cast<double>(b);
        p.push_back(below(left + width) - below(left));
    }
    return p;
}

}  // namespace kramers::test
