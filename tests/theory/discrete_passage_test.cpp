// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/discrete_passage.hpp"

#include <doctest/doctest.h>

#include "sde/linear_algebra.hpp"
#include "sde/theory/quadrature.hpp"
#include "tests/theory/potentials.hpp"

namespace discrete_passage_test {
using namespace kramers;
using namespace kramers::theory;
using namespace kramers::theory::testing;

namespace {

std::optional<double> const none;
constexpr double beta = 0.5825971579390106702;

/// The same chain by the trapezoid rule on a uniform grid: another quadrature, order 2 at the ends.
double trapezoid_chain(Passage const& p, double lower, double upper, double dt, int n) {
    double const h = (upper - lower) / n, variance = 2.0 * p.temperature * dt;
    auto const kernel = [&](double x, double y) {
        double const z = y - x + p.profile.slope(x) * dt;
        return std::exp(-0.5 * z * z / variance) / std::sqrt(2.0 * std::acos(-1.0) * variance);
    };
    Eigen::MatrixXd system = Eigen::MatrixXd::Identity(n + 1, n + 1);
    for (int i = 0; i <= n; ++i)
        for (int j = 0; j <= n; ++j)
            system(i, j) -=
                kernel(lower + h * i, lower + h * j) * h * (j == 0 || j == n ? 0.5 : 1.0);
    Eigen::VectorXd const u = linear::solve(system, Eigen::VectorXd::Ones(n + 1));
    double next = 1.0;
    for (int j = 0; j <= n; ++j)
        next += kernel(p.start, lower + h * j) * u(j) * h * (j == 0 || j == n ? 0.5 : 1.0);
    return dt * next;
}

/// The same chain with a dense matrix, pivoting and half the panel width; entries further than
/// `reach` noise widths from the centre of a row are left out.
double dense_chain(Passage const& p, double dt, Detection detection, double reach) {
    double const width = std::sqrt(2.0 * p.temperature * dt);
    auto const range =
        confine(p.profile, p.temperature, p.start, p.lower, p.upper, nullptr).value();
    PanelGrid const grid({range.lower, range.upper},
                         static_cast<int>((range.upper - range.lower) / (2.0 * width)) + 4);
    auto const n = static_cast<Eigen::Index>(grid.nodes().size());
    auto const kernel = [&](double x, Eigen::Index j) {
        double const y = grid.nodes()[static_cast<std::size_t>(j)];
        double const z = (y - x + p.profile.slope(x) * dt) / width;
        if (std::abs(z) > reach) return 0.0;
        double k = std::exp(-0.5 * z * z) / (std::sqrt(2.0 * std::acos(-1.0)) * width);
        for (auto const& end : {p.lower, p.upper})
            if (end && detection == Detection::bridge)
                k *= 1.0 - std::exp(-2.0 * (x - *end) * (y - *end) / (width * width));
        return k * grid.weights()[static_cast<std::size_t>(j)];
    };
    Eigen::MatrixXd system = Eigen::MatrixXd::Identity(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j)
            system(i, j) -= kernel(grid.nodes()[static_cast<std::size_t>(i)], j);
    Eigen::VectorXd const u = linear::solve(system, Eigen::VectorXd::Ones(n));
    double next = 1.0;
    for (Eigen::Index j = 0; j < n; ++j) next += kernel(p.start, j) * u(j);
    return dt * next;
}

}  // namespace

TEST_CASE("discrete passage: reference chains are met to the digits they carry") {
    Polynomial const level = flat();
    Quadratic const ou({1.0});
    struct {
        Profile profile;
        double T, dt;
        Detection detection;
        double value, tolerance;
    } const rows[] = {
        {profile_of(level), 0.5, 0.04, Detection::endpoint, 1.2566155809045527, 1e-12},
        {profile_of(level), 0.5, 0.01, Detection::endpoint, 1.1224136260720727, 1e-12},
        {profile_of(level), 0.5, 0.0025, Detection::endpoint, 1.0597332644150317, 1e-12},
        {profile_of(ou), 0.2, 0.01, Detection::endpoint, 8.443882113046715, 1e-12},
        {profile_of(ou), 0.2, 0.02, Detection::bridge, 7.027666413757181, 1e-10}};
    for (auto const& row : rows) {
        Quadrature const time =
            discrete_passage({row.profile, row.T, 0.0, -1.0, 1.0}, row.dt, row.detection);
        CHECK(deviation(time.value, row.value) < row.tolerance);
        CHECK(time.error < 1e-11);
    }
}

TEST_CASE("discrete passage: Brownian exit follows the displaced boundary, and a twin does not") {
    Polynomial const level = flat();
    for (double dt : {0.01, 0.0025}) {
        double const shift = beta * std::sqrt(dt);  // 2T = 1
        double const time =
            discrete_passage({profile_of(level), 0.5, 0.0, -1.0, 1.0}, dt, Detection::endpoint)
                .value;
        CHECK(deviation(time, (1.0 + shift) * (1.0 + shift) + 0.25 * dt) < 1e-11);
        double const inward = (1.0 - shift) * (1.0 - shift) + 0.25 * dt;
        CHECK(deviation(time, inward) > 0.1);
        double const without_shift = 1.0 + 0.25 * dt;
        CHECK(deviation(time, without_shift) > 0.05);
    }
}

TEST_CASE(
    "discrete passage: the bridge test sees Brownian motion exactly, stamped half a step late") {
    Polynomial const level = flat();
    for (double dt : {0.02, 0.01, 0.005}) {
        Quadrature const time =
            discrete_passage({profile_of(level), 0.5, 0.2, -1.0, 1.0}, dt, Detection::bridge);
        CHECK(std::abs(time.value - 0.5 * dt - 0.96) < 2e-5);
    }
}

TEST_CASE("discrete passage: the double well agrees with a trapezoid solution of the same chain") {
    Polynomial const v = quartic();
    Passage const p{profile_of(v), 0.1, -1.0, none, 0.0};
    double const value = discrete_passage(p, 0.02, Detection::endpoint).value;
    double const coarse = trapezoid_chain(p, -2.5, 0.0, 0.02, 250);
    double const fine = trapezoid_chain(p, -2.5, 0.0, 0.02, 500);
    CHECK(deviation(fine + (fine - coarse) / 3.0, value) < 1e-6);
}

TEST_CASE("discrete passage: biases of the double well at T = 0.1 and T = 0.06 are those known") {
    Polynomial const v = quartic();
    auto const bias = [&](double T, double target, double dt) {
        Passage const p{profile_of(v), T, -1.0, none, target};
        return 100.0 *
               (discrete_passage(p, dt, Detection::endpoint).value / mean_first_passage(p).value -
                1.0);
    };
    CHECK(std::abs(bias(0.1, 1.0, 0.04) + 0.31) < 0.006);
    CHECK(std::abs(bias(0.1, 1.0, 0.02) - 0.03) < 0.006);
    CHECK(std::abs(bias(0.1, 1.0, 0.01) - 0.14) < 0.006);
    CHECK(std::abs(bias(0.1, 1.0, 0.005) - 0.15) < 0.006);
    CHECK(std::abs(bias(0.06, 1.0, 0.005) + 0.07) < 0.006);
    CHECK(std::abs(bias(0.06, 0.0, 0.005) - 4.3) < 0.06);
}

TEST_CASE("grid detection: the square-root coefficient of the chain is the predicted one") {
    struct {
        double tilt, T, target;
    } const cases[] = {{0.0, 0.1, 0.0}, {0.2, 0.1, 0.3}, {0.0, 0.08, 0.6}};
    for (auto const& c : cases) {
        Polynomial const v = quartic(c.tilt);
        Passage const p{profile_of(v), c.T, -1.0, none, c.target};
        double const tau = mean_first_passage(p).value;
        auto const scaled = [&](double dt) {  // a + b √dt + …
            return (discrete_passage(p, dt, Detection::endpoint).value / tau - 1.0) / std::sqrt(dt);
        };
        double const a1 = scaled(0.004), a2 = scaled(0.001), a3 = scaled(0.00025);
        double const first = 2.0 * a2 - a1, second = 2.0 * a3 - a2;
        double const fitted = (4.0 * second - first) / 3.0;
        double const predicted = grid_detection(p).value;
        CHECK(std::abs(fitted - predicted) < 2e-3);
        CHECK(std::abs(fitted - predicted * std::sqrt(2.0)) > 0.02);  // twin: σ² for 2T
    }
}

TEST_CASE("grid detection: to a saddle the coefficient tends to its low-temperature form") {
    Polynomial const v = quartic();
    double before = 0.0;
    for (double T : {0.02, 0.01, 0.005}) {
        Passage const p{profile_of(v), T, -1.0, none, 0.0};
        double const miss = grid_detection(p).value / grid_detection_at_saddle(-1.0) - 1.0;
        CHECK(std::abs(miss) < 2.0 * T);
        if (before != 0.0) CHECK(before / miss == doctest::Approx(2.0).epsilon(0.15));
        before = miss;
    }
    CHECK(grid_detection_at_saddle(-1.0) ==
          doctest::Approx(beta * std::sqrt(4.0 / std::acos(-1.0))));
}

TEST_CASE("bridge detection leaves a bias of order one in the step") {
    Polynomial const v = quartic();
    Passage const p{profile_of(v), 0.1, -1.0, none, 0.0};
    double const tau = mean_first_passage(p).value;
    auto const bias = [&](double dt) {
        return discrete_passage(p, dt, Detection::bridge).value - 0.5 * dt - tau;
    };
    double const ratio = bias(0.01) / bias(0.005);
    CHECK(ratio == doctest::Approx(2.0).epsilon(0.1));
    auto const naive = [&](double dt) {
        return discrete_passage(p, dt, Detection::endpoint).value - tau;
    };
    CHECK(naive(0.01) / naive(0.005) == doctest::Approx(std::sqrt(2.0)).epsilon(0.1));
}

TEST_CASE(
    "discrete passage: dropping what is beyond 9 noise widths changes no digit, beyond 4 does") {
    Polynomial const well = quartic(0.2), level = flat();
    Quadratic const ou({1.0});
    struct {
        Passage passage;
        double dt;
    } const chains[] = {
        {{profile_of(well), 0.2, -1.0, none, 1.0}, 0.02},
        {{profile_of(well), 0.2, -1.0, none, 0.3}, 0.005},
        {{profile_of(well), 0.3, -0.5, -1.5, 1.5}, 0.1},  // steps as long as the interval
        {{profile_of(ou), 0.5, 0.1, none, 1.0}, 1.5},     // centres far from the diagonal
        {{profile_of(level), 0.5, 0.2, -1.0, 1.0}, 0.003}};
    for (auto const& c : chains)
        for (Detection const detection : {Detection::endpoint, Detection::bridge}) {
            double const value = discrete_passage(c.passage, c.dt, detection).value;
            double const all = dense_chain(c.passage, c.dt, detection, 1e9);
            double const near = dense_chain(c.passage, c.dt, detection, 4.0);
            CHECK(deviation(value, all) < 1e-11);
            CHECK(deviation(near, all) > 1e-9);
        }
}

TEST_CASE("discrete passage: many narrow noise widths need no more than a narrow band") {
    Polynomial const level = flat();
    double const dt = 1e-6, shift = beta * std::sqrt(dt);  // 2T = 1: 2000 noise widths
    Quadrature const time =
        discrete_passage({profile_of(level), 0.5, 0.0, -1.0, 1.0}, dt, Detection::endpoint);
    CHECK(deviation(time.value, (1.0 + shift) * (1.0 + shift) + 0.25 * dt) < 1e-9);
    CHECK(time.error < 1e-8);
}

TEST_CASE("a chain of too many noise widths declines") {
    Polynomial const v = quartic();
    Passage const p{profile_of(v), 0.1, -1.0, none, 0.0};
    CHECK(discrete_passage(p, 1e-10, Detection::endpoint).reason.find("too many noise widths") !=
          std::string::npos);
}

}  // namespace discrete_passage_test
