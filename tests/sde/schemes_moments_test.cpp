// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "sde/schemes/aboba.hpp"
#include "sde/schemes/baoab.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/exact_ou.hpp"
#include "sde/schemes/milstein.hpp"
#include "sde/schemes/oba.hpp"
#include "sde/schemes/platen_weak2.hpp"
#include "sde/schemes/semi_implicit_euler.hpp"
#include "sde/schemes/sra1.hpp"
#include "sde/schemes/sriw1.hpp"
#include "sde/schemes/stochastic_heun.hpp"
#include "tests/sde/coordinate_support.hpp"

namespace schemes_moments_test {
// On linear problems the moments of a scheme, and its mean-square distance from the solution on the
// same Brownian path, follow from expectations over one step: quadratures over its normals.

namespace {

using namespace kramers;
using namespace kramers::test;
namespace sc = kramers::coordinate;
using Gbm = GeometricBrownianMotion;

/// E φ^p of one step from x = 1.
template <class S>
double factor(S const& scheme, int p) {
    double sum = 0.0;
    for (auto const& [draws, weight] : draw_nodes(S::uses_second)) {
        sum += weight * std::pow(step(scheme, no_site, Vec<double, 1>{{1.0}}, draws)[0], p);
    }
    return sum;
}
template <template <class> class S>
double moment(double mu, double sigma, double dt, int steps, int p) {
    return std::pow(factor(S<Gbm>::prepare({{}, mu, sigma}, dt), p), steps);
}

/// Mean-square distance, after n steps, of a scheme from geometric Brownian motion on the same path.
/// The recursion is in e = Y − X, so that nothing cancels.
template <class S>
double gbm_error(S const& scheme, double mu, double sigma, double dt, int steps) {
    double m = 0.0, phi_delta = 0.0, delta_delta = 0.0, r = 0.0, exact_delta = 0.0, q = 0.0;
    for (auto const& [draws, weight] : draw_nodes(S::uses_second)) {
        double const phi = step(scheme, no_site, Vec<double, 1>{{1.0}}, draws)[0];
        double const exact =
            std::exp((mu - 0.5 * sigma * sigma) * dt + sigma * std::sqrt(dt) * draws.first);
        double const delta = phi - exact;
        m += weight * phi * phi, r += weight * phi * exact, q += weight * exact * exact;
        phi_delta += weight * phi * delta, exact_delta += weight * exact * delta;
        delta_delta += weight * delta * delta;
    }
    double ee = 0.0, ex = 0.0, xx = 1.0;  // E e², E eX, E X²
    for (int k = 0; k < steps; ++k) {
        ee = m * ee + 2.0 * phi_delta * ex + delta_delta * xx;
        ex = r * ex + exact_delta * xx;
        xx = q * xx;
    }
    return ee;
}

/// The same for dX = −λX dt + g dW: the noise of the solution over a step is projected on the normals
/// of the scheme, the rest is independent of them.
template <class S>
double ou_error(S const& scheme, double lambda, double g, double x0, double dt, int steps) {
    auto const linear = linear_step(scheme, quadratic(lambda));
    double const e = std::exp(-lambda * dt), root = std::sqrt(dt);
    double const with_w = g * (1.0 - e) / lambda;  // Cov(∫ g e^{−λ(dt−s)} dW, W)
    double const with_i10 = g * (1.0 - e * (1.0 + lambda * dt)) / (lambda * lambda);
    double const c1 = with_w / root;
    double const c2 = std::sqrt(3.0) * (2.0 * with_i10 / (dt * root) - c1);
    double const rest = std::fmax(0.0, g * g * (1.0 - e * e) / (2.0 * lambda) - c1 * c1 - c2 * c2);
    double const a = linear.map[0][0], d1 = linear.columns[0][0] - c1;
    // A scheme without z₂ leaves its part to the rest.
    double const d2 = linear.columns[1][0] - c2;
    double ee = 0.0, ex = 0.0, xx = x0 * x0;
    for (int k = 0; k < steps; ++k) {
        double const next_ee =
            a * a * ee + 2.0 * a * (a - e) * ex + (a - e) * (a - e) * xx + d1 * d1 + d2 * d2 + rest;
        double const next_ex = a * e * ex + (a - e) * e * xx + d1 * c1 + d2 * c2 - rest;
        xx = e * e * xx + c1 * c1 + c2 * c2 + rest;
        ee = next_ee, ex = next_ex;
    }
    return ee;
}

/// Mean-square distance, after `steps` coarse ones, between steps dt and dt/2 on the same path.
template <class S>
double halving_distance(S const& coarse, S const& fine, double lambda, int steps) {
    constexpr int K = 1 + S::memory;
    auto const c = linear_step(coarse, quadratic(lambda)), f = linear_step(fine, quadratic(lambda));
    // Rows: coarse, fine. Columns: the four normals of the two half steps, (first, second) each.
    Matrix<2 * K> map{}, q{};
    auto const twice = product<K>(f.map, f.map);
    double noise[2 * K][4] = {};
    for (int i = 0; i < K; ++i) {
        for (int j = 0; j < K; ++j) map[i][j] = c.map[i][j], map[K + i][K + j] = twice[i][j];
        for (int k = 0; k < 2; ++k) {
            for (int j = 0; j < K; ++j) noise[K + i][k] += f.map[i][j] * f.columns[k][j];
            noise[K + i][2 + k] = f.columns[k][i];
        }
        // z₁ = (a₁ + b₁)/√2; from I₁₀ = I₁₀ᵃ + I₁₀ᵇ + (dt/2) Wᵃ: z₂ = (√3 (a₁ − b₁) + a₂ + b₂)/√8
        double const first[4] = {std::sqrt(0.5), 0.0, std::sqrt(0.5), 0.0};
        double const second[4] = {std::sqrt(0.375), std::sqrt(0.125), -std::sqrt(0.375),
                                  std::sqrt(0.125)};
        for (int k = 0; k < 4; ++k) {
            noise[i][k] = c.columns[0][i] * first[k] + c.columns[1][i] * second[k];
        }
    }
    for (int i = 0; i < 2 * K; ++i)
        for (int j = 0; j < 2 * K; ++j)
            for (int k = 0; k < 4; ++k) q[i][j] += noise[i][k] * noise[j][k];
    Matrix<2 * K> s{};
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j) s[i * K][j * K] = 1.0;  // both start at x = 1, v = 0
    for (int k = 0; k < steps; ++k) {
        s = congruent<2 * K>(map, s);
        for (int i = 0; i < 2 * K; ++i)
            for (int j = 0; j < 2 * K; ++j) s[i][j] += q[i][j];
    }
    return s[0][0] - 2.0 * s[0][K] + s[K][K];
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-12 * std::abs(b); }

/// Orders of strong convergence: half the slope of the mean-square error.
template <template <class> class S>
Order strong_gbm() {
    auto const error = [](int steps) {
        double const dt = 1.0 / steps;
        return std::sqrt(gbm_error(S<Gbm>::prepare({{}, 0.5, 0.8}, dt), 0.5, 0.8, dt, steps));
    };
    return order_of(error(32), error(64), error(128));
}
template <template <class> class S>
Order strong_ou() {
    auto const error = [](int steps) {
        double const dt = 1.0 / steps;
        return std::sqrt(
            ou_error(S<Descent>::prepare(Descent::at(0.5), dt), 1.5, 1.0, 1.0, dt, steps));
    };
    return order_of(error(16), error(32), error(64));
}
template <template <class> class S>
Order strong_oscillator() {
    Oscillator const m = Oscillator::at(0.8, 0.5);
    auto const error = [&](int steps) {
        double const dt = 2.0 / steps;
        return std::sqrt(halving_distance(S<Oscillator>::prepare(m, dt),
                                          S<Oscillator>::prepare(m, 0.5 * dt), 2.0, steps));
    };
    return order_of(error(64), error(128), error(256));
}
template <template <class> class S>
Order weak_gbm(int p) {
    double const mu = 0.5, sigma = 0.8;
    double const exact = std::exp(p * mu + 0.5 * p * (p - 1) * sigma * sigma);
    auto const error = [&](int steps) {
        return std::abs(moment<S>(mu, sigma, 1.0 / steps, steps, p) - exact);
    };
    return order_of(error(32), error(64), error(128));
}

template <class S>
void check(Order const& order, std::string_view problem, double claim) {
    CHECK_MESSAGE(order.settles(claim), order.row(S::name, problem, claim));
}
/// `above`: how much better a linear equation does than the weak claim.
template <template <class> class S>
void check_gbm(double above = 0.0) {
    Orders claim = S<Gbm>::orders(NoiseStructure::diagonal);
    claim.weak += above;
    check<S<Gbm>>(strong_gbm<S>(), "strong, geometric Brownian motion", claim.strong);
    check<S<Gbm>>(weak_gbm<S>(1), "weak, mean of geometric Brownian motion", claim.weak);
    check<S<Gbm>>(weak_gbm<S>(2), "weak, second moment of geometric Brownian motion", claim.weak);
}
/// `above`: how much better a linear drift does than the claim (the term that limits the strong order
/// of SRA1 has the factor b″).
template <template <class> class S>
void check_ou(double above = 0.0) {
    check<S<Descent>>(strong_ou<S>(), "strong, Ornstein-Uhlenbeck",
                      S<Descent>::orders(NoiseStructure::additive).strong + above);
}
template <template <class> class S>
void check_oscillator(double above = 0.0) {
    using Scheme = S<Oscillator>;
    double const claim = Scheme::orders(NoiseStructure::additive).strong + above;
    if constexpr (!S<Descent>::valid) {
        check_row<Scheme>(strong_oscillator<S>(), "strong, oscillator", claim,
                          Scheme::measured(NoiseStructure::additive).strong);
    } else {
        check<Scheme>(strong_oscillator<S>(), "strong, oscillator", claim);
    }
}

/// Broken twins: the Milstein term with half its size; Heun with the Itô drift.
template <class M>
struct HalfMilstein : sc::Milstein<M> {
    static HalfMilstein prepare(M const& m, double dt) { return {sc::Milstein<M>::prepare(m, dt)}; }
    template <class T>
    Vec<T, 1> finish(Vec<T, 1> const& s, Site<T> const* sites, Draws<T> const& draws,
                     Clock<T> const& c) const {
        Vec<T, 1> const whole = sc::Milstein<M>::finish(s, sites, draws, c);
        Vec<T, 1> const none =
            sc::EulerMaruyama<M>::prepare(this->model, this->dt).finish(s, sites, draws, c);
        return T(0.5) * (whole + none);
    }
};
struct ItoDrift : Gbm {
    static ItoDrift make(double const* values) { return {Gbm::make(values)}; }
    template <class T>
    Flow<T, 1> evaluate(Vec<T, 1> const& s, Site<T> const& site, Clock<T> const& clock) const {
        Flow<T, 1> flow = Gbm::evaluate(s, site, clock);
        flow.correction = {};
        return flow;
    }
};

}  // namespace

