// SPDX-License-Identifier: Apache-2.0
// Stable laws down to the smallest index: fractional moments, and where jumps become infinite.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "sde/models/levy_driven.hpp"
#include "sde/noise/catalogue.hpp"
#include "tests/sde/noise_draws.hpp"
#include "tests/support/statistics.hpp"

namespace noise_small_alpha_test {
using namespace kramers;
using namespace kramers::coordinate;
using namespace kramers::test;

namespace {

constexpr double pi = 3.14159265358979323846;

/// E|ζ|^p of the law exp(−|ω|^α), −1 < p < α.
double absolute_moment(double alpha, double p) {
    return std::exp2(p) * std::tgamma(0.5 * (1.0 + p)) * std::tgamma(1.0 - p / alpha) /
           (std::sqrt(pi) * std::tgamma(1.0 - 0.5 * p));
}

constexpr int several = 1 << 18;

/// A positive and a negative moment whose squares have means, to 1.5 %: α off by 5 %.
bool has_moments(std::vector<double> const& draws, double alpha) {
    for (double const p : {0.25 * alpha, -std::fmin(0.5 * alpha, 0.3)}) {
        Estimate const mean = mean_of(draws, [p](double x) { return std::pow(std::abs(x), p); });
        double const exact = absolute_moment(alpha, p);
        if (!check_consistent(mean, exact, 0.015 * exact)) return false;
    }
    return true;
}

/// x^{t}: what a law of index α/t would give.
std::vector<double> bent(std::vector<double> draws, double power) {
    for (double& x : draws) x = std::pow(std::abs(x), power);
    return draws;
}

}  // namespace

TEST_CASE("Stable noise: fractional moments down to the smallest index; 5 % of it is rejected") {
    for (double const alpha : {smallest_alpha, 0.05, 0.3, 1.2}) {
        CAPTURE(alpha);
        auto const line = draws_of<NoiseShape::stable>(stable_shape(alpha), 207, several);
        CHECK(has_moments(line, alpha));
        CHECK_FALSE(has_moments(bent(line, 1.05), alpha));
        auto const space =
            draws_of<NoiseShape::isotropic_stable>(stable_shape(alpha), 208, several);
        CHECK(has_moments(space, alpha));
        CHECK_FALSE(has_moments(bent(space, 0.95), alpha));
    }
}

TEST_CASE("Stable noise: a jump is a number or infinite, as often as its tail says") {
    // P(|ζ| > x) ~ (2/π) Γ(α) sin(πα/2) x^−α: beyond the largest double 7e-7 at 0.02, one in 1200 at
    // 0.01 (seen to a fifth).
    for (double const alpha : {smallest_alpha, 0.01}) {
        CAPTURE(alpha);
        double const constant = 2.0 / pi * std::tgamma(alpha) * std::sin(0.5 * pi * alpha);
        double const tail = constant * std::pow(std::numeric_limits<double>::max(), -alpha);
        std::uint64_t lost = 0, undefined = 0;
        for (double const x : draws_of<NoiseShape::stable>(stable_shape(alpha), 209, many)) {
            undefined += std::isnan(x) ? 1 : 0;
            lost += std::isinf(x) ? 1 : 0;
        }
        CHECK(undefined == 0);
        CHECK(check_frequency(lost, many, tail));
        if (alpha < smallest_alpha) CHECK_FALSE(check_frequency(lost, many, 0.5 * tail));
    }
}

TEST_CASE("Stable noise: the law and the model state one floor of alpha, with its reason") {
    Parameter const law = find_noise_law("stable")->parameters[1];
    Parameter const model = LevyDriven::parameters()[1];
    for (Parameter const& p : {law, model}) {
        CHECK(p.name == "alpha");
        CHECK(p.minimum == smallest_alpha);
        CHECK(p.why == why_smallest_alpha);
    }
    // The largest batch that a scale of 1 survives: s^2 B^{2/alpha - 2} is a double up to B = 1397.
    auto const made = [](double batch) {
        return find_noise_law("stable")->make({1, batch, {1.0, smallest_alpha}, {}});
    };
    CHECK(made(1000.0).law.has_value());
    CHECK(made(2000.0).reason.find("larger alpha") != std::string::npos);
}

}  // namespace noise_small_alpha_test
