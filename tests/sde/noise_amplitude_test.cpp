// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/amplitude.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sde/dual.hpp"

namespace noise_amplitude_test {
using namespace kramers;
using namespace kramers::coordinate;

namespace {

// V = Σ_i (a_i x_i⁴/4 + b_i cos x_i) + coupling x_0² x_1²/2: separable without coupling.
struct Loss {
    double coupling = 0.0;
    static constexpr double a[2] = {0.7, 1.9};
    static constexpr double b[2] = {0.8, -0.3};

    Place<double> at(double const x[2], int i) const {
        double g[2];
        double h[2];
        double value = 0.5 * coupling * x[0] * x[0] * x[1] * x[1];
        for (int j = 0; j < 2; ++j) {
            double const other = x[1 - j];
            value += 0.25 * a[j] * std::pow(x[j], 4) + b[j] * std::cos(x[j]);
            g[j] =
                a[j] * std::pow(x[j], 3) - b[j] * std::sin(x[j]) + coupling * x[j] * other * other;
            h[j] = 3.0 * a[j] * x[j] * x[j] - b[j] * std::cos(x[j]) + coupling * other * other;
        }
        double const off = 2.0 * coupling * x[0] * x[1];
        double const third = 6.0 * a[i] * x[i] + b[i] * std::sin(x[i]);
        return {x[i],  g[i],  h[i] * g[i] + off * g[1 - i], h[i],
                third, value, g[0] * g[0] + g[1] * g[1]};
    }
};

AmplitudeData const data{0.6, -2.0, 0.1};
constexpr double variance = 0.37;

template <NoiseAmplitude kind>
double noise_variance(Place<double> const& place) {
    double const amplitude = noise_amplitude<kind, double>(data, variance, place);
    return amplitude * amplitude;
}

/// ∂_i C_ii by a fourth-order difference; its error here is below 1e-9.
template <NoiseAmplitude kind>
double difference(Loss const& loss, double const x[2], int i) {
    double const h = 1e-3;
    auto const c = [&](double step) {
        double y[2] = {x[0], x[1]};
        y[i] += step;
        return noise_variance<kind>(loss.at(y, i));
    };
    return (8.0 * (c(h) - c(-h)) - (c(2.0 * h) - c(-2.0 * h))) / (12.0 * h);
}

/// Largest error of `factor` times the slope over a grid, where C is positive.
template <NoiseAmplitude kind>
double slope_error(Loss const& loss, double factor = 1.0) {
    double worst = 0.0;
    for (double x0 : {-1.7, -0.9, 0.8, 1.4}) {
        for (double x1 : {-1.2, 0.7, 1.6}) {
            double const x[2] = {x0, x1};
            for (int i = 0; i < 2; ++i) {
                double const slope = variance_slope<kind, double>(data, loss.at(x, i));
                worst = std::max(worst, std::abs(factor * slope - difference<kind>(loss, x, i)));
            }
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("The variance of each noise amplitude is the formula of its law") {
    Loss const loss{0.4};
    double const x[2] = {0.8, -1.3};
    for (int i = 0; i < 2; ++i) {
        Place<double> const p = loss.at(x, i);
        auto const is = [](double c) { return doctest::Approx(c).epsilon(1e-14); };
        CHECK(noise_variance<NoiseAmplitude::constant>(p) == is(0.37));
        CHECK(noise_variance<NoiseAmplitude::covariance>(p) == is(0.37));
        CHECK(noise_variance<NoiseAmplitude::hessian>(p) == is(0.6 * p.hessian));
        CHECK(noise_variance<NoiseAmplitude::loss>(p) == is(0.37 + 0.6 * (p.value + 2.0)));
        double const square = p.gradient_square;
        CHECK(noise_variance<NoiseAmplitude::gradient_norm>(p) == is(0.37 + 0.6 * square));
        CHECK(noise_variance<NoiseAmplitude::gradient>(p) == is(0.6 * p.gradient * p.gradient));
        CHECK(noise_variance<NoiseAmplitude::multiplicative>(p) == is(0.37 + 0.6 * x[i] * x[i]));
        // the twin gives the variance for the amplitude
        CHECK_FALSE(0.37 * 0.37 == is(0.37));
    }
}

TEST_CASE("A masked gradient keeps its sign") {
    Place<double> place{};
    place.gradient = -2.0;
    double const amplitude =
        noise_amplitude<NoiseAmplitude::gradient, double>({0.25, 0.0, 0.0}, 0.0, place);
    CHECK(amplitude == -1.0);
}

TEST_CASE("Slopes of the variance agree with differences of the amplitude on a nonlinear loss") {
    Loss const separable{};
    Loss const coupled{0.4};
    double const tolerance = 2e-9;
    CHECK(slope_error<NoiseAmplitude::constant>(separable) < tolerance);
    CHECK(slope_error<NoiseAmplitude::covariance>(separable) < tolerance);
    CHECK(slope_error<NoiseAmplitude::hessian>(separable) < tolerance);
    CHECK(slope_error<NoiseAmplitude::gradient>(separable) < tolerance);
    CHECK(slope_error<NoiseAmplitude::gradient>(coupled) < tolerance);
    CHECK(slope_error<NoiseAmplitude::loss>(coupled) < tolerance);
    CHECK(slope_error<NoiseAmplitude::gradient_norm>(coupled) < tolerance);
    CHECK(slope_error<NoiseAmplitude::multiplicative>(coupled) < tolerance);
}

TEST_CASE("A slope without its factor 2 is refused") {
    CHECK_FALSE(slope_error<NoiseAmplitude::gradient>(Loss{}, 0.5) < 1e-2);
    CHECK_FALSE(slope_error<NoiseAmplitude::gradient_norm>(Loss{}, 0.5) < 1e-2);
    CHECK_FALSE(slope_error<NoiseAmplitude::multiplicative>(Loss{}, 0.5) < 1e-2);
    CHECK_FALSE(slope_error<NoiseAmplitude::hessian>(Loss{}, 2.0) < 1e-2);
    CHECK_FALSE(slope_error<NoiseAmplitude::loss>(Loss{}, 2.0) < 1e-2);
}

TEST_CASE("Curvature noise stops at its floor and loss noise at its offset, slopes with them") {
    Place<double> place{};
    place.hessian = -1.0;
    place.third = 5.0;
    place.gradient = 3.0;
    place.value = -4.0;
    CHECK(noise_variance<NoiseAmplitude::hessian>(place) == doctest::Approx(0.06).epsilon(1e-14));
    CHECK(variance_slope<NoiseAmplitude::hessian, double>(data, place) == 0.0);
    CHECK(noise_variance<NoiseAmplitude::loss>(place) == doctest::Approx(0.37).epsilon(1e-14));
    CHECK(variance_slope<NoiseAmplitude::loss, double>(data, place) == 0.0);
}

TEST_CASE("An amplitude reads nothing that it does not ask for") {
    double const nan = std::nan("");
    auto const check = []<NoiseAmplitude kind>(double unknown) {
        unsigned const needs = needs_of(kind);
        unsigned const slopes = slope_needs_of(kind);
        auto const place = [unknown](unsigned bits) {
            auto const given = [=](unsigned bit) { return (bits & bit) != 0 ? 1.5 : unknown; };
            return Place<double>{0.5,
                                 -0.7,
                                 given(needs_hessian_gradient),
                                 given(needs_hessian),
                                 given(needs_third),
                                 given(needs_value),
                                 given(needs_gradient_square)};
        };
        CHECK(std::isfinite(noise_amplitude<kind, double>(data, variance, place(needs))));
        CHECK(std::isfinite(variance_slope<kind, double>(data, place(slopes))));
    };
    check.operator()<NoiseAmplitude::constant>(nan);
    check.operator()<NoiseAmplitude::covariance>(nan);
    check.operator()<NoiseAmplitude::hessian>(nan);
    check.operator()<NoiseAmplitude::loss>(nan);
    check.operator()<NoiseAmplitude::gradient_norm>(nan);
    check.operator()<NoiseAmplitude::gradient>(nan);
    check.operator()<NoiseAmplitude::multiplicative>(nan);
}

TEST_CASE("Dual numbers flow through an amplitude") {
    using D = Dual<double>;
    Place<D> place{};
    place.x = {0.8, 1.0};
    D const a = noise_amplitude<NoiseAmplitude::multiplicative, D>(data, D(variance), place);
    // ∂√C = ∂C/(2√C) = 2 · 0.6 · 0.8/(2√(0.37 + 0.384))
    CHECK(a.derivative == doctest::Approx(0.48 / std::sqrt(0.754)).epsilon(1e-14));
}

}  // namespace noise_amplitude_test