TEST_CASE("schemes: moments of geometric Brownian motion are the exact discrete ones") {
    for (auto const& [mu, sigma, dt] : {std::array{0.1, 0.4, 0.1}, std::array{-0.7, 0.9, 0.25}}) {
        double const g = 1.0 + mu * dt, s2 = sigma * sigma * dt, square = g * g + s2;
        double const platen = g + 0.5 * mu * mu * dt * dt;
        // φ = 1 + Y + Y²/2, Y ~ N(a, σ²dt)
        double const a = (mu - 0.5 * sigma * sigma) * dt;
        double const y2 = a * a + s2, y3 = a * (a * a + 3.0 * s2);
        double const y4 = a * a * a * a + 6.0 * a * a * s2 + 3.0 * s2 * s2;
        Gbm const m{{}, mu, sigma};
        CHECK(close(factor(sc::EulerMaruyama<Gbm>::prepare(m, dt), 1), g));
        CHECK(close(factor(sc::EulerMaruyama<Gbm>::prepare(m, dt), 2), square));
        CHECK(close(factor(sc::Milstein<Gbm>::prepare(m, dt), 1), g));
        CHECK(close(factor(sc::Milstein<Gbm>::prepare(m, dt), 2), square + 0.5 * s2 * s2));
        CHECK(close(factor(sc::PlatenWeak2<Gbm>::prepare(m, dt), 1), platen));
        CHECK(close(factor(sc::PlatenWeak2<Gbm>::prepare(m, dt), 2),
                    platen * platen + s2 * g * g + 0.5 * s2 * s2));
        CHECK(close(factor(sc::StochasticHeun<Gbm>::prepare(m, dt), 1), 1.0 + a + 0.5 * y2));
        CHECK(close(factor(sc::StochasticHeun<Gbm>::prepare(m, dt), 2),
                    1.0 + 2.0 * a + 2.0 * y2 + y3 + 0.25 * y4));
        CHECK_FALSE(close(factor(HalfMilstein<Gbm>::prepare(m, dt), 2), square + 0.5 * s2 * s2));
    }
    // After ten steps, from another program.
    CHECK(close(moment<sc::EulerMaruyama>(0.1, 0.4, 0.1, 10, 1), 1.1046221254112045));
    CHECK(close(moment<sc::EulerMaruyama>(0.1, 0.4, 0.1, 10, 2), 1.4256625353458876));
    CHECK(close(moment<sc::Milstein>(0.1, 0.4, 0.1, 10, 2), 1.4274247811415978));
    CHECK(close(moment<sc::PlatenWeak2>(0.1, 0.4, 0.1, 10, 1), 1.1051690898850095));
    CHECK(close(moment<sc::PlatenWeak2>(0.1, 0.4, 0.1, 10, 2), 1.4332569103115166));
}

