// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <vector>

#include "sde/noise/catalogue.hpp"
#include "tests/sde/noise_draws.hpp"
#include "tests/support/statistics.hpp"

namespace noise_uniform_test {
using namespace kramers;
using namespace kramers::coordinate;
using namespace kramers::test;

namespace {

/// ζ at uniform number u.
double zeta(double u) { return shaped<NoiseShape::uniform, double>({}, 0.3, u, 0.4, 0.5, 0.6); }

/// E (scale·ζ)^k; Gauss's rule of 7 nodes is exact for a polynomial of degree up to 13.
double moment(int k, double scale = 1.0) {
    return boost::math::quadrature::gauss<double, 7>::integrate(
        [&](double u) { return std::pow(scale * zeta(u), k); }, 0.0, 1.0);
}
bool has_moments(double scale) {
    double const exact[] = {1.0, 0.0, 1.0, 0.0, 9.0 / 5.0, 0.0, 27.0 / 7.0};  // 3^n/(2n + 1)
    bool same = true;
    for (int k = 0; k < 7; ++k) same = same && std::abs(moment(k, scale) - exact[k]) < 1e-13;
    return same;
}

double distribution(double x) { return std::clamp(0.5 + x / (2.0 * std::sqrt(3.0)), 0.0, 1.0); }

}  // namespace

TEST_CASE("Uniform noise: exact moments 1, 9/5, 27/7 and no odd ones; (-1, 1) is rejected") {
    CHECK(has_moments(1.0));
    CHECK_FALSE(has_moments(1.0 / std::sqrt(3.0)));
}

TEST_CASE("Uniform noise: reads one uniform number, is odd about its middle and never leaves") {
    constexpr DrawNeeds needs = draw_needs(NoiseShape::uniform);
    static_assert(!needs.normal && needs.uniforms == 1 && needs.shared == 0 && !needs.population);
    CHECK(zeta(0.5) == 0.0);
    CHECK(zeta(0.25) == -zeta(0.75));
    double const edge = std::sqrt(3.0);
    CHECK(zeta(uniform_from<double>(0, 0)) >= -edge);
    CHECK(zeta(uniform_from<double>(0xffffffffU, 0xffffffffU)) <= edge);
    CHECK(shape_variance(NoiseShape::uniform, {}) == 1.0);
    // float follows double to the rounding of the uniform number
    for (float const u : {0x1p-40F, 0.1F, 0.5F, 0.7F, 0x1.fffffep-1F}) {
        float const narrow = shaped<NoiseShape::uniform, float>({}, 0, u, 0.5F, 0.5F, 0.5F);
        CHECK(std::abs(narrow - zeta(u)) < 2.5e-7);
    }
}

// 2^18 draws: a distribution function is told from another that is 0.0076 away somewhere; the normal
// one is 0.06 away, that of half-width 1.7 is 0.0093.
TEST_CASE("Uniform noise: draws have the uniform law; other laws and widths are rejected") {
    auto const draws = draws_of<NoiseShape::uniform>({}, 1948, 1 << 18);
    CHECK(check_distribution(draws, distribution));
    CHECK_FALSE(check_distribution(scaled(draws, 1.7 / std::sqrt(3.0)), distribution));
    auto const normal = draws_of<NoiseShape::gaussian>({}, 1948, 1 << 18);
    CHECK_FALSE(check_distribution(normal, distribution));
}

TEST_CASE("Uniform noise: the law of the catalogue divides the variance of a sample by the batch") {
    NoiseLawEntry const* const entry = find_noise_law("uniform");
    REQUIRE(entry != nullptr);
    auto const made = entry->make({.dim = 2, .batch_size = 8.0, .values = {4.0}, .table = {}});
    REQUIRE(made.law);
    CHECK(made.law->shape == NoiseShape::uniform);
    CHECK(variance_per_step(*made.law, 2).values == std::vector<double>{0.5, 0.5});
    CHECK(noise_structure(*made.law, 2, false) == NoiseStructure::additive);
}

}  // namespace noise_uniform_test
