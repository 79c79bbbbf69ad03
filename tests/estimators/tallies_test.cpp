// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <vector>

#include "estimators/tallies/groups.hpp"
#include "estimators/tallies/snapshots.hpp"
#include "tests/estimators/ensembles.hpp"

namespace tallies_test {
using namespace kramers;
using kramers::test::Random;

TEST_CASE("Groups: contiguous, as equal as they can be, inverse of group_begin") {
    for (std::uint64_t const n : {1ull, 63ull, 64ull, 65ull, 1000ull, 4096ull, 100003ull}) {
        CHECK(group_begin(0, n) == 0);
        CHECK(group_begin(group_count, n) == n);
        for (int g = 0; g < group_count; ++g) {
            auto const begin = group_begin(g, n), end = group_begin(g + 1, n);
            CHECK(end - begin >= n / group_count);
            CHECK(end - begin <= n / group_count + 1);
            for (auto id = begin; id < end; ++id) CHECK(group_of(id, n) == g);
        }
    }
    // No overflow at large counts: the last id of 2^62 is in the last group.
    CHECK(group_of((std::uint64_t{1} << 62) - 1, std::uint64_t{1} << 62) == group_count - 1);
}

TEST_CASE("FixedSum: exact, signed, and free of the order of addition") {
    CHECK(FixedSum::of(-1.5).value() == -1.5);
    CHECK(FixedSum::of(0x1p-40).value() == 0x1p-40);
    Random random(1);
    std::vector<double> values;
    for (int i = 0; i < 1000; ++i) values.push_back(std::ldexp(random.normal(), 8));
    FixedSum forwards, backwards, words;
    for (auto const v : values) {
        forwards.merge(FixedSum::of(v));
        auto const one = FixedSum::of(v);  // as a device adds: the words apart, never carried
        words.high += one.high;
        words.low += one.low;
    }
    for (auto i = values.size(); i-- > 0;) backwards.merge(FixedSum::of(values[i]));
    CHECK(forwards == backwards);
    CHECK(forwards == words);
    CHECK_FALSE(forwards == FixedSum{});
}

TEST_CASE("FixedSum: merging full low words does not overflow") {
    FixedSum full{.high = 0, .low = ~std::uint64_t{0}};  // 2^64 − 1 units
    FixedSum sum;
    for (int i = 0; i < 64; ++i) sum.merge(full);
    CHECK(sum.units() == static_cast<Int128>(~std::uint64_t{0}) * 64);
}

namespace {

SnapshotGroup random_group(Random& random) {
    auto const number = [&] { return random.engine() % 1000; };
    auto const numbers = [&](std::size_t n) {
        std::vector<std::uint64_t> v(n);
        for (auto& x : v) x = number();
        return v;
    };
    auto const sums = [&](std::size_t n) {
        std::vector<FixedSum> v(n);
        for (auto& x : v) x = FixedSum::of(random.normal());
        return v;
    };
    SnapshotGroup g;
    g.trajectories = number();
    g.samples = number();
    g.diverged = number();
    g.overflowed = number();
    g.first = sums(2);
    g.second = sums(3);
    g.lagged = sums(12);
    g.lagged_samples = numbers(3);
    g.histograms = {numbers(5), numbers(4)};
    g.outside = numbers(2);
    g.regions = numbers(2);
    return g;
}

SnapshotGroup merged(SnapshotGroup a, SnapshotGroup const& b) {
    a.merge(b);
    return a;
}

}  // namespace

TEST_CASE("SnapshotGroup: a commutative monoid under merge") {
    Random random(2);
    for (int i = 0; i < 20; ++i) {
        auto const a = random_group(random), b = random_group(random), c = random_group(random);
        CHECK(merged(a, SnapshotGroup{}) == a);
        CHECK(merged(SnapshotGroup{}, a) == a);
        CHECK(merged(merged(a, b), c) == merged(a, merged(b, c)));
        CHECK(merged(a, b) == merged(b, a));
        CHECK_FALSE(merged(a, b) == a);
    }
}

TEST_CASE("SnapshotGroup: merge adds every member") {
    Random random(3);
    auto const a = random_group(random), b = random_group(random);
    auto const s = merged(a, b);
    CHECK(s.trajectories == a.trajectories + b.trajectories);
    CHECK(s.samples == a.samples + b.samples);
    CHECK(s.diverged == a.diverged + b.diverged);
    CHECK(s.overflowed == a.overflowed + b.overflowed);
    CHECK(s.first[1].units() == a.first[1].units() + b.first[1].units());
    CHECK(s.second[2].units() == a.second[2].units() + b.second[2].units());
    CHECK(s.lagged[11].units() == a.lagged[11].units() + b.lagged[11].units());
    CHECK(s.lagged_samples[2] == a.lagged_samples[2] + b.lagged_samples[2]);
    CHECK(s.histograms[1][3] == a.histograms[1][3] + b.histograms[1][3]);
    CHECK(s.outside[1] == a.outside[1] + b.outside[1]);
    CHECK(s.regions[1] == a.regions[1] + b.regions[1]);
}

}  // namespace tallies_test
