// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace rotated_quadratic_test {
using namespace kramers;

namespace {

/// Q diag(h) Qᵀ with Q = G_01 G_12 … (or, as a twin, the product in the other order).
Eigen::MatrixXd rotated(std::vector<double> const& h, double turns, bool reversed) {
    int const d = static_cast<int>(h.size());
    double const angle = 2.0 * 3.14159265358979323846 * turns;
    Eigen::MatrixXd q = Eigen::MatrixXd::Identity(d, d);
    for (int p = 0; p + 1 < d; ++p) {
        Eigen::MatrixXd g = Eigen::MatrixXd::Identity(d, d);
        g(p, p) = g(p + 1, p + 1) = std::cos(angle);
        g(p + 1, p) = std::sin(angle);
        g(p, p + 1) = -std::sin(angle);
        q = reversed ? Eigen::MatrixXd(g * q) : Eigen::MatrixXd(q * g);
    }
    Eigen::VectorXd const diagonal =
        Eigen::Map<Eigen::VectorXd const>(h.data(), static_cast<Eigen::Index>(h.size()));
    return q * diagonal.asDiagonal() * q.transpose();
}

std::shared_ptr<Potential const> landscape(std::vector<double> h, double turns) {
    int const d = static_cast<int>(h.size());
    h.push_back(turns);
    return make_potential("rotated_quadratic", d, h);
}

}  // namespace

TEST_CASE("Rotated quadratic: the Hessian (2, 1/2; 1/2, 1) by its eigenvalues and its angle") {
    // Trace 3, determinant 7/4: λ = 3/2 ± √½; tan 2θ = 2·½/(2 − 1), so θ = π/8, a sixteenth turn.
    auto const v = landscape({1.5 + std::sqrt(0.5), 1.5 - std::sqrt(0.5)}, 0.0625);
    Eigen::Matrix2d h;
    h << 2.0, 0.5, 0.5, 1.0;
    CHECK((v->hessian(Eigen::Vector2d(0.3, 7.0)) - h).cwiseAbs().maxCoeff() < 4e-16);
    // x = (1, −2): V = ½(2 − 2 + 4) = 2, ∇V = (1, −3/2).
    Eigen::VectorXd const x = Eigen::Vector2d(1.0, -2.0);
    CHECK(v->value(x) == doctest::Approx(2.0).epsilon(1e-15));
    CHECK(v->gradient(x)[0] == doctest::Approx(1.0).epsilon(1e-15));
    CHECK(v->gradient(x)[1] == doctest::Approx(-1.5).epsilon(1e-15));
}

TEST_CASE("Rotated quadratic: a quarter turn exchanges two axes, a whole turn changes nothing") {
    Eigen::VectorXd const x = Eigen::Vector2d(2.0, 0.0);
    CHECK(landscape({1.0, 9.0}, 0.25)->value(x) == doctest::Approx(18.0).epsilon(1e-15));
    CHECK(landscape({1.0, 9.0}, 3.0)->value(x) == doctest::Approx(2.0).epsilon(1e-15));
}

TEST_CASE("Rotated quadratic: in eight dimensions the product of planes, in the stated order") {
    std::vector<double> const h{0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0};
    auto const v = landscape(h, 0.11);
    Eigen::MatrixXd const m = v->hessian(Eigen::VectorXd::Ones(8));
    CHECK((m - rotated(h, 0.11, false)).cwiseAbs().maxCoeff() < 2e-14);
    CHECK((m - rotated(h, 0.11, true)).cwiseAbs().maxCoeff() > 0.1);
    CHECK((m - rotated(h, -0.11, false)).cwiseAbs().maxCoeff() > 0.1);
}

TEST_CASE("Rotated quadratic: rotations leave the eigenvalues, the minimum and nothing separable") {
    std::vector<double> const h{0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0};
    auto const v = landscape(h, 0.11);
    REQUIRE(v->critical_points().size() == 1);
    for (int i = 0; i < 8; ++i)
        CHECK(v->critical_points()[0].eigenvalues[i] ==
              doctest::Approx(h[static_cast<std::size_t>(i)]).epsilon(1e-13));
    CHECK_FALSE(v->separable());
    CHECK_FALSE(v->curvatures());
}

}  // namespace rotated_quadratic_test
