// SPDX-License-Identifier: Apache-2.0
// Stationary variances of composed optimizers on quadratic landscapes against the exact laws of the
// iterates (S15 – S42). Each check is wrong about a correct program once in 10^6 fresh seeds and
// sees 1.2 % with 99 % power unless it says otherwise; its twin is what a broken engine would show.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/statistical/composed_ensembles.hpp"

namespace composed_stationary_test {
using namespace kramers;
using namespace kramers::test;

namespace {

constexpr double eta = 0.3, h = 1.25, c = 2.0;
constexpr double a = 1.0 - eta * h;

NoiseLaw gaussian(double variance, int dim = 1) { return law("gaussian", dim, {variance}); }

/// Variance per unit of c of a method with gradients at x: K of S32.
double heavy_ball_gain(double rate, double mu, double curvature) {
    return rate * (1.0 + mu) / (curvature * (1.0 - mu) * (2.0 * (1.0 + mu) - rate * curvature));
}

}  // namespace

TEST_CASE(
    "Composed sgd: covariance under diagonal and correlated noise solves the Stein equation") {
    Eigen::Matrix2d noise;
    noise << 1.5, 0.6, 0.6, 0.8;
    Vector const table = {noise(0, 0), noise(0, 1), noise(1, 0), noise(1, 1)};
    Vector const curvatures = {0.75, 2.5};
    Eigen::Matrix2d const hessian = Eigen::Vector2d(0.75, 2.5).asDiagonal();
    Eigen::Matrix2d const step = Eigen::Matrix2d::Identity() - eta * hessian;
    auto const check = [&](Plan const& plan, Eigen::MatrixXd const& map, Eigen::Matrix2d const& C) {
        Eigen::MatrixXd const exact = discrete_lyapunov(map, eta * eta * C);
        Eigen::MatrixXd const mirrored = discrete_lyapunov(
            map, eta * eta * C.cwiseProduct((Eigen::Matrix2d() << 1, -1, -1, 1).finished()));
        SnapshotTally const tally = snapshots(plan);
        for (int i = 0; i < 2; ++i)
            for (int j = 0; j <= i; ++j) {
                double const scale = std::sqrt(exact(i, i) * exact(j, j));
                Estimate const seen = the(covariance(tally, i, j));
                CAPTURE(i);
                CAPTURE(j);
                CHECK_PASSES(check_consistent(seen, exact(i, j), 0.015 * scale));
                double const twin = i == j ? 0.5 * exact(i, i) : mirrored(i, j);
                if (twin != exact(i, j)) CHECK_REJECTS(check_consistent(seen, twin, 0.015 * scale));
            }
    };
    Mover const sgd{"sgd", {eta}};
    check(quadratic_plan(sgd, law("covariance", 2, {}, table), curvatures, 300), step, noise);
    check(quadratic_plan(sgd, law("covariance", 2, {}, table, 4.0), curvatures, 301), step,
          noise / 4.0);
    Eigen::Matrix2d const apart = Eigen::Vector2d(1.5, 0.8).asDiagonal();
    check(quadratic_plan(sgd, law("diagonal", 2, {1.5, 0.8}), curvatures, 302), step, apart);

    // A circulating gradient (I + J)∇V, J antisymmetric: the map is no longer symmetric.
    Plan turned = quadratic_plan(sgd, law("covariance", 2, {}, table), curvatures, 303);
    turned.composition.gradient_transform = {1.0, 0.4, -0.4, 1.0};
    Eigen::Matrix2d const rotation = (Eigen::Matrix2d() << 1.0, 0.4, -0.4, 1.0).finished();
    check(turned, Eigen::Matrix2d::Identity() - eta * rotation * hessian, noise);
}

TEST_CASE("Composed optimizers: variance on a quadratic under Gaussian noise is exact") {
    double const mu = 0.6, T = 0.3, s = 0.5, ell = 3.0;
    double const sgd = eta * c / (h * (2.0 - eta * h));
    double const ball = c * heavy_ball_gain(eta, mu, h);
    double const kicks = s * s / (1.0 - a * a), anti = 2.0 * s * s / (2.0 - eta * h);
    double const nesterov =
        eta * c * (1.0 + a * mu) / (h * (1.0 - a * mu) * (1.0 + a + 2.0 * a * mu));
    double const average = eta * c * (1.0 + mu) / (h * (2.0 * (1.0 + mu) - eta * (1.0 - mu) * h));
    double const continuous = eta * c / (2.0 * h);
    struct {
        Mover mover;
        double exact, twin;
    } const cases[] = {
        {{"sgd", {eta}}, sgd, continuous},
        {{"heavy_ball", {eta, mu}}, ball, continuous / (1.0 - mu)},
        {{"momentum_buffer", {eta, mu}}, ball, continuous / (1.0 - mu)},
        {{"momentum_ema", {eta, mu}}, average, continuous},
        {{"nesterov", {eta, mu}}, nesterov, ball},
        {{"sgld", {eta, T}}, (2.0 * T + eta * c) / (h * (2.0 - eta * h)), sgd},
        {{"svag", {eta, ell}}, eta * c / (h * (2.0 - eta * h / ell)), sgd},
        {{"perturbed_gd", {eta, s}}, sgd + kicks, sgd + anti},
        {{"anti_pgd", {eta, s}}, sgd + anti, sgd + kicks},
    };
    std::uint64_t fixed = 310;
    for (auto const& k : cases)
        check_variance(quadratic_plan(k.mover, gaussian(c), {h}, ++fixed), k.exact, k.twin);
}

TEST_CASE("Composed optimizers: multiplicative noise closes as K c/(1 - K m)") {
    double const mu = 0.6, m = 0.5;
    NoiseLaw const noise = law("multiplicative", 1, {c, m});
    double const plain = heavy_ball_gain(eta, 0.0, h), ball = heavy_ball_gain(eta, mu, h);
    check_variance(quadratic_plan({"sgd", {eta}}, noise, {h}, 330), plain * c / (1.0 - plain * m),
                   plain * c, 0.015);
    check_variance(quadratic_plan({"heavy_ball", {eta, mu}}, noise, {h}, 331),
                   ball * c / (1.0 - ball * m), ball * c, 0.03);
}

TEST_CASE("Composed sign_sgd: variance is that of its birth-death chain") {
    // On the lattice x = η j, P(j → j + 1) = Φ(−r j); from 0 the parity alternates, and snapshots
    // at an odd stride see both alike (S39).
    double const rate = 0.25, curvature = 1.5, sigma = 1.0, r = rate * curvature / sigma;
    auto const phi = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
    double weight[2] = {}, square[2] = {}, p = 1.0;
    for (int j = 0; j < 60; ++j) {
        weight[j % 2] += (j > 0 ? 2.0 : 1.0) * p;
        square[j % 2] += (j > 0 ? 2.0 : 1.0) * p * (rate * j) * (rate * j);
        p *= phi(-r * j) / phi(r * (j + 1));
    }
    double const exact = 0.5 * (square[0] / weight[0] + square[1] / weight[1]);
    double const leading = rate * sigma / (2.0 * curvature) * std::sqrt(std::acos(-1.0) / 2.0);
    REQUIRE(std::abs(exact / leading - 1.0) > 0.1);
    check_variance(quadratic_plan({"sign_sgd", {rate}}, gaussian(sigma * sigma), {curvature}, 340,
                                  {.burn_in = 60, .stride = 5}),
                   exact, leading);
}

TEST_CASE("Composed adaptive methods: variance is that of a mean second moment, to O(1 - beta)") {
    // Mean field (S40 – S42) is exact as β₂ → 1. At 1 − β₂ = 1/512 what it leaves out is about
    // 0.1 % (five eighths of 1 − β₂), below half a standard error: detects 3.5 %, false positives
    // 1e-5.
    double const rate = 0.2, curvature = 1.0, b = 0.9, decay = 0.5, beta2 = 1.0 - 0x1p-9;
    double const x = rate * curvature;  // unit noise
    // S42: with q² = 1 + h² Var and η_e = η/q, an AR(2) whose variance S21 gives.
    auto const mean_field = [&](double beta1, double lambda) {
        double variance = 0.0;
        for (int i = 0; i < 200; ++i) {
            double const q = std::sqrt(1.0 + curvature * curvature * variance);
            double const kick = rate / q * (1.0 - beta1), shrink = 1.0 - rate * lambda;
            double const p1 = shrink + beta1 - kick * curvature, p2 = -beta1 * shrink;
            variance =
                (1.0 - p2) * kick * kick / ((1.0 + p2) * ((1.0 - p2) * (1.0 - p2) - p1 * p1));
        }
        return variance;
    };
    double const q = (x + std::sqrt(x * x + 16.0)) / 4.0;  // S40
    double const rmsprop = rate * q / (2.0 * curvature), adam = mean_field(b, 0.0);
    CHECK(mean_field(0.0, 0.0) == doctest::Approx(rmsprop).epsilon(1e-12));
    double const r = (1.0 - b) / (1.0 + b), root = std::sqrt(1.0 + curvature * curvature * adam);
    CHECK(std::abs(2.0 * root * root * root - r * x * root * root - 2.0 * root - (1.0 - r) * x) <
          1e-12);  // S41
    double const light = mean_field(0.0, decay);
    double const leading = rate / (2.0 * curvature), decayed = rate / (2.0 * (curvature + decay));
    struct {
        Mover mover;
        double exact, twin;
    } const cases[] = {{{"rmsprop", {rate, beta2, 0.0, 0.0, q * q}}, rmsprop, leading},
                       {{"rmsprop_w", {rate, beta2, 0.0, 0.0, 1.0 + light, decay}}, light, decayed},
                       {{"adam", {rate, b, beta2, 1e-12}}, adam, leading},
                       {{"adamw", {rate, b, beta2, 1e-12, decay}}, mean_field(b, decay), decayed}};
    std::uint64_t fixed = 350;
    for (auto const& k : cases)
        check_variance(
            quadratic_plan(
                k.mover, gaussian(1.0), {curvature}, ++fixed,
                {.trajectories = 9'600, .burn_in = 1'024, .snapshots = 40, .stride = 20}),
            k.exact, k.twin, 0.035);
}

}  // namespace composed_stationary_test
