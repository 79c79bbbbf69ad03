// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "sde/models/anisotropic_overdamped.hpp"
#include "sde/models/kinetic.hpp"
#include "sde/models/levy_driven.hpp"
#include "sde/models/overdamped.hpp"
#include "tests/sde/models_support.hpp"

namespace models_gibbs_test {
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using test::linearised;
using test::relative;

constexpr double temperature = 0.35, friction = 0.8, curvature = 1.7;

TEST_CASE("Overdamped: on a quadratic the variance is T over the curvature") {
    double const values[] = {temperature};
    auto const m = coordinate::Overdamped::make(values);
    CHECK(relative(linearised(m, curvature, 9.0).covariance()[0][0], temperature / curvature) <
          1e-14);
    // S29: variance at t from a point
    CHECK(relative(linearised(m, curvature, 9.0).covariance_at(0.4)[0][0],
                   temperature / curvature * (1.0 - std::exp(-2.0 * curvature * 0.4))) < 1e-10);
    CHECK(linearised(m, curvature, 9.0, test::clock_of<double>(1.0, 3.0)).noise[0] ==
          3.0 * std::sqrt(2.0 * temperature));

    // D for 2D
    coordinate::Overdamped const twin{std::sqrt(temperature)};
    CHECK(relative(linearised(twin, curvature, 9.0).covariance()[0][0], temperature / curvature) >
          0.4);
}

TEST_CASE("Kinetic: on a quadratic x and v have the temperature T and are uncorrelated") {
    double const values[] = {friction, temperature};
    Kinetic const m = Kinetic::make(values);
    auto const s = linearised(m, curvature, 9.0).covariance();
    CHECK(relative(s[0][0], temperature / curvature) < 1e-14);
    CHECK(relative(s[1][1], temperature) < 1e-14);
    CHECK(std::abs(s[0][1]) < 1e-15);
    CHECK(m.friction == friction);
    CHECK(m.temperature == temperature);
}

TEST_CASE("Kinetic: the covariance from rest is that of the damped oscillator") {
    double const values[] = {friction, temperature};
    double const t = 1.3;
    auto const s = linearised(Kinetic::make(values), curvature, 0.0).covariance_at(t);
    // S31 with ω² = λ − γ²/4
    double const omega = std::sqrt(curvature - friction * friction / 4.0);
    double const sine = std::sin(omega * t) / omega, cosine = std::cos(omega * t);
    double const decay = std::exp(-friction * t), g = friction;
    double const square = g * g / 2.0 * sine * sine;
    CHECK(relative(s[0][0], temperature / curvature *
                                (1.0 - decay * (1.0 + g * sine * cosine + square))) < 1e-9);
    CHECK(relative(s[1][1], temperature * (1.0 - decay * (1.0 - g * sine * cosine + square))) <
          1e-9);
    CHECK(relative(s[0][1], temperature * g * decay * sine * sine) < 1e-9);
}

TEST_CASE("AnisotropicOverdamped: the covariance of the noise law scales the temperature") {
    double const values[] = {temperature};
    AnisotropicOverdamped const m = AnisotropicOverdamped::make(values);
    for (double const sigma : {0.3, 1.0, 4.0}) {
        CAPTURE(sigma);
        CHECK(relative(linearised(m, curvature, sigma).covariance()[0][0],
                       temperature * sigma / curvature) < 1e-14);
    }
}

/// Scale of a stable law after n Euler steps of dX = −λX dt + σ dL: scales add as s^α.
template <class M>
double scale_after(M const& m, double lambda, double sigma, double alpha, double dt, int n) {
    double power = 0.0;
    for (int k = 0; k < n; ++k) {
        power = std::pow(1.0 - lambda * dt, alpha) * power +
                std::pow(sigma * m.increment_scale(dt), alpha);
    }
    return std::pow(power, 1.0 / alpha);
}

TEST_CASE("LevyDriven: Euler steps of the linear equation tend to the stable law of S56") {
    for (double const alpha : {0.8, 1.0, 1.5, 2.0}) {
        CAPTURE(alpha);
        double const sigma = 0.6, lambda = 1.3, t = 0.5;
        double const values[] = {sigma, alpha};
        LevyDriven const m = LevyDriven::make(values);
        double const exact =
            sigma * std::pow((1.0 - std::exp(-alpha * lambda * t)) / (alpha * lambda), 1.0 / alpha);
        double const coarse = scale_after(m, lambda, sigma, alpha, t / 500, 500) / exact - 1.0;
        double const fine = scale_after(m, lambda, sigma, alpha, t / 1000, 1000) / exact - 1.0;
        CHECK(std::abs(fine) < 1e-3);
        CHECK(coarse / fine == doctest::Approx(2.0).epsilon(0.02));

        auto const flow =
            m.evaluate(Vec<double, 1>{{0.5}}, test::quadratic(0.5, lambda, 9.0), test::unscheduled);
        CHECK(flow.drift[0] == -lambda * 0.5);
        CHECK(flow.noise[0] == sigma);
    }
    // √dt whatever α
    double const values[] = {temperature};
    auto const twin = coordinate::Overdamped::make(values);
    double const alpha = 1.5, exact = 0.6 * std::pow(1.0 / (alpha * 1.3), 1.0 / alpha);
    CHECK(relative(scale_after(twin, 1.3, 0.6, alpha, 0.001, 10000), exact) > 0.5);
}

TEST_CASE_TEMPLATE("models: one text for float and double", M, coordinate::Overdamped, Kinetic,
                   AnisotropicOverdamped, LevyDriven) {
    double const values[] = {0.5, 1.5};
    M const m = M::make(values);
    Vec<double, 1 + M::memory> s{};
    s[0] = 0.75;
    auto const wide = m.evaluate(s, test::quadratic(0.75, 1.5, 0.25), test::unscheduled);
    auto const narrow =
        m.evaluate(cast<float>(s), test::quadratic(0.75F, 1.5, 0.25), test::clock_of<float>());
    for (int i = 0; i <= M::memory; ++i) {
        CHECK(narrow.drift[i] == static_cast<float>(wide.drift[i]));
        CHECK(std::abs(narrow.noise[i] - wide.noise[i]) <= 1e-7 * wide.noise[i]);
        CHECK(wide.correction[i] == 0.0);
    }
    CHECK(m.position(s) == 0.75);
    static_assert(M::noise == NoiseStructure::additive);
}

}  // namespace

}  // namespace models_gibbs_test
