// SPDX-License-Identifier: Apache-2.0
// Tabulated stationary variances of optimizers on V = hx²/2, simulated. Each check is wrong about a
// correct program once in 10^6 fresh seeds and sees the relative error named with it with 99 % power.
#include <doctest/doctest.h>

#include <cmath>

#include "estimators/paired.hpp"
#include "tests/statistical/composed_ensembles.hpp"

namespace reference_variances_test {
using namespace kramers;
using namespace kramers::test;

namespace {

/// Far from the start, at distances at which half the memory is gone.
Watch const watch{.trajectories = 16'000, .burn_in = 80, .snapshots = 24, .stride = 7};

}  // namespace

TEST_CASE("Rows: noise that depends on the state, R037 - R039, R090, R091") {
    Mover const sgd{"sgd", {0.1}};
    double const plain = 0.05263157894736842, ball = 0.10344827586206896;  // m = 0
    // Gradient norm, s = 2; a mask that keeps half; Student with five degrees of freedom.
    check_variance(quadratic_plan(sgd, law("gradient_norm", 1, {1.0, 4.0}), {1.0}, 710, watch),
                   0.06666666666666667, plain, 0.06);
    check_variance(
        quadratic_plan({"sgld", {0.1, 0.05}}, law("gradient_mask", 1, {0.5}), {1.0}, 711, watch),
        0.05555555555555555, plain, 0.05);
    check_variance(quadratic_plan(sgd, law("student_t", 1, {1.0, 5.0}), {1.0}, 712, watch),
                   0.08771929824561403, plain, 0.06);
    check_variance(quadratic_plan(sgd, law("multiplicative", 1, {1.0, 5.0}), {1.0}, 713, watch),
                   0.07142857142857142, plain, 0.08);
    check_variance(quadratic_plan({"heavy_ball", {0.1, 0.5}}, law("multiplicative", 1, {1.0, 2.0}),
                                  {1.0}, 714, watch),
                   0.13043478260869565, ball, 0.06);
}

TEST_CASE("Rows: stable descent, R041") {
    check_stable(quadratic_plan({"sgd", {0.1}}, law("stable", 1, {1.0, 1.5}), {1.0}, 720,
                                {.trajectories = 48'000, .burn_in = 80, .stride = 8}),
                 1.5, 0.36035569977651344);
}

TEST_CASE("Rows: reshuffled descent at the edge, in the middle and on average, R004 - R006, R008") {
    auto const plan = [](double eta, double h, double pop, int samples, double batch,
                         std::uint64_t at, std::uint64_t stride, std::uint64_t fixed) {
        Vector table;
        for (int n = 0; n < samples; ++n)
            table.push_back(n % 2 == 0 ? std::sqrt(pop) : -std::sqrt(pop));
        return quadratic_plan(
            {"sgd", {eta}}, law("population_reshuffled", 1, {}, table, batch), {h}, fixed,
            {.trajectories = 6'400, .burn_in = at, .snapshots = 24, .stride = stride});
    };
    double const replaced = 0.00641025641025641;
    check_variance(plan(0.05, 1.0, 2.0, 64, 8.0, 160, 16, 730), 8.845569323802018e-05, replaced,
                   0.06);
    check_variance(plan(0.05, 1.0, 2.0, 64, 8.0, 164, 16, 731), 0.0011581763783940515, replaced,
                   0.06);
    // A stride of 9 sees all eight places of an epoch, each three times.
    check_variance(plan(0.05, 1.0, 2.0, 64, 8.0, 160, 9, 732), 0.000793698842115639, replaced,
                   0.06);
    check_variance(plan(0.2, 2.0, 1.0, 16, 4.0, 40, 8, 733), 0.003824362606232295, 0.0068, 0.06);
}

TEST_CASE("Rows: descent by signs, its variance, kurtosis and weight of the centre, R119 - R125") {
    struct {
        double rate, variance, kurtosis, centre, linear;
        std::uint64_t burn_in, stride;
    } const rows[] = {{0.05, 0.031826138981374825, 2.991174659463618, 0.11168751613415165,
                       0.05 * 0.6266570686577501, 300, 35},
                      {0.5, 0.36456712845187234, 2.892557114147929, 0.3254110073332048,
                       0.26122223689053786, 60, 5}};
    std::uint64_t fixed = 740;
    for (auto const& row : rows) {
        CAPTURE(row.rate);
        // Odd strides: from 0 the parity of the lattice alternates.
        Plan plan =
            quadratic_plan({"sign_sgd", {row.rate}}, law("gaussian", 1, {1.0}), {1.0}, ++fixed,
                           {.trajectories = 16'000,
                            .burn_in = row.burn_in,
                            .snapshots = 20,
                            .stride = row.stride});
        auto& observe = std::get<SnapshotPlan>(plan.observe);
        double const deviation = std::sqrt(row.variance);
        observe.observables.push_back({Observable::Kind::power, 4, 0, 1.0 / deviation});
        Region centre;
        centre.kind = RegionKind::box;
        centre.a = {0.0};
        centre.extent = {0.5 * row.rate};
        observe.regions.push_back(centre);
        SnapshotTally const tally = snapshots(plan);
        Estimate const variance = the(covariance(tally, 0, 0));
        CHECK_PASSES(check_consistent(variance, row.variance, 0.04 * row.variance));
        Estimate const fourth = the(observable_mean(tally, 0));
        CHECK_PASSES(check_consistent(fourth, row.kurtosis, 0.25));
        Estimate const weight = the(region_weight(tally, 0));
        CHECK_PASSES(check_consistent(weight, row.centre, 0.065 * row.centre));
        // The twins: the linearised equation; a normal law on the line.
        if (row.rate > 0.1)
            CHECK_REJECTS(check_consistent(variance, row.linear, 0.04 * row.variance));
        double const normal = std::erf(0.5 * row.rate / std::sqrt(2.0 * row.variance));
        if (std::abs(normal / row.centre - 1.0) > 0.065)
            CHECK_REJECTS(check_consistent(weight, normal, 0.065 * row.centre));
        CHECK_REJECTS(check_consistent(weight, 2.0 * row.centre, 0.065 * row.centre));
    }
}

TEST_CASE("Rows: adaptive methods at their mean second moment, R127 - R132") {
    // Mean field is exact as β₂ → 1; at 1 − β₂ = 1/512 what it leaves out is about 0.1 %.
    double const beta2 = 1.0 - 0x1p-9, settled = 0.5256246098625197 * 0.5256246098625197;
    double const rmsprop = 0.026281230493125984, adam = 0.024000654093840623;
    struct {
        Mover mover;
        double exact, twin;
    } const rows[] = {
        {{"rmsprop", {0.1, beta2, 0.0, 0.0, settled}}, rmsprop, adam},
        {{"adam", {0.1, 0.9, beta2, 1e-12}}, adam, rmsprop},
        {{"adamw", {0.05, 0.9, beta2, 1e-12, 0.3}}, 0.009406879064398804, 0.010869565217391304}};
    // The root mean square of the gradient: σ² + h² Var.
    CHECK(std::sqrt(0.25 + rmsprop) == doctest::Approx(0.5256246098625197).epsilon(1e-12));
    CHECK(std::sqrt(0.25 + adam) == doctest::Approx(0.5234507179227483).epsilon(1e-12));
    std::uint64_t fixed = 750;
    for (auto const& row : rows)
        check_variance(
            quadratic_plan(
                row.mover, law("gaussian", 1, {0.25}), {1.0}, ++fixed,
                {.trajectories = 8'000, .burn_in = 1'024, .snapshots = 40, .stride = 30}),
            row.exact, row.twin, 0.04);
}

}  // namespace reference_variances_test
