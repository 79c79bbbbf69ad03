// SPDX-License-Identifier: Apache-2.0
#include "estimators/density.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "estimators/covariance.hpp"
#include "estimators/intervals.hpp"
#include "tests/estimators/ensembles.hpp"
#include "tests/support/statistics.hpp"

namespace density_test {
using namespace kramers;
using namespace kramers::test;

namespace {

BinAxis const axis{.lower = -3.0, .upper = 3.0, .bins = 12};

struct Coverage {
    std::uint64_t centre = 0, tail = 0, band = 0, rejected = 0, twin_rejected = 0;
};

/// Coverage of a bin in the bulk, of one in the tail and of the band, and rejections of the true
/// density at 5 % by the test and by its twin that takes all snapshots for independent.
Coverage cover(Random& random, std::uint64_t ensembles, std::uint64_t trajectories,
               std::uint64_t snapshots, double correlation) {
    Coverage c;
    auto const truth = normal_bins();
    for (std::uint64_t i = 0; i < ensembles; ++i) {
        auto tally = normal_chains(random, trajectories, snapshots, correlation);
        auto const bins = density(tally, 0, axis).bins;
        auto const inside = [&](std::size_t b) {
            double const p = truth[b] / axis.width();
            return bins[b].lower <= p && p <= bins[b].upper;
        };
        bool all = true;
        for (std::size_t b = 0; b < bins.size(); ++b) {
            double const p = truth[b] / axis.width();
            all = all && bins[b].band_lower <= p && p <= bins[b].band_upper;
        }
        c.centre += inside(5) ? 1 : 0;
        c.tail += inside(0) ? 1 : 0;
        c.band += all ? 1 : 0;
        c.rejected += goodness_of_fit(tally, 0, truth).p_value < 0.05 ? 1 : 0;
        tally.snapshots_per_trajectory = 1;
        c.twin_rejected += goodness_of_fit(tally, 0, truth).p_value < 0.05 ? 1 : 0;
    }
    return c;
}

}  // namespace

TEST_CASE("Density: share of all samples over bin size, by hand") {
    SnapshotBuilder builder(1, 4, 1, 0.0, 2.0, 4);
    std::vector<double> const samples{0.1, 0.2, 1.6, 2.5};
    for (std::uint64_t id = 0; id < 4; ++id) builder.add(id, 0, {samples[id]}, {samples[id]});
    auto const d = density(builder.tally, 0, {.lower = 0.0, .upper = 2.0, .bins = 4});
    REQUIRE(d.bins.size() == 4);
    CHECK(d.samples == 4);
    CHECK(d.outside == 0.25);
    CHECK(d.bins[0].density == 1.0);  // 2 of 4 samples over a width of 0.5
    CHECK(d.bins[1].density == 0.0);
    CHECK(d.bins[3].density == 0.5);
    CHECK(d.bins[3].lower_x == 1.5);
    CHECK(d.bins[3].upper_x == 2.0);
    CHECK(d.bins[0].lower == doctest::Approx(2.0 * clopper_pearson(2, 4, 0.95).lower));
    CHECK(d.bins[1].upper == doctest::Approx(2.0 * clopper_pearson(0, 4, 0.95).upper));
    CHECK(d.bins[1].band_upper == doctest::Approx(2.0 * clopper_pearson(0, 4, 0.9875).upper));
}

TEST_CASE("Density: two axes are row-major with x slow") {
    SnapshotBuilder builder(1, 64, 1, 0.0, 1.0, 6);
    // Bin 4 of the flat histogram, read as 2 × 3: x index 1, y index 1.
    for (std::uint64_t id = 0; id < 64; ++id) builder.add(id, 0, {4.5 / 6.0}, {0.0});
    auto const d = density(builder.tally, 0, {.lower = 0.0, .upper = 4.0, .bins = 2},
                           BinAxis{.lower = -3.0, .upper = 3.0, .bins = 3});
    REQUIRE(d.bins.size() == 6);
    CHECK(d.bins[4].density == doctest::Approx(1.0 / 4.0));
    CHECK(d.bins[4].lower_x == 2.0);
    CHECK(d.bins[4].lower_y == -1.0);
    CHECK(d.bins[4].upper_y == 1.0);
    CHECK(d.bins[1].density == 0.0);
}

TEST_CASE("Density: one snapshot per trajectory covers; the test keeps its level") {
    Random random(41);
    auto const c = cover(random, 1000, 640, 1, 0.0);
    CHECK_MESSAGE(check_at_least(c.centre, 1000, 0.95), c.centre);
    CHECK_MESSAGE(check_at_least(c.tail, 1000, 0.95), c.tail);
    CHECK_MESSAGE(check_at_least(c.band, 1000, 0.95), c.band);
    CHECK_MESSAGE(check_frequency(c.rejected, 1000, 0.05), c.rejected);
}

TEST_CASE(
    "Density: correlated snapshots cover by the spread of groups, an iid chi2 rejects truth") {
    Random random(42);
    auto const c = cover(random, 500, 640, 16, 0.9);
    CHECK_MESSAGE(check_frequency(c.centre, 500, 0.95), c.centre);
    CHECK_MESSAGE(check_at_least(c.tail, 500, 0.95), c.tail);
    CHECK_MESSAGE(check_at_least(c.band, 500, 0.95), c.band);
    CHECK_MESSAGE(check_at_most(c.rejected, 500, 0.05), c.rejected);
    CHECK_FALSE(check_at_most(c.twin_rejected, 500, 0.05));
    CHECK_MESSAGE(check_at_least(c.twin_rejected, 500, 0.5), c.twin_rejected);
}

TEST_CASE("Density: a rare bin keeps an honest upper end") {
    // One group only has visited bin 0: its spread says nothing.
    Random random(43);
    auto tally = normal_chains(random, 640, 4, 0.99, 4.0, 5.0, 2);
    for (auto& g : tally.groups) g.histograms[0] = {0, 0};
    auto const empty = density(tally, 0, {.lower = 4.0, .upper = 5.0, .bins = 2}).bins[0];
    CHECK(empty.density == 0.0);
    CHECK(empty.upper == doctest::Approx(2.0 * clopper_pearson(0, 640, 0.95).upper));
    tally.groups[3].histograms[0][0] = 4;
    auto const rare = density(tally, 0, {.lower = 4.0, .upper = 5.0, .bins = 2}).bins[0];
    CHECK(rare.upper >= 2.0 * clopper_pearson(1, 640, 0.95).upper * 0.999);
}

TEST_CASE("Goodness of fit: sees a mean shifted by a fifth, with one snapshot and with many") {
    // 12800 samples: non-centrality n·0.04 = 512 against a critical value near 24.
    Random random(44);
    std::vector<double> shifted;
    auto const below = [](double x) { return 0.5 * std::erfc(-(x - 0.2) / std::sqrt(2.0)); };
    for (int b = 0; b < 12; ++b) shifted.push_back(below(-2.5 + 0.5 * b) - below(-3.0 + 0.5 * b));
    auto const one = normal_chains(random, 12800, 1, 0.0);
    CHECK(goodness_of_fit(one, 0, normal_bins()).p_value > significance);
    CHECK(goodness_of_fit(one, 0, shifted).p_value < significance);
    auto const many = normal_chains(random, 12800, 4, 0.5);
    auto const right = goodness_of_fit(many, 0, normal_bins());
    CHECK(right.p_value > significance);
    CHECK(right.method.find("64 groups") != std::string::npos);
    CHECK(goodness_of_fit(many, 0, shifted).p_value < significance);
    auto const few = goodness_of_fit(normal_chains(random, 4, 1, 0.0), 0, normal_bins());
    CHECK(few.reason.find("too few samples") != std::string::npos);
}

TEST_CASE("Goodness of fit: samples out of range count") {
    Random random(45);
    auto tally = normal_chains(random, 6400, 1, 0.0);
    for (auto& g : tally.groups) {
        std::swap(g.outside[0], g.histograms[0][5]);  // the centre empties into the outside
    }
    CHECK(goodness_of_fit(tally, 0, normal_bins()).p_value < significance);
}

TEST_CASE("Region weight: covers one half, for one snapshot and for correlated ones") {
    Random random(46);
    std::uint64_t single = 0, many = 0, twin = 0;
    for (int i = 0; i < 500; ++i) {
        auto const one = *region_weight(normal_chains(random, 320, 1, 0.0), 0).estimate;
        single += one.lower <= 0.5 && 0.5 <= one.upper ? 1 : 0;
        auto tally = normal_chains(random, 320, 8, 0.95);
        auto const e = *region_weight(tally, 0).estimate;
        many += e.lower <= 0.5 && 0.5 <= e.upper ? 1 : 0;
        tally.snapshots_per_trajectory = 1;  // twin: snapshots taken for independent
        auto const wrong = *region_weight(tally, 0).estimate;
        twin += wrong.lower <= 0.5 && 0.5 <= wrong.upper ? 1 : 0;
    }
    CHECK_MESSAGE(check_at_least(single, 500, 0.95), single);
    CHECK_MESSAGE(check_frequency(many, 500, 0.95), many);
    CHECK_FALSE(check_at_least(twin, 500, 0.95));
}

TEST_CASE("Snapshots: any partition of the samples gives the same bits") {
    Random random(47);
    std::vector<std::vector<double>> states;
    for (int id = 0; id < 300; ++id) states.push_back({random.normal(), random.normal()});
    SnapshotBuilder whole(2, 300, 1, -3.0, 3.0, 12);
    for (std::uint64_t id = 0; id < 300; ++id) whole.add(id, 0, states[id], states[id]);
    // Three workers take ids in turn, backwards; their groups are merged afterwards.
    std::vector<SnapshotBuilder> workers(3, SnapshotBuilder(2, 300, 1, -3.0, 3.0, 12));
    for (std::uint64_t id = 300; id-- > 0;) workers[id % 3].add(id, 0, states[id], states[id]);
    SnapshotTally merged = workers[2].tally;
    for (std::size_t g = 0; g < merged.groups.size(); ++g) {
        merged.groups[g].merge(workers[0].tally.groups[g]);
        merged.groups[g].merge(workers[1].tally.groups[g]);
        merged.groups[g].trajectories = whole.tally.groups[g].trajectories;
    }
    CHECK(merged.groups == whole.tally.groups);
    auto const a = density(whole.tally, 0, axis), b = density(merged, 0, axis);
    for (std::size_t i = 0; i < a.bins.size(); ++i) {
        CHECK(a.bins[i].density == b.bins[i].density);
        CHECK(a.bins[i].band_upper == b.bins[i].band_upper);
    }
    CHECK(covariance(whole.tally, 0, 1).estimate->leave_one_out ==
          covariance(merged, 1, 0).estimate->leave_one_out);
}

}  // namespace density_test
