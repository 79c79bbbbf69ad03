// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <complex>

#include "sde/optimizers/adam.hpp"
#include "sde/optimizers/anti_pgd.hpp"
#include "sde/optimizers/heavy_ball.hpp"
#include "sde/optimizers/momentum_buffer.hpp"
#include "sde/optimizers/momentum_ema.hpp"
#include "sde/optimizers/nesterov.hpp"
#include "sde/optimizers/perturbed_gd.hpp"
#include "sde/optimizers/rmsprop.hpp"
#include "sde/optimizers/sgd.hpp"
#include "sde/optimizers/sgld.hpp"
#include "sde/optimizers/sign_sgd.hpp"
#include "sde/optimizers/svag.hpp"
#include "tests/sde/linear_moments.hpp"

namespace optimizers_moments_test {
/// On V = hx²/2 with gradient noise of variance c the linear optimizers have exact first and second
/// moments; no noise is drawn here.
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using test::linear_map;
using test::LinearMap;

constexpr double h = 1.7, c = 0.6, eta = 0.2, mu = 0.8, s = 0.3, T = 0.25;
constexpr double z = eta * h;

/// The doubling of the covariance series loses at most 1e-12 of it at these contraction rates.
bool equal(double a, double b) { return std::fabs(a - b) <= 1e-11 * std::fabs(b); }

TEST_CASE("Sgd: stationary variance eta c / (h (2 - eta h))") {
    CHECK(equal(linear_map<coordinate::Sgd>({eta}, h, c).covariance()(0, 0),
                eta * c / (h * (2 - z))));
}

TEST_CASE("HeavyBall: stationary variances, covariance and correlation of neighbours") {
    double const brace = 2 * (1 + mu) - z;
    double const var_x = eta * c * (1 + mu) / (h * (1 - mu) * brace);
    double const var_v = 2 * eta * eta * c / ((1 - mu) * brace);
    auto const map = linear_map<HeavyBall>({eta, mu}, h, c);
    auto const cov = map.covariance();
    CHECK(equal(cov(0, 0), var_x));
    CHECK(equal(cov(1, 1), var_v));
    CHECK(equal(cov(0, 1), 0.5 * var_v));
    CHECK(equal((map.step * cov)(0, 0) / var_x, (1 + mu - z) / (1 + mu)));

    auto const buffer = linear_map<MomentumBuffer>({eta, mu}, h, c).covariance();
    CHECK(equal(buffer(0, 0), var_x));
    CHECK(equal(buffer(1, 1), var_v / (eta * eta)));
    CHECK(equal(buffer(0, 1), -0.5 * var_v / eta));
}

TEST_CASE("MomentumEma: stationary variances of position and average") {
    double const brace = 2 * (1 + mu) - eta * (1 - mu) * h;
    auto const cov = linear_map<MomentumEma>({eta, mu}, h, c).covariance();
    CHECK(equal(cov(0, 0), eta * c * (1 + mu) / (h * brace)));
    CHECK(equal(cov(1, 1), 2 * (1 - mu) * c / brace));
}

TEST_CASE("Nesterov: stationary variance, correlation of neighbours, variance of the look-ahead") {
    double const a = 1 - z;
    double const var_x = eta * c * (1 + a * mu) / (h * (1 - a * mu) * (1 + a + 2 * a * mu));
    auto const map = linear_map<Nesterov>({eta, mu}, h, c);
    auto const cov = map.covariance();
    CHECK(equal(cov(0, 0), var_x));
    CHECK(equal((map.step * cov)(0, 0) / var_x, a * (1 + mu) / (1 + a * mu)));
    double const look_ahead = cov(0, 0) + 2 * mu * cov(0, 1) + mu * mu * cov(1, 1);
    CHECK(equal(look_ahead, (var_x - eta * eta * c) / (a * a)));
    // and not that of heavy ball
    CHECK_FALSE(equal(var_x, linear_map<HeavyBall>({eta, mu}, h, c).covariance()(0, 0)));
}

TEST_CASE("Sgld: the variance adds injected temperature and gradient noise") {
    CHECK(equal(linear_map<Sgld>({eta, T}, h, c).covariance()(0, 0),
                (2 * T + eta * c) / (h * (2 - z))));
}

TEST_CASE("Svag: the stationary variance tends to that of the SDE") {
    for (double const ell : {1.0, 2.0, 4.0, 64.0}) {
        CAPTURE(ell);
        CHECK(equal(linear_map<Svag>({eta, ell}, h, c).covariance()(0, 0),
                    eta * c / (h * (2 - z / ell))));
    }
}

TEST_CASE("PerturbedGd and AntiPgd: stationary variances") {
    double const kicks = s * s / (eta * h * (2 - z));
    double const gradients = eta * c / (h * (2 - z));
    CHECK(equal(linear_map<PerturbedGd>({eta, s}, h, c).covariance()(0, 0), kicks + gradients));
    double const anti = linear_map<AntiPgd>({eta, s}, h, c).covariance()(0, 0);
    CHECK(equal(anti, 2 * s * s / (2 - z) + gradients));
    CHECK_FALSE(equal(anti, kicks + gradients));
    CHECK(equal(linear_map<AntiPgd>({eta, s}, h, 0.0).covariance()(0, 0), 2 * s * s / (2 - z)));
}

TEST_CASE("long-run noise is c / h^2 for every unbiased optimizer; kicks taken back add nothing") {
    CHECK(equal(linear_map<coordinate::Sgd>({eta}, h, c).long_run(), c / (h * h)));
    CHECK(equal(linear_map<HeavyBall>({eta, mu}, h, c).long_run(), c / (h * h)));
    CHECK(equal(linear_map<MomentumBuffer>({eta, mu}, h, c).long_run(), c / (h * h)));
    CHECK(equal(linear_map<MomentumEma>({eta, mu}, h, c).long_run(), c / (h * h)));
    CHECK(equal(linear_map<Nesterov>({eta, mu}, h, c).long_run(), c / (h * h)));
    CHECK(equal(linear_map<AntiPgd>({eta, s}, h, c).long_run(), c / (h * h)));
    CHECK(equal(linear_map<PerturbedGd>({eta, s}, h, c).long_run(), c / (h * h) + s * s / (z * z)));
}

/// Mean and variance of x_k for x_{k+1} = φ₁ x_k + φ₂ x_{k−1} + noise of variance ν, from x_0 = 1 at
/// rest, in closed form from the roots.
struct TwoStep {
    std::complex<double> first, second;
    double phi2, nu;
    TwoStep(double phi1, double phi2_, double nu_) : phi2(phi2_), nu(nu_) {
        std::complex<double> const root = std::sqrt(std::complex<double>(phi1 * phi1 + 4 * phi2));
        first = 0.5 * (phi1 + root);
        second = 0.5 * (phi1 - root);
    }
    double psi(int j) const {
        return ((std::pow(first, j + 1) - std::pow(second, j + 1)) / (first - second)).real();
    }
    double mean(int k) const { return psi(k) + phi2 * psi(k - 1); }
    double variance(int k) const {
        auto const one = [&](std::complex<double> r) {
            return r * r * (1.0 - std::pow(r, 2 * k)) / (1.0 - r * r);
        };
        std::complex<double> const sum =
            one(first) + one(second) + 2 * phi2 * (1 - std::pow(-phi2, k)) / (1 + phi2);
        return (nu / ((first - second) * (first - second)) * sum).real();
    }
};

TEST_CASE("two-step optimizers: mean and variance after k steps from rest") {
    double const a = 1 - z;
    double const rate = eta * (1 - mu);
    struct Case {
        LinearMap<2> map;
        TwoStep exact;
    };
    Case const cases[] = {
        {linear_map<HeavyBall>({eta, mu}, h, c), {1 + mu - z, -mu, eta * eta * c}},
        {linear_map<MomentumBuffer>({eta, mu}, h, c), {1 + mu - z, -mu, eta * eta * c}},
        {linear_map<MomentumEma>({eta, mu}, h, c), {1 + mu - rate * h, -mu, rate * rate * c}},
        {linear_map<Nesterov>({eta, mu}, h, c), {a * (1 + mu), -a * mu, eta * eta * c}}};
    for (Case const& one : cases) {
        for (int const k : {1, 2, 7, 40}) {
            CAPTURE(k);
            auto const moments = one.map.after(k);
            CHECK(std::fabs(moments.mean[0] - one.exact.mean(k)) < 1e-13);
            CHECK(equal(moments.covariance(0, 0), one.exact.variance(k)));
        }
    }
    // teeth: a buffer that is averaged
    CHECK_FALSE(equal(cases[2].map.after(7).covariance(0, 0), cases[0].exact.variance(7)));
}

TEST_CASE("stability: the largest eta h of each optimizer") {
    auto const bracketed = [](auto const& make, double limit) {
        CHECK(make(0.999 * limit / h).contracts());
        CHECK_FALSE(make(1.001 * limit / h).contracts());
    };
    bracketed([](double e) { return linear_map<coordinate::Sgd>({e}, h, c); }, 2.0);
    bracketed([](double e) { return linear_map<Svag>({e, 4.0}, h, c); }, 8.0);
    bracketed([](double e) { return linear_map<AntiPgd>({e, s}, h, c); }, 2.0);
    bracketed([](double e) { return linear_map<HeavyBall>({e, mu}, h, c); }, 2 * (1 + mu));
    bracketed([](double e) { return linear_map<MomentumBuffer>({e, mu}, h, c); }, 2 * (1 + mu));
    bracketed(
        [](double e) {
            return linear_map<MomentumEma>({e, mu}, h, c);
        },
        2 * (1 + mu) / (1 - mu));
    bracketed(
        [](double e) {
            return linear_map<Nesterov>({e, mu}, h, c);
        },
        2 * (1 + mu) / (1 + 2 * mu));
}

TEST_CASE("optimizers: small facts") {
    Clock<double> const clock{0.0, 0.0, 1.0, 1.0};
    CHECK(SignSgd{0.1}.iterate(Vec<double, 1>{{2.0}}, 0.0, Draws<double>{}, clock)[0] == 2.0);
    // Adam with both corrections at 1 and no mean is RMSProp.
    double const a[] = {0.1, 0.0, 0.75, 0.01};
    double const r[] = {0.1, 0.75, 0.01, 0.0, 0.0};
    Vec<double, 5> const from_adam = Adam::make(a).iterate(
        Vec<double, 5>{{2.0, 0.3, 0.7, 1.0, 1.0}}, 1.3, Draws<double>{}, clock);
    Vec<double, 2> const from_rmsprop =
        Rmsprop::make(r).iterate(Vec<double, 2>{{2.0, 0.7}}, 1.3, Draws<double>{}, clock);
    CHECK(from_adam[0] == from_rmsprop[0]);
    CHECK(from_adam[2] == from_rmsprop[1]);
    // In float, 1 − β^k is right to 1e-7/(1 − β) at any age.
    double const slow[] = {0.1, 0.9, 0.999, 0.01};
    Vec<float, 5> x{};
    double worst = 0.0;
    for (int k = 1; k <= 30000; ++k) {
        x = Adam::make(slow).iterate(x, 1.0F, Draws<float>{}, Clock<float>{0.0F, 0.0F, 1.0F, 1.0F});
        double const exact = -std::expm1(k * std::log(0.999));
        worst = std::fmax(worst, std::fabs(double(x[4]) / exact - 1.0));
    }
    CHECK(worst < 1e-7 / (1.0 - 0.999));
}

}  // namespace

}  // namespace optimizers_moments_test
