// SPDX-License-Identifier: Apache-2.0
#include "landscapes/triple_well.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "landscapes/potential_adapter.hpp"
#include "tests/conformance/landscape_checks.hpp"

namespace triple_well_test {
using namespace kramers;

namespace {

PotentialAdapter<TripleWell, 1> wells(double half_width, double barrier, double outer,
                                      double tilt) {
    return PotentialAdapter<TripleWell, 1>({half_width, barrier, outer, tilt});
}
double value(Potential const& v, double x) { return v.value(Eigen::VectorXd::Constant(1, x)); }

/// Smallest eigenvalue of −T e^{V/T} ∂ e^{−V/T} ∂ on [0, end] with u(0) = 0 and a reflecting end:
/// inverse iteration with u ← (1/T) ∫_0^x e^{V/T} ∫_y^end e^{−V/T} u, trapezoid rule.
double odd_eigenvalue(Potential const& v, double temperature, double end) {
    constexpr int n = 8000;
    double const h = end / n;
    std::vector<double> weight(n + 1), u(n + 1, 1.0), flux(n + 1);
    for (int k = 0; k <= n; ++k) weight[k] = std::exp(-value(v, k * h) / temperature);
    double lambda = 0.0;
    for (int round = 0; round < 6; ++round) {
        flux[n] = 0.0;
        for (int k = n; k-- > 0;)
            flux[k] = flux[k + 1] + 0.5 * h * (weight[k] * u[k] + weight[k + 1] * u[k + 1]);
        std::vector<double> next(n + 1, 0.0);
        for (int k = 0; k < n; ++k)
            next[k + 1] = next[k] + 0.5 * h * (flux[k] / weight[k] + flux[k + 1] / weight[k + 1]) /
                                        temperature;
        double uu = 0.0, un = 0.0;
        for (int k = 0; k <= n; ++k) {
            uu += weight[k] * u[k] * u[k];
            un += weight[k] * u[k] * next[k];
        }
        lambda = uu / un;
        for (int k = 0; k <= n; ++k) u[k] = lambda * next[k];
    }
    return lambda;
}

/// The outer wells are raised in the value and not in the gradient.
template <class Real, int Dim>
    requires(Dim == 1)
struct EqualSlopes : TripleWell<Real, Dim> {
    using Base = TripleWell<Real, Dim>;
    static EqualSlopes make(double const* values) { return {Base::make(values)}; }
    template <class T>
    Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        Base equal = *this;
        equal.ratio = Real(3);
        return equal.gradient(x);
    }
};

}  // namespace

TEST_CASE("Triple well: 4 x^2 (x^2 - 1)^2 is the case h = 16/27") {
    auto const v = wells(1.0, 16.0 / 27.0, 0.0, 0.0);
    for (double const x : {-1.3, -0.6, 0.2, 0.9, 2.0}) {
        double const w = x * x - 1.0;
        CHECK(value(v, x) == doctest::Approx(4.0 * x * x * w * w).epsilon(1e-14));
        // V′ = 8x (x² − 1)(3x² − 1)
        CHECK(v.gradient(Eigen::VectorXd::Constant(1, x))[0] ==
              doctest::Approx(8.0 * x * w * (3.0 * x * x - 1.0)).epsilon(1e-13));
    }
    // V″(0) = 8, V″(±1) = 32, V″ at the saddles ±1/√3: −32/3
    CHECK(v.critical_point("minimum.centre")->eigenvalues[0] == doctest::Approx(8.0));
    CHECK(v.critical_point("minimum.left")->eigenvalues[0] == doctest::Approx(32.0));
    CHECK(v.critical_point("saddle.right")->eigenvalues[0] == doctest::Approx(-32.0 / 3.0));
    CHECK(v.critical_point("saddle.right")->point[0] == doctest::Approx(1.0 / std::sqrt(3.0)));
    CHECK(v.critical_point("saddle.left")->value == doctest::Approx(16.0 / 27.0));
}

