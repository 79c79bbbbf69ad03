// SPDX-License-Identifier: Apache-2.0
// Stationary covariance of the interpolant of SGD on a rotated quadratic with correlated noise: that of
// SGD itself (S22), whatever the step. Each check is wrong about a correct program once in 10^6 fresh
// seeds and sees 2 % of the largest entry with 99 % power.
#include <doctest/doctest.h>

#include <cmath>

#include "experiments/load_spec.hpp"
#include "tests/statistical/composed_ensembles.hpp"

namespace interpolant_test {
using namespace kramers;
using namespace kramers::test;

namespace {

Plan plan_of(std::string const& scheme, std::uint64_t fixed_seed) {
    Spec const spec = load_spec(
        {"kind = \"stationary\"\n"
         "landscape = { name = \"rotated_quadratic\", eigenvalues = [0.6, 2.4], angle = 0.1 }\n"
         "dynamics = { name = \"ou_interpolant\", learning_rate = 0.25 }\n"
         "noise = { law = \"covariance\", covariance = [[1.0, -0.3], [-0.3, 0.7]] }\n"
         "scheme = " +
             scheme +
             "\nensemble = { trajectories = 96000 }\nstart = { point = [0.0, 0.0] }\n"
             "burn_in = { steps = 60 }\n",
         "test.toml", "test"},
        {});
    Plan plan = make_plan(spec.cells.at(0), 0, 0);
    plan.seed = seed(fixed_seed);
    auto& observe = std::get<SnapshotPlan>(plan.observe);
    observe.snapshots = 24;
    observe.stride = 6;
    return plan;
}

}  // namespace

TEST_CASE("Interpolant of coupled coordinates: simulated, it has the covariance of SGD") {
    double const eta = 0.25, turn = 0.2 * std::acos(-1.0);
    Eigen::Matrix2d r, c, h;
    r << std::cos(turn), -std::sin(turn), std::sin(turn), std::cos(turn);
    c << 1.0, -0.3, -0.3, 0.7;
    h = r * Eigen::Vector2d(0.6, 2.4).asDiagonal() * r.transpose();
    auto const sgd = [&](Eigen::Matrix2d const& curvature) {
        Eigen::Matrix2d const a = Eigen::Matrix2d::Identity() - eta * curvature;
        return discrete_lyapunov(a, eta * eta * c);
    };
    Eigen::MatrixXd const exact = sgd(h), twin = sgd(h.diagonal().asDiagonal());
    double const detects = 0.02 * exact.diagonal().maxCoeff();
    std::uint64_t fixed = 490;
    for (char const* const dt : {"0.25", "0.6"}) {
        CAPTURE(std::string(dt));
        SnapshotTally const tally =
            snapshots(plan_of("{ name = \"exact_ou\", dt = " + std::string(dt) + " }", ++fixed));
        for (int i = 0; i < 2; ++i)
            for (int j = 0; j <= i; ++j) {
                Estimate const seen = the(covariance(tally, i, j));
                CHECK_PASSES(check_consistent(seen, exact(i, j), detects));
                CHECK_REJECTS(check_consistent(seen, twin(i, j), detects));
            }
    }
}

}  // namespace interpolant_test
