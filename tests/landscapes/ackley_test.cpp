// SPDX-License-Identifier: Apache-2.0
#include "landscapes/ackley.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/potential_adapter.hpp"
#include "tests/conformance/landscape_checks.hpp"

namespace ackley_test {
using namespace kramers;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double e = 2.718281828459045235;
constexpr double cusp = 1e-9;  // smoothing that stands for none away from 0

template <int Dim>
PotentialAdapter<Ackley, Dim> ackley(double smoothing = 0.1, double amplitude = 20.0,
                                     double decay = 0.2) {
    return PotentialAdapter<Ackley, Dim>({amplitude, decay, smoothing});
}

/// The funnel's slope without its division by the radius.
template <class Real, int Dim>
    requires(Dim >= 1)
struct LostRadius : Ackley<Real, Dim> {
    using Base = Ackley<Real, Dim>;
    static LostRadius make(double const* values) { return {Base::make(values)}; }
    template <class T>
    Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        Vec<T, Dim> g = Base::gradient(x);
        T sum = T(this->smoothing_squared);
        for (int i = 0; i < Dim; ++i) sum = sum + x[i] * x[i] * T(1.0 / Dim);
        T const r = math::sqrt(sum);
        T const funnel = T(this->funnel_scale) * math::exp(T(-this->decay) * r);
        for (int i = 0; i < Dim; ++i) g[i] = g[i] + funnel * x[i] * (T(1) - T(1) / r);
        return g;
    }
};

}  // namespace

TEST_CASE("Ackley: values by hand on the lattice, without smoothing those of the literature") {
    // Integers: cos = 1, the ripple is e − e = 0. Half integers: e − 1/e.
    auto const v = ackley<2>(cusp);
    CHECK(v.value(Eigen::Vector2d(1.0, 1.0)) ==
          doctest::Approx(20.0 * (1.0 - std::exp(-0.2))).epsilon(1e-14));
    CHECK(v.value(Eigen::Vector2d(0.5, 0.5)) ==
          doctest::Approx(20.0 * (1.0 - std::exp(-0.1)) + e - 1.0 / e).epsilon(1e-14));
    CHECK(v.value(Eigen::Vector2d(0.5, 0.5)) == doctest::Approx(4.253654).epsilon(1e-6));
    // (1, 0): r = 1/√2, slope (AB/2)(x/r) exp(−B r); the ripple is flat at integers.
    double const r = std::sqrt(0.5);
    CHECK(v.gradient(Eigen::Vector2d(1.0, 0.0))[0] ==
          doctest::Approx(2.0 / r * std::exp(-0.2 * r)).epsilon(1e-14));
    CHECK(std::abs(v.gradient(Eigen::Vector2d(1.0, 0.0))[1]) < 1e-14);
    // Far out V saturates at A, plus the ripple.
    CHECK(v.value(Eigen::Vector2d(1e3, 1e3)) == doctest::Approx(20.0).epsilon(1e-13));
}

TEST_CASE("Ackley: the nearest minima have the published values") {
    auto const v = ackley<2>(cusp);
    CHECK(v.critical_point("minimum.x+")->value == doctest::Approx(2.5799).epsilon(2e-5));
    CHECK(v.critical_point("minimum.x+")->point[0] == doctest::Approx(0.9522).epsilon(5e-5));
    CHECK(v.critical_point("minimum.x+y+")->value == doctest::Approx(3.5745).epsilon(2e-5));
    CHECK(v.critical_point("minimum.global")->value < 1e-8);
    // On the axis y = 0, ∂x V = (AB/2)(x/r) e^{−Br} + π sin 2πx exp((1 + cos 2πx)/2).
    double const x = v.critical_point("minimum.x+")->point[0], r = x / std::sqrt(2.0);
    CHECK(std::abs(2.0 * std::sqrt(2.0) * std::exp(-0.2 * r) +
                   pi * std::sin(2.0 * pi * x) * std::exp(0.5 * (1.0 + std::cos(2.0 * pi * x)))) <
          1e-12);
}

TEST_CASE("Ackley: next to the tip the slope is AB/sqrt d on either side, at the tip 0") {
    auto const v = ackley<8>(1e-6);
    for (double const side : {-1.0, 1.0}) {
        Eigen::VectorXd const x = side * 1e-3 * Eigen::VectorXd::Unit(8, 3);
        double const ripple = 4.0 * pi * pi * e / 8.0 * 1e-3;
        CHECK(side * v.gradient(x)[3] ==
              doctest::Approx(4.0 / std::sqrt(8.0) + ripple).epsilon(2e-4));
    }
    CHECK(v.gradient(Eigen::VectorXd::Zero(8)).isZero(0.0));
}

TEST_CASE("Ackley: curvature of the rounded tip, and how far smoothing lifts V") {
    for (double const smoothing : {1e-3, 0.1, 0.5}) {
        CAPTURE(smoothing);
        CriticalPoint const tip = *ackley<8>(smoothing).critical_point("minimum.global");
        double const h =
            4.0 * std::exp(-0.2 * smoothing) / (8.0 * smoothing) + 4.0 * pi * pi * e / 8.0;
        CHECK(tip.eigenvalues[0] == doctest::Approx(h).epsilon(1e-13));
        CHECK(tip.eigenvalues[7] == doctest::Approx(h).epsilon(1e-13));
        CHECK(tip.value == doctest::Approx(20.0 * (1.0 - std::exp(-0.2 * smoothing))));
        Eigen::VectorXd const x = Eigen::VectorXd::Constant(8, 2.3);  // r = 2.3
        double const lift = ackley<8>(smoothing).value(x) - ackley<8>(cusp).value(x);
        CHECK(lift >= 0.0);
        CHECK(lift <= 4.0 * smoothing * smoothing / (2.0 * 2.3) + 1e-8);
    }
}

TEST_CASE("Ackley: the way out of the funnel is the same along every axis") {
    auto const v = ackley<8>();
    CriticalPoint const x = *v.critical_point("saddle.x+"), y = *v.critical_point("saddle.y-");
    CHECK(x.value == doctest::Approx(y.value).epsilon(1e-14));
    CHECK(x.point[0] == doctest::Approx(-y.point[1]).epsilon(1e-14));
    CHECK(x.morse_index == 1);
    CHECK(v.critical_point("minimum.global")->value < v.critical_point("minimum.x+")->value);
    CHECK(v.critical_point("minimum.x+")->value < x.value);
}

TEST_CASE("Ackley: a funnel that forgets its radius is rejected") {
    CHECK(checks::check_gradient(ackley<8>()).empty());
    CHECK_FALSE(checks::check_gradient(PotentialAdapter<LostRadius, 8>({20.0, 0.2, 0.1})).empty());
    CHECK_FALSE(checks::check_growth(ackley<8>(), {1.0, "linear"}).empty());
}

}  // namespace ackley_test