TEST_CASE("Triple well: the odd relaxation rate of three equal wells meets its reference") {
    // V = 4x² (x² − 1)², T = 0.06: λ1 = 1.4352017942e-4 by inverse iteration of the Green operator.
    // The trapezoid rule at h = 2.5e-4 is good to (h/width)² = 1e-5.
    auto const v = wells(1.0, 16.0 / 27.0, 0.0, 0.0);
    CHECK(odd_eigenvalue(v, 0.06, 1.5) == doctest::Approx(1.4352017942e-4).epsilon(2e-5));
    CHECK(odd_eigenvalue(wells(1.0, 0.58, 0.0, 0.0), 0.06, 1.5) >
          1.1 * 1.4352017942e-4);  // a barrier lower by 2 %
}

TEST_CASE("Triple well: without tilt positions, heights and curvatures are closed forms") {
    for (double const rho : {-3.0, -0.5, 0.0, 0.7, 2.0}) {
        CAPTURE(rho);
        double const a = 1.6, h = 0.8, sigma = 3.0 - 8.0 * rho / 9.0;
        auto const v = wells(a, h, rho, 0.0);
        REQUIRE(v.critical_points().size() == 5);
        auto const check = [&](std::string const& name, double x, double height, double curvature) {
            CAPTURE(name);
            CriticalPoint const c = *v.critical_point(name);
            CHECK(std::abs(c.point[0] - x) < 1e-13);
            CHECK(std::abs(c.value - height) < 1e-13);
            CHECK(c.eigenvalues[0] == doctest::Approx(curvature).epsilon(1e-11));
        };
        double const top = h * (6.75 * (sigma - 1.0) * (sigma - 1.0) + rho * (3.0 * sigma - 2.0)) /
                           (sigma * sigma * sigma);
        double const k = 13.5 * h / (a * a);
        check("minimum.left", -a, rho * h, 2.0 * k * (sigma - 1.0));
        check("saddle.left", -a / std::sqrt(sigma), top, -2.0 * k * (1.0 - 1.0 / sigma));
        check("minimum.centre", 0.0, 0.0, k);
        check("saddle.right", a / std::sqrt(sigma), top, -2.0 * k * (1.0 - 1.0 / sigma));
        check("minimum.right", a, rho * h, 2.0 * k * (sigma - 1.0));
    }
}

TEST_CASE("Triple well: with a tilt the wells move, and exist up to the announced one") {
    for (double const rho : {-0.5, 0.0, 1.5}) {
        CAPTURE(rho);
        TripleWell<double, 1> const l = [&] {
            double const values[] = {1.0, 0.5, rho, 0.0};
            return TripleWell<double, 1>::make(values);
        }();
        double const limit = l.existence().upper;
        for (double const fraction : {-0.999, -0.3, 0.01, 0.5, 0.999}) {
            CAPTURE(fraction);
            auto const v = wells(1.0, 0.5, rho, fraction * limit);
            CHECK(v.critical_points().size() == 5);
            CHECK(checks::check_critical_points(v).empty());
            CHECK(checks::check_complete(v).empty());
            CHECK(checks::check_derivatives(v).empty());
            CHECK(checks::check_growth(v, TripleWell<double, 1>::growth).empty());
        }
        auto const beyond = wells(1.0, 0.5, rho, 1.001 * limit);
        CHECK(beyond.critical_points().size() == 3);
        CHECK(checks::check_complete(beyond).empty());
        auto const far = wells(1.0, 0.5, rho, 100.0 * limit);
        CHECK(far.critical_points().size() == 1);
        CHECK(far.why_absent("minimum.centre").find("tilt must lie in") != std::string::npos);
    }
    // c > 0 raises the right well.
    auto const v = wells(1.0, 0.5, 0.0, 0.1);
    CHECK(v.critical_point("minimum.left")->value < v.critical_point("minimum.centre")->value);
    CHECK(v.critical_point("minimum.centre")->value < v.critical_point("minimum.right")->value);
}

TEST_CASE("Triple well: outer wells raised in the value alone are rejected") {
    CHECK(checks::check_gradient(wells(1.0, 0.5, 0.7, 0.1)).empty());
    PotentialAdapter<EqualSlopes, 1> const twin({1.0, 0.5, 0.7, 0.1});
    CHECK_FALSE(checks::check_gradient(twin).empty());
}

}  // namespace triple_well_test
