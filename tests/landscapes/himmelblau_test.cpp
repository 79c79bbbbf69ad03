// SPDX-License-Identifier: Apache-2.0
#include "landscapes/himmelblau.hpp"

#include <doctest/doctest.h>

#include <string>

#include "landscapes/potential_adapter.hpp"
#include "tests/conformance/landscape_checks.hpp"

namespace himmelblau_test {
using namespace kramers;

namespace {

PotentialAdapter<Himmelblau, 2> himmelblau(double scale = 1.0) {
    return PotentialAdapter<Himmelblau, 2>({scale});
}

/// The cross terms are swapped.
template <class Real, int Dim>
    requires(Dim == 2)
struct Swapped : Himmelblau<Real, Dim> {
    using Base = Himmelblau<Real, Dim>;
    static Swapped make(double const* values) { return {Base::make(values)}; }
    template <class T>
    Vec<T, 2> gradient(Vec<T, 2> const& x) const {
        Vec<T, 2> const g = Base::gradient(x);
        return {{g[1], g[0]}};
    }
};

}  // namespace

TEST_CASE("Himmelblau: value, gradient and Hessian by hand") {
    // At (1, 2): p = 1 + 2 − 11 = −8, q = 1 + 4 − 7 = −2; V = 64 + 4; ∂x = 4xp + 2q, ∂y = 2p + 4yq;
    // ∂xx = 8x² + 4p + 2, ∂xy = 4x + 4y, ∂yy = 2 + 8y² + 4q
    auto const v = himmelblau(0.5);
    Eigen::Vector2d const x(1.0, 2.0);
    CHECK(v.value(x) == 34.0);
    CHECK(v.gradient(x) == Eigen::Vector2d(-18.0, -16.0));
    CHECK(v.hessian(x) == Eigen::Matrix2d{{-11.0, 6.0}, {6.0, 13.0}});
}

TEST_CASE("Himmelblau: four minima, four saddles and the maximum have the published digits") {
    auto const v = himmelblau();
    auto const at = [&](std::string const& name, double x, double y, double height, int index) {
        CAPTURE(name);
        std::optional<CriticalPoint> const c = v.critical_point(name);
        REQUIRE(c);
        CHECK((c->point - Eigen::Vector2d(x, y)).cwiseAbs().maxCoeff() < 6e-7);
        CHECK(c->value == doctest::Approx(height).epsilon(1e-6));
        CHECK(c->morse_index == index);
    };
    at("minimum.x+y+", 3.0, 2.0, 0.0, 0);
    at("minimum.x-y+", -2.805118, 3.131313, 0.0, 0);
    at("minimum.x-y-", -3.779310, -3.283186, 0.0, 0);
    at("minimum.x+y-", 3.584428, -1.848127, 0.0, 0);
    at("saddle.x+", 3.385154, 0.073852, 13.311926, 1);
    at("saddle.y+", 0.086678, 2.884255, 67.719150, 1);
    at("saddle.x-", -3.073026, -0.081353, 104.015163, 1);
    at("saddle.y-", -0.127961, -1.953715, 178.337239, 1);
    at("maximum", -0.270845, -0.923039, 181.616522, 2);
    CHECK(v.critical_points().size() == 9);
}

TEST_CASE("Himmelblau: the nine points are all there are") {
    // Poincaré–Hopf for a V that grows on all sides: minima − saddles + maxima = 1. Bézout: two
    // cubics have at most 9 common zeros.
    auto const v = himmelblau();
    int euler = 0;
    for (CriticalPoint const& c : v.critical_points()) euler += c.morse_index == 1 ? -1 : 1;
    CHECK(euler == 1);
}

TEST_CASE("Himmelblau: scale multiplies the energies and moves no point") {
    auto const unit = himmelblau(), scaled = himmelblau(0.01);
    for (CriticalPoint const& c : unit.critical_points()) {
        CAPTURE(c.name);
        CHECK(scaled.critical_point(c.name)->point.isApprox(c.point, 1e-14));
        CHECK(scaled.critical_point(c.name)->value == doctest::Approx(0.01 * c.value));
    }
}

TEST_CASE("Himmelblau: a gradient with its components swapped is rejected") {
    CHECK(checks::check_gradient(himmelblau()).empty());
    CHECK_FALSE(checks::check_gradient(PotentialAdapter<Swapped, 2>({1.0})).empty());
    CHECK_FALSE(checks::check_hessian(PotentialAdapter<Swapped, 2>({1.0})).empty());
}

}  // namespace himmelblau_test
