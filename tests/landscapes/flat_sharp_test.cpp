// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace flat_sharp_test {
using namespace kramers;

namespace {

struct Shape {
    double curvature_left, curvature_right, depth_left, depth_right, curvature_saddle;
};

std::shared_ptr<Potential const> landscape(Shape const& s) {
    return make_potential(
        "flat_sharp", 1,
        {s.curvature_left, s.curvature_right, s.depth_left, s.depth_right, s.curvature_saddle});
}

double slope(Potential const& v, double x) {
    return v.gradient(Eigen::VectorXd::Constant(1, x))[0];
}

/// ∫ V′ by Simpson's rule.
double climb(Potential const& v, double from, double to) {
    constexpr int cells = 400;
    double const width = (to - from) / cells;
    double sum = 0.0;
    for (int i = 0; i < cells; ++i) {
        double const x = from + i * width;
        sum += width / 6.0 * (slope(v, x) + 4.0 * slope(v, x + 0.5 * width) + slope(v, x + width));
    }
    return sum;
}

/// The five parameters are found again: curvatures by polished points, depths by integrating ∇V.
bool gives_back(Potential const& v, Shape const& s) {
    auto const left = v.critical_point("minimum.left"), right = v.critical_point("minimum.right"),
               top = v.critical_point("saddle");
    if (!left || !right || !top) return false;
    auto const close = [](double a, double b, double relative) {
        return std::abs(a - b) <= relative * std::abs(b);
    };
    return close(left->eigenvalues[0], s.curvature_left, 1e-12) &&
           close(right->eigenvalues[0], s.curvature_right, 1e-12) &&
           close(top->eigenvalues[0], -s.curvature_saddle, 1e-12) &&
           close(top->value - left->value, s.depth_left, 1e-13) &&
           close(top->value - right->value, s.depth_right, 1e-13) &&
           close(climb(v, left->point[0], top->point[0]), s.depth_left, 1e-8) &&
           close(climb(v, right->point[0], top->point[0]), s.depth_right, 1e-8);
}

constexpr Shape shapes[] = {{1.0, 5.0, 0.25, 0.25, 1.0},
                            {0.01, 100.0, 0.25, 3.0, 1.0},
                            {40.0, 0.5, 2.0, 0.1, 0.05},
                            {1.0, 1.0, 1.0, 1.0, 300.0}};

}  // namespace

TEST_CASE("Flat against sharp: Newton's method gives back every parameter; 0.1 % off is rejected") {
    for (Shape const& s : shapes) {
        CHECK(gives_back(*landscape(s), s));
        Shape twin = s;
        twin.depth_right *= 1.001;
        CHECK_FALSE(gives_back(*landscape(s), twin));
        twin = s;
        twin.curvature_left *= 1.001;
        CHECK_FALSE(gives_back(*landscape(s), twin));
    }
    CHECK_FALSE(gives_back(*landscape(shapes[0]), {5.0, 1.0, 0.25, 0.25, 1.0}));
}

TEST_CASE("Flat against sharp: values by hand") {
    // h = s = 1 and B = 3/14, so that a = 1. J(1) = 3/28 and K(r) = J(1) − J(1 − r), so at r = ½
    // V = −[K(½) + J(½)] = −3/28. Slope at r = t = 1/2: −¼ · 2 · ⅛ (1 + 2 + 5/2) = −11/32.
    auto const v = landscape({1.0, 1.0, 3.0 / 14.0, 3.0 / 14.0, 1.0});
    CHECK(v->critical_point("minimum.right")->point[0] == doctest::Approx(1.0).epsilon(1e-15));
    CHECK(v->value(Eigen::VectorXd::Constant(1, 0.5)) ==
          doctest::Approx(-3.0 / 28.0).epsilon(1e-14));
    CHECK(slope(*v, 0.5) == doctest::Approx(-11.0 / 32.0).epsilon(1e-15));
    CHECK(slope(*v, -0.5) == doctest::Approx(11.0 / 32.0).epsilon(1e-15));
    // Beyond the minimum it is a parabola: V(−3) = −3/14 + ½·4, V′ = −2, V″ = 1.
    std::array<double, 5> const out = v->derivatives(-3.0);
    CHECK(out[0] == doctest::Approx(2.0 - 3.0 / 14.0).epsilon(1e-15));
    CHECK(out[1] == doctest::Approx(-2.0).epsilon(1e-15));
    CHECK(out[2] == doctest::Approx(1.0).epsilon(1e-15));
}

TEST_CASE("Flat against sharp: four derivatives are continuous at the minima and the saddle") {
    for (Shape const& s : shapes) {
        auto const v = landscape(s);
        for (CriticalPoint const& c : v->critical_points()) {
            CAPTURE(c.name);
            double const x = c.point[0];
            double const a = c.name == "saddle"
                                 ? std::min(v->critical_point("minimum.right")->point[0],
                                            -v->critical_point("minimum.left")->point[0])
                                 : std::abs(x);
            double const stiffest =
                std::max({s.curvature_left, s.curvature_right, s.curvature_saddle});
            double const step = 1e-9 * a;
            std::array<double, 5> const before = v->derivatives(x - step),
                                        after = v->derivatives(x + step);
            for (std::size_t k = 1; k < 5; ++k)  // in units of stiffest·a^{2−k}
                CHECK(std::abs(after[k] - before[k]) <
                      1e-5 * stiffest * std::pow(a, 2.0 - static_cast<double>(k)));
            CHECK(std::abs(after[3]) < 1e-5 * stiffest / a);
            CHECK(std::abs(after[4]) < 1e-5 * stiffest / (a * a));
        }
    }
}

TEST_CASE("Flat against sharp: V climbs all the way from either minimum, for any parameters") {
    for (Shape const& s : shapes) {
        auto const v = landscape(s);
        double const left = v->critical_point("minimum.left")->point[0];
        double const right = v->critical_point("minimum.right")->point[0];
        for (int i = 1; i < 200; ++i) {
            CHECK(slope(*v, left * i / 200.0) > 0.0);
            CHECK(slope(*v, right * i / 200.0) < 0.0);
        }
    }
}

}  // namespace flat_sharp_test
