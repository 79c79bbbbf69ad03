// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "sde/random/fill.hpp"
#include "sde/random/normal.hpp"
#include "tests/sde/ulp.hpp"

namespace normal_test {
namespace {
using namespace kramers;
using detail::ScalarPack;

TEST_CASE("Box-Muller: radius and angle in float are accurate to their last places") {
    std::mt19937 engine(11);
    double radius = 0.0, sine = 0.0, cosine = 0.0;
    for (int i = 0; i < 300000; ++i) {
        auto const w0 = static_cast<std::uint32_t>(engine());
        auto const w1 = static_cast<std::uint32_t>(engine()) & 0x7fffffffU;  // no swap
        auto const v = static_cast<float>(static_cast<std::int32_t>((w0 & 0x7fffffffU) | 1U));
        long double const r = std::sqrt(-2.0L * std::log(static_cast<long double>(v) * 0x1p-31L));
        radius = std::max(radius, test::ulps(detail::radius_f32<ScalarPack>(w0), r));
        float const r1 = detail::radius_f32<ScalarPack>(1U);
        auto const z = detail::box_muller_f32<ScalarPack>(1U, w1);
        long double const t =
            (static_cast<long double>(static_cast<std::int32_t>(w1 << 1)) + 1.0L) *
            0.785398163397448309615661L * 0x1p-31L;
        sine = std::max(sine, test::ulps(z.z1, r1 * std::sin(t)));
        cosine = std::max(cosine, test::ulps(z.z0, r1 * std::cos(t)));
    }
    CHECK(radius < 1.6);
    CHECK(sine < 3.5);  // with the roundings of t and of the product with r
    CHECK(cosine < 2.9);
}

TEST_CASE("Box-Muller: radius and angle in double are accurate to their last places") {
    std::mt19937 engine(12);
    double radius = 0.0, sine = 0.0, cosine = 0.0;
    for (int i = 0; i < 200000; ++i) {
        std::uint32_t w[4];
        for (auto& x : w) x = static_cast<std::uint32_t>(engine());
        if (i % 10 == 0) w[0] &= 0x8000000fU;  // the far tail
        long double const v = static_cast<long double>(w[0] & 0x7ffffffeU) +
                              (static_cast<long double>(w[2]) + 0.5L) * 0x1p-31L;
        long double const r = std::sqrt(-2.0L * std::log(v * 0x1p-31L));
        double const ours = detail::radius_f64<ScalarPack>(w[0], w[2]);
        // v is rounded to 53 bits: near u = 1 that moves r² by 2^-52, seen as 2^-53/r² of r
        double const allowed = 1.0 + 1.0 / static_cast<double>(r * r);
        radius = std::max(radius, test::ulps(ours, r) / allowed);
        auto const z = detail::box_muller_f64<ScalarPack>(w[0], w[1] & 0x7fffffffU, w[2], w[3]);
        long double const t = (static_cast<long double>(static_cast<std::int32_t>(w[1] << 1)) +
                               (static_cast<long double>(w[3]) + 0.5L) * 0x1p-31L) *
                              0.785398163397448309615661L * 0x1p-31L;
        long double const flip = (w[0] >> 31) != 0 ? -1.0L : 1.0L;
        sine = std::max(sine, test::ulps(z.z1, ours * std::sin(t)));
        cosine = std::max(cosine, test::ulps(z.z0, ours * flip * std::cos(t)));
    }
    CHECK(radius < 2.0);
    CHECK(sine < 3.5);
    CHECK(cosine < 2.9);
}

TEST_CASE("Box-Muller: the float normal is the double one, rounded") {
    std::mt19937 engine(13);
    double largest = 0.0, square_sum = 0.0;
    int outside = 0;
    int const pairs = 500000;
    for (int i = 0; i < pairs; ++i) {
        std::uint32_t w[4];
        for (auto& x : w) x = static_cast<std::uint32_t>(engine());
        auto const f = detail::box_muller_f32<ScalarPack>(w[0], w[1]);
        auto const d = detail::box_muller_f64<ScalarPack>(w[0], w[1], w[2], w[3]);
        double const difference =
            std::max(std::abs(f.z0 - d.z0), std::abs(static_cast<double>(f.z1) - d.z1));
        // half a bin and the float rounding of v move r² by at most 2/v + 2^-23
        double const v = static_cast<double>((w[0] & 0x7fffffffU) | 1U);
        double const r = detail::radius_f64<ScalarPack>(w[0], w[2]);
        double const moved = 2.0 / v + 0x1p-23;
        double const bound = std::min(moved / r, std::sqrt(moved)) + 4e-7 * (1.0 + r);
        outside += difference > bound ? 1 : 0;
        largest = std::max(largest, difference);
        square_sum += difference * difference;
    }
    MESSAGE("largest difference " << largest << ", rms " << std::sqrt(square_sum / pairs));
    CHECK(outside == 0);
    CHECK(std::sqrt(square_sum / pairs) < 1e-6);
}

TEST_CASE("Box-Muller: extremes") {
    float const far = detail::radius_f32<ScalarPack>(0U);
    CHECK(far == doctest::Approx(std::sqrt(2.0 * 31.0 * std::log(2.0))).epsilon(1e-6));
    CHECK(far < 6.56F);
    CHECK(detail::radius_f32<ScalarPack>(0x7fffffffU) == 0.0F);
    CHECK(detail::radius_f64<ScalarPack>(0U, 0U) ==
          doctest::Approx(std::sqrt(2.0 * 63.0 * std::log(2.0))).epsilon(1e-14));
    CHECK(detail::radius_f64<ScalarPack>(0x7fffffffU, 0xffffffffU) == 0.0);
    // The quarters: bit 31 of w0 flips the cosine, bit 31 of w1 swaps.
    auto const plain = detail::box_muller_f32<ScalarPack>(0x10000000U, 0x20000000U);
    auto const flipped = detail::box_muller_f32<ScalarPack>(0x90000000U, 0x20000000U);
    auto const swapped = detail::box_muller_f32<ScalarPack>(0x10000000U, 0xa0000000U);
    CHECK(flipped.z0 == -plain.z0);
    CHECK(flipped.z1 == plain.z1);
    CHECK(swapped.z0 == plain.z1);
    CHECK(swapped.z1 == plain.z0);
}

// ---- distribution -------------------------------------------------------------------------------

/// Every statistic of n normals as a standard normal deviate or a multiple of its own bound.
struct Verdict {
    double worst_deviate = 0.0;  // moments 1 … 8, tails, products: |z|
    double kolmogorov = 0.0;     // √n D over 4096 fixed edges
    /// Two-sided level 1e-6 each: 4.89 for the 14 deviates, 2.693 for Kolmogorov (binning only
    /// makes D smaller). False-positive rate of the whole verdict per fresh seed: below 2e-5.
    bool accepted() const { return worst_deviate < 4.9 && kolmogorov < 2.693; }
};

template <class Noise>
class Statistics {
  public:
    /// Pairs of one Box-Muller transform.
    void add(Noise const* a, Noise const* b, int count) {
        for (int i = 0; i < count; ++i) {
            double const x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
            add_one(x);
            add_one(y);
            product_ += x * y;
            squares_ += (x * x - 1.0) * (y * y - 1.0);
            if (i + 1 < count) neighbours_ += x * static_cast<double>(a[i + 1]);
        }
        pairs_ += count;
        adjacent_ += count - 1;
    }
    Verdict verdict() const {
        Verdict v;
        double const n = 2.0 * static_cast<double>(pairs_);
        auto const worst = [&v](double z) {
            v.worst_deviate = std::max(v.worst_deviate, std::abs(z));
        };
        double const odd[] = {1, 1, 3, 15, 105, 945, 10395, 135135, 2027025};  // (2j − 1)!!
        for (int j = 1; j <= 8; ++j) {
            double const mean = j % 2 == 0 ? odd[j / 2] : 0.0;
            worst((moments_[j] / n - mean) / std::sqrt((odd[j] - mean * mean) / n));
        }
        for (int t = 0; t < 3; ++t) {
            double const p = std::erfc(tails[t] / std::sqrt(2.0));
            worst((static_cast<double>(beyond_[t]) - n * p) / std::sqrt(n * p));
        }
        worst(product_ / std::sqrt(static_cast<double>(pairs_)));
        worst(squares_ / std::sqrt(4.0 * static_cast<double>(pairs_)));
        worst(neighbours_ / std::sqrt(static_cast<double>(adjacent_)));
        double below = 0.0;
        for (int i = 0; i + 1 < cells; ++i) {
            below += static_cast<double>(histogram_[static_cast<std::size_t>(i)]);
            double const edge = (i + 1) * (2.0 * reach / cells) - reach;
            double const d = below / n - 0.5 * std::erfc(-edge / std::sqrt(2.0));
            v.kolmogorov = std::max(v.kolmogorov, std::sqrt(n) * std::abs(d));
        }
        return v;
    }

