// SPDX-License-Identifier: Apache-2.0
// Stationary variances of the SDEs of optimizers on a quadratic, as Euler–Maruyama makes them with
// its step, against the moment equations of that map or its transition density. Each check is wrong
// about a correct program once in 10^6 fresh seeds and sees 2 % with 99 % power; its twin is what
// a broken model would show.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/statistical/composed_ensembles.hpp"

namespace composed_models_test {
using namespace kramers;
using namespace kramers::test;

namespace {

constexpr double h = 1.25, c = 2.0;
constexpr double blur = 0.02;  // relative error that is seen

NoiseLaw gaussian() { return law("gaussian", 1, {c}); }

/// Variance of x of the map s ← s + dt A s + noise of variance kick·dt on the last entry.
double linear_variance(Eigen::Matrix2d const& drift, double kick, double dt) {
    Eigen::Matrix2d noise = Eigen::Matrix2d::Zero();
    noise(1, 1) = kick * dt;
    return discrete_lyapunov(Eigen::Matrix2d::Identity() + dt * drift, noise)(0, 0);
}

/// Variance of the chain x' ~ N(x − e dt, rate (1 − e²) dt), e = erf(h x/√(spread·c)), by the power
/// method on a grid, far below a part in 10⁴ of what finer grids give.
double sign_variance(double rate, double dt, double spread) {
    int const n = 301;
    double const reach = 5.0 * std::sqrt(rate * std::sqrt(c) / h), step = 2.0 * reach / (n - 1);
    Eigen::VectorXd const x = Eigen::VectorXd::LinSpaced(n, -reach, reach);
    Eigen::MatrixXd jump(n, n);  // a column: where x goes
    for (int i = 0; i < n; ++i) {
        double const e = std::erf(h * x[i] / std::sqrt(spread * c));
        double const width = std::max(rate * (1.0 - e * e) * dt, step * step);
        jump.col(i) = (-(x.array() - (x[i] - e * dt)).square() / (2.0 * width)).exp();
        jump.col(i) /= jump.col(i).sum();
    }
    Eigen::VectorXd p = Eigen::VectorXd::Constant(n, 1.0 / n);
    for (int k = 0; k < 600; ++k) p = jump * p;
    return p.dot(x.cwiseAbs2());
}

}  // namespace

TEST_CASE("momentum_sde: variance is that of its moment equations, in all three forms") {
    double const eta = 0.04, mu = 0.8, step = std::sqrt(eta), dt = 0.5 * step;
    double const friction = (1.0 - mu) / step, kappa = 2.0 / (1.0 + mu);
    auto const variance = [&](double gamma, double force, double scale) {
        Eigen::Matrix2d drift;
        drift << 0.0, 1.0, -force * h, -gamma;
        return linear_variance(drift, force * force * scale * c, dt);
    };
    struct {
        double form, exact, twin;
    } const cases[] = {
        {0.0, variance(friction, 1.0, step), variance(friction, 1.0, eta)},
        {1.0, variance(kappa * friction, kappa, step),
         variance(kappa * friction, kappa, step / (kappa * kappa))},
        {2.0, variance(kappa * friction + step * h, kappa, step),
         variance(kappa * friction, kappa, step)},
    };
    std::uint64_t fixed = 400;
    for (auto const& k : cases)
        check_variance(quadratic_plan({"momentum_sde", {eta, mu, k.form}, "euler_maruyama", dt},
                                      gaussian(), {h}, ++fixed, {.burn_in = 120}),
                       k.exact, k.twin, blur);
}

TEST_CASE("adam_sde: variance is that of its moment equations once v = C") {
    double const eta = 0.3, beta1 = 0.7, beta2 = 0.9, dt = eta * eta;
    auto const variance = [&](double epsilon, double decay) {
        double const c1 = (1.0 - beta1) / dt;
        Eigen::Matrix2d drift;
        drift << -decay / eta, -1.0 / (eta * (std::sqrt(c) + epsilon)), c1 * h, -c1;
        return linear_variance(drift, c1 * c1 * eta * eta * c, dt);
    };
    std::uint64_t fixed = 410;
    struct {
        double epsilon, decay, twin;
    } const cases[] = {{0.5, 0.0, variance(0.0, 0.0)}, {0.5, 0.4, variance(0.5, 0.0)}};
    for (auto const& k : cases)
        check_variance(quadratic_plan({"adam_sde",
                                       {eta, beta1, beta2, k.epsilon, k.decay, 0.0, 0.0},
                                       "euler_maruyama",
                                       dt},
                                      gaussian(), {h}, ++fixed, {.burn_in = 240}),
                       variance(k.epsilon, k.decay), k.twin, blur);
}

TEST_CASE("sign_sde: variance is that of its transition density") {
    double const eta = 0.25;
    for (double const dt : {0.25 * eta, eta}) {
        double const exact = sign_variance(eta, dt, 2.0);
        // erf(g/σ) where it is erf(g/√(2C))
        double const twin = sign_variance(eta, dt, 1.0);
        check_variance(quadratic_plan({"sign_sde", {eta}, "euler_maruyama", dt}, gaussian(), {h},
                                      dt < eta ? 420 : 421, {.burn_in = 200}),
                       exact, twin, blur);
    }
}

}  // namespace composed_models_test
