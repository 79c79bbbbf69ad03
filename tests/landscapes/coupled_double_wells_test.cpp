// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace coupled_double_wells_test {
using namespace kramers;

namespace {

constexpr double pi = 3.14159265358979323846;

std::shared_ptr<Potential const> ring(int dim, double coupling) {
    return make_potential("coupled_double_wells", dim, {1.0, 0.25, coupling});
}

/// Eigenvalues curvature + γ (1 − cos 2πj/d) of a uniform state, ascending, within 1e-12.
bool has_waves(CriticalPoint const& c, double curvature, double coupling) {
    int const d = static_cast<int>(c.point.size());
    std::vector<double> waves;
    for (int j = 0; j < d; ++j)
        waves.push_back(curvature + coupling * (1.0 - std::cos(2.0 * pi * j / d)));
    std::sort(waves.begin(), waves.end());
    for (int j = 0; j < d; ++j)
        if (std::abs(c.eigenvalues[j] - waves[static_cast<std::size_t>(j)]) > 1e-12 * coupling)
            return false;
    return true;
}

}  // namespace

TEST_CASE("Coupled wells: value, gradient and Hessian by hand") {
    // a = 2, h = 4, γ = 6, x = (2, 0): wells 0 + 4, springs (6/4)(4 + 4) = 12. ∇V_0 = 0 + 6·2,
    // ∇V_1 = −6·2. V″ of one well: 8h/a² = 8 at 2, −4h/a² = −4 at 0.
    auto const v = make_potential("coupled_double_wells", 2, {2.0, 4.0, 6.0});
    Eigen::VectorXd const x = Eigen::Vector2d(2.0, 0.0);
    CHECK(v->value(x) == doctest::Approx(16.0).epsilon(1e-15));
    CHECK(v->gradient(x)[0] == doctest::Approx(12.0).epsilon(1e-15));
    CHECK(v->gradient(x)[1] == doctest::Approx(-12.0).epsilon(1e-15));
    Eigen::Matrix2d h;
    h << 14.0, -6.0, -6.0, 2.0;
    CHECK((v->hessian(x) - h).cwiseAbs().maxCoeff() < 1e-13);
    // Eight sites, one of them at 1, the others at 0, a = 1, h = 1/4: 7/4 + γ/2, and the neighbours
    // (also across the ends of the ring) feel −γ/2.
    auto const eight = ring(8, 3.0);
    Eigen::VectorXd const y = Eigen::VectorXd::Unit(8, 0);
    CHECK(eight->value(y) == doctest::Approx(3.25).epsilon(1e-15));
    Eigen::VectorXd expected = Eigen::VectorXd::Zero(8);
    expected[0] = 3.0;
    expected[1] = expected[7] = -1.5;
    CHECK((eight->gradient(y) - expected).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE(
    "Coupled wells: uniform states have the spectrum of the ring; another coupling is rejected") {
    for (int const dim : find_landscape("coupled_double_wells")->dims) {
        CAPTURE(dim);
        double const synchronized = 1.0 / (1.0 - std::cos(2.0 * pi / dim));
        double const coupling = 1.1 * synchronized;
        auto const v = ring(dim, coupling);
        CriticalPoint const well = *v->critical_point("minimum.left");
        CriticalPoint const top = *v->critical_point("saddle");
        CHECK((well.point.array() + 1.0).abs().maxCoeff() < 1e-15);
        CHECK(top.value - well.value == doctest::Approx(0.25 * dim).epsilon(1e-14));
        CHECK(has_waves(well, 2.0, coupling));
        CHECK(has_waves(top, -1.0, coupling));
        CHECK_FALSE(has_waves(top, -1.0, 1.001 * coupling));
        // Below, the origin is no longer the pass.
        auto const weaker = ring(dim, 0.9 * synchronized);
        CHECK_FALSE(weaker->critical_point("saddle"));
        CHECK(weaker->why_absent("saddle").find("coupling must lie in") != std::string::npos);
    }
}

TEST_CASE("Coupled wells: two of them, from weak coupling to synchronization") {
    // (x, −x) with x² = 1 − 2γ: eigenvalues 2 − 6γ along (1, 1), 2 − 4γ along (1, −1).
    for (double const coupling : {0.1, 0.3, 0.35, 0.4, 0.49}) {
        CAPTURE(coupling);
        auto const v = ring(2, coupling);
        bool const pinned = coupling < 1.0 / 3.0;
        std::optional<CriticalPoint> const c =
            v->critical_point(pinned ? "minimum.first" : "saddle.wave");
        REQUIRE(c);
        CHECK(c->point[0] == doctest::Approx(std::sqrt(1.0 - 2.0 * coupling)).epsilon(1e-13));
        CHECK(c->point[1] == doctest::Approx(-c->point[0]).epsilon(1e-14));
        CHECK(c->eigenvalues.minCoeff() ==
              doctest::Approx(std::min(2.0 - 6.0 * coupling, 2.0 - 4.0 * coupling)).epsilon(1e-12));
        CHECK(c->value == doctest::Approx(2.0 * coupling * (1.0 - coupling)).epsilon(1e-13));
        CHECK(v->critical_point("maximum"));
        CHECK(bool(v->critical_point("saddle.first")) == pinned);
    }
    CHECK(ring(2, 0.51)->critical_points().size() == 3);
}

TEST_CASE("Coupled wells: below synchronization of eight, the pass is a wave") {
    auto const v = ring(8, 3.0);
    std::optional<CriticalPoint> const wave = v->critical_point("saddle.wave");
    REQUIRE(wave);
    CHECK(wave->value < 2.0);  // lower than the origin
    for (int i = 0; i < 4; ++i)
        CHECK(wave->point[i] == doctest::Approx(-wave->point[i + 4]).epsilon(1e-9));
    // V there from the equations of motion: Σ x ∂V/∂x = 0 gives V = Σ (1 − x⁴)/4.
    double sum = 0.0;
    for (int i = 0; i < 8; ++i) sum += 0.25 * (1.0 - std::pow(wave->point[i], 4));
    CHECK(wave->value == doctest::Approx(sum).epsilon(1e-12));
}

}  // namespace coupled_double_wells_test
