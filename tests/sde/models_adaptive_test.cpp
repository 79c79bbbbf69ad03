// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "sde/models/adam_sde.hpp"
#include "sde/models/rmsprop_sde.hpp"
#include "sde/models/sign_sde.hpp"
#include "tests/sde/models_support.hpp"

namespace models_adaptive_test {
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using test::relative;

constexpr double h = 1.3;

TEST_CASE("RmspropSde: S11(a) and S11(b) at a point where v has settled") {
    double const eta = 0.1, beta = 0.96, epsilon = 0.2, lambda = 0.5, c = 0.49, x = 0.8;
    double const u = 0.6, n = 1.5;
    double const sigma = n * 0.7, p = sigma + epsilon;  // v = n²C
    Vec<double, 2> const s{{x, sigma * sigma}};
    auto const clock = test::clock_of<double>(u, n);
    double const noisy[] = {eta, beta, epsilon, 0.0, lambda, 0.0};
    auto const a = RmspropSde::make(noisy).evaluate(s, test::quadratic(x, h, c), clock);
    CHECK(relative(a.drift[0], -u * (h * x / p + lambda * x) / eta) < 1e-14);
    CHECK(relative(a.noise[0], -u * sigma / p) < 1e-14);
    CHECK(a.drift[1] == 0.0);

    double const g = h * x;
    double const fixed[] = {eta, beta, epsilon, 1.0, lambda, 0.0};
    auto const settled = sigma * sigma + g * g;
    auto const b = RmspropSde::make(fixed).evaluate(Vec<double, 2>{{x, settled}},
                                                    test::quadratic(x, h, c), clock);
    double const q = std::sqrt(settled) + epsilon;
    CHECK(relative(b.drift[0], -u * (g / q + lambda * x)) < 1e-14);
    CHECK(relative(b.noise[0], -u * std::sqrt(eta) * sigma / q) < 1e-14);
    CHECK(std::abs(b.drift[1]) < 1e-14);

    // off the settled value: rate (1 − β)/τ, and the state holds v − initial_square
    double const shifted[] = {eta, beta, epsilon, 0.0, lambda, 2.0};
    auto const d = RmspropSde::make(shifted).evaluate(Vec<double, 2>{{x, sigma * sigma - 1.0}},
                                                      test::quadratic(x, h, c), clock);
    CHECK(relative(d.drift[1], -(1.0 - beta) / (eta * eta)) < 1e-13);
}

/// RMSProp's mean, the fluctuations of v neglected: v′ = βv + (1 − β)(C [+ g²]),
/// x′ = x − ηg/(√v′ + ε).
double rmsprop_mean(double eta, double beta, double epsilon, double c, bool squares, double v,
                    long steps) {
    double x = 1.0;
    for (long k = 0; k < steps; ++k) {
        double const g = h * x;
        v = beta * v + (1.0 - beta) * (c + (squares ? g * g : 0.0));
        x -= eta * g / (std::sqrt(v) + epsilon);
    }
    return x;
}

double rmsprop_distance(double eta, bool fixed) {
    // c₂ = 4 or ρ = 3; σ₀ = ½, ε₀ = 0.05 or σ = ½, ε = 0.05; from 4 times the settled v
    double const tau = fixed ? eta : eta * eta;
    double const beta = 1.0 - (fixed ? 3.0 : 4.0) * tau;
    double const scale = fixed ? 1.0 : 1.0 / eta;
    double const c = 0.25 * scale * scale, epsilon = 0.05 * scale;
    double const values[] = {eta, beta, epsilon, fixed ? 1.0 : 0.0, 0.0, 4.0 * c};
    auto const site = [c](double x) { return test::quadratic(x, h, c); };
    double const flow =
        test::flow_for(RmspropSde::make(values), site, Vec<double, 2>{{1.0, 0.0}}, 0.25, 400)[0];
    return std::abs(flow -
                    rmsprop_mean(eta, beta, epsilon, c, fixed, 4.0 * c, std::lround(0.25 / tau)));
}

TEST_CASE("RmspropSde: the mean follows the algorithm, error eta^2 and eta") {
    CHECK(rmsprop_distance(0.05, false) / rmsprop_distance(0.025, false) ==
          doctest::Approx(4.0).epsilon(0.05));
    CHECK(rmsprop_distance(0.025, false) < 1e-3);
    CHECK(rmsprop_distance(0.01, true) / rmsprop_distance(0.005, true) ==
          doctest::Approx(2.0).epsilon(0.05));
}

TEST_CASE("RmspropSde, AdamSde: the settled variance on a quadratic, the same with a mean of g") {
    double const eta = 0.01, epsilon = 3.0, c = 400.0;
    double const expected = eta * eta * c / (2.0 * h * eta * (20.0 + epsilon));
    double const rmsprop[] = {eta, 0.99, epsilon, 0.0, 0.0, 0.0};
    auto const r = RmspropSde::make(rmsprop).evaluate(
        Vec<double, 2>{{1.0, c}}, test::quadratic(1.0, h, c), test::unscheduled);
    CHECK(relative(r.noise[0] * r.noise[0] / (-2.0 * r.drift[0]), expected) < 1e-13);

    // old (γ = 1) and with v = C, x and m are linear: dx = −m dt/P, dm = c₁(hx − m) dt + noise
    double const adam[] = {eta, 0.9, 0.999, epsilon, 0.0, 1e3, 0.0};
    AdamSde const m = AdamSde::make(adam);
    auto const at = [&](double x, double mean) {
        return m.evaluate(Vec<double, 3>{{x, mean, c}}, test::quadratic(x, h, c),
                          test::unscheduled);
    };
    test::Linear<2> linear{};
    for (int i = 0; i < 2; ++i) {
        linear.matrix[i][0] = at(1.0, 0.0).drift[i];
        linear.matrix[i][1] = at(0.0, 1.0).drift[i];
        linear.noise[i] = at(0.0, 0.0).noise[i];
    }
    CHECK(relative(linear.covariance()[0][0], expected) < 1e-12);
    linear.noise[1] *= eta;  // c₁ η² a for c₁ η a
    CHECK(relative(linear.covariance()[0][0], expected) > 0.9);
}

/// Adam's mean from step k₀ at (1, m, v), the fluctuations of v neglected.
double adam_mean(double eta, double beta1, double beta2, double epsilon, double lambda, double c,
                 double m, double v, long first, long steps) {
    double x = 1.0;
    for (long k = first; k < first + steps; ++k) {
        m = beta1 * m + (1.0 - beta1) * h * x;
        v = beta2 * v + (1.0 - beta2) * c;
        double const age = static_cast<double>(k + 1);
        double const m_hat = m / (1.0 - std::pow(beta1, age));
        double const v_hat = v / (1.0 - std::pow(beta2, age));
        x -= eta * (m_hat / (std::sqrt(v_hat) + epsilon) + lambda * x);
    }
    return x;
}

double adam_distance(double eta, double start_seen) {
    // c₁ = 6, c₂ = 2, σ₀ = ½, ε₀ = 0.05, λ₀ = 0.4, from t₀ = ¼ for a time ½
    double const tau = eta * eta, t0 = 0.25;
    double const beta1 = 1.0 - 6.0 * tau, beta2 = 1.0 - 2.0 * tau;
    double const c = 0.25 / tau, epsilon = 0.05 / eta, lambda = 0.4 * eta;
    double const m = 0.5 * h, v = 0.6 * c;
    double const values[] = {eta, beta1, beta2, epsilon, lambda, start_seen, 0.0};
    auto const site = [c](double x) { return test::quadratic(x, h, c); };
    double const flow =
        test::flow_for(AdamSde::make(values), site, Vec<double, 3>{{1.0, m, v}}, 0.5, 400)[0];
    return std::abs(flow - adam_mean(eta, beta1, beta2, epsilon, lambda, c, m, v,
                                     std::lround(t0 / tau), std::lround(0.5 / tau)));
}

TEST_CASE("AdamSde: the mean follows the algorithm with bias correction, error eta^2") {
    CHECK(adam_distance(0.05, 0.25) / adam_distance(0.025, 0.25) ==
          doctest::Approx(4.0).epsilon(0.05));
    CHECK(adam_distance(0.025, 0.25) < 2e-3);
    CHECK(adam_distance(0.025, 100.0) > 0.02);  // no bias correction
}

/// Mean and variance of x at time ½ from (1, 0.2, 0.8) and age ¼, fluctuations of v neglected: fixed
/// noise, ρ₁ = 5, ρ₂ = 3, c = 0.6, ε = 0.1. `squares`: (∂V)² counts in v, `kick`: that of m, ρ₁ √η.
struct AdamMoments {
    double mean, variance;
};
AdamMoments adam_fixed(double eta) {
    double const beta1 = 1.0 - 5.0 * eta, beta2 = 1.0 - 3.0 * eta, c = 0.6, epsilon = 0.1;
    double x = 1.0, m = 0.2, v = 0.8, xx = 0.0, xm = 0.0, mm = 0.0;
    long const first = std::lround(0.25 / eta), steps = std::lround(0.5 / eta);
    for (long k = first; k < first + steps; ++k) {
        double const age = static_cast<double>(k + 1);
        double const g = h * x;
        m = beta1 * m + (1.0 - beta1) * g;
        v = beta2 * v + (1.0 - beta2) * (g * g + c);
        double const pace = eta / (1.0 - std::pow(beta1, age)) /
                            (std::sqrt(v / (1.0 - std::pow(beta2, age))) + epsilon);
        x -= pace * m;
        // covariance of (x, m) under m' = β₁m + (1 − β₁)(hx + ξ), x' = x − pace m'
        double const a = beta1, b = (1.0 - beta1) * h, q = (1.0 - beta1) * (1.0 - beta1) * c;
        double const mm_new = a * a * mm + 2.0 * a * b * xm + b * b * xx + q;
        double const xm_old = a * xm + b * xx;  // Cov(x, m')
        xx = xx - 2.0 * pace * xm_old + pace * pace * mm_new;
        xm = xm_old - pace * mm_new;
        mm = mm_new;
    }
    return {x, xx};
}
AdamMoments adam_fixed_flow(double eta, double scaling = 1.0) {
    double const values[] = {eta, 1.0 - 5.0 * eta, 1.0 - 3.0 * eta, 0.1, 0.0, 0.25, scaling};
    AdamSde const model = AdamSde::make(values);
    double const c = 0.6, dt = 0.5 / 4000.0;
    Vec<double, 3> s{{1.0, 0.2, 0.8}};
    double xx = 0.0, xm = 0.0, mm = 0.0;
    for (int n = 0; n < 4000; ++n) {  // midpoint rule; v does not feel single paths
        auto const at = [&](Vec<double, 3> const& y, double time) {
            return model.evaluate(y, test::quadratic(y[0], h, c),
                                  test::clock_of<double>(1.0, 1.0, time));
        };
        Vec<double, 3> const half = s + (0.5 * dt) * at(s, n * dt).drift;
        auto const middle = at(half, (n + 0.5) * dt);
        Vec<double, 3> moved = half;
        moved[1] += 1.0;
        double const xm_rate = at(moved, (n + 0.5) * dt).drift[0] - middle.drift[0];
        double const mm_rate = at(moved, (n + 0.5) * dt).drift[1] - middle.drift[1];
        moved = half;
        moved[0] += 1.0;
        double const mx_rate = at(moved, (n + 0.5) * dt).drift[1] - middle.drift[1];
        auto const slope = [&](double a, double b, double d) {
            return Vec<double, 3>{
                {2.0 * xm_rate * b, xm_rate * d + mx_rate * a + mm_rate * b,
                 2.0 * (mx_rate * b + mm_rate * d) + middle.noise[1] * middle.noise[1]}};
        };
        auto const k1 = slope(xx, xm, mm);
        auto const k2 = slope(xx + 0.5 * dt * k1[0], xm + 0.5 * dt * k1[1], mm + 0.5 * dt * k1[2]);
        xx += dt * k2[0];
        xm += dt * k2[1];
        mm += dt * k2[2];
        s = s + dt * middle.drift;
    }
    return {s[0], xx};
}

TEST_CASE("AdamSde: at fixed noise mean and variance follow the algorithm, error eta") {
    auto const distance = [](double eta) {
        AdamMoments const a = adam_fixed(eta), b = adam_fixed_flow(eta);
        return AdamMoments{std::abs(a.mean - b.mean), std::abs(a.variance / b.variance - 1.0)};
    };
    AdamMoments const coarse = distance(0.005), fine = distance(0.0025);
    CHECK(coarse.mean / fine.mean == doctest::Approx(2.0).epsilon(0.05));
    CHECK(coarse.variance / fine.variance == doctest::Approx(2.0).epsilon(0.05));
    CHECK(fine.mean < 0.01);
    CHECK(fine.variance < 0.03);
    // the squares of the gradient forgotten: v relaxes to C alone
    double const values[] = {0.0025, 1.0 - 5.0 * 0.0025, 1.0 - 3.0 * 0.0025, 0.1, 0.0, 0.25, 1.0};
    AdamSde twin = AdamSde::make(values);
    CHECK(twin.squares == 1.0);
    auto const site = [](double x) { return test::quadratic(x, h, 0.6); };
    double const right = test::flow_for(twin, site, Vec<double, 3>{{1.0, 0.2, 0.8}}, 0.5, 400)[0];
    twin.squares = 0.0;
    double const wrong = test::flow_for(twin, site, Vec<double, 3>{{1.0, 0.2, 0.8}}, 0.5, 400)[0];
    double const mean = adam_fixed(0.0025).mean;
    CHECK(std::abs(right - mean) < 0.01);
    CHECK(std::abs(wrong - mean) > 0.02);
    // clock and kick of the other scaling
    CHECK(adam_fixed_flow(0.0025, 0.0).variance / adam_fixed(0.0025).variance > 3.0);
}

TEST_CASE("AdamSde: from nothing the first step is finite and the start is one step old") {
    double const values[] = {0.01, 0.9, 0.999, 1e-8, 0.0, 0.0, 0.0};
    AdamSde const m = AdamSde::make(values);
    CHECK(m.start == 0.01 * 0.01);
    auto const flow = m.evaluate(Vec<double, 3>{{1.0, 0.0, 0.0}}, test::quadratic(1.0, h, 4.0),
                                 test::clock_of<double>(1.0, 1.5));
    CHECK(flow.drift[0] == 0.0);
    CHECK(flow.drift[1] == doctest::Approx(1000.0 * h));                 // c₁ = 0.1/η²
    CHECK(flow.drift[2] == doctest::Approx(10.0 * 1.5 * 1.5 * 4.0));     // c₂ = 0.001/η²
    CHECK(flow.noise[1] == doctest::Approx(1000.0 * 0.01 * 1.5 * 2.0));  // c₁ η n a
}

TEST_CASE("SignSde: mean and variance of one step are those of the sign of a noisy gradient") {
    double const eta = 0.05, u = 0.6, n = 1.5;
    double const values[] = {eta};
    SignSde const m = SignSde::make(values);
    for (double const x : {-1.7, -0.4, 0.0, 0.1, 0.9, 1.4}) {
        CAPTURE(x);
        auto const site = test::tilted(x);
        auto const flow = m.evaluate(Vec<double, 1>{{x}}, site, test::clock_of<double>(u, n));
        // p = P(V′ + nσZ > 0), by the C library's erfc
        double const p = 0.5 * std::erfc(-site.gradient / (std::sqrt(2.0) * n * site.amplitude));
        CHECK(flow.drift[0] * eta == doctest::Approx(-eta * u * (2.0 * p - 1.0)).epsilon(1e-13));
        double const variance = 4.0 * eta * eta * u * u * p * (1.0 - p);
        CHECK(flow.noise[0] * flow.noise[0] * eta == doctest::Approx(variance).epsilon(1e-13));
        // σ for √2 σ
        if (x != 0.0) {
            double const twin = std::erf(site.gradient / (n * site.amplitude));
            CHECK(std::abs(twin - (2.0 * p - 1.0)) > 5e-3);
        }
    }
}

TEST_CASE("SignSde: the linearised variance is eta sigma sqrt(pi/2) / 2h") {
    double const eta = 1e-3, sigma = 0.7, x = 1e-5;
    double const values[] = {eta};
    SignSde const m = SignSde::make(values);
    auto const flow =
        m.evaluate(Vec<double, 1>{{x}}, test::quadratic(x, h, sigma * sigma), test::unscheduled);
    double const variance = flow.noise[0] * flow.noise[0] / (-2.0 * flow.drift[0] / x);
    double const half_pi = 1.5707963267948966;
    CHECK(relative(variance, eta * sigma * std::sqrt(half_pi) / (2.0 * h)) < 1e-9);
}

}  // namespace

}  // namespace models_adaptive_test
