// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "estimators/mean_passage.hpp"
#include "gpu/simulate.hpp"
#include "tests/gpu/plans.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/statistics.hpp"

/// Plans on the host with fresh seeds on demand, and the estimate out of a result or a failed test.
namespace kramers::test {

inline Plan plan_of(std::string landscape, std::vector<double> values, int dim, double temperature,
                    double dt, std::uint64_t trajectories, std::uint64_t fixed_seed) {
    Plan plan;
    plan.key = {std::move(landscape), dim, "overdamped", "euler_maruyama", Precision::mixed};
    plan.landscape = std::move(values);
    plan.dynamics = {temperature};
    plan.dt = dt;
    plan.start.point.assign(static_cast<std::size_t>(dim), 0.0);
    plan.trajectories = trajectories;
    plan.seed = seed(fixed_seed);
    return plan;
}

/// The same plan as SGD with η = dt, B = 1 and the gradient variance that gives this temperature.
inline Plan as_sgd(Plan plan, double batch_size = 1.0) {
    double const temperature = plan.dynamics[0];
    plan.key.dynamics = "sgd";
    plan.key.scheme = "iterate";
    plan.dynamics = {plan.dt, batch_size, 2.0 * temperature * batch_size / plan.dt};
    return plan;
}

inline Plan with_targets(Plan plan, std::vector<Region> targets, Crossing crossing) {
    PassagePlan passage;
    passage.targets = std::move(targets);
    passage.crossing = crossing;
    passage.max_steps = std::uint64_t{1} << 40;
    passage.noise_amplitude = std::sqrt(2.0 * plan.dynamics[0]);
    plan.observe = passage;
    return plan;
}

inline Estimate the(EstimateResult result) {
    INFO(result.reason);
    REQUIRE(result.estimate.has_value());
    return *std::move(result.estimate);
}

inline PassageTally passages(Plan const& plan) {
    return std::get<PassageTally>(simulate(plan).tally);
}
inline SnapshotTally snapshots(Plan const& plan) {
    return std::get<SnapshotTally>(simulate(plan).tally);
}

inline Estimate mean_time(Plan const& plan, double dt, Stamp stamp = Stamp::end_of_step) {
    return the(mean_passage(passages(plan), {dt, any_target, stamp}));
}

/// A check that says its numbers when it is not what was asked.
#define CHECK_PASSES(expression)                   \
    do {                                           \
        auto const outcome_ = (expression);        \
        CHECK_MESSAGE(outcome_, outcome_.message); \
    } while (false)
#define CHECK_REJECTS(expression)                   \
    do {                                            \
        auto const outcome_ = (expression);         \
        CHECK_MESSAGE(!outcome_, outcome_.message); \
    } while (false)

}  // namespace kramers::test
