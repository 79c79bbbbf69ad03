// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace widening_valley_test {
using namespace kramers;

namespace {

std::shared_ptr<Potential const> valley(double floor, double widening, double wall, double length) {
    return make_potential("widening_valley", 2, {floor, widening, wall, length});
}

/// ∫ exp(−V(u, v)/T) dv by the trapezoidal rule against √(2πT/h(u)) e^{−k u²/(2T)}.
bool has_marginal(Potential const& valley, double floor, double widening, double wall,
                  double length) {
    constexpr double temperature = 0.3, width = 0.05, pi = 3.14159265358979323846;
    for (double u = -3.0; u <= 3.0; u += 0.5) {
        double sum = 0.0;
        for (int i = -300; i <= 300; ++i)
            sum += width * std::exp(-valley.value(Eigen::Vector2d(u, i * width)) / temperature);
        double const h = wall * (1.0 - widening * u / std::hypot(length, u));
        double const exact =
            std::sqrt(2.0 * pi * temperature / h) * std::exp(-floor * u * u / (2.0 * temperature));
        if (std::abs(sum - exact) > 1e-12 * exact) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("Widening valley: value, gradient and Hessian by hand on a 3-4-5 triangle") {
    // u = 3, w = 4: h = 2 (1 − ½·3/5) = 1.4, h′ = −½·2·16/125, h″ = 3·½·2·16·3/3125;
    // V = ½·0.1·9 + ½·1.4·4 = 3.25 at v = 2.
    auto const v = valley(0.1, 0.5, 2.0, 4.0);
    Eigen::VectorXd const x = Eigen::Vector2d(3.0, 2.0);
    double const slope = -16.0 / 125.0, bend = 144.0 / 3125.0;
    CHECK(v->value(x) == doctest::Approx(3.25).epsilon(1e-15));
    CHECK(v->gradient(x)[0] == doctest::Approx(0.3 + 2.0 * slope).epsilon(1e-14));
    CHECK(v->gradient(x)[1] == doctest::Approx(2.8).epsilon(1e-15));
    Eigen::MatrixXd const h = v->hessian(x);
    CHECK(h(0, 0) == doctest::Approx(0.1 + 2.0 * bend).epsilon(1e-14));
    CHECK(h(0, 1) == doctest::Approx(2.0 * slope).epsilon(1e-14));
    CHECK(h(1, 1) == doctest::Approx(1.4).epsilon(1e-15));
}

TEST_CASE(
    "Widening valley: the marginal along the floor is exp(-f/T)/sqrt(h); twins are rejected") {
    CHECK(has_marginal(*valley(0.2, 0.7, 1.5, 0.8), 0.2, 0.7, 1.5, 0.8));
    CHECK(has_marginal(*valley(0.0, 0.9, 1.0, 0.5), 0.0, 0.9, 1.0, 0.5));
    CHECK_FALSE(has_marginal(*valley(0.2, 0.701, 1.5, 0.8), 0.2, 0.7, 1.5, 0.8));
    CHECK_FALSE(has_marginal(*valley(0.2, 0.7, 1.5, 0.801), 0.2, 0.7, 1.5, 0.8));
}

TEST_CASE("Widening valley: the wall's curvature stays between its two ends, away from the floor") {
    auto const v = valley(0.1, 0.6, 2.0, 1.0);
    auto const wall = [&](double u) { return v->hessian(Eigen::Vector2d(u, 1.0))(1, 1); };
    CHECK(wall(-1e6) == doctest::Approx(3.2).epsilon(1e-11));
    CHECK(wall(1e6) == doctest::Approx(0.8).epsilon(1e-11));
    for (double u = -5.0; u < 5.0; u += 0.25) CHECK(wall(u + 0.25) < wall(u));
}

TEST_CASE("Widening valley: one minimum, and none that counts when the floor is flat") {
    auto const v = valley(0.1, 0.5, 2.0, 4.0);
    REQUIRE(v->critical_points().size() == 1);
    CHECK(v->critical_points()[0].point.isZero(0.0));
    CHECK(v->critical_points()[0].eigenvalues[0] == doctest::Approx(0.1).epsilon(1e-15));
    CHECK(v->critical_points()[0].eigenvalues[1] == doctest::Approx(2.0).epsilon(1e-15));
    CHECK(valley(0.0, 0.5, 2.0, 4.0)->why_absent("minimum").find("degenerate") !=
          std::string::npos);
}

}  // namespace widening_valley_test
