// SPDX-License-Identifier: Apache-2.0
#include "estimators/covariance.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/estimators/ensembles.hpp"
#include "tests/support/statistics.hpp"

namespace covariance_test {
using namespace kramers;
using namespace kramers::test;

namespace {

bool covers(Estimate const& e, double truth) { return e.lower <= truth && truth <= e.upper; }

}  // namespace

TEST_CASE("Covariance: one sample per group is the textbook sample covariance") {
    Random random(51);
    SnapshotBuilder builder(2, 64, 1, -3.0, 3.0, 1);
    std::vector<std::vector<double>> x;
    std::vector<double> mean(2);
    for (std::uint64_t id = 0; id < 64; ++id) {
        double const u = random.normal();
        x.push_back({u, 0.5 * u + random.normal()});
        builder.add(id, 0, x.back(), x.back());
        for (std::size_t i = 0; i < 2; ++i) mean[i] += x.back()[i] / 64.0;
    }
    double sum = 0.0, squares = 0.0;
    for (auto const& v : x) {
        sum += (v[0] - mean[0]) * (v[1] - mean[1]);
        squares += (v[0] - mean[0]) * (v[0] - mean[0]);
    }
    auto const c = covariance(builder.tally, 0, 1).estimate;
    REQUIRE(c);
    CHECK(c->value == doctest::Approx(sum / 63.0).epsilon(1e-9));
    CHECK(covariance(builder.tally, 1, 0).estimate->value == c->value);
    CHECK(autocovariance(builder.tally, 0, 1, 0).estimate->value == doctest::Approx(sum / 63.0));
    auto const m = mean_coordinate(builder.tally, 0).estimate;
    CHECK(m->value == doctest::Approx(mean[0]).epsilon(1e-9));
    CHECK(m->standard_error == doctest::Approx(std::sqrt(squares / 63.0 / 64.0)));
    CHECK_FALSE(autocovariance(builder.tally, 0, 1, 1).estimate);
}

TEST_CASE("Covariance: origin and scale give the original units back") {
    Random random(52);
    SnapshotBuilder plain(1, 640, 2, -3.0, 3.0, 1), shifted(1, 640, 2, -3.0, 3.0, 1);
    shifted.tally.origin = {100.0};
    shifted.tally.moment_scale = 0.05;
    for (std::uint64_t id = 0; id < 640; ++id) {
        std::vector<double> const a{0.1 * random.normal()}, b{0.1 * random.normal()};
        plain.add(id, 0, a, a);
        plain.add(id, 1, b, a);
        shifted.add(id, 0, {a[0] + 100.0}, {a[0] + 100.0});
        shifted.add(id, 1, {b[0] + 100.0}, {a[0] + 100.0});
    }
    auto const same = [](EstimateResult const& p, EstimateResult const& s, double shift) {
        CHECK(s.estimate->value == doctest::Approx(p.estimate->value + shift).epsilon(1e-8));
        CHECK(s.estimate->standard_error ==
              doctest::Approx(p.estimate->standard_error).epsilon(1e-6));
        CHECK(s.estimate->lower == doctest::Approx(p.estimate->lower + shift).epsilon(1e-6));
    };
    same(mean_coordinate(plain.tally, 0), mean_coordinate(shifted.tally, 0), 100.0);
    same(covariance(plain.tally, 0, 0), covariance(shifted.tally, 0, 0), 0.0);
    same(autocovariance(plain.tally, 0, 0, 1), autocovariance(shifted.tally, 0, 0, 1), 0.0);
}

TEST_CASE("Covariance: diverged and overflowed samples are reported") {
    Random random(53);
    auto tally = normal_chains(random, 640, 1, 0.0);
    CHECK(covariance(tally, 0, 0).estimate->warning.empty());
    tally.groups[5].diverged = 2;
    tally.groups[5].overflowed = 1;
    auto const e = *covariance(tally, 0, 0).estimate;
    CHECK(e.diverged == 2);
    CHECK(e.warning.find("2 of 640 trajectories diverged") != std::string::npos);
    CHECK(e.warning.find("1 samples were beyond") != std::string::npos);
    SnapshotTally empty;
    empty.dim = 1;
    empty.groups.assign(64, SnapshotGroup{});
    for (auto& g : empty.groups) {
        g.first.resize(1);
        g.second.resize(1);
    }
    CHECK_FALSE(covariance(empty, 0, 0).estimate);
    CHECK_FALSE(mean_coordinate(empty, 0).estimate);
}

TEST_CASE("Covariance: 95 % intervals cover on correlated snapshots, an iid error bar does not") {
    // 320 chains of 8 snapshots, correlation 0.9 per stride: variance 1, autocovariance 0.9^k.
    Random random(54);
    std::uint64_t variance = 0, lagged = 0, mean = 0, iid = 0;
    constexpr std::uint64_t ensembles = 1000;
    for (std::uint64_t i = 0; i < ensembles; ++i) {
        auto const tally = normal_chains(random, 320, 8, 0.9);
        auto const e = *covariance(tally, 0, 0).estimate;
        variance += covers(e, 1.0) ? 1 : 0;
        lagged += covers(*autocovariance(tally, 0, 0, 7).estimate, std::pow(0.9, 7)) ? 1 : 0;
        mean += covers(*mean_coordinate(tally, 0).estimate, 0.0) ? 1 : 0;
        iid += std::abs(e.value - 1.0) < 1.96 * std::sqrt(2.0 / (320.0 * 8.0)) ? 1 : 0;
    }
    CHECK_MESSAGE(check_frequency(variance, ensembles, 0.95), variance);
    CHECK_MESSAGE(check_frequency(lagged, ensembles, 0.95), lagged);
    CHECK_MESSAGE(check_frequency(mean, ensembles, 0.95), mean);
    CHECK_FALSE(check_frequency(iid, ensembles, 0.95));
}

TEST_CASE("Covariance: the jackknife removes the bias of few chains") {
    // 64 chains, fully correlated snapshots: the pooled formula is low by 1/64 on average.
    Random random(55);
    double sum = 0.0, squares = 0.0;
    constexpr int ensembles = 10000;
    for (int i = 0; i < ensembles; ++i) {
        double const v = covariance(normal_chains(random, 64, 2, 1.0), 0, 0).estimate->value;
        sum += v;
        squares += v * v;
    }
    Estimate e;
    e.value = sum / ensembles;
    e.standard_error = std::sqrt((squares / ensembles - e.value * e.value) / ensembles);
    e.degrees_of_freedom = ensembles - 1;
    CHECK(check_consistent(e, 1.0, 1.0 / 64.0));
    e.value -= 1.0 / 64.0;  // twin: the pooled formula
    CHECK_FALSE(check_consistent(e, 1.0, 1.0 / 64.0));
}

}  // namespace covariance_test
