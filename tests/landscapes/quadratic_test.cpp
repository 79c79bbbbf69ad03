// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace quadratic_test {
using namespace kramers;

TEST_CASE("Quadratic: value, gradient and Hessian of a ravine by hand") {
    // h = (1, 50), x = (2, −0.2): V = ½(1·4 + 50·0.04) = 3, ∇V = (2, −10).
    auto const v = make_potential("quadratic", 2, {1.0, 50.0});
    Eigen::VectorXd const x = Eigen::Vector2d(2.0, -0.2);
    CHECK(v->value(x) == doctest::Approx(3.0).epsilon(1e-15));
    CHECK(v->gradient(x)[0] == 2.0);
    CHECK(v->gradient(x)[1] == doctest::Approx(-10.0).epsilon(1e-15));
    CHECK(v->hessian(x) == Eigen::MatrixXd(Eigen::Vector2d(1.0, 50.0).asDiagonal()));
}

TEST_CASE("Quadratic: its curvatures are known exactly, in every compiled dimension") {
    for (int const dim : find_landscape("quadratic")->dims) {
        std::vector<double> h;
        for (int i = 0; i < dim; ++i) h.push_back(0.5 + i);
        auto const v = make_potential("quadratic", dim, h);
        REQUIRE(v->curvatures());
        for (int i = 0; i < dim; ++i) CHECK((*v->curvatures())[i] == 0.5 + i);
        REQUIRE(v->critical_points().size() == 1);
        CHECK(v->critical_points()[0].name == "minimum");
        CHECK(v->critical_points()[0].point == Eigen::VectorXd::Zero(dim));
    }
    CHECK_FALSE(make_potential("double_well", 1, {1.0, 1.0})->curvatures());
}

TEST_CASE("Quadratic: a ravine of condition 1e12 is stiff, not degenerate") {
    auto const v = make_potential("quadratic", 2, {1e-6, 1e6});
    REQUIRE(v->critical_points().size() == 1);
    CHECK(v->critical_points()[0].eigenvalues[0] == doctest::Approx(1e-6).epsilon(1e-9));
    CHECK(v->critical_points()[0].morse_index == 0);
}

TEST_CASE("Quadratic: there is nowhere to escape to, and the reason says so") {
    auto const v = make_potential("quadratic", 1, {1.0});
    BarrierResult const none = barrier_between(*v, "minimum", "minimum.right");
    CHECK_FALSE(none.barrier);
    CHECK(none.reason == "quadratic has no critical point \"minimum.right\" (have: minimum)");
}

}  // namespace quadratic_test
