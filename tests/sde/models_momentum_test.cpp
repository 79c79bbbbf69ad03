// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sde/models/momentum_sde.hpp"
#include "tests/sde/models_support.hpp"

namespace models_momentum_test {
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using test::linearised;
using test::relative;
using test::Roots;

constexpr double h = 1.3;

MomentumSde momentum(double eta, double mu, double form) {
    double const values[] = {eta, mu, form};
    return MomentumSde::make(values);
}

/// Characteristic rates of a model on hx²/2: roots of r² = (A₁₁)r + A₁₀, since dX = v dt.
Roots rates(MomentumSde const& m) {
    auto const a = linearised(m, h, 1.0).matrix;
    return test::roots_of(a[1][1], a[1][0]);
}
/// log(r)/√η of the roots of the recursion x_{k+1} = φ₁ x_k + φ₂ x_{k−1} (S70).
Roots rates(double first, double second, double eta) {
    Roots r = test::roots_of(first, second);
    for (auto& root : r) root = std::log(root) / std::sqrt(eta);
    return r;
}
Roots heavy_ball(double eta, double mu) { return rates(1.0 + mu - eta * h, -mu, eta); }
Roots nesterov(double eta, double mu) {
    return rates((1.0 - eta * h) * (1.0 + mu), -(1.0 - eta * h) * mu, eta);
}

/// Order in √η of the distance between the rates of make(η, μ) and those of the recursion at the
/// friction 1 − μ = √η.
template <class Make, class Recursion>
double order(Make make, Recursion recursion) {
    auto const distance = [&](double eta) {
        double const mu = 1.0 - std::sqrt(eta);
        Roots const a = rates(make(eta, mu)), b = recursion(eta, mu);
        return std::max(std::abs(a[0] - b[0]), std::abs(a[1] - b[1]));
    };
    return std::log2(distance(1e-4) / distance(2.5e-5));
}

TEST_CASE("MomentumSde: orders of the characteristic rates in sqrt(eta)") {
    auto const form = [](double f) {
        return [f](double eta, double mu) { return momentum(eta, mu, f); };
    };
    CHECK(order(form(0.0), heavy_ball) == doctest::Approx(1.0).epsilon(0.03));
    CHECK(order(form(1.0), heavy_ball) == doctest::Approx(2.0).epsilon(0.03));
    CHECK(order(form(0.0), nesterov) == doctest::Approx(1.0).epsilon(0.03));
    CHECK(order(form(2.0), nesterov) == doctest::Approx(2.0).epsilon(0.03));

    // without Hessian damping, without 2/(1 + μ) on the force, without it in the friction
    CHECK(order(form(1.0), nesterov) < 1.2);
    auto const weak_force = [](double eta, double mu) {
        MomentumSde m = momentum(eta, mu, 1.0);
        m.force = 1.0;
        return m;
    };
    auto const weak_friction = [](double eta, double mu) {
        MomentumSde m = momentum(eta, mu, 1.0);
        m.drag = (1.0 - mu) / std::sqrt(eta);
        return m;
    };
    CHECK(order(weak_force, heavy_ball) < 1.2);
    CHECK(order(weak_friction, heavy_ball) < 1.2);
}

TEST_CASE("MomentumSde: stationary variances against heavy ball on a quadratic") {
    double const c = 0.7;
    for (double const mu : {0.5, 0.9}) {
        CAPTURE(mu);
        double const eta = 1e-4;
        // exact: E22 for x, and Var v = Var(x_{k+1} − x_k) = 2 Var x · ηh/(1 + μ)
        double const x = eta * c * (1.0 + mu) / (h * (1.0 - mu) * (2.0 * (1.0 + mu) - eta * h));
        double const v = 2.0 * x * h / (1.0 + mu);  // over η: the model's v is (x′ − x)/√η
        auto const small = linearised(momentum(eta, mu, 0.0), h, c).covariance();
        auto const symmetric = linearised(momentum(eta, mu, 1.0), h, c).covariance();
        CHECK(relative(small[0][0], eta * c / (2.0 * (1.0 - mu) * h)) < 1e-12);
        CHECK(relative(small[0][0], x) < 1e-4);
        CHECK(relative(symmetric[0][0], x) < 1e-4);
        CHECK(relative(v / small[1][1], 2.0 / (1.0 + mu)) < 1e-4);  // S8(a)
        CHECK(relative(symmetric[1][1], v) < 1e-4);
        CHECK(std::abs(symmetric[0][1]) < 1e-18);
    }
}

TEST_CASE("MomentumSde: coefficients by hand") {
    // η = 1/16: √η = 1/4, η^{1/4} = 1/2; μ = 1/2: γ = 2 (form 0), 8·(1/2)/(3/2) = 8/3, κ = 4/3
    Vec<double, 2> const s{{0.0, 3.0}};
    Site<double> const site{5.0, 0.0, 2.0, 0.9, 0.1};
    double const friction[] = {2.0, 8.0 / 3.0, 8.0 / 3.0 + 0.25 * 0.6 * 2.0};
    double const force[] = {1.0, 4.0 / 3.0, 4.0 / 3.0};
    for (int form = 0; form <= 2; ++form) {
        CAPTURE(form);
        auto const flow =
            momentum(0.0625, 0.5, form)
                .evaluate(s, site, test::clock_of<double>(0.6, 1.5));  // schedule factors u, n
        CHECK(flow.drift[0] == 3.0);
        CHECK(flow.drift[1] == doctest::Approx(-friction[form] * 3.0 - force[form] * 0.6 * 5.0));
        CHECK(flow.noise[1] == doctest::Approx(-force[form] * 0.5 * 0.6 * 1.5 * 0.9));
    }
}

}  // namespace

}  // namespace models_momentum_test
