// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace landau_test {
using namespace kramers;

namespace {

std::shared_ptr<Potential const> landau(double curvature, double stiffness) {
    return make_potential("landau", 1, {curvature, stiffness});
}

struct Moments {
    double norm, second, fourth;
};

/// Moments of exp(−V/T) by the trapezoidal rule, which is exact to rounding for such integrands.
Moments moments(Potential const& v, double temperature) {
    Moments m{0.0, 0.0, 0.0};
    constexpr double width = 0.01;
    for (int i = -600; i <= 600; ++i) {
        double const x = i * width, x2 = x * x;
        double const weight = width * std::exp(-v.coordinate_value(0, x) / temperature);
        m.norm += weight;
        m.second += x2 * weight;
        m.fourth += x2 * x2 * weight;
    }
    return {m.norm, m.second / m.norm, m.fourth / m.norm};
}

}  // namespace

TEST_CASE("Landau: value and derivatives by hand, on either side of the pitchfork") {
    // r = −3, u = 2, x = 2: V = −6 + 8, V′ = −6 + 16, V″ = −3 + 24, V‴ = 24, V⁗ = 12.
    std::array<double, 5> const d = landau(-3.0, 2.0)->derivatives(2.0);
    std::array<double, 5> const expected{2.0, 10.0, 21.0, 24.0, 12.0};
    for (std::size_t k = 0; k < 5; ++k) CHECK(d[k] == doctest::Approx(expected[k]).epsilon(1e-15));
    CHECK(landau(3.0, 2.0)->derivatives(2.0)[0] == doctest::Approx(14.0).epsilon(1e-15));
}

TEST_CASE("Landau: one well above the pitchfork, two below, none that counts on it") {
    auto const single = landau(0.4, 2.0);
    REQUIRE(single->critical_points().size() == 1);
    CHECK(single->critical_points()[0].name == "minimum");
    CHECK(single->why_absent("saddle").find("curvature must lie in (-inf, 0)") !=
          std::string::npos);
    CHECK(landau(0.0, 2.0)->critical_points().empty());
    CHECK(landau(0.0, 2.0)->why_absent("minimum").find("degenerate") != std::string::npos);
    // A double well of unit softening seen through weight noise of variance 0.1: r = −(1 − 3·0.1).
    auto const noisy = landau(-0.7, 1.0);
    REQUIRE(noisy->critical_points().size() == 3);
    CHECK(noisy->critical_point("minimum.right")->point[0] ==
          doctest::Approx(0.8366600265340756).epsilon(1e-14));
    BarrierResult const over = barrier_between(*noisy, "minimum.left", "minimum.right");
    REQUIRE(over.barrier);
    CHECK(over.barrier->height == doctest::Approx(0.1225).epsilon(1e-14));
    CHECK(over.barrier->saddle.eigenvalues[0] == doctest::Approx(-0.7).epsilon(1e-15));
}

TEST_CASE("Landau: below the pitchfork it is the double well, less its barrier") {
    double const r = -1.7, u = 0.6;
    auto const v = landau(r, u);
    auto const well = make_potential("double_well", 1, {std::sqrt(-r / u), r * r / (4.0 * u)});
    for (double x = -3.0; x < 3.0; x += 0.13) {
        std::array<double, 5> const a = v->derivatives(x), b = well->derivatives(x);
        CHECK(a[0] == doctest::Approx(b[0] - r * r / (4.0 * u)).epsilon(1e-12));
        CHECK(a[1] == doctest::Approx(b[1]).epsilon(1e-12));
    }
}

TEST_CASE("Landau: Gibbs moments are the tabulated ones; 0.1 % more stiffness is rejected") {
    // V = x⁴/4 − x²/2 at T = 0.1: Bessel functions of 1/(8T).
    Moments const m = moments(*landau(-1.0, 1.0), 0.1);
    CHECK(m.norm == doctest::Approx(15.170196173701965).epsilon(1e-13));
    CHECK(m.second == doctest::Approx(0.8713629080420499).epsilon(1e-13));
    CHECK(m.fourth == doctest::Approx(0.9713629080420498).epsilon(1e-13));
    CHECK(moments(*landau(-1.0, 1.001), 0.1).second !=
          doctest::Approx(0.8713629080420499).epsilon(1e-4));
    // E[x V′] = T for any V: one well, where nothing is tabulated.
    Moments const one = moments(*landau(1.0, 1.0), 0.5);
    CHECK(one.second + one.fourth == doctest::Approx(0.5).epsilon(1e-13));
}

}  // namespace landau_test
