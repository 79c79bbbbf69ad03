// SPDX-License-Identifier: Apache-2.0
#include "landscapes/quartic_saddle.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/potential_adapter.hpp"
#include "tests/conformance/landscape_checks.hpp"

namespace quartic_saddle_test {
using namespace kramers;

namespace {

constexpr double pi = 3.14159265358979323846;

PotentialAdapter<QuarticSaddle, 1> saddle(double half_width = 1.0, double barrier = 1.0 / 12.0) {
    return PotentialAdapter<QuarticSaddle, 1>({half_width, barrier});
}
double value(Potential const& v, double x) { return v.value(Eigen::VectorXd::Constant(1, x)); }

/// (1/T) ∫_a^b e^{V/T} ∫_{−∞}^y e^{−V/T}, trapezoid rule.
double passage_time(Potential const& v, double temperature, double a, double b) {
    constexpr int n = 20000;
    double const lower = a - 1.0, h = (b - lower) / n;
    double inner = 0.0, time = 0.0, last = 0.0, weight = std::exp(-value(v, lower) / temperature);
    for (int k = 1; k <= n; ++k) {
        double const y = lower + k * h, next = std::exp(-value(v, y) / temperature);
        inner += 0.5 * h * (weight + next);
        weight = next;
        double const integrand = inner / weight;
        if (y > a + 0.5 * h) time += 0.5 * h * (last + integrand);
        last = integrand;
    }
    return time / temperature;
}

/// The flat top replaced by a parabola in the gradient.
template <class Real, int Dim>
    requires(Dim == 1)
struct RoundTop : QuarticSaddle<Real, Dim> {
    using Base = QuarticSaddle<Real, Dim>;
    static RoundTop make(double const* values) { return {Base::make(values)}; }
    template <class T>
    Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        T const w = x[0] * x[0] - T(this->half_width_squared);
        return {{T(this->gradient_scale) * T(this->half_width_squared) * x[0] * w}};
    }
};

}  // namespace

TEST_CASE("Quartic saddle: h = 1/12 is x^6/6 - x^4/4 + 1/12") {
    auto const v = saddle();
    for (double const x : {-1.2, -0.5, 0.0, 0.3, 1.0, 2.0}) {
        double const x2 = x * x;
        CHECK(std::abs(value(v, x) - (x2 * x2 * x2 / 6.0 - x2 * x2 / 4.0 + 1.0 / 12.0)) < 1e-14);
        CHECK(std::abs(v.gradient(Eigen::VectorXd::Constant(1, x))[0] - x * x2 * (x2 - 1.0)) <
              1e-14);
    }
}

TEST_CASE("Quartic saddle: minima at half_width with curvature 24 h/a^2, the top refused") {
    auto const v = saddle(1.5, 0.7);
    REQUIRE(v.critical_points().size() == 2);
    for (auto const& [name, x] : {std::pair{"minimum.left", -1.5}, {"minimum.right", 1.5}}) {
        CriticalPoint const c = *v.critical_point(name);
        CHECK(c.point[0] == doctest::Approx(x).epsilon(1e-15));
        CHECK(std::abs(c.value) < 1e-15);
        CHECK(c.eigenvalues[0] == doctest::Approx(24.0 * 0.7 / 2.25).epsilon(1e-13));
    }
    CHECK(value(v, 0.0) == doctest::Approx(0.7).epsilon(1e-15));
    CHECK(v.derivatives(0.0)[2] == 0.0);
    CHECK(v.derivatives(0.0)[3] == 0.0);
    CHECK(v.derivatives(0.0)[4] == doctest::Approx(-72.0 * 0.7 / std::pow(1.5, 4)));  // −24 C
    CHECK(v.why_absent("saddle").find("degenerate at (0)") != std::string::npos);
    // So nothing computes a Kramers rate from it.
    BarrierResult const out = barrier_between(v, "minimum.left", "minimum.right");
    CHECK_FALSE(out.barrier);
    CHECK(out.reason.find("degenerate") != std::string::npos);
}

TEST_CASE("Quartic saddle: mean passage time at T = 0.01 meets its reference") {
    // τ(−1 → 1) = 65000.31052206 by nested quadrature.
    double const exact = passage_time(saddle(), 0.01, -1.0, 1.0);
    CHECK(exact == doctest::Approx(65000.31052205883).epsilon(1e-6));
}

TEST_CASE(
    "Quartic saddle: the leading order with the fourth root of T, and its corrections, converge") {
    // C = 3h = ¼. Top: the mean of e^{x⁶/6T} over e^{−x⁴/4T}, 1 + (4/3) Γ(7/4)/Γ(1/4) √T +
    // (8/9) Γ(13/4)/Γ(1/4) T; well: V″ = 2, V‴ = 14, V⁗ = 54 give
    // 1 + (5·14²/(24·2³) − 54/(8·2²)) T. What is left is of order T^{3/2}.
    double const g = std::tgamma(0.25);
    auto const left = [&](double T) {
        double const leading =
            std::sqrt(pi * T) * 0.5 * g * std::pow(T / 0.25, 0.25) / T * std::exp(1.0 / (12.0 * T));
        double const top = 1.0 + 4.0 / 3.0 * std::tgamma(1.75) / g * std::sqrt(T) +
                           8.0 / 9.0 * std::tgamma(3.25) / g * T;
        double const well = 1.0 + (980.0 / 192.0 - 54.0 / 32.0) * T;
        return std::abs(passage_time(saddle(), T, -1.0, 1.0) / leading / (top * well) - 1.0);
    };
    CHECK(left(0.01) < 0.02);
    CHECK(left(0.0025) < left(0.01) / 5.0);  // T^{3/2}: 8, a wrong T term: 4 at most
}

TEST_CASE("Quartic saddle: a round top in the gradient is rejected") {
    CHECK(checks::check_gradient(saddle()).empty());
    CHECK(checks::check_complete(saddle()).empty());
    PotentialAdapter<RoundTop, 1> const twin({1.0, 1.0 / 12.0});
    CHECK_FALSE(checks::check_gradient(twin).empty());
    CHECK_FALSE(checks::check_separable(twin).empty());
}

}  // namespace quartic_saddle_test
