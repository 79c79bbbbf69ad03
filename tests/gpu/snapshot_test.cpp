// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "gpu/snapshot_sums.hpp"
#include "tests/gpu/plans.hpp"

namespace snapshot_test {
using namespace kramers;
using namespace kramers::testing;

namespace {

Plan snapshot_plan(int dim, std::uint64_t trajectories) {
    Plan plan = rastrigin_plan(dim, trajectories);
    SnapshotPlan snapshots;
    snapshots.burn_in = 13;
    snapshots.snapshots = 3;
    snapshots.stride = 6;
    snapshots.lagged = true;
    HistogramPlan h;
    h.lower_x = -1.0;
    h.upper_x = 1.0;
    h.bins_x = 8;
    snapshots.histograms.push_back(h);
    if (dim > 1) {
        h.axis_y = 1;
        h.lower_y = -1.0;
        h.upper_y = 1.0;
        h.bins_y = 4;
        snapshots.histograms.push_back(h);
    }
    std::vector<double> normal(static_cast<std::size_t>(dim), 0.0);
    normal[0] = 1.0;
    snapshots.regions = {half_space(normal, 0.1)};
    plan.observe = snapshots;
    return plan;
}

std::vector<SnapshotGroup> groups_of(Plan const& plan, int threads, Isa isa) {
    Controls controls;
    controls.backend = Backend::cpu;
    controls.threads = threads;
    controls.isa = isa;
    return std::get<SnapshotTally>(simulate(plan, controls).tally).groups;
}

}  // namespace

TEST_CASE("Snapshots: tallies do not depend on threads or instruction set") {
    for (int dim : {1, 2, 8})
        for (Precision precision : {Precision::single, Precision::mixed, Precision::full}) {
            Plan plan = snapshot_plan(dim, 1000);
            plan.key.precision = precision;
            auto const reference = groups_of(plan, 1, best_isa());
            CHECK(groups_of(plan, 2, best_isa()) == reference);
            for (Isa isa : supported_isas()) CHECK(groups_of(plan, 1, isa) == reference);
        }
}

TEST_CASE("Snapshots: the tally is the sum over trajectories replayed one by one") {
    for (int dim : {1, 2, 8}) {
        Plan const plan = snapshot_plan(dim, 300);
        auto const& snapshots = std::get<SnapshotPlan>(plan.observe);
        auto const groups = groups_of(plan, 2, best_isa());
        std::uint64_t samples = 0, inside = 0, left = 0;
        double sum = 0.0, square = 0.0, lagged = 0.0;
        for (std::uint64_t id = 0; id < plan.trajectories; ++id) {
            Replay const path = replay(plan, id, 1, 1000);
            double first = 0.0;
            for (std::uint64_t s = 0; s < snapshots.snapshots; ++s) {
                std::size_t const row = snapshots.burn_in + s * snapshots.stride;
                double const x = path.states[row * static_cast<std::size_t>(dim)];
                if (s == 0) first = x;
                samples += 1;
                sum += x;
                square += x * x;
                if (s == 2) lagged += first * x;
                inside += x >= 0.1;
                left += x >= -0.25 && x < 0.0;
            }
        }
        SnapshotGroup all = groups[0];
        for (int g = 1; g < group_count; ++g) all.merge(groups[static_cast<std::size_t>(g)]);
        CHECK(all.trajectories == plan.trajectories);
        CHECK(all.samples == samples);
        CHECK(all.regions[0] == inside);
        CHECK(all.histograms[0][3] == left);
        // each sample is rounded to 2^-41
        double const resolution = static_cast<double>(samples) * 0x1p-41;
        CHECK(std::abs(all.first[0].value() - sum) <= resolution + 1e-12);
        CHECK(std::abs(all.second[0].value() - square) <= resolution + 1e-12);
        auto const d = static_cast<std::size_t>(dim);
        CHECK(std::abs(all.lagged[2 * d * d].value() - lagged) <= resolution + 1e-12);
        CHECK(std::abs(all.first[0].value() + sum) > resolution + 1e-12);  // broken twin: sign lost
    }
}

TEST_CASE("Snapshots: a diverged trajectory is counted once and leaves no samples") {
    Plan plan;
    plan.key = {"quadratic", 1, "overdamped", "euler_maruyama", Precision::mixed};
    plan.landscape = {1.0};
    plan.dynamics = {0.1};
    plan.dt = 2.5;  // |1 − dt| = 1.5: grows without limit
    plan.start.point = {1.0};
    plan.trajectories = 200;
    plan.seed = 3;
    plan.divergence_bound = 1e3;
    SnapshotPlan snapshots;
    snapshots.burn_in = 200;
    plan.observe = snapshots;
    std::uint64_t samples = 0, diverged = 0;
    for (SnapshotGroup const& group : groups_of(plan, 1, best_isa())) {
        samples += group.samples;
        diverged += group.diverged;
    }
    CHECK(samples == 0);
    CHECK(diverged == plan.trajectories);
}

TEST_CASE("FixedSum: sums of mixed signs are exact to the resolution and ignore order") {
    std::uint64_t forward[2] = {0, 0}, backward[2] = {0, 0};
    double exact = 0.0;
    for (int k = 0; k < 1000; ++k) {
        double const v = (k % 2 == 0 ? 1.0 : -1.0) * (k + 0.125);
        exact += v;
        detail::add_fixed(forward, v);
        detail::add_fixed(backward, (k % 2 == 0 ? -1.0 : 1.0) * (999 - k + 0.125));
    }
    FixedSum const sum{static_cast<std::int64_t>(forward[0]), forward[1]};
    CHECK(sum.value() == exact);
    CHECK(FixedSum{static_cast<std::int64_t>(backward[0]), backward[1]}.value() == exact);
}

}  // namespace snapshot_test
