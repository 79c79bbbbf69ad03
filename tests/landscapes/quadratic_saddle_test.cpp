// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace quadratic_saddle_test {
using namespace kramers;

namespace {

/// Mean time from 0 to |x| = 1 when all n directions have the same curvature:
/// (1/T) ∫_0^1 y^{1−n} e^{V(y)/T} ∫_0^y z^{n−1} e^{−V(z)/T} dz dy, midpoint rule, error about 1e-6.
double exit_time(Potential const& v, double temperature) {
    constexpr int cells = 4000;
    int const n = v.dim();
    double inner = 0.0, outer = 0.0;
    for (int i = 0; i < cells; ++i) {
        double const y = (i + 0.5) / cells;
        double const area = std::pow(y, n - 1);
        Eigen::VectorXd x = Eigen::VectorXd::Zero(n);
        x[0] = y;
        double const weight = area * std::exp(-v.value(x) / temperature);
        outer += (inner + 0.5 * weight) / weight;
        inner += weight;
    }
    return outer / (temperature * cells * cells);
}

}  // namespace

TEST_CASE("Quadratic saddle: value, gradient and Hessian by hand") {
    // h = (−2, 3), x = (1.5, −2): V = ½(−2·2.25 + 3·4) = 3.75, ∇V = (−3, −6).
    auto const v = make_potential("quadratic_saddle", 2, {-2.0, 3.0});
    Eigen::VectorXd const x = Eigen::Vector2d(1.5, -2.0);
    CHECK(v->value(x) == doctest::Approx(3.75).epsilon(1e-15));
    CHECK(v->gradient(x) == Eigen::VectorXd(Eigen::Vector2d(-3.0, -6.0)));
    CHECK(v->hessian(x) == Eigen::MatrixXd(Eigen::Vector2d(-2.0, 3.0).asDiagonal()));
}

TEST_CASE("Quadratic saddle: the origin is named after its Morse index") {
    auto const only = [](int dim, std::vector<double> const& h) {
        auto const v = make_potential("quadratic_saddle", dim, h);
        return v->critical_points().size() == 1 ? v->critical_points()[0].name : "none";
    };
    CHECK(only(1, {-1.0}) == "saddle");
    CHECK(only(1, {1.0}) == "minimum");
    CHECK(only(2, {-1.0, 2.0}) == "saddle");
    CHECK(only(2, {-1.0, -2.0}) == "maximum");
    CHECK(only(2, {1.0, 2.0}) == "minimum");
    CHECK(only(2, {0.0, -1.0}) == "none");
    CHECK(make_potential("quadratic_saddle", 1, {0.0})->why_absent("saddle").find("degenerate") !=
          std::string::npos);
    // The laws that need a confining quadratic do not take this one for it.
    CHECK_FALSE(make_potential("quadratic_saddle", 1, {1.0})->curvatures());
}

TEST_CASE("Quadratic saddle: exit times are the tabulated ones; 0.1 % of curvature is rejected") {
    double const line = 2.9326888740470194;   // d = 1, T = 0.01
    double const plane = 1.8980457448851342;  // d = 2, T = 0.02
    CHECK(exit_time(*make_potential("quadratic_saddle", 1, {-1.0}), 0.01) ==
          doctest::Approx(line).epsilon(1e-5));
    CHECK(exit_time(*make_potential("quadratic_saddle", 2, {-1.0, -1.0}), 0.02) ==
          doctest::Approx(plane).epsilon(1e-5));
    CHECK(exit_time(*make_potential("quadratic_saddle", 1, {-1.001}), 0.01) !=
          doctest::Approx(line).epsilon(1e-4));
}

}  // namespace quadratic_saddle_test
