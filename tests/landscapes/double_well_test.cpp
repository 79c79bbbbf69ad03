// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "landscapes/critical_points.hpp"
#include "landscapes/double_well.hpp"
#include "landscapes/make_potential.hpp"

namespace double_well_test {
using namespace kramers;

TEST_CASE("Double well: value and gradient at hand-computed points, in float and double") {
    // a = 2, h = 3: V(1) = 3 (1/4 − 1)² = 27/16, V′(1) = (4·3/16)·1·(1 − 4) = −9/4.
    double const values[] = {2.0, 3.0};
    auto const well = DoubleWell<double, 1>::make(values);
    CHECK(well.value(Vec<double, 1>{{1.0}}) == 1.6875);
    CHECK(well.gradient(Vec<double, 1>{{1.0}})[0] == -2.25);
    CHECK(well.value(Vec<double, 1>{{-2.0}}) == 0.0);
    CHECK(well.value(Vec<double, 1>{{0.0}}) == 3.0);
    auto const single = DoubleWell<float, 1>::make(values);
    CHECK(single.value(Vec<float, 1>{{1.0f}}) == 1.6875f);
    CHECK(single.gradient(Vec<float, 1>{{1.0f}})[0] == -2.25f);
}

TEST_CASE("Double well: half_width 1 and barrier 1/4 is x^4/4 - x^2/2 + 1/4") {
    auto const v = make_potential("double_well", 1, {1.0, 0.25});
    for (double const x : {-1.7, -0.3, 0.0, 0.5, 2.0}) {
        double const quartic = 0.25 * x * x * x * x - 0.5 * x * x + 0.25;
        CHECK(v->value(Eigen::VectorXd::Constant(1, x)) == doctest::Approx(quartic).epsilon(1e-14));
    }
}

TEST_CASE("Double well: minima, saddle and curvatures are the exact ones") {
    // V″(±a) = 8h/a² = 6, V″(0) = −4h/a² = −3.
    auto const v = make_potential("double_well", 1, {2.0, 3.0});
    REQUIRE(v->critical_points().size() == 3);
    CriticalPoint const left = *v->critical_point("minimum.left");
    CriticalPoint const saddle = *v->critical_point("saddle");
    CriticalPoint const right = *v->critical_point("minimum.right");
    CHECK(left.point[0] == -2.0);
    CHECK(saddle.point[0] == 0.0);
    CHECK(right.point[0] == 2.0);
    CHECK(left.value == 0.0);
    CHECK(saddle.value == 3.0);
    CHECK(left.eigenvalues[0] == 6.0);
    CHECK(saddle.eigenvalues[0] == -3.0);
    CHECK(left.morse_index == 0);
    CHECK(saddle.morse_index == 1);
}

TEST_CASE("Double well: the barrier is the parameter, from either side") {
    auto const v = make_potential("double_well", 1, {0.7, 1.3});
    BarrierResult const out = barrier_between(*v, "minimum.left", "minimum.right");
    BarrierResult const back = barrier_between(*v, "minimum.right", "minimum.left");
    REQUIRE(out.barrier);
    REQUIRE(back.barrier);
    CHECK(out.barrier->height == doctest::Approx(1.3).epsilon(1e-14));
    CHECK(back.barrier->height == doctest::Approx(1.3).epsilon(1e-14));
    CHECK(out.barrier->saddle.name == "saddle");
    CHECK(out.barrier->minimum.name == "minimum.left");
}

TEST_CASE("Double well: V', V'', V''' and V'''' of the quartic at x = 2") {
    // x⁴/4 − x²/2 + 1/4: V′ = x³ − x = 6, V″ = 3x² − 1 = 11, V‴ = 6x = 12, V⁗ = 6; V = 4 − 2 + 1/4.
    std::array<double, 5> const d = make_potential("double_well", 1, {1.0, 0.25})->derivatives(2.0);
    CHECK(d == std::array<double, 5>{2.25, 6.0, 11.0, 12.0, 6.0});
}

}  // namespace double_well_test
