// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sde/models/modified_equation.hpp"
#include "sde/models/ou_interpolant.hpp"
#include "tests/sde/models_support.hpp"

namespace models_sgd_test {
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using test::linearised;
using test::relative;

ModifiedEquation modified(double eta, double order, double weight_decay = 0.0) {
    double const values[] = {eta, order, weight_decay};
    return ModifiedEquation::make(values);
}
OuInterpolant interpolant(double eta) {
    double const values[] = {eta};
    return OuInterpolant::make(values);
}

/// Mean and variance at time t, from x₀ = 1.
struct Moments {
    double mean, variance;
};

/// SGD on hx²/2 with C = c + mx², a = 1 − ηh:
/// E x′ = a E x, Var x′ = a² Var x + η² (c + m (Var x + (E x)²)).
Moments of_sgd(double eta, double h, double c, double m, double t) {
    Moments r{1.0, 0.0};
    double const a = 1.0 - eta * h;
    for (long k = 0; k < std::lround(t / eta); ++k) {
        r.variance = a * a * r.variance + eta * eta * (c + m * (r.variance + r.mean * r.mean));
        r.mean *= a;
    }
    return r;
}

/// The same of dX = −kX dt + √(p + qX²) dW, with k, p, q read off a model:
/// the variance solves y′ = (q − 2k) y + p + q e^{−2kt}.
template <class M>
Moments of_sde(M const& model, double h, double c, double m, double t) {
    auto const at = [&](double x) {
        return model.evaluate(Vec<double, 1>{{x}}, test::quadratic(x, h, c, m), test::unscheduled);
    };
    double const k = -at(1.0).drift[0];
    double const p = at(0.0).noise[0] * at(0.0).noise[0];
    double const q = at(1.0).noise[0] * at(1.0).noise[0] - p;
    double const rate = q - 2.0 * k;
    return {std::exp(-k * t),
            p * std::expm1(rate * t) / rate + std::exp(-2.0 * k * t) * std::expm1(q * t)};
}

TEST_CASE("ModifiedEquation: errors of the variance at t = 1 are -3.3, -4.9 and -0.15 percent") {
    Moments const exact = of_sgd(0.05, 1.0, 1.0, 0.0, 1.0);
    double const expected[] = {-3.26, -4.90, -0.147};  // by hand: see S5
    for (int order = 1; order <= 3; ++order) {
        CAPTURE(order);
        Moments const sde = of_sde(modified(0.05, order), 1.0, 1.0, 0.0, 1.0);
        CHECK(100.0 * (sde.variance / exact.variance - 1.0) ==
              doctest::Approx(expected[order - 1]).epsilon(0.01));
    }
    CHECK(relative(of_sde(modified(0.05, 1.0), 1.0, 1.0, 0.0, 1.0).mean, exact.mean) > 0.02);
    CHECK(relative(of_sde(modified(0.05, 2.0), 1.0, 1.0, 0.0, 1.0).mean, exact.mean) < 1e-3);
}

template <class Make>
Moments observed_orders(Make make, double h, double c, double m) {
    auto const error = [&](double eta) {
        Moments const exact = of_sgd(eta, h, c, m, 1.0);
        Moments const sde = of_sde(make(eta), h, c, m, 1.0);
        return Moments{relative(sde.mean, exact.mean), relative(sde.variance, exact.variance)};
    };
    Moments const coarse = error(1.0 / 256), fine = error(1.0 / 512);
    return {std::log2(coarse.mean / fine.mean), std::log2(coarse.variance / fine.variance)};
}

TEST_CASE("ModifiedEquation: orders of mean and variance on a quadratic") {
    // mean 1, 2, 2; variance, relative to its own size O(η): 1, 1, 2
    double const mean[] = {1.0, 2.0, 2.0}, variance[] = {1.0, 1.0, 2.0};
    for (double const m : {0.0, 0.8}) {  // constant noise and C = c + mx²
        for (int order = 1; order <= 3; ++order) {
            CAPTURE(m);
            CAPTURE(order);
            Moments const r =
                observed_orders([&](double eta) { return modified(eta, order); }, 1.2, 0.7, m);
            CHECK(r.mean == doctest::Approx(mean[order - 1]).epsilon(0.03));
            CHECK(r.variance == doctest::Approx(variance[order - 1]).epsilon(0.03));
        }
    }
}

TEST_CASE("teeth: a wrong sign of S5 and a diffusion without b D' lose the order") {
    auto const wrong_sign = [](double eta) {
        ModifiedEquation r = modified(eta, 2.0);
        r.bend = -r.bend;
        return r;
    };
    CHECK(observed_orders(wrong_sign, 1.2, 0.7, 0.0).mean < 1.2);

    /// Order 3 that does not know that C depends on x.
    struct Unaware {
        ModifiedEquation model;
        Flow<double, 1> evaluate(Vec<double, 1> const& s, Site<double> site,
                                 Clock<double> const& clock) const {
            site.variance_slope = 0.0;
            return model.evaluate(s, site, clock);
        }
    };
    auto const unaware = [](double eta) { return Unaware{modified(eta, 3.0)}; };
    CHECK(observed_orders(unaware, 1.2, 0.7, 0.8).variance < 1.2);
    CHECK(observed_orders(unaware, 1.2, 0.7, 0.0).variance > 1.9);
}

TEST_CASE("ModifiedEquation: stationary variances on a quadratic are those of S5") {
    double const eta = 0.1, h = 1.4, c = 0.7, y = eta * h;
    double const first = eta * c / (2.0 * h);
    CHECK(relative(linearised(modified(eta, 1.0), h, c).covariance()[0][0], first) < 1e-14);
    CHECK(relative(linearised(modified(eta, 2.0), h, c).covariance()[0][0],
                   first / (1.0 + y / 2.0)) < 1e-14);
    CHECK(relative(linearised(modified(eta, 3.0), h, c).covariance()[0][0],
                   first * (1.0 + y) / (1.0 + y / 2.0)) < 1e-14);
    // only order 3 is closer to SGD, 1/(1 − y/2), than order 1
    double const sgd = first / (1.0 - y / 2.0);
    CHECK(relative(first * (1.0 + y) / (1.0 + y / 2.0), sgd) < 0.15 * relative(first, sgd));
}

TEST_CASE("ModifiedEquation: the tilted well, term by term") {
    double const eta = 0.1, x = 0.4;
    auto const site = test::tilted(x);  // V′ = −0.036, V″ = −0.52, C = 0.652, C′ = 0.46
    auto const flow = modified(eta, 3.0).evaluate(Vec<double, 1>{{x}}, site, test::unscheduled);
    CHECK(flow.drift[0] == doctest::Approx(0.036 - 0.05 * 0.52 * 0.036).epsilon(1e-12));
    double const variance = eta * (0.652 * (1.0 - 0.052) + 0.05 * -0.036 * 0.46);
    CHECK(flow.noise[0] == doctest::Approx(-std::sqrt(variance)).epsilon(1e-12));
}

TEST_CASE("ModifiedEquation: weight decay is a quadratic added to the landscape") {
    double const lambda = 0.4, x = 0.7;
    Site<double> const bare = test::quadratic(x, 1.1, 0.6, 0.5);
    Site<double> full = test::quadratic(x, 1.5, 0.6, 0.5);
    for (double const order : {1.0, 2.0, 3.0}) {
        auto const a =
            modified(0.1, order, lambda).evaluate(Vec<double, 1>{{x}}, bare, test::unscheduled);
        auto const b = modified(0.1, order).evaluate(Vec<double, 1>{{x}}, full, test::unscheduled);
        CHECK(a.drift[0] == doctest::Approx(b.drift[0]).epsilon(1e-14));
        CHECK(a.noise[0] == doctest::Approx(b.noise[0]).epsilon(1e-14));
    }
}

/// A constant factor u of the learning rate is the learning rate ηu in the clock t′ = ut.
template <class Make>
double schedule_defect(Make make, double rate_seen) {
    double const u = 0.6, eta = 0.2;
    Vec<double, 1> const s{{0.7}};
    auto const site = test::quadratic(0.7, 1.5, 0.6, 0.5);
    auto const a = make(eta).evaluate(s, site, test::clock_of<double>(rate_seen, 1.3));
    auto const b = make(eta * u).evaluate(s, site, test::clock_of<double>(1.0, 1.3));
    return std::max(
        {relative(a.drift[0], u * b.drift[0]), relative(a.noise[0], std::sqrt(u) * b.noise[0]),
         b.correction[0] == 0.0 ? 0.0 : relative(a.correction[0], u * b.correction[0])});
}

TEST_CASE("ModifiedEquation, OuInterpolant: the schedule's factor stands where S7 has it") {
    for (double const order : {1.0, 2.0, 3.0}) {
        auto const make = [&](double eta) { return modified(eta, order); };
        CHECK(schedule_defect(make, 0.6) < 1e-14);
        CHECK(schedule_defect(make, 1.0) > 0.2);  // no factor
    }
    CHECK(schedule_defect(interpolant, 0.6) < 1e-14);
    CHECK(schedule_defect(interpolant, 1.0) > 0.2);
}

TEST_CASE("OuInterpolant: mean and variance at every step are those of SGD") {
    double const c = 0.7, eta = 0.25;
    for (double const h : {-1.5, 1e-9, 0.3, 1.2, 3.6, 3.99}) {
        CAPTURE(h);
        auto const linear = linearised(interpolant(eta), h, c);
        double const rate = linear.matrix[0][0], variance = linear.noise[0] * linear.noise[0];
        CHECK(std::abs(std::exp(rate * eta) - (1.0 - eta * h)) < 1e-14);
        // over one step: D (1 − e^{−2Aη})/(2A) = η²c
        double const step = variance * std::expm1(2.0 * rate * eta) / (2.0 * rate);
        CHECK(relative(step, eta * eta * c) < 1e-12);
    }
    // no curvature: dX = −√η a dW
    auto const flat = interpolant(eta).evaluate(
        Vec<double, 1>{{1.0}}, Site<double>{0.5, 0.0, 0.0, 2.0, 0.0}, test::unscheduled);
    CHECK(flat.drift[0] == -0.5);
    CHECK(flat.noise[0] == -0.5 * 2.0);
    // the first-order equation is not exact
    auto const first = linearised(modified(eta, 1.0), 1.2, c);
    CHECK(std::abs(std::exp(first.matrix[0][0] * eta) - (1.0 - eta * 1.2)) > 1e-2);
    // beyond ηh = 1 there is none
    CHECK(std::isnan(linearised(interpolant(eta), 4.1, c).noise[0]));
}

}  // namespace

}  // namespace models_sgd_test
