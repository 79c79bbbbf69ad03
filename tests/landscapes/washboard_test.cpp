// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace washboard_test {
using namespace kramers;

namespace {

constexpr double pi = 3.14159265358979323846;

std::shared_ptr<Potential const> washboard(double force, double amplitude, double period) {
    return make_potential("washboard", 1, {force, amplitude, period});
}

/// V(x + L) = V(x) − F L everywhere: the defining property.
bool repeats(Potential const& v, double force, double period) {
    for (double x = -3.1; x < 3.0; x += 0.37) {
        Eigen::VectorXd const here = Eigen::VectorXd::Constant(1, x);
        Eigen::VectorXd const there = Eigen::VectorXd::Constant(1, x + period);
        if (std::abs(v.value(there) - v.value(here) + force * period) > 1e-13) return false;
        if (std::abs(v.gradient(there)[0] - v.gradient(here)[0]) > 1e-12) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("Washboard: value, slope and curvature by hand at a quarter of the period") {
    // F = 0.5, A = 2, L = 4, x = 1: V = −0.5 + 2 (1 − 0), V′ = −0.5 + 2·2π/4, V″ = 0;
    // x = 2: V = −1 + 4, V′ = −0.5, V″ = −2 (2π/4)².
    auto const v = washboard(0.5, 2.0, 4.0);
    std::array<double, 5> const quarter = v->derivatives(1.0), half = v->derivatives(2.0);
    CHECK(quarter[0] == doctest::Approx(1.5).epsilon(1e-15));
    CHECK(quarter[1] == doctest::Approx(pi - 0.5).epsilon(1e-15));
    CHECK(std::abs(quarter[2]) < 1e-14);
    CHECK(half[0] == doctest::Approx(3.0).epsilon(1e-15));
    CHECK(half[1] == doctest::Approx(-0.5).epsilon(1e-14));
    CHECK(half[2] == doctest::Approx(-0.5 * pi * pi).epsilon(1e-14));
}

TEST_CASE("Washboard: it repeats with its period and sinks by F L; another period is rejected") {
    CHECK(repeats(*washboard(0.5, 2.0, 4.0), 0.5, 4.0));
    CHECK(repeats(*washboard(-1.3, 1.0, 0.7), -1.3, 0.7));
    CHECK_FALSE(repeats(*washboard(0.5, 2.0, 4.001), 0.5, 4.0));
    CHECK_FALSE(repeats(*washboard(0.5, 2.0, 4.0), 0.501, 4.0));
}

TEST_CASE("Washboard: barriers down and up the tilt are the closed ones") {
    for (double const force : {0.0, 1.0, -2.5}) {
        CAPTURE(force);
        double const amplitude = 1.5, period = 2.0;
        auto const v = washboard(force, amplitude, period);
        REQUIRE(v->critical_points().size() == 5);
        double const f = force * period / (2.0 * pi * amplitude);
        double const right = 2.0 * amplitude * (std::sqrt(1.0 - f * f) - f * std::acos(f));
        BarrierResult const out = barrier_between(*v, "minimum", "minimum.right");
        REQUIRE(out.barrier);
        CHECK(out.barrier->saddle.name == "saddle.right");
        CHECK(out.barrier->height == doctest::Approx(right).epsilon(1e-13));
        BarrierResult const back = barrier_between(*v, "minimum", "minimum.left");
        REQUIRE(back.barrier);
        CHECK(back.barrier->height == doctest::Approx(right + force * period).epsilon(1e-13));
        double const curvature =
            std::pow(2.0 * pi / period, 2) * amplitude * std::sqrt(1.0 - f * f);
        CHECK(out.barrier->minimum.eigenvalues[0] == doctest::Approx(curvature).epsilon(1e-13));
        CHECK(out.barrier->saddle.eigenvalues[0] == doctest::Approx(-curvature).epsilon(1e-13));
    }
}

TEST_CASE("Washboard: wells end at |F| = 2 pi A/L, and the reason says so") {
    CHECK(washboard(2.0 * pi - 1e-6, 1.0, 1.0)->critical_points().size() == 5);
    for (double const force : {2.0 * pi + 1e-6, -7.0}) {
        auto const v = washboard(force, 1.0, 1.0);
        CHECK(v->critical_points().empty());
        CHECK(v->why_absent("minimum").find("force must lie in (-6.28319, 6.28319)") !=
              std::string::npos);
    }
    // Without ripple: free diffusion with drift F.
    auto const free = washboard(0.7, 0.0, 1.0);
    CHECK(free->critical_points().empty());
    CHECK(free->gradient(Eigen::VectorXd::Constant(1, 3.3))[0] == doctest::Approx(-0.7));
}

}  // namespace washboard_test
