// SPDX-License-Identifier: Apache-2.0
// Simulated passage times against the exact mean of the same chain (Nyström) and, along a ladder of
// dt, against the exact mean in continuous time (quadrature). Every check is wrong about a correct
// program once in 10^6 fresh seeds; `detects` is the relative error it sees with 99 % power.
#include <doctest/doctest.h>

#include <memory>
#include <optional>

#include "estimators/exponentiality.hpp"
#include "estimators/extrapolate.hpp"
#include "estimators/passage_rate.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/conventions.hpp"
#include "sde/theory/discrete_passage.hpp"
#include "sde/theory/mean_first_passage.hpp"
#include "tests/statistical/ensembles.hpp"

namespace passage_statistics_test {
using namespace kramers;
using namespace kramers::test;
using kramers::testing::half_space;
using kramers::testing::interval_outside;
using theory::Detection;

namespace {

std::vector<double> const well = {1.0, 0.25};  // V = ¼ (x² − 1)²

/// A passage problem whose potential lives as long as the problem.
struct Problem {
    std::shared_ptr<Potential const> potential;
    theory::Passage passage;

    Problem(std::string_view landscape, std::vector<double> const& values, double temperature,
            double start, std::optional<double> lower, std::optional<double> upper)
        : potential(make_potential(landscape, 1, values)),
          passage{theory::profile_of(*potential), temperature, start, lower, upper} {}