  private:
    static constexpr int cells = 4096;
    static constexpr double reach = 5.0;
    static constexpr double tails[3] = {3.0, 4.0, 4.4};

    void add_one(double x) {
        double power = 1.0;
        for (int j = 1; j <= 8; ++j) {
            power *= x;
            moments_[j] += power;
        }
        for (int t = 0; t < 3; ++t) beyond_[t] += std::abs(x) > tails[t] ? 1 : 0;
        int const cell = static_cast<int>((x + reach) * (cells / (2.0 * reach)));
        ++histogram_[static_cast<std::size_t>(std::clamp(cell, 0, cells - 1))];
    }

    long pairs_ = 0, adjacent_ = 0;
    double moments_[9] = {}, product_ = 0.0, squares_ = 0.0, neighbours_ = 0.0;
    long beyond_[3] = {};
    std::vector<long> histogram_ = std::vector<long>(cells);
};

struct Block {
    alignas(64) std::uint32_t zero[lane_count] = {};
    alignas(64) std::uint32_t id[lane_count] = {};
    alignas(64) std::uint32_t call[lane_count] = {};
};

/// Statistics of about n normals of the stream (seed, increment), through the fill.
template <class Noise>
Verdict verdict_of_fill(std::uint64_t seed, int n) {
    static Block b;
    constexpr int calls = 10;
    static std::vector<Noise> storage(4 * calls * lane_count + 64 / sizeof(Noise));
    void* where = storage.data();
    std::size_t space = storage.size() * sizeof(Noise);
    auto* const z =
        static_cast<Noise*>(std::align(64, 4 * calls * lane_count * sizeof(Noise), where, space));
    FillTable const& table = fill_table(best_isa());
    Statistics<Noise> statistics;
    for (int done = 0, round = 0; done < n; done += 4 * calls * lane_count, ++round) {
        for (int i = 0; i < lane_count; ++i) {
            b.id[i] = static_cast<std::uint32_t>(round % 64 * lane_count + i);
            b.call[i] = static_cast<std::uint32_t>(round / 64 * calls);
        }
        LaneCounters const lanes{b.call, b.zero, b.id, b.zero, true};
        if constexpr (sizeof(Noise) == sizeof(float)) {
            table.normals_f32(lanes, seed, 0, calls, 1, z);
        } else {
            table.normals_f64(lanes, seed, 0, calls, 1, z);
        }
        for (int row = 0; row < 4 * calls; row += 2) {
            statistics.add(z + row * lane_count, z + (row + 1) * lane_count, lane_count);
        }
    }
    return statistics.verdict();
}

/// Statistics of n pairs made by pair(w0, w1) from Philox words.
template <class Pair>
Verdict verdict_of(Pair pair, int n) {
    Statistics<float> statistics;
    std::vector<float> a(lane_count), b(lane_count);
    for (int done = 0; done < n; done += lane_count) {
        for (int i = 0; i < lane_count; ++i) {
            Words4 const w = words4(3, static_cast<std::uint64_t>(done), 0, Purpose::increment,
                                    static_cast<std::uint64_t>(i));
            auto const z = pair(w.w[0], w.w[1]);
            a[static_cast<std::size_t>(i)] = z.z0;
            b[static_cast<std::size_t>(i)] = z.z1;
        }
        statistics.add(a.data(), b.data(), lane_count);
    }
    return statistics.verdict();
}

TEST_CASE("normals: moments, tails, products and distribution of 2e7 draws") {
    auto const v = verdict_of_fill<float>(0x5eed, 20000000);
    CAPTURE(v.worst_deviate);
    CAPTURE(v.kolmogorov);
    CHECK(v.accepted());
}

TEST_CASE("normals: the same in double, 4e6 draws") {
    auto const v = verdict_of_fill<double>(0x5eed, 4000000);
    CAPTURE(v.worst_deviate);
    CAPTURE(v.kolmogorov);
    CHECK(v.accepted());
}

TEST_CASE("teeth: broken transforms are rejected, the true one is not") {
    constexpr int n = 300000;
    using Z = detail::Pair<ScalarPack, float>;
    auto const good = [](std::uint32_t w0, std::uint32_t w1) {
        return detail::box_muller_f32<ScalarPack>(w0, w1);
    };
    CHECK(verdict_of(good, n).accepted());
    CHECK_FALSE(verdict_of(
                    [&](auto w0, auto w1) {  // half of the circle
                        return good(w0 & 0x7fffffffU, w1);
                    },
                    n)
                    .accepted());
    CHECK_FALSE(verdict_of(
                    [&](auto w0, auto w1) {  // three quarters of it
                        return good(w0, (w0 >> 31) != 0 ? w1 & 0x7fffffffU : w1);
                    },
                    n)
                    .accepted());
    CHECK_FALSE(verdict_of(
                    [&](auto w0, auto w1) {  // scale off by 1 %
                        Z const z = good(w0, w1);
                        return Z{1.01F * z.z0, 1.01F * z.z1};
                    },
                    n)
                    .accepted());
    CHECK_FALSE(verdict_of(
                    [&](auto w0, auto w1) {  // one draw used twice
                        Z const z = good(w0, w1);
                        return Z{z.z0, z.z0};
                    },
                    n)
                    .accepted());
    CHECK_FALSE(verdict_of(
                    [&](auto w0, auto) {  // radius and angle from the same word
                        return good(w0, w0);
                    },
                    n)
                    .accepted());
}

}  // namespace

}  // namespace normal_test
