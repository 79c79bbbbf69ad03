// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "landscapes/critical_points.hpp"
#include "tests/landscapes/polynomial.hpp"

namespace critical_points_test {
using namespace kramers;

namespace {

Seed seed(std::string name, int index, double guess, double reach) {
    return {std::move(name), index, Eigen::VectorXd::Constant(1, guess), reach};
}
bool refused_because(PolishResult const& result, std::string_view why) {
    return !result.point && result.reason.find(why) != std::string::npos;
}
std::vector<double> roots(Potential const& v, double lower, double upper, int panels = 1024) {
    return stationary_points(v, Eigen::VectorXd::Zero(1), 0, lower, upper, panels);
}

}  // namespace

TEST_CASE("Newton polish: converges to the last bit from a rough guess") {
    // V = x³/3 − 2x: minimum √2, V″ = 2√2, V = −4√2/3.
    Polynomial const v({0.0, -2.0, 0.0, 1.0 / 3.0});
    PolishResult const result = polish(v, seed("minimum", 0, 1.0, 1.0));
    REQUIRE(result.point);
    CHECK(result.point->point[0] == doctest::Approx(1.4142135623730951).epsilon(3e-16));
    CHECK(result.point->eigenvalues[0] == doctest::Approx(2.8284271247461903).epsilon(1e-15));
    CHECK(result.point->value == doctest::Approx(-1.885618083164127).epsilon(1e-15));
    CHECK(result.point->morse_index == 0);
    CHECK(result.reason.empty());
}

TEST_CASE("Newton polish: refuses what is not there, with the reason") {
    Polynomial const cubic({0.0, -2.0, 0.0, 1.0 / 3.0});
    CHECK(refused_because(polish(cubic, seed("saddle", 1, 1.0, 1.0)), "Morse index 0, not 1"));
    CHECK(refused_because(polish(cubic, seed("minimum", 0, 0.5, 0.5)), "no such point here"));
    // V = x has no critical point: the Hessian is singular everywhere.
    CHECK_FALSE(polish(Polynomial({0.0, 1.0}), seed("minimum", 0, 0.0, 1.0)).point);
    // V = x³/3 + x: V′ = x² + 1 has no root, Newton's method wanders.
    CHECK_FALSE(polish(Polynomial({0.0, 1.0, 0.0, 1.0 / 3.0}), seed("minimum", 0, 0.7, 1.0)).point);
}

TEST_CASE("Newton polish: refuses degenerate points") {
    CHECK(refused_because(polish(Polynomial({0, 0, 0, 1.0}), seed("saddle", 1, 0.3, 1.0)),
                          "degenerate"));
    CHECK(refused_because(polish(Polynomial({0, 0, 0, 0, 1.0}), seed("minimum", 0, 0.3, 1.0)),
                          "degenerate"));
    CHECK(refused_because(polish(Polynomial({1.0}), seed("minimum", 0, 0.0, 1.0)), "degenerate"));
    // A weak but honest curvature is not degenerate.
    CHECK(polish(Polynomial({0, 0, 1e-9}), seed("minimum", 0, 0.3, 1.0)).point);
}

TEST_CASE("Points found: the seeds that lead somewhere, in their order") {
    // V = x⁴/4 − x²/2
    Polynomial const v({0, 0, -0.5, 0, 0.25});
    std::vector<CriticalPoint> const points =
        find_critical_points(v, {seed("minimum.right", 0, 1.1, 0.5), seed("nothing", 1, 5.0, 0.5),
                                 seed("saddle", 1, 0.1, 0.5)});
    REQUIRE(points.size() == 2);
    CHECK(points[0].name == "minimum.right");
    CHECK(points[1].name == "saddle");
}

TEST_CASE("Stationary points: all roots, also a pair inside one panel and roots on panel edges") {
    // V′ = x(x² − 1) has roots −1, 0, 1, all panel edges for 4 panels of [−2, 2].
    Polynomial const quartic({0, 0, -0.5, 0, 0.25});
    std::vector<double> const found = roots(quartic, -2.0, 2.0, 4);
    CHECK(found == std::vector<double>{-1.0, 0.0, 1.0});
    CHECK(roots(quartic, 0.0, 1.0, 3) == std::vector<double>{0.0, 1.0});
    CHECK(roots(quartic, 0.25, 0.75).empty());
    // V′ = (x − 1/3)² − 1e-8: a pair 2e-4 apart, found in a single panel.
    double const third = 1.0 / 3.0;
    Polynomial const pair({0, third * third - 1e-8, -third, third});
    std::vector<double> const two = roots(pair, 0.0, 1.0, 1);
    REQUIRE(two.size() == 2);
    CHECK(two[0] == doctest::Approx(third - 1e-4).epsilon(1e-10));
    CHECK(two[1] == doctest::Approx(third + 1e-4).epsilon(1e-10));
    // V′ = (x − 1/3)² + 1e-8 has none.
    CHECK(roots(Polynomial({0, third * third + 1e-8, -third, third}), 0.0, 1.0, 1).empty());
}

}  // namespace critical_points_test