    double chain(double dt, Detection detection) const {
        auto const time = theory::discrete_passage(passage, dt, detection);
        REQUIRE_MESSAGE(time.reason.empty(), time.reason);
        return time.value;
    }
    double continuous() const { return theory::mean_first_passage(passage).value; }
};

Plan well_plan(double temperature, double dt, double target, Crossing crossing,
               std::uint64_t trajectories, std::uint64_t fixed_seed) {
    Plan plan = plan_of("double_well", well, 1, temperature, dt, trajectories, fixed_seed);
    plan.start.point = {-1.0};
    return with_targets(plan, {half_space({1.0}, target)}, crossing);
}

Estimate scaled(Estimate estimate, double factor) {
    estimate.value *= factor;
    estimate.standard_error *= factor;
    return estimate;
}

}  // namespace

TEST_CASE("Passage: Ornstein-Uhlenbeck exit from (-1, 1) has the mean of its chain") {
    // Reference values of the chains (Nyström, 12 digits). λ = 1, T = 0.2, from 0.
    double const endpoint = 8.443882113046715;  // dt = 0.01
    double const bridge = 7.027666413757181;    // dt = 0.02, end-of-step stamp
    std::uint64_t const n = 340'000;            // s.e. 0.17 %: detects 2 %

    Plan plan = plan_of("quadratic", {1.0}, 1, 0.2, 0.01, n, 101);
    Estimate const seen =
        mean_time(with_targets(plan, {interval_outside(-1.0, 1.0)}, Crossing::endpoint), 0.01);
    CHECK_PASSES(check_consistent(seen, endpoint, 0.02 * endpoint));

    plan = plan_of("quadratic", {1.0}, 1, 0.2, 0.02, n, 102);
    Estimate const box =
        mean_time(with_targets(plan, {interval_outside(-1.0, 1.0)}, Crossing::bridge), 0.02);
    CHECK_PASSES(check_consistent(box, bridge, 0.02 * bridge));
    plan.seed = seed(103);
    Estimate const walls = mean_time(
        with_targets(plan, {half_space({1.0}, 1.0), half_space({-1.0}, 1.0)}, Crossing::bridge),
        0.02);
    CHECK_PASSES(check_consistent(walls, bridge, 0.02 * bridge));

    // Broken twins: half of the time; σ in the place of 2D (the temperature halved or doubled); the
    // mean of continuous time; the other detection's chain.
    CHECK_REJECTS(check_consistent(scaled(seen, 0.5), endpoint, 0.02 * endpoint));
    for (double const wrong : {0.1, 0.4}) {
        double const other =
            Problem("quadratic", {1.0}, wrong, 0.0, -1.0, 1.0).chain(0.01, Detection::endpoint);
        CHECK_REJECTS(check_consistent(seen, other, 0.02 * other));
    }
    Problem const exit("quadratic", {1.0}, 0.2, 0.0, -1.0, 1.0);
    CHECK_REJECTS(check_consistent(seen, exit.continuous(), 0.02 * exit.continuous()));
    double const other = exit.chain(0.01, Detection::bridge);
    CHECK_REJECTS(check_consistent(seen, other, 0.02 * other));
}

TEST_CASE("Passage: double well, to the saddle and to the other well, by either detection") {
    std::uint64_t const n = 340'000;  // detects 2 %
    double const T = 0.15, dt = 0.04;
    std::uint64_t fixed = 110;
    for (double const target : {0.0, 1.0}) {
        Problem const problem("double_well", well, T, -1.0, {}, target);
        double const step_ends = problem.chain(dt, Detection::endpoint);
        double const bridged = problem.chain(dt, Detection::bridge);
        CAPTURE(target);
        Estimate const a = mean_time(well_plan(T, dt, target, Crossing::endpoint, n, ++fixed), dt);
        CHECK_PASSES(check_consistent(a, step_ends, 0.02 * step_ends));
        Estimate const b = mean_time(well_plan(T, dt, target, Crossing::bridge, n, ++fixed), dt);
        CHECK_PASSES(check_consistent(b, bridged, 0.02 * bridged));
        CHECK_REJECTS(check_consistent(scaled(a, 0.5), step_ends, 0.02 * step_ends));
        if (target == 0.0) {  // at the saddle the two differ by 14 %, in the other well hardly
            CHECK_REJECTS(check_consistent(a, bridged, 0.02 * bridged));
            CHECK_REJECTS(check_consistent(b, step_ends, 0.02 * step_ends));
        }
    }
}

TEST_CASE("Passage: a bridge arrival is stamped in the middle of its step") {
    // Short passages, so that half a step shows: λ = 1, T = 0.5, from 0 to 0.5, dt = 0.1.
    double const dt = 0.1;
    Problem const problem("quadratic", {1.0}, 0.5, 0.0, {}, 0.5);
    double const end_of_step = problem.chain(dt, Detection::bridge);
    Plan const plan = with_targets(plan_of("quadratic", {1.0}, 1, 0.5, dt, 8'000'000, 120),
                                   {half_space({1.0}, 0.5)}, Crossing::bridge);
    PassageTally const tally = passages(plan);
    Estimate const late = the(mean_passage(tally, {dt, any_target, Stamp::end_of_step}));
    Estimate const middle = the(mean_passage(tally, {dt, any_target, Stamp::middle_of_step}));
    double const detects = 0.01 * end_of_step;
    CHECK_PASSES(check_consistent(late, end_of_step, detects));
    CHECK_PASSES(check_consistent(middle, end_of_step - 0.5 * dt, detects));
    CHECK_REJECTS(check_consistent(late, end_of_step - 0.5 * dt, detects));  // shift forgotten
    CHECK_REJECTS(check_consistent(middle, end_of_step, detects));
}

TEST_CASE("Passage: a plane across many coordinates is the one-dimensional problem") {
    // An isotropic quadratic bowl: the projection on any unit vector is the same process.
    double const dt = 0.02, T = 0.3, offset = 0.8;
    Problem const line("quadratic", {1.0}, T, 0.0, {}, offset);
    std::uint64_t fixed = 130;
    for (int const dim : {2, 8})
        for (Crossing const crossing : {Crossing::endpoint, Crossing::bridge}) {
            std::vector<double> const normal(static_cast<std::size_t>(dim),
                                             1.0 / std::sqrt(static_cast<double>(dim)));
            Plan const plan = with_targets(
                plan_of("quadratic", std::vector<double>(static_cast<std::size_t>(dim), 1.0), dim,
                        T, dt, 150'000, ++fixed),
                {half_space(normal, offset)}, crossing);
            auto const detection =
                crossing == Crossing::bridge ? Detection::bridge : Detection::endpoint;
            auto const wrong =
                crossing == Crossing::bridge ? Detection::endpoint : Detection::bridge;
            double const truth = line.chain(dt, detection);
            double const twin = line.chain(dt, wrong);
            Estimate const seen = mean_time(plan, dt);
            CAPTURE(dim);
            CHECK_PASSES(check_consistent(seen, truth, 0.04 * truth));
            CHECK_REJECTS(check_consistent(seen, twin, 0.04 * twin));
        }
}

TEST_CASE("Passage: SGD in the clock of its limit has the mean of its chain") {
    double const eta = 0.05, T = 0.15;
    std::uint64_t const n = 340'000;
    Problem const problem("double_well", well, T, -1.0, {}, 0.0);
    double const truth = problem.chain(eta, Detection::endpoint);
    Plan const plan = as_sgd(well_plan(T, eta, 0.0, Crossing::endpoint, n, 140), 4.0);
    REQUIRE(temperature_from(LearningRate{plan.dynamics[0]}, BatchSize{plan.dynamics[1]},
                             GradientVariance{plan.dynamics[2]})
                .value == doctest::Approx(T).epsilon(1e-14));
    Estimate const seen = mean_time(plan, eta);
    CHECK_PASSES(check_consistent(seen, truth, 0.02 * truth));
    // Broken twins: T = ησ²/B, batch size forgotten, iterations read as time.
    for (double const wrong : {2.0 * T, 4.0 * T}) {
        double const other =
            Problem("double_well", well, wrong, -1.0, {}, 0.0).chain(eta, Detection::endpoint);
        CHECK_REJECTS(check_consistent(seen, other, 0.02 * other));
    }
    CHECK_REJECTS(check_consistent(mean_time(plan, 1.0), truth, 0.02 * truth));
}

TEST_CASE("Passage: a ladder of dt tends to the mean of continuous time") {
    double const T = 0.15;
    double const fine = 0.01;
    std::uint64_t const n = 250'000;
    Problem const problem("double_well", well, T, -1.0, {}, 0.0);
    double const truth = problem.continuous();
    auto const ladder = [&](Crossing crossing, std::vector<int> const& factors,
                            std::uint64_t fixed) {
        std::vector<Rung> rungs;
        for (int const r : factors) {
            Plan plan = well_plan(T, fine * r, 0.0, crossing, n, fixed);
            plan.noise_refinement = r;
            auto const stamp =
                crossing == Crossing::bridge ? Stamp::middle_of_step : Stamp::end_of_step;
            rungs.push_back({plan.dt, mean_time(plan, plan.dt, stamp)});
        }
        return rungs;
    };
    // What the next order leaves after extrapolation is known from the chains: the same combination
    // of their exact means.
    auto const left = [&](Crossing crossing, std::vector<int> const& factors,
                          std::vector<double> const& orders) {
        std::vector<Rung> rungs;
        for (int const r : factors) {
            bool const bridge = crossing == Crossing::bridge;
            double const dt = fine * r;
            Estimate exact;
            exact.value = bridge ? problem.chain(dt, Detection::bridge) - 0.5 * dt
                                 : problem.chain(dt, Detection::endpoint);
            exact.leave_one_out.assign(group_count, exact.value);
            rungs.push_back({dt, exact});
        }
        return extrapolate(rungs, orders).limit.value - truth;
    };
    // Bridge: weak order 1.
    auto const bridged = ladder(Crossing::bridge, {1, 2}, 150);
    double const after_one = left(Crossing::bridge, {1, 2}, {1.0});
    CHECK(std::abs(after_one) < 1e-3 * truth);
    CHECK_PASSES(
        check_consistent(extrapolate(bridged, {1.0}).limit, truth + after_one, 0.05 * truth));
    // Step ends: order ½, then 1.
    auto const ends = ladder(Crossing::endpoint, {1, 2, 4}, 151);
    double const after_half = left(Crossing::endpoint, {1, 2, 4}, {0.5, 1.0});
    CHECK(std::abs(after_half) < 5e-3 * truth);
    CHECK_PASSES(
        check_consistent(extrapolate(ends, {0.5, 1.0}).limit, truth + after_half, 0.1 * truth));
    // Broken twins: no extrapolation; order 1 where it is ½.
    CHECK_REJECTS(check_consistent(ends[0].estimate, truth, 0.08 * truth));
    CHECK_REJECTS(
        check_consistent(extrapolate({ends[0], ends[1]}, {1.0}).limit, truth, 0.08 * truth));
}

TEST_CASE("Passage: over a high barrier the time is exponential with the quasi-stationary rate") {
    double const T = 0.06, dt = 0.05;  // barrier/T = 4.2
    PassageTally const tally = passages(well_plan(T, dt, 1.0, Crossing::endpoint, 40'000, 160));
    PassageQuery const query{dt, any_target, Stamp::end_of_step};
    double const relaxed =
        10.0;  // five relaxation times 1/V'' of a well, and more than its passage
    Exponentiality const law = test_exponentiality(tally, query, relaxed);
    CHECK(law.p_value > significance);
    // s.d. of the shape is 0.78/√n: detects 0.05.
    Estimate shape;
    shape.value = law.shape;
    shape.standard_error = law.shape_standard_error;
    CHECK_PASSES(check_consistent(shape, 1.0, 0.05));
    // The step makes the chain 1.3 % quicker: read off the two exact means.
    Problem const problem("double_well", well, T, -1.0, {}, 1.0);
    double const rate = theory::quasi_stationary_rate(problem.passage).value *
                        problem.continuous() / problem.chain(dt, Detection::endpoint);
    Estimate const seen = the(passage_rate(tally, query, relaxed));
    CHECK_PASSES(check_consistent(seen, rate, 0.06 * rate));
    CHECK_REJECTS(check_consistent(seen, 2.0 * rate, 0.06 * rate));

    // Broken twin: over a barrier as high as T, with the dead time left in, it is not exponential.
    Exponentiality const low = test_exponentiality(
        passages(well_plan(0.25, dt, 1.0, Crossing::endpoint, 40'000, 161)), query, 0.0);
    CHECK(low.p_value < significance);
}

}  // namespace passage_statistics_test
