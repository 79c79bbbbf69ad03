// SPDX-License-Identifier: Apache-2.0
#include "landscapes/cosine_well.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "landscapes/potential_adapter.hpp"
#include "tests/conformance/landscape_checks.hpp"

namespace cosine_well_test {
using namespace kramers;

namespace {

constexpr double pi = 3.14159265358979323846;

template <int Dim>
PotentialAdapter<CosineWell, Dim> well(double stiffness, double amplitude, double period) {
    return PotentialAdapter<CosineWell, Dim>({stiffness, amplitude, period});
}

/// Root of sin y/y = q in (0, π) by bisection.
double root(double q) {
    double lower = 0.0, upper = pi;
    for (int k = 0; k < 200; ++k) {
        double const y = 0.5 * (lower + upper);
        (std::sin(y) > q * y ? lower : upper) = y;
    }
    return lower;
}

/// The slope without 1/L.
template <class Real, int Dim>
    requires(Dim >= 1)
struct LostPeriod : CosineWell<Real, Dim> {
    using Base = CosineWell<Real, Dim>;
    static LostPeriod make(double const* values) {
        LostPeriod twin{Base::make(values)};
        twin.slope_scale = twin.slope_scale * static_cast<Real>(values[2]);
        return twin;
    }
};

}  // namespace

TEST_CASE("Cosine well: value, gradient and Hessian by hand") {
    // k = 2, A = 3, L = 4, x = (1, 2): V = 1 + 3·0 + 4 − 3; V′ = 2 − 3π/2, 4 − 0; V″ = 2 − 0, 2 + 3π²/4
    auto const v = well<2>(2.0, 3.0, 4.0);
    Eigen::Vector2d const x(1.0, 2.0);
    CHECK(v.value(x) == doctest::Approx(2.0).epsilon(1e-15));
    CHECK(v.gradient(x)[0] == doctest::Approx(2.0 - 1.5 * pi).epsilon(1e-15));
    CHECK(v.gradient(x)[1] == doctest::Approx(4.0).epsilon(1e-15));
    CHECK(v.hessian(x)(0, 0) == doctest::Approx(2.0).epsilon(1e-15));
    CHECK(v.hessian(x)(1, 1) == doctest::Approx(2.0 + 0.75 * pi * pi).epsilon(1e-15));
    CHECK(v.hessian(x)(0, 1) == 0.0);
}

TEST_CASE("Cosine well: minima are the roots of sin y = q y, at any parameters that have them") {
    for (double const q : {0.01, 0.1, 2.0 / pi, 0.9, 0.999}) {
        CAPTURE(q);
        double const k = 1.7, period = 0.8;
        double const amplitude = k * period * period / (4.0 * pi * pi * q), y = root(q);
        auto const v = well<1>(k, amplitude, period);
        REQUIRE(v.critical_points().size() == 3);
        CriticalPoint const right = *v.critical_point("minimum.right");
        CHECK(right.point[0] == doctest::Approx(period * y / (2.0 * pi)).epsilon(1e-11));
        CHECK(right.eigenvalues[0] == doctest::Approx(k * (1.0 - std::cos(y) / q)).epsilon(1e-9));
        CHECK(v.critical_point("minimum.left")->point[0] == -right.point[0]);
        CHECK(v.critical_point("saddle")->eigenvalues[0] ==
              doctest::Approx(k * (1.0 - 1.0 / q)).epsilon(1e-11));
        // V(0) − V(m) = A (1 − cos y − q y²/2)
        BarrierResult const over = barrier_between(v, "minimum.left", "minimum.right");
        REQUIRE(over.barrier);
        CHECK(over.barrier->height ==
              doctest::Approx(amplitude * (1.0 - std::cos(y) - 0.5 * q * y * y)).epsilon(1e-8));
    }
    // q = 2/π: y = π/2, a quarter of the period
    CHECK(well<1>(1.0, 2.0 / pi, 4.0).critical_point("minimum.right")->point[0] ==
          doctest::Approx(1.0).epsilon(1e-15));
}

TEST_CASE("Cosine well: one minimum below the pitchfork, none that counts on it, and the reason") {
    auto const single = well<1>(1.0, 0.9, 2.0 * pi);
    REQUIRE(single.critical_points().size() == 1);
    CHECK(single.critical_points()[0].name == "minimum");
    CHECK(single.why_absent("saddle").find("amplitude must lie in (1, inf)") != std::string::npos);
    CHECK(well<1>(1.0, 1.0, 2.0 * pi).critical_points().empty());
    CHECK(well<1>(1.0, 0.0, 1.0).critical_points()[0].eigenvalues[0] == 1.0);
    CHECK(well<8>(1.0, 0.9, 2.0 * pi).critical_points().size() == 1);
    CHECK(well<8>(1.0, 1.1, 2.0 * pi).critical_points().size() == 7);
}

TEST_CASE("Cosine well: coordinates are independent, with the same barrier in every dimension") {
    auto const line = well<1>(1.0, 2.0 / pi, 4.0);
    double const height = barrier_between(line, "minimum.left", "minimum.right").barrier->height;
    auto const check = [&](auto const& v) {
        CAPTURE(v.dim());
        for (std::string const axis : {"x", "y"}) {
            BarrierResult const over = barrier_between(v, "minimum.left", "minimum." + axis + "+");
            REQUIRE(over.barrier);
            CHECK(over.barrier->height == doctest::Approx(height).epsilon(1e-12));
            CHECK(over.barrier->saddle.name == "saddle." + axis);
        }
        CHECK(v.critical_point("maximum")->morse_index == v.dim());
        CHECK(v.critical_point("minimum.right")
                  ->point.isApprox(Eigen::VectorXd::Ones(v.dim()), 1e-15));
        CHECK(v.critical_point("minimum.right")->value ==
              doctest::Approx(v.dim() * line.critical_point("minimum.right")->value));
    };
    check(well<2>(1.0, 2.0 / pi, 4.0));
    check(well<8>(1.0, 2.0 / pi, 4.0));
}

TEST_CASE("Cosine well: a slope that forgets the period is rejected") {
    CHECK(checks::check_gradient(well<8>(1.0, 1.0, 2.5)).empty());
    CHECK(checks::check_complete(well<1>(1.0, 1.0, 2.5)).empty());
    CHECK(checks::check_critical_points(well<8>(1.0, 1.0, 2.5)).empty());
    CHECK(checks::check_separable(well<2>(1.0, 1.0, 2.5)).empty());
    CHECK(checks::check_growth(well<2>(1.0, 1.0, 2.5), CosineWell<double, 2>::growth).empty());
    CHECK_FALSE(checks::check_gradient(PotentialAdapter<LostPeriod, 8>({1.0, 1.0, 2.5})).empty());
    CHECK_FALSE(checks::check_separable(PotentialAdapter<LostPeriod, 2>({1.0, 1.0, 2.5})).empty());
}

}  // namespace cosine_well_test
