// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/shape.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <vector>

#include "tests/sde/noise_draws.hpp"
#include "tests/support/statistics.hpp"

namespace noise_shape_test {
using namespace kramers;
using namespace kramers::coordinate;
using namespace kramers::test;

namespace {

using Moments = std::array<double, 6>;  // E ζ^k

/// Exact moments up to the fifth: u1 at the midpoints of `cells` cells (a multiple of whatever the
/// shape divides), z at the three nodes whose weights reproduce a normal's moments up to the fifth.
template <NoiseShape shape>
Moments moments(ShapeData const& data, int cells) {
    double const nodes[3] = {-std::sqrt(3.0), 0.0, std::sqrt(3.0)};
    double const weights[3] = {1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0};
    Moments m{};
    for (int i = 0; i < cells; ++i) {
        for (int j = 0; j < 3; ++j) {
            double const u = (i + 0.5) / cells;
            double const x = shaped<shape, double>(data, nodes[j], u, 0.5, 0.5, 0.5);
            for (std::size_t k = 0; k < 6; ++k) {
                m[k] += weights[j] / cells * std::pow(x, static_cast<double>(k));
            }
        }
    }
    return m;
}

bool match(Moments const& a, Moments const& b) {
    bool same = true;
    for (std::size_t k = 0; k < 6; ++k) same = same && std::abs(a[k] - b[k]) < 1e-12;
    return same;
}

}  // namespace

TEST_CASE("Noise shapes with a few values have exactly the moments they claim") {
    CHECK(match(moments<NoiseShape::gaussian>({}, 1), {1, 0, 1, 0, 3, 0}));
    CHECK(match(moments<NoiseShape::rademacher>({}, 2), {1, 0, 1, 0, 1, 0}));
    CHECK(match(moments<NoiseShape::three_point>({}, 600), {1, 0, 1, 0, 3, 0}));
    CHECK_FALSE(match(moments<NoiseShape::rademacher>({}, 2), {1, 0, 1, 0, 3, 0}));
}

TEST_CASE("Bernoulli mask: mean 0, variance 1, skewness (1 - 2p)/sqrt(p(1 - p))") {
    double const p = 0.3;
    auto const m = moments<NoiseShape::bernoulli>(mask_shape(p), 10);
    double const root = std::sqrt(p * (1.0 - p));
    CHECK(std::abs(m[1]) < 1e-14);
    CHECK(m[2] == doctest::Approx(1.0).epsilon(1e-14));
    CHECK(m[3] == doctest::Approx((1.0 - 2.0 * p) / root).epsilon(1e-13));
    // the gradient that it leaves: 0 or g/p
    double const q = std::sqrt((1.0 - p) / p);
    CHECK(1.0 + q * mask_shape(p).kept == doctest::Approx(1.0 / p).epsilon(1e-14));
    CHECK(std::abs(1.0 + q * mask_shape(p).gone) < 1e-14);
    // a mask that is not divided by p keeps its variance but not its mean
    double twin = 0.0;
    for (int i = 0; i < 10; ++i) twin += (i + 0.5) / 10.0 < p ? 0.0 : -1.0;
    CHECK_FALSE(std::abs(twin / 10.0) < 1e-14);
    CHECK(match(moments<NoiseShape::bernoulli>(mask_shape(1.0), 10), {1, 0, 0, 0, 0, 0}));
}

TEST_CASE("Two-lump noise has unit variance and the excess kurtosis that was asked for") {
    for (double const excess : {-2.0, -1.3, -0.2, 0.0, 0.7, 3.0}) {
        auto const m = moments<NoiseShape::two_lump>(lump_shape(excess), 2);
        CAPTURE(excess);
        CHECK(match(m, {1, 0, 1, 0, 3.0 + excess, 0}));
        // lumps at the deviation instead of its square root
        ShapeData twin = lump_shape(-1.3);
        twin.lump *= twin.lump;
        CHECK_FALSE(match(moments<NoiseShape::two_lump>(twin, 2), {1, 0, 1, 0, 1.7, 0}));
    }
}

TEST_CASE(
    "Compound Poisson: the number of jumps has the Poisson law to the last digit of a uniform") {
    for (double const rate : {0.01, 0.7, 4.0, largest_jump_rate}) {
        ShapeData const data = jump_shape(rate);
        boost::math::poisson const law(rate);
        CAPTURE(rate);
        for (int k = 0; k < most_jumps; ++k) {
            double const tail = cdf(complement(law, k));
            CHECK(data.more_than[k] == doctest::Approx(tail).epsilon(1e-11).scale(0.0));
            if (tail < 1e-19) continue;  // beyond the smallest uniform
            double const jumps = second(shaped<NoiseShape::compound_poisson, double>(
                                     data, 1.0, 0.999 * tail, 0.5, 0.5, 0.5)) *
                                 rate;
            CHECK(jumps >= k + 1.0 - 1e-9);
        }
        CHECK(cdf(complement(law, most_jumps - 1)) < 1e-16);
    }
}

// Standard errors: mean 0.001, variance 0.0027, fourth moment 0.05 or less; see `detects`.
TEST_CASE("Compound Poisson: variance 1 and excess kurtosis 3/lambda") {
    double const rate = 1.5;
    auto const draws = draws_of<NoiseShape::compound_poisson>(jump_shape(rate), 101);
    CHECK(check_consistent(mean_of(draws, [](double x) { return x; }), 0.0, 0.015));
    CHECK(check_consistent(mean_of(draws, second), 1.0, 0.04));
    CHECK(check_consistent(mean_of(draws, fourth), 3.0 + 3.0 / rate, 0.6));
    // jumps of variance 1 instead of 1/λ
    auto const twin = scaled(draws, std::sqrt(rate));
    CHECK_FALSE(check_consistent(mean_of(twin, second), 1.0, 0.04));
}

TEST_CASE("A draw is a function of its words and agrees between float and double") {
    auto const check = []<NoiseShape shape>(ShapeData const& data) {
        double worst = 0.0;
        bool same = true;
        for (std::uint64_t i = 0; i < 2000; ++i) {
            Uniforms4 const u = uniforms4(7, i, 0, 3);
            double const z = 2.0 * u.u[3] - 1.0;
            double const x = shaped<shape, double>(data, z, u.u[0], u.u[1], u.u[2], u.u[3]);
            same = same && x == shaped<shape, double>(data, z, u.u[0], u.u[1], u.u[2], u.u[3]);
            auto const f = [](double v) { return static_cast<float>(v); };
            float const y = shaped<shape, float>(data, f(z), f(u.u[0]), f(u.u[1]),
                                                 std::min(f(u.u[2]), 0x1.fffffep-1F),
                                                 std::min(f(u.u[3]), 0x1.fffffep-1F));
            worst = std::max(worst, std::abs(y - x) / (1.0 + std::abs(x)));
        }
        CHECK(same);
        CHECK(worst < 0.01);  // the worst is a tail draw whose uniform float resolves to 2^−24
    };
    check.operator()<NoiseShape::rademacher>({});
    check.operator()<NoiseShape::three_point>({});
    check.operator()<NoiseShape::student_t>(student_shape(3.0));
    check.operator()<NoiseShape::stable>(stable_shape(1.5));
    check.operator()<NoiseShape::isotropic_stable>(stable_shape(1.5));
    check.operator()<NoiseShape::compound_poisson>(jump_shape(1.0));
    check.operator()<NoiseShape::two_lump>(lump_shape(-1.0));
    check.operator()<NoiseShape::bernoulli>(mask_shape(0.5));
}

TEST_CASE("Uniforms from 64 bits lie strictly between 0 and 1") {
    std::uint32_t const all = 0xffffffffU;
    CHECK(uniform_from<double>(0, 0) == 0x1p-65);
    CHECK(uniform_from<double>(all, all) < 1.0);
    CHECK(uniform_from<float>(0, 0) > 0.0F);
    CHECK(uniform_from<float>(all, all) < 1.0F);
    CHECK(uniform_from<double>(0x80000000U, 0) == 0.5);
}

}  // namespace noise_shape_test
