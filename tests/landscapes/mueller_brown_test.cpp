// SPDX-License-Identifier: Apache-2.0
#include "landscapes/mueller_brown.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "landscapes/potential_adapter.hpp"
#include "sde/linear_algebra.hpp"
#include "tests/conformance/landscape_checks.hpp"

namespace mueller_brown_test {
using namespace kramers;

namespace {

PotentialAdapter<MuellerBrown, 2> mueller_brown(double scale = 1.0) {
    return PotentialAdapter<MuellerBrown, 2>({scale});
}

/// The table of the paper as a table, std::exp and no shared terms.
double by_table(double x, double y) {
    constexpr double A[] = {-200.0, -100.0, -170.0, 15.0};
    constexpr double a[] = {-1.0, -1.0, -6.5, 0.7}, b[] = {0.0, 0.0, 11.0, 0.6};
    constexpr double c[] = {-10.0, -10.0, -6.5, 0.7};
    constexpr double X[] = {1.0, 0.0, -0.5, -1.0}, Y[] = {0.0, 0.5, 1.5, 1.0};
    double v = 0.0;
    for (int j = 0; j < 4; ++j)
        v += A[j] * std::exp(a[j] * (x - X[j]) * (x - X[j]) + b[j] * (x - X[j]) * (y - Y[j]) +
                             c[j] * (y - Y[j]) * (y - Y[j]));
    return v;
}

/// The third term without its cross derivative.
template <class Real, int Dim>
    requires(Dim == 2)
struct NoCross : MuellerBrown<Real, Dim> {
    using Base = MuellerBrown<Real, Dim>;
    static NoCross make(double const* values) { return {Base::make(values)}; }
    template <class T>
    Vec<T, 2> gradient(Vec<T, 2> const& x) const {
        Vec<T, 2> g = Base::gradient(x);
        T const dx = x[0] + T(0.5), dy = x[1] - T(1.5);
        T const third = T(-170) * math::exp(T(-6.5) * dx * dx + T(11) * dx * dy - T(6.5) * dy * dy);
        g[0] = g[0] - T(this->scale) * third * T(11) * dy;
        return g;
    }
};

}  // namespace

TEST_CASE("Mueller-Brown: the value is that of the published table") {
    auto const v = mueller_brown();
    for (double x = -2.0; x <= 1.5; x += 0.25)
        for (double y = -0.75; y <= 2.5; y += 0.25) {
            double const table = by_table(x, y);
            CHECK(v.value(Eigen::Vector2d(x, y)) ==
                  doctest::Approx(table).epsilon(1e-13).scale(1000.0));
        }
    // At (0, ½), where the second term is at its bottom.
    double const third = -6.5 * 0.25 + 11.0 * 0.5 * -1.0 - 6.5, fourth = 0.7 - 0.3 + 0.175;
    CHECK(v.value(Eigen::Vector2d(0.0, 0.5)) ==
          doctest::Approx(-200.0 * std::exp(-3.5) - 100.0 - 170.0 * std::exp(third) +
                          15.0 * std::exp(fourth))
              .epsilon(1e-14));
}

TEST_CASE("Mueller-Brown: three minima and two saddles have the published positions and energies") {
    auto const v = mueller_brown();
    auto const at = [&](std::string const& name, double x, double y, double energy, int index) {
        CAPTURE(name);
        std::optional<CriticalPoint> const c = v.critical_point(name);
        REQUIRE(c);
        CHECK((c->point - Eigen::Vector2d(x, y)).cwiseAbs().maxCoeff() < 6e-4);
        CHECK(std::abs(c->value - energy) < 6e-4);
        CHECK(c->morse_index == index);
    };
    at("minimum.upper", -0.558, 1.442, -146.700, 0);
    at("saddle.upper", -0.822, 0.624, -40.665, 1);
    at("minimum.middle", -0.050, 0.467, -80.768, 0);
    at("saddle.lower", 0.212, 0.293, -72.249, 1);
    at("minimum.lower", 0.623, 0.028, -108.167, 0);
    CHECK(v.critical_points().size() == 5);
    // Minimized elsewhere to 1e-8 in position, so to all digits in energy.
    CriticalPoint const upper = *v.critical_point("minimum.upper");
    CriticalPoint const lower = *v.critical_point("minimum.lower");
    CHECK((upper.point - Eigen::Vector2d(-0.55822363, 1.44172584)).norm() < 1e-8);
    CHECK((lower.point - Eigen::Vector2d(0.62349941, 0.02803776)).norm() < 1e-8);
    CHECK(upper.value == doctest::Approx(-146.69951720995405).epsilon(1e-14));
    CHECK(lower.value == doctest::Approx(-108.16672411685241).epsilon(1e-14));
}

TEST_CASE("Mueller-Brown: descending from a saddle reaches the wells that it separates") {
    auto const v = mueller_brown(0.01);
    auto const reaches = [&](char const* saddle, char const* one, char const* other) {
        CriticalPoint const top = *v.critical_point(saddle);
        auto const modes = linear::symmetric_eigen(v.hessian(top.point));
        int found = 0;
        for (double const sign : {-1.0, 1.0}) {
            Eigen::VectorXd x = top.point + sign * 1e-3 * modes.vectors.col(0);
            for (int k = 0; k < 4000; ++k) x -= 0.02 * v.gradient(x);
            for (char const* name : {one, other})
                found += (x - v.critical_point(name)->point).norm() < 1e-6;
        }
        return found == 2;
    };
    CHECK(reaches("saddle.upper", "minimum.upper", "minimum.middle"));
    CHECK(reaches("saddle.lower", "minimum.middle", "minimum.lower"));
    CHECK_FALSE(reaches("saddle.lower", "minimum.upper", "minimum.middle"));
}

TEST_CASE("Mueller-Brown: scale multiplies energies and curvatures") {
    auto const unit = mueller_brown(), scaled = mueller_brown(0.05);
    for (CriticalPoint const& c : unit.critical_points()) {
        CAPTURE(c.name);
        CriticalPoint const s = *scaled.critical_point(c.name);
        CHECK(s.point.isApprox(c.point, 1e-13));
        CHECK(s.value == doctest::Approx(0.05 * c.value).epsilon(1e-13));
        CHECK(s.eigenvalues.isApprox(0.05 * c.eigenvalues, 1e-12));
    }
}

TEST_CASE("Mueller-Brown: a gradient without one cross term is rejected") {
    CHECK(checks::check_gradient(mueller_brown()).empty());
    CHECK_FALSE(checks::check_gradient(PotentialAdapter<NoCross, 2>({1.0})).empty());
    CHECK_FALSE(checks::check_growth(mueller_brown(), {4.0, "quartic"}).empty());
}

}  // namespace mueller_brown_test
