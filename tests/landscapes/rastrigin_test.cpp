// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace rastrigin_test {
using namespace kramers;

namespace {

constexpr double pi = 3.14159265358979323846;

// Stationary points of x² + 10 (1 − cos 2πx), from the literature on escape out of its wells.
constexpr double first_maximum = 0.5025460365546747;
constexpr double first_minimum = 0.9949586376523348;
constexpr double second_maximum = 1.5076407318703584;

std::shared_ptr<Potential const> rastrigin(int dim, double amplitude = 10.0) {
    return make_potential("rastrigin", dim, {amplitude});
}

}  // namespace

TEST_CASE("Rastrigin: values by hand at quarter points") {
    // V(1/4, 1/2) = 1/16 + 10 (1 − 0) + 1/4 + 10 (1 + 1) = 30.3125
    auto const v = rastrigin(2);
    CHECK(v->value(Eigen::Vector2d(0.25, 0.5)) == doctest::Approx(30.3125).epsilon(1e-15));
    // ∇V = 2x + 2πA sin 2πx: (1/2 + 20π, 1 + 0)
    CHECK(v->gradient(Eigen::Vector2d(0.25, 0.5))[0] ==
          doctest::Approx(0.5 + 20.0 * pi).epsilon(1e-15));
    CHECK(v->gradient(Eigen::Vector2d(0.25, 0.5))[1] == doctest::Approx(1.0).epsilon(1e-13));
}

TEST_CASE(
    "Rastrigin: stationary points of one coordinate meet the published digits, in every "
    "dimension") {
    for (int const dim : find_landscape("rastrigin")->dims) {
        CAPTURE(dim);
        auto const v = rastrigin(dim);
        for (double const sign : {1.0, -1.0}) {
            std::string const end = sign > 0.0 ? "x+" : "x-";
            auto const along = [&](std::string const& name) {
                std::optional<CriticalPoint> const c = v->critical_point(name + end);
                REQUIRE(c);
                CHECK(c->point.tail(dim - 1).isZero(0.0));
                return sign * c->point[0];
            };
            CHECK(along("saddle.") == doctest::Approx(first_maximum).epsilon(4e-16));
            CHECK(along("minimum.") == doctest::Approx(first_minimum).epsilon(4e-16));
            CHECK(along("saddle.outer.") == doctest::Approx(second_maximum).epsilon(4e-16));
        }
        CHECK(v->critical_point("minimum.global")->point.isZero(0.0));
        CHECK(v->critical_point("minimum.global")->eigenvalues[0] ==
              doctest::Approx(2.0 + 40.0 * pi * pi).epsilon(1e-15));
    }
}

TEST_CASE("Rastrigin: from two dimensions on there are corners and a maximum of full index") {
    for (int const dim : {2, 8}) {
        auto const v = rastrigin(dim);
        CriticalPoint const top = *v->critical_point("maximum");
        CHECK(top.morse_index == dim);
        CHECK((top.point.array() - first_maximum).abs().maxCoeff() < 4e-16);
        CriticalPoint const corner = *v->critical_point("minimum.x+y+");
        CHECK(corner.morse_index == 0);
        CHECK(corner.point.head(2).isApprox(Eigen::Vector2d::Constant(first_minimum), 4e-16));
        CHECK(v->critical_point("saddle.y-")->point[1] == doctest::Approx(-first_maximum));
    }
    CHECK_FALSE(rastrigin(1)->critical_point("maximum"));
}

TEST_CASE("Rastrigin: a barrier along one coordinate is the same in every dimension") {
    double const height =
        first_maximum * first_maximum + 10.0 * (1.0 - std::cos(2.0 * pi * first_maximum));
    for (int const dim : {1, 2, 8, 32}) {
        auto const v = rastrigin(dim);
        BarrierResult const out = barrier_between(*v, "minimum.global", "minimum.x+");
        REQUIRE(out.barrier);
        CHECK(out.barrier->height == doctest::Approx(height).epsilon(1e-13));
        CHECK(out.barrier->saddle.name == "saddle.x+");
        CHECK(out.barrier->saddle.morse_index == 1);
    }
    // Round the corner: same height difference in the other coordinate, seen from minimum.x+.
    BarrierResult const round = barrier_between(*rastrigin(2), "minimum.x+", "minimum.x+y+");
    REQUIRE(round.barrier);
    CHECK(round.barrier->height == doctest::Approx(height).epsilon(1e-13));
    CHECK(round.barrier->saddle.point[0] == doctest::Approx(first_minimum));
    CHECK(round.barrier->saddle.point[1] == doctest::Approx(first_maximum));
    // Across the centre: the path passes two equal saddles.
    BarrierResult const across = barrier_between(*rastrigin(2), "minimum.x-", "minimum.x+");
    REQUIRE(across.barrier);
    CHECK(across.barrier->height < height);
    BarrierResult const diagonal = barrier_between(*rastrigin(2), "minimum.global", "minimum.x+y+");
    CHECK_FALSE(diagonal.barrier);
    CHECK(diagonal.reason.find("more than one coordinate") != std::string::npos);
}

TEST_CASE("Rastrigin: named points exist exactly as far as the amplitude allows") {
    // √(1 + y²)/(2π²) with tan y = y: 0.233208 at y = 4.493409, 0.554727 at y = 10.904122.
    struct Row {
        double amplitude;
        std::size_t points;  // in one dimension
    };
    for (Row const& row : {Row{0.0, 1}, Row{0.03, 1}, Row{0.2332, 1}, Row{0.23321, 5},
                           Row{0.5547, 5}, Row{0.55473, 7}, Row{1.0, 7}, Row{1e4, 7}}) {
        CAPTURE(row.amplitude);
        CHECK(rastrigin(1, row.amplitude)->critical_points().size() == row.points);
    }
    std::string const reason = rastrigin(1, 0.03)->why_absent("minimum.x+");
    CHECK(reason.find("amplitude must lie in (0.55473, inf)") != std::string::npos);
}

}  // namespace rastrigin_test