TEST_CASE("StochasticHeun: without the correction it would find the Stratonovich solution") {
    ItoDrift const twin{{{}, 0.1, 0.4}};
    auto const broken = sc::StochasticHeun<ItoDrift>::prepare(twin, 0.1);
    // The discrete values of the Stratonovich reading, from another program.
    CHECK(close(std::pow(factor(broken, 1), 10), 1.1958895818008146));
    CHECK(close(std::pow(factor(broken, 2), 10), 1.6740552886665391));
    double const ito = std::exp(0.1), stratonovich = std::exp(0.1 + 0.08);
    double const fine = 1.0 / 256.0;
    auto const mean = [&](auto const& scheme) { return std::pow(factor(scheme, 1), 256); };
    CHECK(std::abs(mean(sc::StochasticHeun<Gbm>::prepare({{}, 0.1, 0.4}, fine)) - ito) < 1e-4);
    CHECK(std::abs(mean(sc::StochasticHeun<ItoDrift>::prepare(twin, fine)) - stratonovich) < 1e-4);
}

TEST_CASE("schemes: mean-square errors on linear problems are the exact ones") {
    Gbm const m{{}, 0.1, 0.4};
    auto const euler = sc::EulerMaruyama<Gbm>::prepare(m, 0.1);
    auto const milstein = sc::Milstein<Gbm>::prepare(m, 0.1);
    CHECK(close(gbm_error(euler, 0.1, 0.4, 0.1, 10), 0.0018418826198572919));
    CHECK(close(gbm_error(milstein, 0.1, 0.4, 0.1, 10), 3.7650923039077157e-5));
    auto const ou = sc::EulerMaruyama<Descent>::prepare(Descent::at(0.5), 0.1);
    CHECK(close(ou_error(ou, 1.0, 1.0, 1.0, 0.1, 10), 0.0013305923588543467));
    auto const half = HalfMilstein<Gbm>::prepare(m, 0.1);
    CHECK_FALSE(close(gbm_error(half, 0.1, 0.4, 0.1, 10), 3.7650923039077157e-5));
}

TEST_CASE("schemes: orders on linear problems are the claimed ones") {
    check_gbm<sc::EulerMaruyama>();
    check_gbm<sc::Milstein>();
    check_gbm<sc::StochasticHeun>();
    check_gbm<sc::PlatenWeak2>();
    check_gbm<sc::Sriw1>(0.5);
    check_ou<sc::EulerMaruyama>();
    check_ou<sc::Milstein>();
    check_ou<sc::StochasticHeun>();
    check_ou<sc::PlatenWeak2>();
    check_ou<sc::Sra1>(0.5);
    check_ou<sc::Sriw1>(0.5);
    check_ou<sc::ExactOu>();
    check_oscillator<sc::EulerMaruyama>();
    check_oscillator<sc::StochasticHeun>();
    check_oscillator<sc::Sra1>(0.5);
    check_oscillator<sc::SemiImplicitEuler>();
    check_oscillator<sc::Baoab>();
    check_oscillator<sc::Aboba>();
    check_oscillator<sc::Oba>();
    // Broken twins
    CHECK_FALSE(strong_gbm<HalfMilstein>().settles(1.0));
    CHECK(strong_gbm<HalfMilstein>().settles(0.5));
}

}  // namespace schemes_moments_test
