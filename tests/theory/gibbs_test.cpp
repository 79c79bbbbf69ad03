// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/gibbs.hpp"

#include <doctest/doctest.h>

#include "sde/linear_algebra.hpp"
#include "sde/theory/gibbs_plane.hpp"
#include "tests/theory/potentials.hpp"

namespace gibbs_test {
using namespace kramers;
using namespace kramers::theory;
using namespace kramers::theory::testing;

namespace {

Gibbs law(Potential const& v, double T, double step = 0.0) {
    std::string reason;
    auto const g = Gibbs::make(v, T, step, &reason);
    REQUIRE_MESSAGE(g.has_value(), reason);
    return *g;
}
double moment(Gibbs const& g, int n) {
    return g.line(0)->mean([n](double x) { return std::pow(x, n); });
}

/// Stationary law of the Euler chain: null vector of its one-step kernel on a uniform grid, whose
/// trapezoid rule is spectrally accurate because the density vanishes at both ends.
struct ChainLaw {
    Eigen::VectorXd x, density;
};
ChainLaw chain_law(Profile const& v, double T, double dt, double lower, double upper, int n) {
    ChainLaw c{Eigen::VectorXd::LinSpaced(n, lower, upper), Eigen::VectorXd(n)};
    double const h = (upper - lower) / (n - 1), variance = 2.0 * T * dt;
    Eigen::MatrixXd kernel(n, n);
    for (int j = 0; j < n; ++j) {
        double const centre = c.x(j) - v.slope(c.x(j)) * dt;
        for (int i = 0; i < n; ++i)
            kernel(i, j) = std::exp(-0.5 * std::pow(c.x(i) - centre, 2) / variance);
        kernel.col(j) /= kernel.col(j).sum();
    }
    // (K − 1) p = 0 with Σ p = 1 in place of the last, dependent row.
    Eigen::MatrixXd system = kernel - Eigen::MatrixXd::Identity(n, n);
    system.row(n - 1).setOnes();
    Eigen::VectorXd rhs = Eigen::VectorXd::Zero(n);
    rhs(n - 1) = 1.0;
    c.density = linear::solve(system, rhs) / h;
    return c;
}

}  // namespace

TEST_CASE("Gibbs moments: reference values of the quartic and the double well") {
    Polynomial const single({0.0, 0.0, 0.0, 0.0, 0.25}, {});
    Gibbs const q = law(single, 0.3);
    CHECK(deviation(std::exp(q.log_normaliser()), 1.897345365836618) < 1e-13);
    CHECK(deviation(moment(q, 2), 0.37024853046749434) < 1e-13);
    CHECK(deviation(moment(q, 4), 0.3) < 1e-13);
    CHECK(deviation(moment(q, 6), 0.33322367742074493) < 1e-13);
    double const z = std::sqrt(0.5) * std::pow(0.3, 0.25) * std::tgamma(0.25);
    CHECK(deviation(std::exp(q.log_normaliser()), z) < 1e-13);

    Polynomial const v = quartic();
    Gibbs const d = law(v, 0.1);
    CHECK(deviation(std::exp(d.log_normaliser()), 15.170196173701965) < 1e-13);
    CHECK(deviation(moment(d, 2), 0.8713629080420499) < 1e-13);
    CHECK(deviation(moment(d, 4), 0.9713629080420498) < 1e-13);
    CHECK(deviation(d.covariance(0, 0), 0.8713629080420499) < 1e-13);
    Gibbs const warm = law(v, 0.25);
    CHECK(deviation(moment(warm, 2), 0.83274548712838) < 1e-13);
    CHECK(deviation(moment(warm, 4), 1.0827454871283801) < 1e-13);
}

TEST_CASE("Gibbs law: E[x V'(x)] = T for every potential") {
    Rastrigin const rastrigin(1, 10.0);
    Polynomial const tilted = quartic(0.2);
    for (Potential const* v :
         {static_cast<Potential const*>(&rastrigin), static_cast<Potential const*>(&tilted)})
        for (double T : {0.05, 1.0}) {
            double const virial =
                law(*v, T).line(0)->mean([&](double x) { return x * v->coordinate_slope(0, x); });
            CHECK(deviation(virial, T) < 1e-11);
        }
}

TEST_CASE("wells: occupation of the tilted double well meets its references") {
    Polynomial const v = quartic(0.05);
    auto const& c = v.critical_points();
    CHECK(c[0].point(0) == doctest::Approx(-1.0241203002150503).epsilon(1e-14));
    CHECK(c[1].point(0) == doctest::Approx(0.050125946983772554).epsilon(1e-13));
    CHECK(c[2].point(0) == doctest::Approx(0.9739943532312778).epsilon(1e-14));
    Gibbs const g = law(v, 0.05);
    Region const left{RegionKind::half_space, {1.0}, c[1].point(0), {}, true};
    double const weight = *g.weight(left);
    CHECK(deviation(weight, 0.8698513069492684) < 1e-12);
    CHECK(deviation(weight / (1.0 - weight), 6.683519338993303) < 1e-11);
    CHECK(deviation(well_occupation_ratio(v, c[0], c[2], 0.05, false), 6.848094876740637) < 1e-12);
    CHECK(deviation(well_occupation_ratio(v, c[0], c[2], 0.05, true), 6.752790787166787) < 1e-12);
    SUBCASE("without the curvature factor the ratio is off by far more than the correction") {
        double const twin = std::exp(-(c[0].value - c[2].value) / 0.05);
        CHECK(deviation(twin, weight / (1.0 - weight)) > 0.05);
    }
}

TEST_CASE("first-order bias of the Euler step: reference coefficients, and the sign twin") {
    Polynomial const v = quartic();
    double const m2 = euler_bias(v, 0.25, [](double x) { return x * x; });
    double const m4 = euler_bias(v, 0.25, [](double x) { return x * x * x * x; });
    CHECK(deviation(m2, -0.1669603305967728) < 1e-11);
    CHECK(deviation(m4, 0.02031922707636974) < 1e-10);
    // and the same number as the slope of the modified law in its step
    double const slope = (moment(law(v, 0.25, 1e-3), 2) - moment(law(v, 0.25), 2)) / 1e-3;
    CHECK(slope == doctest::Approx(m2).epsilon(5e-3));
}

TEST_CASE("Euler step on a quadratic: the modified law has the exact variance T/(h(1 - h dt/2))") {
    Quadratic const v({1.0, 1.5});
    Gibbs const g = law(v, 0.5, 0.3);
    CHECK(deviation(g.covariance(0, 0), 0.5882352941176471) < 1e-12);  // λ = 1, h_t = 0.3, T = 0.5
    CHECK(deviation(g.covariance(1, 1), 0.5 / 1.5 / (1.0 - 0.225)) < 1e-12);
    CHECK(g.covariance(0, 1) == 0.0);
}

TEST_CASE(
    "Euler step on the double well: residual against the chain's own law falls as dt squared") {
    Polynomial const v = quartic();
    Profile const profile = profile_of(v);
    double const T = 0.1;
    double residual[2], plain[2], twin[2];
    double const steps[2] = {0.04, 0.02};
    for (int k = 0; k < 2; ++k) {
        ChainLaw const c = chain_law(profile, T, steps[k], -2.2, 2.2, 401);
        Gibbs const modified = law(v, T, steps[k]), exact = law(v, T), wrong = law(v, T, -steps[k]);
        residual[k] = plain[k] = twin[k] = 0.0;
        for (Eigen::Index i = 0; i < c.x.size(); ++i) {
            if (std::abs(c.x(i)) > 1.3) continue;
            auto const miss = [&](Gibbs const& g) {
                return std::abs(std::log(c.density(i) / g.line(0)->density(c.x(i))));
            };
            residual[k] = std::max(residual[k], miss(modified));
            plain[k] = std::max(plain[k], miss(exact));
            twin[k] = std::max(twin[k], miss(wrong));
        }
    }
    CHECK(residual[0] / residual[1] == doctest::Approx(4.0).epsilon(0.1));
    CHECK(plain[0] / plain[1] == doctest::Approx(2.0).epsilon(0.15));
    CHECK(residual[1] < 0.1 * plain[1]);
    CHECK(twin[1] > 1.5 * plain[1]);  // the sign of S52 reversed is worse than no correction
}

TEST_CASE("Gibbs bins: averages over a partition add up to one and match a fine density") {
    Polynomial const v = quartic(0.1);
    Gibbs const g = law(v, 0.1);
    std::vector<double> edges;
    for (int k = 0; k <= 60; ++k) edges.push_back(-3.0 + 0.1 * k);
    auto const bins = g.bins({0}, {edges});
    double total = 0.0;
    for (double b : bins) total += 0.1 * b;
    CHECK(total == doctest::Approx(1.0).epsilon(1e-13));
    CHECK(g.bin({0}, {-1.0 - 1e-4}, {-1.0 + 1e-4}) ==
          doctest::Approx(g.line(0)->density(-1.0)).epsilon(1e-6));
    CHECK(bins.front() < 1e-12);
}

TEST_CASE("Gibbs in the plane: a potential that does not separate against its y-integral by hand") {
    CoupledDoubleWell const v;
    double const T = 0.1;
    Gibbs const g = law(v, T);
    // V = (x²-1)²/4 + κ y²/2 + 0.3xy with κ = 1 + 2x²: the y-integral is Gaussian
    auto const log_x = [T](double x) {
        double const w = x * x - 1.0, kappa = 1.0 + 2.0 * x * x;
        return -0.25 * w * w / T + 0.5 * 0.09 * x * x / (kappa * T) - 0.5 * std::log(kappa);
    };
    LineDensity const marginal(log_x, -3.2, 3.2);
    CHECK(std::abs(g.log_normaliser() - marginal.log_normaliser() -
                   0.5 * std::log(2.0 * std::acos(-1.0) * T)) < 1e-9);
    CHECK(deviation(g.bin({0}, {0.3}, {0.9}), marginal.mass(0.3, 0.9) / 0.6) < 1e-9);
    CHECK(deviation(g.covariance(0, 0), marginal.mean([](double x) { return x * x; })) < 1e-9);
    CHECK(deviation(g.covariance(0, 1), marginal.mean([](double x) {
              return -0.3 * x * x / (1.0 + 2.0 * x * x);
          })) < 1e-8);
    Region const right{RegionKind::half_space, {1.0, 0.0}, 0.0, {}, false};
    CHECK(*g.weight(right) == doctest::Approx(0.5).epsilon(1e-9));
    Region const box{RegionKind::box, {1.0, 0.0}, 0.0, {0.5, 0.2}, false};
    Region outside = box;
    outside.complement = true;
    CHECK(*g.weight(box) + *g.weight(outside) == doctest::Approx(1.0));
    CHECK_FALSE(g.weight(Region{RegionKind::ball, {0.0, 0.0}, 0.0, {1.0}, false}).has_value());
    std::string reason;
    CHECK_FALSE(Gibbs::make(v, T, 0.1, &reason).has_value());
    CHECK(reason.find("separable") != std::string::npos);
}

TEST_CASE(
    "Gibbs of a separable potential factorises; Rastrigin basins weigh the same by symmetry") {
    Rastrigin const v(2, 10.0), line(1, 10.0);
    Gibbs const g = law(v, 2.0), one = law(line, 2.0);
    double const top = 0.5025460365546747;
    Region const square{RegionKind::box, {0.0, 0.0}, 0.0, {top, top}, false};
    Region const interval{RegionKind::box, {0.0}, 0.0, {top}, false};
    Region const ball{RegionKind::ball, {0.0}, 0.0, {top}, false};
    double const p = *one.weight(interval);
    CHECK(*one.weight(ball) == p);
    CHECK(deviation(*g.weight(square), p * p) < 1e-12);
    CHECK(g.bin({1, 0}, {-0.5, 0.5}, {0.5, 1.5}) ==
          doctest::Approx(g.bin({0, 1}, {0.5, -0.5}, {1.5, 0.5})).epsilon(1e-12));
    auto const grid = g.bins({0, 1}, {{-0.5, 0.5, 1.5}, {-1.5, -0.5, 0.5}});
    CHECK(grid[0] == doctest::Approx(grid[3]).epsilon(1e-12));  // (0, -1) and (1, 0)
}

}  // namespace gibbs_test
