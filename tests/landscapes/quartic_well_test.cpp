// SPDX-License-Identifier: Apache-2.0
#include "landscapes/quartic_well.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/potential_adapter.hpp"
#include "tests/conformance/landscape_checks.hpp"

namespace quartic_well_test {
using namespace kramers;

namespace {

template <int Dim>
PotentialAdapter<QuarticWell, Dim> well(double stiffness = 1.0) {
    return PotentialAdapter<QuarticWell, Dim>({stiffness});
}

/// ∫ xⁿ e^{−V/T} dx by the trapezoid rule, which is exact to rounding for such an integrand.
double moment(Potential const& v, double temperature, int n) {
    double sum = 0.0;
    for (int k = -4000; k <= 4000; ++k) {
        double const x = 2.5e-3 * k;
        sum += std::pow(x, n) * std::exp(-v.value(Eigen::VectorXd::Constant(1, x)) / temperature);
    }
    return 2.5e-3 * sum;
}

/// The gradient of k x⁴.
template <class Real, int Dim>
    requires(Dim >= 1)
struct LostQuarter : QuarticWell<Real, Dim> {
    using Base = QuarticWell<Real, Dim>;
    static LostQuarter make(double const* values) { return {Base::make(values)}; }
    template <class T>
    Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        return T(4) * Base::gradient(x);
    }
};

}  // namespace

TEST_CASE("Quartic well: value, gradient and Hessian by hand") {
    auto const v = well<2>(2.0);
    Eigen::Vector2d const x(1.0, -2.0);
    CHECK(v.value(x) == 8.5);
    CHECK(v.gradient(x) == Eigen::Vector2d(2.0, -16.0));
    CHECK(v.hessian(x) == Eigen::Matrix2d{{6.0, 0.0}, {0.0, 24.0}});
}

TEST_CASE("Quartic well: moments under exp(-V/T) are Gamma functions") {
    double const g1 = std::tgamma(0.25);
    for (double const temperature : {0.05, 1.0}) {
        auto const v = well<1>();
        double const z = moment(v, temperature, 0);
        CHECK(z ==
              doctest::Approx(std::sqrt(0.5) * std::pow(temperature, 0.25) * g1).epsilon(1e-12));
        for (int const n : {2, 4, 6})
            CHECK(moment(v, temperature, n) / z ==
                  doctest::Approx(std::pow(4.0 * temperature, 0.25 * n) *
                                  std::tgamma(0.25 * (n + 1)) / g1)
                      .epsilon(1e-12));
        CHECK(moment(v, temperature, 4) / z == doctest::Approx(temperature).epsilon(1e-12));
    }
    // E x⁴ = T/k
    CHECK(moment(well<1>(3.0), 0.6, 4) / moment(well<1>(3.0), 0.6, 0) == doctest::Approx(0.2));
}

TEST_CASE("Quartic well: the minimum is refused as degenerate, at every stiffness and dimension") {
    auto const refused = [](Potential const& v) {
        CHECK(v.critical_points().empty());
        CHECK(v.why_absent("minimum").find("degenerate at") != std::string::npos);
    };
    refused(well<1>());
    refused(well<2>(1e6));
    refused(well<8>(1e-6));
}

TEST_CASE("Quartic well: a gradient without the quarter is rejected") {
    CHECK(checks::check_gradient(well<8>()).empty());
    CHECK(checks::check_critical_points(well<8>()).empty());
    CHECK_FALSE(checks::check_gradient(PotentialAdapter<LostQuarter, 8>({1.0})).empty());
    CHECK_FALSE(checks::check_separable(PotentialAdapter<LostQuarter, 8>({1.0})).empty());
}

}  // namespace quartic_well_test
