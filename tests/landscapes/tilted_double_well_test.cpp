// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace tilted_double_well_test {
using namespace kramers;

namespace {

std::shared_ptr<Potential const> tilted(double tilt, double half_width = 1.0,
                                        double barrier = 0.25) {
    return make_potential("tilted_double_well", 1, {half_width, barrier, tilt});
}
double at(Potential const& v, std::string_view name) {
    REQUIRE(v.critical_point(name));
    return v.critical_point(name)->point[0];
}

}  // namespace

TEST_CASE(
    "Tilted double well: minima and saddle of x^4/4 - x^2/2 + c x meet the published digits") {
    struct Row {
        double c, left, saddle, right;
    };
    for (Row const& row :
         {Row{0.1, -1.0466805318046022, 0.10103125788101083, 0.9456492739235919},
          Row{0.2, -1.0880339146912905, 0.20914884844131656, 0.8788850662499734}}) {
        auto const v = tilted(row.c);
        // The published digits carry errors up to 1.1e-15.
        CHECK(std::abs(at(*v, "minimum.left") - row.left) < 2e-15);
        CHECK(std::abs(at(*v, "saddle") - row.saddle) < 2e-15);
        CHECK(std::abs(at(*v, "minimum.right") - row.right) < 2e-15);
        // The mirror image: a tilt of the other sign swaps and negates.
        auto const mirrored = tilted(-row.c);
        CHECK(at(*mirrored, "minimum.right") == -at(*v, "minimum.left"));
        CHECK(at(*mirrored, "saddle") == -at(*v, "saddle"));
    }
}

TEST_CASE("Tilted double well: a positive tilt raises the right well") {
    auto const v = tilted(0.1);
    CHECK(v->critical_point("minimum.right")->value > v->critical_point("minimum.left")->value);
    auto const w = tilted(-0.1);
    CHECK(w->critical_point("minimum.right")->value < w->critical_point("minimum.left")->value);
}

TEST_CASE("Tilted double well: barriers differ by the depth difference of the wells") {
    auto const v = tilted(0.1);
    BarrierResult const out = barrier_between(*v, "minimum.left", "minimum.right");
    BarrierResult const back = barrier_between(*v, "minimum.right", "minimum.left");
    REQUIRE(out.barrier);
    REQUIRE(back.barrier);
    double const depth =
        v->critical_point("minimum.right")->value - v->critical_point("minimum.left")->value;
    CHECK(out.barrier->height - back.barrier->height == doctest::Approx(depth).epsilon(1e-13));
    // To first order in c: h + c a from the deep left well, h − c a from the right one; the second
    // order is −c²/2 (V″(0))⁻¹ + c²/2 (V″(a))⁻¹ = c²/2 + c²/4 for V″(0) = −1 and V″(a) = 2.
    double const c = 1e-3;
    auto const slight = tilted(c);
    double const expected = 0.25 + c + 0.75 * c * c;
    CHECK(barrier_between(*slight, "minimum.left", "minimum.right").barrier->height ==
          doctest::Approx(expected).epsilon(1e-8));
}

TEST_CASE("Tilted double well: without tilt it is the double well") {
    auto const v = tilted(0.0, 0.7, 1.3);
    auto const plain = make_potential("double_well", 1, {0.7, 1.3});
    for (double const x : {-1.4, -0.2, 0.0, 0.9}) {
        Eigen::VectorXd const point = Eigen::VectorXd::Constant(1, x);
        CHECK(v->value(point) == plain->value(point));
        CHECK(v->gradient(point) == plain->gradient(point));
    }
    CHECK(at(*v, "saddle") == 0.0);
}

TEST_CASE("Tilted double well: both wells exist up to tilt 8 h / (3 sqrt(3) a)") {
    for (double const a : {0.5, 1.0, 20.0})
        for (double const h : {0.01, 0.25, 30.0}) {
            double const limit = 8.0 * h / (3.0 * std::sqrt(3.0) * a);
            CAPTURE(a);
            CAPTURE(h);
            for (double const part : {0.0, 0.5, 0.9, 0.999, 0.999999}) {
                CHECK(tilted(part * limit, a, h)->critical_points().size() == 3);
                CHECK(tilted(-part * limit, a, h)->critical_points().size() == 3);
            }
            for (double const part : {1.0, 1.000001, 1.001, 1.1, 2.0, 50.0, 1e6}) {
                CAPTURE(part);
                auto const right_gone = tilted(part * limit, a, h);
                REQUIRE(right_gone->critical_points().size() == 1);
                CHECK(right_gone->critical_points()[0].name == "minimum.left");
                auto const left_gone = tilted(-part * limit, a, h);
                REQUIRE(left_gone->critical_points().size() == 1);
                CHECK(left_gone->critical_points()[0].name == "minimum.right");
            }
        }
}

TEST_CASE("Tilted double well: the reason for a missing well names the largest tilt") {
    // 8·0.25/(3√3) = 0.3849
    auto const v = tilted(0.5);
    std::string const reason = v->why_absent("minimum.right");
    CHECK(reason.find("minimum.right") != std::string::npos);
    CHECK(reason.find("tilt must lie in (-0.3849, 0.3849)") != std::string::npos);
    BarrierResult const none = barrier_between(*v, "minimum.left", "minimum.right");
    CHECK_FALSE(none.barrier);
    CHECK(none.reason == reason);
}

TEST_CASE("Tilted double well: at the largest tilt the merged point is refused as degenerate") {
    auto const v = tilted(8.0 * 0.25 / (3.0 * std::sqrt(3.0)));
    CHECK(v->why_absent("minimum.right").find("degenerate") != std::string::npos);
}

}  // namespace tilted_double_well_test
