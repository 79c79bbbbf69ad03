// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace cubic_well_test {
using namespace kramers;

namespace {

/// Mean time from the well to `target` at temperature T: (1/T) ∫ e^{V(y)/T} ∫_{−∞}^y e^{−V(z)/T} dz
/// dy, trapezoidal. Relative error about 1e-7 here.
double mean_passage_time(Potential const& v, double temperature, double target) {
    constexpr int cells = 70000;
    double const lower = -2.0, width = (target - lower) / cells;
    double inner = 0.0, outer = 0.0, before = 0.0, last = 0.0;
    for (int i = 0; i <= cells; ++i) {
        double const y = lower + i * width;
        double const weight = std::exp(-v.coordinate_value(0, y) / temperature);
        if (i > 0) inner += 0.5 * width * (before + weight);
        double const now = y < 0.0 ? 0.0 : inner / weight;
        if (y > 0.5 * width) outer += 0.5 * width * (last + now);
        before = weight;
        last = y < 0.0 ? 0.0 : inner / weight;
    }
    return outer / temperature;
}

}  // namespace

TEST_CASE("Cubic well: value and derivatives by hand") {
    // k = 3, b = 2, x = 1.5: V = 27/8 − 9/4, V′ = 4.5 − 4.5 = 0, V″ = 3 − 6, V‴ = −4.
    std::array<double, 5> const d = make_potential("cubic_well", 1, {3.0, 2.0})->derivatives(1.5);
    CHECK(d[0] == doctest::Approx(1.125).epsilon(1e-15));
    CHECK(std::abs(d[1]) < 1e-15);
    CHECK(d[2] == doctest::Approx(-3.0).epsilon(1e-15));
    CHECK(d[3] == doctest::Approx(-4.0).epsilon(1e-15));
    CHECK(d[4] == 0.0);
}

TEST_CASE("Cubic well: saddle, barrier and its equal curvatures follow from the parameters") {
    for (auto const& [k, b] : {std::pair{1.0, 1.0}, std::pair{3.0, 2.0}, std::pair{0.1, 7.0}}) {
        auto const v = make_potential("cubic_well", 1, {k, b});
        REQUIRE(v->critical_points().size() == 2);
        CriticalPoint const well = *v->critical_point("minimum");
        CriticalPoint const top = *v->critical_point("saddle");
        CHECK(well.point[0] == 0.0);
        CHECK(top.point[0] == doctest::Approx(k / b).epsilon(1e-14));
        CHECK(top.value - well.value == doctest::Approx(k * k * k / (6.0 * b * b)).epsilon(1e-14));
        CHECK(top.eigenvalues[0] == doctest::Approx(-well.eigenvalues[0]).epsilon(1e-14));
    }
}

TEST_CASE("Cubic well: mean passage times are the tabulated ones; 1 % more softening is rejected") {
    auto const v = make_potential("cubic_well", 1, {1.0, 1.0});
    double const warm = 194.90634169409626,
                 cold = 27177.807993478284;  // T = 0.05, 0.02; to x = 1.5
    CHECK(mean_passage_time(*v, 0.05, 1.5) == doctest::Approx(warm).epsilon(1e-6));
    CHECK(mean_passage_time(*v, 0.02, 1.5) == doctest::Approx(cold).epsilon(1e-6));
    auto const twin = make_potential("cubic_well", 1, {1.0, 1.01});
    CHECK(mean_passage_time(*twin, 0.05, 1.5) != doctest::Approx(warm).epsilon(1e-2));
}

}  // namespace cubic_well_test
