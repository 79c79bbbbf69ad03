// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "sde/theory/line_diffusion.hpp"

namespace line_diffusion_test {
using namespace kramers::theory;

namespace {

/// T = 0.4 until t = 0.5, then 0.1.
double annealed(double t) { return t < 0.5 ? 0.4 : 0.1; }

/// The largest error of weights of intervals against the normal law of dX = −2X dt + √(2T(t)) dW.
double error_of_quadratic(double rate) {
    LineMotion const motion{[=](double x) { return -rate * x; }, 0.7, -5.0, 5.0};
    double const dt = 0.002;
    LineLaw const law = evolve(motion, 500, [&](std::uint64_t k) {
        return LineStep{dt, annealed(dt * (static_cast<double>(k) + 0.5))};
    });
    // Var = ∫ 2T(s) e^{−4(1−s)} ds over [0, 1]
    double const variance = 0.2 * (std::exp(-2.0) - std::exp(-4.0)) + 0.05 * (1 - std::exp(-2.0));
    double const mean = 0.7 * std::exp(-2.0), scale = std::sqrt(2.0 * variance);
    double worst = std::abs(law.arrived);
    for (double a = -0.6; a < 0.9; a += 0.1) {
        double const exact =
            0.5 * (std::erf((a + 0.3 - mean) / scale) - std::erf((a - mean) / scale));
        worst = std::max(worst, std::abs(law.weight({a, a + 0.3}) - exact));
    }
    return worst;
}

}  // namespace

TEST_CASE("Line diffusion: in a parabola the law is the normal one, also under annealing") {
    CHECK(error_of_quadratic(2.0) < 1e-3);
    CHECK(error_of_quadratic(2.1) > 3e-3);  // the twin: another curvature
}

TEST_CASE("Line diffusion: free motion meets a wall as by the reflection principle") {
    LineMotion const motion{[](double) { return 0.0; }, 0.0, -12.0, 1.0, false, true};
    auto const at = [&](std::uint64_t steps) {
        return evolve(
            motion, steps,
            [](std::uint64_t) {
                return LineStep{0.01, 0.5};
            },
            800);
    };
    // P(τ < t) = erfc(a/√(4Tt)) with a = 1, T = ½
    CHECK(at(100).arrived == doctest::Approx(std::erfc(1.0 / std::sqrt(2.0))).epsilon(2e-3));
    CHECK(at(400).arrived == doctest::Approx(std::erfc(1.0 / std::sqrt(8.0))).epsilon(2e-3));
    // E min(τ, t) = ∫₀ᵗ erf(1/√(2s)) ds, by the midpoint rule
    double expected = 0.0;
    for (int i = 0; i < 4000; ++i)
        expected += 0.001 * std::erf(std::sqrt(0.5 / (0.001 * (i + 0.5))));
    CHECK(0.01 * at(400).mean_steps == doctest::Approx(expected).epsilon(2e-3));
    // The twin: a wall that reflects is met by nobody.
    LineMotion closed = motion;
    closed.absorbs_upper = false;
    CHECK(evolve(closed, 100, [](std::uint64_t) {
              return LineStep{0.01, 0.5};
          }).arrived == doctest::Approx(0.0));
}

TEST_CASE("Line diffusion: at rest it is Gibbs' law, to rounding") {
    LineMotion const motion{[](double x) { return x - x * x * x; }, 0.5, -3.0, 3.0};
    LineLaw const law = evolve(
        motion, 3000,
        [](std::uint64_t) {
            return LineStep{0.05, 0.3};
        },
        301);
    auto const potential = [](double x) { return 0.25 * x * x * x * x - 0.5 * x * x; };
    double const here = law.mass[100], there = law.mass[200], side = law.mass[250];
    CHECK(here / there == doctest::Approx(1.0).epsilon(1e-9));
    CHECK(side / there ==
          doctest::Approx(std::exp((potential(1.0) - potential(2.0)) / 0.3)).epsilon(1e-9));
}

}  // namespace line_diffusion_test
