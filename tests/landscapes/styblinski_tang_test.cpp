// SPDX-License-Identifier: Apache-2.0
#include "landscapes/styblinski_tang.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "landscapes/potential_adapter.hpp"
#include "tests/conformance/landscape_checks.hpp"

namespace styblinski_tang_test {
using namespace kramers;

namespace {

template <int Dim>
PotentialAdapter<StyblinskiTang, Dim> landscape(double scale = 1.0, double tilt = 5.0) {
    return PotentialAdapter<StyblinskiTang, Dim>({scale, tilt});
}

/// Roots of 4x³ − 32x + c by the trigonometric formula: k = 0 right, 1 middle, 2 left.
double root(double c, int k) {
    constexpr double pi = 3.14159265358979323846;
    double const p = -8.0, q = 0.25 * c;
    double const angle = std::acos(3.0 * q / (2.0 * p) * std::sqrt(-3.0 / p)) / 3.0;
    return 2.0 * std::sqrt(-p / 3.0) * std::cos(angle - 2.0 * pi * k / 3.0);
}

/// The slope of 16 x² instead of 16 x²/2.
template <class Real, int Dim>
    requires(Dim >= 1)
struct FactorTwo : StyblinskiTang<Real, Dim> {
    using Base = StyblinskiTang<Real, Dim>;
    static FactorTwo make(double const* values) { return {Base::make(values)}; }
    template <class T>
    Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        Vec<T, Dim> g = Base::gradient(x);
        for (int i = 0; i < Dim; ++i) g[i] = g[i] - T(16) * x[i];
        return g;
    }
};

}  // namespace

TEST_CASE("Styblinski-Tang: value, gradient and Hessian by hand") {
    // ½[(1 − 16 + 5) + (16 − 64 − 10)] = −34; slopes 2x³ − 16x + 5/2; curvatures 6x² − 16
    auto const v = landscape<2>();
    Eigen::Vector2d const x(1.0, -2.0);
    CHECK(v.value(x) == -34.0);
    CHECK(v.gradient(x) == Eigen::Vector2d(-11.5, 18.5));
    CHECK(v.hessian(x) == Eigen::Matrix2d{{-10.0, 0.0}, {0.0, 8.0}});
}

TEST_CASE(
    "Styblinski-Tang: the global minimum has the published position and value per dimension") {
    auto const check = [](auto const& v) {
        CAPTURE(v.dim());
        CriticalPoint const c = *v.critical_point("minimum.global");
        CHECK(c.value == doctest::Approx(-39.16616570377142 * v.dim()).epsilon(1e-14));
        CHECK((c.point.array() + 2.903534027771177).abs().maxCoeff() < 1e-14);
    };
    check(landscape<1>());
    check(landscape<2>());
    check(landscape<8>());
    check(landscape<32>());
}

TEST_CASE("Styblinski-Tang: named points are the roots of the cubic, at any tilt that has three") {
    for (double const tilt : {0.0, 0.1, 5.0, 20.0, 34.8}) {
        CAPTURE(tilt);
        auto const v = landscape<2>(1.7, tilt);
        double const left = root(tilt, 2), middle = root(tilt, 1), right = root(tilt, 0);
        auto const at = [&](std::string const& name, double x, double y, int index) {
            CAPTURE(name);
            std::optional<CriticalPoint> const c = v.critical_point(name);
            REQUIRE(c);
            // The roots part as √(34.837 − c): 1e-16 of the tilt is 1e-13 of a root.
            CHECK((c->point - Eigen::Vector2d(x, y)).cwiseAbs().maxCoeff() < 1e-12);
            CHECK(c->morse_index == index);
        };
        at("minimum.global", left, left, 0);
        at("saddle.x+", middle, left, 1);
        at("minimum.x+", right, left, 0);
        at("saddle.y+", left, middle, 1);
        at("minimum.y+", left, right, 0);
        at("minimum.x+y+", right, right, 0);
        at("maximum", middle, middle, 2);
    }
    CHECK(landscape<1>(1.0, 34.84).critical_points().size() == 1);
    CHECK(landscape<1>(1.0, 34.84).why_absent("minimum.x+").find("34.8371") != std::string::npos);
}

TEST_CASE("Styblinski-Tang: the barrier along a coordinate is the same in every dimension") {
    // V/k at s and l for c = 5: 0.195612 + 39.166166
    auto const height = [](auto const& v) {
        return barrier_between(v, "minimum.global", "minimum.x+").barrier->height;
    };
    CHECK(height(landscape<1>()) == doctest::Approx(39.361778).epsilon(1e-7));
    CHECK(height(landscape<32>()) == doctest::Approx(height(landscape<1>())).epsilon(1e-12));
}

TEST_CASE("Styblinski-Tang: a slope with a lost factor 2 is rejected") {
    CHECK(checks::check_gradient(landscape<32>()).empty());
    CHECK_FALSE(checks::check_gradient(PotentialAdapter<FactorTwo, 32>({1.0, 5.0})).empty());
    CHECK_FALSE(checks::check_separable(PotentialAdapter<FactorTwo, 2>({1.0, 5.0})).empty());
}

}  // namespace styblinski_tang_test
