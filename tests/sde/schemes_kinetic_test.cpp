// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <utility>

#include "sde/models/kinetic.hpp"
#include "sde/optimizers/heavy_ball.hpp"
#include "sde/optimizers/momentum_ema.hpp"
#include "sde/schemes/aboba.hpp"
#include "sde/schemes/baoab.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/oba.hpp"
#include "sde/schemes/obabo.hpp"
#include "sde/schemes/platen_weak2.hpp"
#include "sde/schemes/semi_implicit_euler.hpp"
#include "sde/schemes/sra1.hpp"
#include "sde/schemes/stochastic_heun.hpp"
#include "tests/sde/coordinate_support.hpp"

namespace schemes_kinetic_test {
// Schemes of Langevin dynamics, without random numbers: linear maps on the damped oscillator, and
// quadrature over the normals of one step in a quartic well.

namespace {

using namespace kramers;
using namespace kramers::test;
namespace sc = kramers::coordinate;

/// (Var x, Var v) of a scheme on the damped oscillator.
template <class S>
std::pair<double, double> variances(S const& scheme, double lambda) {
    auto const s = linear_step(scheme, quadratic(lambda)).stationary();
    return {s[0][0], s[1][1]};
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-12 * std::abs(b); }
bool close(std::pair<double, double> a, std::pair<double, double> b) {
    return close(a.first, b.first) && close(a.second, b.second);
}

/// The landscape with gradient noise of this standard deviation.
auto noisy(auto const& site_at, double amplitude) {
    return [=](double y) {
        Site<double> site = site_at(y);
        site.amplitude = amplitude;
        return site;
    };
}

template <class S>
void report(Order const& order, std::string_view problem, double claim) {
    CHECK_MESSAGE(order.settles(claim), order.row(S::name, problem, claim));
}
/// (E x², E v²) at time t of the damped oscillator from (1, 0), by Runge–Kutta on the moments.
std::array<double, 2> oscillator_moments(double lambda, double friction, double temperature,
                                         double t) {
    std::array<double, 3> m{1.0, 0.0, 0.0};  // E x², E xv, E v²
    auto const rate = [&](std::array<double, 3> const& y) {
        return std::array{
            2.0 * y[1], y[2] - lambda * y[0] - friction * y[1],
            -2.0 * lambda * y[1] - 2.0 * friction * y[2] + 2.0 * friction * temperature};
    };
    auto const moved = [](std::array<double, 3> y, std::array<double, 3> const& k, double h) {
        for (std::size_t i = 0; i < 3; ++i) y[i] += h * k[i];
        return y;
    };
    int const n = 2000;
    double const h = t / n;
    for (int i = 0; i < n; ++i) {
        auto const a = rate(m), b = rate(moved(m, a, h / 2)), c = rate(moved(m, b, h / 2)),
                   d = rate(moved(m, c, h));
        m = moved(moved(m, a, h / 6), b, h / 3);
        m = moved(moved(m, c, h / 3), d, h / 6);
    }
    return {m[0], m[2]};
}
template <class S>
std::array<double, 2> scheme_moments(S const& scheme, double lambda, int steps) {
    auto const linear = linear_step(scheme, quadratic(lambda));
    auto const q = linear.covariance();
    Matrix<2> s{};
    s[0][0] = 1.0;
    for (int k = 0; k < steps; ++k) {
        s = congruent<2>(linear.map, s);
        for (int i = 0; i < 2; ++i)
            for (int j = 0; j < 2; ++j) s[i][j] += q[i][j];
    }
    return {s[0][0], s[1][1]};
}
constexpr double lambda = 2.0, friction = 0.9, temperature = 0.4, horizon = 0.9;
template <class S>
Order oscillator_order(std::size_t which, auto const& prepare) {
    auto const exact = oscillator_moments(lambda, friction, temperature, horizon);
    auto const error = [&](int steps) {
        S const scheme = prepare(horizon / steps);
        return std::abs(scheme_moments(scheme, lambda, steps)[which] - exact[which]);
    };
    return order_of(error(64), error(128), error(256));
}
template <template <class> class S>
void check_oscillator() {
    using Scheme = S<Oscillator>;
    double const claim = Scheme::orders(NoiseStructure::additive).weak;
    auto const prepare = [](double dt) {
        return Scheme::prepare(Oscillator::at(friction, temperature), dt);
    };
    report<Scheme>(oscillator_order<Scheme>(0, prepare), "weak, oscillator, E x^2", claim);
    report<Scheme>(oscillator_order<Scheme>(1, prepare), "weak, oscillator, E v^2", claim);
}

/// One step of dt against two of dt/2, from (0.6, ½) in x⁴/4 − x²/2 with γ = 1, T = ¼:
/// the difference of E exp(x/2 − v), which is O(dt^{p+1}) at weak order p.
template <class S>
double local_difference(double dt) {
    Oscillator const m = Oscillator::at(1.0, 0.25);
    S const whole = S::prepare(m, dt), half = S::prepare(m, 0.5 * dt);
    auto const observable = [](Vec<double, 2> const& s) { return std::exp(0.5 * s[0] - s[1]); };
    auto const draws = draw_nodes(S::uses_second, S::uses_second ? 0.7 : 0.5);
    Vec<double, 2> const start{{0.6, 0.5}};
    double difference = 0.0;
    for (auto const& [first, weight] : draws) {
        difference += weight * observable(step(whole, quartic(1.0), start, first));
        Vec<double, 2> const middle = step(half, quartic(1.0), start, first);
        for (auto const& [second, other] : draws) {
            difference -= weight * other * observable(step(half, quartic(1.0), middle, second));
        }
    }
    return std::abs(difference);
}
template <template <class> class S>
void check_local() {
    using Scheme = S<Oscillator>;
    Order order = order_of(local_difference<Scheme>(0.08), local_difference<Scheme>(0.04),
                           local_difference<Scheme>(0.02));
    order.value -= 1.0;
    char const* const problem = "weak, one kinetic step in a quartic well";
    double const claim = Scheme::orders(NoiseStructure::additive).weak;
    if constexpr (!S<Descent>::valid) {
        check_row<Scheme>(order, problem, claim, Scheme::measured(NoiseStructure::additive).weak);
    } else {
        report<Scheme>(order, problem, claim);
    }
}

}  // namespace

TEST_CASE("schemes: stationary variances of the damped oscillator are the exact discrete ones") {
    // λ = 4, γ = 1, T = ½, dt = 0.2
    Oscillator const m = Oscillator::at(1.0, 0.5);
    auto const of = [](auto const& scheme) { return variances(scheme, 4.0); };
    auto const baoab = sc::Baoab<Oscillator>::prepare(m, 0.2);
    auto const aboba = sc::Aboba<Oscillator>::prepare(m, 0.2);
    auto const obabo = sc::Obabo<Oscillator>::prepare(m, 0.2);
    auto const oba = sc::Oba<Oscillator>::prepare(m, 0.2);
    auto const semi = sc::SemiImplicitEuler<Oscillator>::prepare(m, 0.2);
    auto const euler = sc::EulerMaruyama<Oscillator>::prepare(m, 0.2);
    CHECK(close(of(baoab), {0.125, 0.48}));
    CHECK(close(of(aboba), {0.125, 0.52083333333333333}));
    CHECK(close(of(obabo), {0.13020833333333333, 0.5}));
    CHECK(close(of(oba), {0.11890072493742974, 0.52300528700558735}));
    CHECK(close(of(semi), {0.13081395348837209, 0.58139534883720930}));
    CHECK(close(of(euler), {0.65159574468085106, 2.6595744680851064}));

    // Broken twins: the decay of half a step with the noise of a whole one, √(1 − e) for √(1 − e²),
    // whole kicks, one normal for two.
    auto half_decay = baoab;
    half_decay.friction.decay = std::sqrt(half_decay.friction.decay);
    CHECK_FALSE(close(of(half_decay), {0.125, 0.48}));
    auto wrong_spread = aboba;
    wrong_spread.friction.spread = std::sqrt((1.0 - wrong_spread.friction.decay) / 2.0);
    CHECK_FALSE(close(of(wrong_spread), {0.125, 0.52083333333333333}));
    auto whole_kick = baoab;
    whole_kick.half = 0.2;
    CHECK_FALSE(close(of(whole_kick), {0.125, 0.48}));
    auto linear = linear_step(obabo, quadratic(4.0));
    for (int i = 0; i < 2; ++i) linear.columns[0][i] += linear.columns[1][i];
    linear.columns[1] = {};
    CHECK_FALSE(close(linear.stationary()[1][1], 0.5));
}

TEST_CASE("schemes: splittings follow their closed forms at other friction and step") {
    double const curvature = 2.0, gamma = 0.3, heat = 0.8, dt = 0.7;
    Oscillator const m = Oscillator::at(gamma, heat);
    double const w = curvature * dt * dt / 4.0, e = std::exp(-gamma * dt);
    double const x = heat / curvature, v = heat;
    CHECK(close(variances(sc::Baoab<Oscillator>::prepare(m, dt), curvature), {x, v * (1.0 - w)}));
    CHECK(close(variances(sc::Aboba<Oscillator>::prepare(m, dt), curvature), {x, v / (1.0 - w)}));
    CHECK(close(variances(sc::Obabo<Oscillator>::prepare(m, dt), curvature), {x / (1.0 - w), v}));
    double const below = 2.0 * (1.0 + e) - curvature * dt * dt;
    CHECK(close(variances(sc::Oba<Oscillator>::prepare(m, dt), curvature),
                {x * (1.0 + e) * (1.0 + e) / below, v * 2.0 * (1.0 + e) / below}));
    double const semi = 4.0 - 2.0 * gamma * dt - curvature * dt * dt;
    CHECK(close(variances(sc::SemiImplicitEuler<Oscillator>::prepare(m, dt), curvature),
                {x * 2.0 * (2.0 - gamma * dt) / semi, v * 4.0 / semi}));
}

TEST_CASE("schemes: friction goes to 0 without loss of digits") {
    CHECK(sc::FrictionStep::over(0.3, 0.0).spread == std::sqrt(0.3));
    CHECK(sc::FrictionStep::over(0.3, 0.0).decay == 1.0);
    // spread² = h (1 − γh + …)
    CHECK(std::abs(sc::FrictionStep::over(0.3, 1e-9).spread / std::sqrt(0.3) - (1.0 - 1.5e-10)) <
          1e-15);
}

TEST_CASE("OBA: it is heavy-ball descent with Gaussian noise") {
    // dt = √η, γ = −ln μ/√η, kinetic temperature ηc/(1 − μ²), heavy-ball velocity √η v.
    double const eta = 0.09, mu = 0.8, c = 0.5, dt = std::sqrt(eta);
    double const values[] = {-std::log(mu) / dt, eta * c / (1.0 - mu * mu)};
    auto const m = sc::Kinetic::make(values);
    auto const distance = [&](auto const& scheme, auto const& optimizer) {
        Vec<double, 2> s{{0.4, 0.0}}, b = s;
        double largest = 0.0;
        for (int k = 0; k < 50; ++k) {
            double const z = std::sin(1.7 * k);
            s = step(scheme, quartic(1.0), s, {z, 0.0});
            b = step(optimizer, noisy(quartic(1.0), std::sqrt(c)), b, {-z, 0.0});
            largest = std::fmax(largest, std::abs(s[0] - b[0]) + std::abs(dt * s[1] - b[1]));
        }
        return largest;
    };
    sc::Iterate<sc::HeavyBall> const ball{{eta, mu}};
    CHECK(distance(sc::Oba<sc::Kinetic>::prepare(m, dt), ball) < 1e-13);
    CHECK(distance(sc::SemiImplicitEuler<sc::Kinetic>::prepare(m, dt), ball) > 1e-3);
    sc::Iterate<sc::MomentumEma> const average{{eta, mu}};  // the twin: the average for the sum
    CHECK(distance(sc::Oba<sc::Kinetic>::prepare(m, dt), average) > 1e-3);

    // Bitwise where nothing rounds: η = 1/4, μ = 3/4, √c = 1/2, all numbers dyadic and short (in
    // the engine, with its draws: heavy_ball_identity_test.cpp).
    sc::Oba<Oscillator> exact{{{}, 0.0, 1.0}, 0.5, {0.75, 0.25}};
    sc::Iterate<sc::HeavyBall> const dyadic{{0.25, 0.75}};
    Vec<double, 2> s{{1.5, 0.0}}, b = s;
    for (int k = 0; k < 8; ++k) {
        double const z = 0.25 * ((5 * k) % 7 - 3);
        s = step(exact, quadratic(2.0), s, {z, 0.0});
        b = step(dyadic, noisy(quadratic(2.0), 0.5), b, {-z, 0.0});
        REQUIRE(s[0] == b[0]);
        REQUIRE(0.5 * s[1] == b[1]);
    }
}

TEST_CASE("schemes: weak orders of kinetic steps in a quartic well are the claimed ones") {
    check_local<sc::EulerMaruyama>();
    check_local<sc::SemiImplicitEuler>();
    check_local<sc::Oba>();
    check_local<sc::Baoab>();
    check_local<sc::Aboba>();
    check_local<sc::Obabo>();
    check_local<sc::StochasticHeun>();
    check_local<sc::Sra1>();
    check_local<sc::PlatenWeak2>();
}

TEST_CASE("schemes: weak orders on the damped oscillator are the claimed ones") {
    check_oscillator<sc::EulerMaruyama>();
    check_oscillator<sc::SemiImplicitEuler>();
    check_oscillator<sc::Oba>();
    check_oscillator<sc::Baoab>();
    check_oscillator<sc::Aboba>();
    check_oscillator<sc::Obabo>();
    check_oscillator<sc::StochasticHeun>();
    check_oscillator<sc::Sra1>();
    check_oscillator<sc::PlatenWeak2>();

    // Broken twin: the friction of half a step. Its stationary law is right, its clock is not.
    using Baoab = sc::Baoab<Oscillator>;
    auto const broken = oscillator_order<Baoab>(0, [](double dt) {
        Baoab twin = Baoab::prepare(Oscillator::at(friction, temperature), dt);
        twin.friction = sc::FrictionStep::over(0.5 * dt, friction);
        return twin;
    });
    CHECK_FALSE(broken.settles(2.0));
    CHECK(broken.value < 0.5);
}

}  // namespace schemes_kinetic_test
