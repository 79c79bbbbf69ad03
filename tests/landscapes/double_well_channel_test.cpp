// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace double_well_channel_test {
using namespace kramers;

namespace {

std::shared_ptr<Potential const> channel(double curvature, double narrowing, double coupling,
                                         double stiffness) {
    return make_potential("double_well_channel", 2,
                          {1.0, 0.25, curvature, narrowing, coupling, stiffness});
}

/// Whether V is the given function, on points all over the plane.
template <class F>
bool is(Potential const& v, F const& f) {
    for (double x = -1.7; x < 2.0; x += 0.31)
        for (double y = -1.9; y < 2.0; y += 0.37)
            if (std::abs(v.value(Eigen::Vector2d(x, y)) - f(x, y)) > 1e-13) return false;
    return true;
}

double well(double x) { return 0.25 * std::pow(x * x - 1.0, 2); }

}  // namespace

TEST_CASE("Channel: value, gradient and Hessian by hand") {
    // a = 2, h = 3, k = 1, n = 2, c = 0.5, q = 4 at (1, −1): V = 3·9/16 + 3/2 − 1/2 + 1,
    // ∇V = (3/4·1·(1 − 4) + 2 − 1/2, −3 + 1/2 − 4), H = [[3/4·(3 − 4) + 2, −4 + 1/2], [·, 3 + 12]].
    auto const v = make_potential("double_well_channel", 2, {2.0, 3.0, 1.0, 2.0, 0.5, 4.0});
    Eigen::VectorXd const x = Eigen::Vector2d(1.0, -1.0);
    CHECK(v->value(x) == doctest::Approx(3.6875).epsilon(1e-15));
    CHECK(v->gradient(x)[0] == doctest::Approx(-0.75).epsilon(1e-15));
    CHECK(v->gradient(x)[1] == doctest::Approx(-6.5).epsilon(1e-15));
    Eigen::Matrix2d h;
    h << 1.25, -3.5, -3.5, 15.0;
    CHECK((v->hessian(x) - h).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("Channel: coupled wells, pitchfork and ring of the literature are among them") {
    auto const coupled = [](double x, double y) {
        return well(x) + 0.5 * (1.0 + 2.0 * x * x) * y * y + 0.3 * x * y;
    };
    CHECK(is(*channel(1.0, 2.0, 0.3, 0.0), coupled));
    CHECK_FALSE(is(*channel(1.0, 2.0, -0.3, 0.0), coupled));
    CHECK_FALSE(is(*channel(1.0, 2.001, 0.3, 0.0), coupled));
    CHECK(is(*channel(2.0, 0.0, 0.6, 0.0),
             [](double x, double y) { return well(x) + y * y + 0.6 * x * y; }));
    CHECK(is(*channel(0.0, 2.0, 0.0, 1.0),
             [](double x, double y) { return well(x) + x * x * y * y + 0.25 * std::pow(y, 4); }));
    auto const ring = [](double x, double y) {
        return 0.25 * std::pow(x * x + y * y - 1.0, 2) + 0.1 * y * y;
    };
    CHECK(is(*channel(-0.8, 1.0, 0.0, 1.0), ring));
    CHECK_FALSE(is(*channel(0.2, 1.0, 0.0, 1.0), ring));
}

TEST_CASE("Channel: the minimum of the bent path is the published one, and so is its mirror") {
    auto const v = channel(1.0, 2.0, 0.3, 0.0);
    Eigen::Vector2d const published(-1.0049227291792113, 0.09983537666422662);
    CHECK((v->critical_point("minimum.left")->point - published).norm() < 1e-14);
    CHECK((v->critical_point("minimum.right")->point + published).norm() < 1e-14);
    CriticalPoint const top = *v->critical_point("saddle");  // [[−1, 0.3], [0.3, 1]]
    CHECK(top.point.isZero(0.0));
    CHECK(top.eigenvalues[0] == doctest::Approx(-std::sqrt(1.09)).epsilon(1e-14));
    CHECK_FALSE(v->critical_point("maximum"));
    CHECK(v->why_absent("maximum").find("channel_curvature must lie in (-inf, -0.09)") !=
          std::string::npos);
}

TEST_CASE("Channel: linear coupling moves the minima to x^2 = 1 + c^2/k") {
    auto const v = channel(2.0, 0.0, 0.6, 0.0);  // y = −c x/k, then x³ − x − c² x/k = 0
    Eigen::VectorXd const right = v->critical_point("minimum.right")->point;
    CHECK(right[0] == doctest::Approx(std::sqrt(1.18)).epsilon(1e-14));
    CHECK(right[1] == doctest::Approx(-0.3 * std::sqrt(1.18)).epsilon(1e-14));
    CHECK(v->critical_point("minimum.right")->value ==
          doctest::Approx(0.25 - 0.25 * 1.18 * 1.18).epsilon(1e-14));
}

TEST_CASE("Channel: past the pitchfork one saddle becomes two beside a maximum") {
    CHECK(channel(0.05, 2.0, 0.0, 1.0)->critical_points().size() == 3);
    auto const at = channel(0.0, 2.0, 0.0, 1.0);
    CHECK(at->critical_points().size() == 2);
    CHECK(at->why_absent("saddle").find("degenerate") != std::string::npos);
    auto const ring = channel(-0.8, 1.0, 0.0, 1.0);  // saddles (0, ±√0.8), V = 0.09
    CHECK(ring->critical_points().size() == 5);
    CHECK(ring->critical_point("maximum")->value == doctest::Approx(0.25));
    for (char const* const name : {"saddle.up", "saddle.down"}) {
        CriticalPoint const s = *ring->critical_point(name);
        CHECK(std::abs(s.point[1]) == doctest::Approx(std::sqrt(0.8)).epsilon(1e-14));
        CHECK(s.value == doctest::Approx(0.09).epsilon(1e-14));
        CHECK(s.eigenvalues[0] == doctest::Approx(-0.2).epsilon(1e-13));
        CHECK(s.eigenvalues[1] == doctest::Approx(1.6).epsilon(1e-13));
    }
}

}  // namespace double_well_channel_test
