// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sde/dual.hpp"
#include "sde/models/adam_sde.hpp"
#include "sde/models/modified_equation.hpp"
#include "sde/models/momentum_sde.hpp"
#include "sde/models/rmsprop_sde.hpp"
#include "sde/models/sign_sde.hpp"
#include "sde/models/state_dependent.hpp"
#include "tests/sde/models_support.hpp"

namespace models_interpretation_test {
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using D = Dual<double>;

constexpr double points[] = {-1.6, -0.7, -0.2, 0.4, 1.1, 1.9};

D seeded(double x) { return {x, 1.0}; }

/// Probability current over density, b − ½ (g²)′ − ½ g² (ln p)′; 0 for the stationary density of a
/// reversible process.
template <class M, class S, class P>
double current(M const& model, S site, P log_density, double x) {
    auto const flow = model.evaluate(Vec<D, 1>{{seeded(x)}}, site(seeded(x)), test::clock_of<D>());
    D const variance = flow.noise[0] * flow.noise[0];
    return flow.drift[0].value - 0.5 * variance.derivative -
           0.5 * variance.value * log_density(seeded(x)).derivative;
}

StateDependent interpreted(double strength, double alpha) {
    double const values[] = {strength, alpha};
    return StateDependent::make(values);
}

TEST_CASE("StateDependent: no current at the Student density of S45, each integral its own") {
    double const k = 1.4, c = 0.6, m = 0.3, s = 0.5;  // g² = s (c + m x²), b = −kx
    auto const site = [&](D x) { return test::quadratic(x, k, c, m); };
    for (double const alpha : {0.0, 0.5, 1.0}) {
        auto const density = [&](D x) {
            return D(-(1.0 - alpha) - k / (s * m)) * math::log(D(c) + D(m) * x * x);
        };
        for (double const x : points) {
            CAPTURE(alpha);
            CAPTURE(x);
            CHECK(std::abs(current(interpreted(s, alpha), site, density, x)) < 1e-14);
            // any other integral carries a current
            for (double const other : {0.0, 0.5, 1.0}) {
                if (other == alpha) continue;
                CHECK(std::abs(current(interpreted(s, other), site, density, x)) > 1e-2);
            }
        }
    }
}

TEST_CASE("StateDependent: no current in the plane for noise of the loss, S46") {
    // V = x⁴/4 + x²y²/2 + y² + 1, s C = 2T₀ (1 + κV)
    double const t0 = 0.2, kappa = 0.7, s = 0.5;
    auto const value = [](D x, D y) {
        return x * x * x * x * D(0.25) + x * x * y * y * D(0.5) + y * y + D(1);
    };
    for (double const alpha : {0.0, 0.5, 1.0}) {
        for (double const x : points) {
            for (int axis = 0; axis < 2; ++axis) {
                double const y = 0.8;
                auto const loss = [&](D z) { return axis == 0 ? value(z, D(y)) : value(D(x), z); };
                auto const site = [&](D z) {
                    D const gradient =
                        axis == 0 ? z * z * z + z * D(y * y) : D(x * x) * z + D(2) * z;
                    D const c = D(2.0 * t0 / s) * (D(1) + D(kappa) * loss(z));
                    return Site<D>{gradient, D(0), D(0), math::sqrt(c),
                                   D(2.0 * t0 * kappa / s) * gradient};
                };
                auto const density = [&](D z) {
                    return D(-(1.0 - alpha) - 1.0 / (t0 * kappa)) *
                           math::log(D(1) + D(kappa) * loss(z));
                };
                double const at = axis == 0 ? x : y;
                CHECK(std::abs(current(interpreted(s, alpha), site, density, at)) < 1e-13);
                double const other = alpha == 0.0 ? 0.5 : 0.0;
                CHECK(std::abs(current(interpreted(s, other), site, density, at)) > 1e-3);
            }
        }
    }
}

TEST_CASE("ModifiedEquation: order 1 has the Student law of S36, read as Ito") {
    double const h = 1.4, c = 0.6, m = 0.3, eta = 0.1;
    auto const site = [&](D x) { return test::quadratic(x, h, c, m); };
    auto const density = [&](D x) {
        return D(-1.0 - h / (eta * m)) * math::log(D(c) + D(m) * x * x);
    };
    double const values[] = {eta, 1.0, 0.0};
    for (double const x : points) {
        CHECK(std::abs(current(ModifiedEquation::make(values), site, density, x)) < 1e-14);
        CHECK(std::abs(current(interpreted(eta, 0.5), site, density, x)) > 1e-3);  // Stratonovich
    }
}

/// ½ g ∂g/∂x of entry i, by dual numbers, and what the model says.
struct Correction {
    double derived, stated;
};
template <class M, class S>
Correction correction(M const& model, S site, double x, Vec<double, M::memory + 1> rest,
                      int entry) {
    Vec<D, 1 + M::memory> s{};
    for (int i = 1; i <= M::memory; ++i) s[i] = D(rest[i]);
    s[0] = seeded(x);
    auto const flow = model.evaluate(s, site(s[0]), test::clock_of<D>(0.8, 1.3, 0.2));
    double derived = 0.0;  // only ∂_x acts: the noise of these models depends on x alone
    if (entry == 0) derived = 0.5 * flow.noise[0].value * flow.noise[0].derivative;
    return {derived, flow.correction[entry].value};
}

TEST_CASE("models: the correction is half the noise times its derivative") {
    auto const site = [](D x) { return test::tilted(x); };
    double const sgd1[] = {0.1, 1.0, 0.4}, sgd2[] = {0.1, 2.0, 0.4}, sign[] = {0.1};
    for (double const x : points) {
        CAPTURE(x);
        for (double const alpha : {0.0, 0.5, 1.0}) {
            auto const r = correction(interpreted(0.5, alpha), site, x, {}, 0);
            CHECK(std::abs(r.derived - r.stated) < 1e-15);
            CHECK(std::abs(r.derived - 2.0 * r.stated) > 1e-3);  // g g′ for ½ g g′
        }
        for (auto const& values : {sgd1, sgd2}) {
            auto const r = correction(ModifiedEquation::make(values), site, x, {}, 0);
            CHECK(std::abs(r.derived - r.stated) < 1e-15);
        }
        auto const r = correction(SignSde::make(sign), site, x, {}, 0);
        CHECK(std::abs(r.derived - r.stated) < 1e-15);
    }
}

TEST_CASE("ModifiedEquation: the correction of order 3 is exact for linear C on a quadratic") {
    double const values[] = {0.1, 3.0, 0.4};
    auto const site = [](D x) {
        Site<D> s = test::quadratic(x, 1.4, 0.0);
        s.amplitude = math::sqrt(D(2) + D(0.3) * x);
        s.variance_slope = D(0.3);
        return s;
    };
    for (double const x : points) {
        auto const r = correction(ModifiedEquation::make(values), site, x, {}, 0);
        CHECK(std::abs(r.derived - r.stated) < 1e-15);
    }
}

TEST_CASE("RmspropSde: the correction is exact but for the noise inside v") {
    auto const site = [](D x) { return test::tilted(x); };
    double last = 0.0;
    for (double const fresh : {2e-3, 1e-3}) {
        double const values[] = {0.1, 1.0 - fresh, 0.01, 1.0, 0.2, 0.0};
        double worst = 0.0;
        for (double const x : points) {
            auto const r = correction(RmspropSde::make(values), site, x, {{0.0, 0.9}}, 0);
            worst = std::max(worst, std::abs(r.derived - r.stated));
            CHECK(std::abs(r.stated) > 1e-4);
        }
        if (last > 0.0) CHECK(last / worst == doctest::Approx(2.0).epsilon(0.05));
        last = worst;
    }
}

TEST_CASE("models: noise that moves a velocity needs no correction") {
    double const momentum[] = {0.1, 0.9, 2.0}, adam[] = {0.1, 0.9, 0.99, 0.01, 0.2, 0.5, 0.0};
    for (double const x : points) {
        auto const v = MomentumSde::make(momentum).evaluate(Vec<double, 2>{{x, 0.3}},
                                                            test::tilted(x), test::unscheduled);
        CHECK((v.noise[0] == 0.0 && v.correction[0] == 0.0 && v.correction[1] == 0.0));
        auto const a = AdamSde::make(adam).evaluate(Vec<double, 3>{{x, 0.3, 0.5}}, test::tilted(x),
                                                    test::unscheduled);
        CHECK((a.noise[0] == 0.0 && a.noise[2] == 0.0 && a.correction[1] == 0.0));
    }
}

}  // namespace

}  // namespace models_interpretation_test
