// SPDX-License-Identifier: Apache-2.0
// Least-squares noise in the engine against tabulated values of S33 and S72. Each check is wrong about
// a correct program once in 10^6 fresh seeds and sees 5 % with 99 % power.
#include <doctest/doctest.h>

#include <cmath>

#include "estimators/paired.hpp"
#include "tests/statistical/composed_ensembles.hpp"

namespace composed_least_squares_test {
using namespace kramers;
using namespace kramers::test;

TEST_CASE("Composed least squares: stationary variances of sgd and of heavy ball (S33)") {
    NoiseLaw const noise = law("least_squares", 3, {0.5, 0.0}, {}, 2.0);
    Plan const sgd =
        quadratic_plan({"sgd", {0.1}}, noise, {1.0, 0.5, 0.1}, 670,
                       {.trajectories = 16'000, .burn_in = 400, .snapshots = 8, .stride = 100});
    // The twin: labels alone, η δ²/(2B) to leading order.
    check_variance(sgd, 0.01411381546263618, 0.0125, 0.05, 0);
    check_variance(sgd, 0.01315393380648712, 0.0125, 0.05, 2);
    NoiseLaw const louder = law("least_squares", 2, {1.0, 0.0}, {}, 4.0);
    Plan const ball =
        quadratic_plan({"heavy_ball", {0.05, 0.8}}, louder, {2.0, 0.7}, 671,
                       {.trajectories = 16'000, .burn_in = 200, .snapshots = 24, .stride = 20});
    check_variance(ball, 0.03780214153401304, 0.03125, 0.05, 0);
    check_variance(ball, 0.035511513380822576, 0.03125, 0.05, 1);
}

TEST_CASE("Composed least squares: loss curve of sgd (S72)") {
    Vector const a{1.0, 0.5, 0.1};
    Plan plan =
        quadratic_plan({"sgd", {0.1}}, law("least_squares", 3, {0.5, 0.0}, {}, 2.0), a, 672,
                       {.trajectories = 200'000, .burn_in = 50, .snapshots = 1, .stride = 1});
    plan.start.point = {1.0, 1.0, 1.0};
    // E x_i² by the recursion of S72, their loss the tabulated one.
    double q[3] = {1.0, 1.0, 1.0};
    for (int k = 0; k < 50; ++k) {
        double const all = a[0] * q[0] + a[1] * q[1] + a[2] * q[2] + 0.5;
        for (std::size_t i = 0; i < 3; ++i)
            q[i] = (1.0 - 0.2 * a[i] + 0.015 * a[i] * a[i]) * q[i] + 0.005 * a[i] * all;
    }
    double const loss = 0.5 * (a[0] * q[0] + a[1] * q[1] + a[2] * q[2]);
    REQUIRE(std::abs(loss / 0.03212244649171676 - 1.0) < 1e-13);
    auto& observe = std::get<SnapshotPlan>(plan.observe);
    for (int i = 0; i < 3; ++i) observe.observables.push_back({Observable::Kind::power, 2, i, 1.0});
    SnapshotTally const tally = snapshots(plan);
    for (std::size_t i = 0; i < 3; ++i) {
        Estimate const seen = the(observable_mean(tally, i));
        CHECK_PASSES(check_consistent(seen, q[i], 0.05 * q[i]));
        double const quiet = std::pow(1.0 - 0.1 * a[i], 100);  // no noise
        CHECK_REJECTS(check_consistent(seen, quiet, 0.05 * q[i]));
    }
}

}  // namespace composed_least_squares_test
