// SPDX-License-Identifier: Apache-2.0
#include "estimators/extrapolate.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "estimators/jackknife.hpp"
#include "tests/estimators/ensembles.hpp"
#include "tests/support/statistics.hpp"

namespace extrapolate_test {
using namespace kramers;
using namespace kramers::test;

namespace {

/// An estimate that is the mean of 64 given group values.
Estimate mean_of(std::vector<double> const& groups) {
    double mean = 0.0;
    for (double const v : groups) mean += v / group_count;
    std::vector<double> rest;
    for (double const v : groups) rest.push_back((mean * group_count - v) / (group_count - 1));
    return jackknife_estimate(mean, std::move(rest), group_count, "mean of groups");
}

Estimate exactly(double value) {
    return mean_of(std::vector<double>(static_cast<std::size_t>(group_count), value));
}

/// A ladder dt = 1, 2, 4, … with value(dt), noise shared by the rungs and noise of each rung alone.
template <class F>
std::vector<Rung> ladder(Random& random, int rungs, double shared, double own, F&& value) {
    std::vector<double> common;
    for (int g = 0; g < group_count; ++g) common.push_back(shared * random.normal());
    std::vector<Rung> out;
    for (int r = 0; r < rungs; ++r) {
        double const dt = std::ldexp(0.01, r);
        std::vector<double> groups;
        for (double const c : common) groups.push_back(value(dt) + c + own * random.normal());
        out.push_back({.dt = dt, .estimate = mean_of(groups)});
    }
    return out;
}

bool covers(Estimate const& e, double truth) { return e.lower <= truth && truth <= e.upper; }

}  // namespace

TEST_CASE("Jackknife: a combination of estimates is the estimate of the combination") {
    Random random(61);
    std::vector<double> a, b, difference;
    for (int g = 0; g < group_count; ++g) {
        double const common = random.normal();
        a.push_back(5.0 + common);
        b.push_back(4.0 + common + 0.01 * random.normal());
        difference.push_back(2.0 * a.back() - 2.0 * b.back());
    }
    auto first = mean_of(a);
    first.warning = "few events";
    auto const combined = linear_combination({2.0, -2.0}, {first, mean_of(b)}, "difference");
    auto const direct = mean_of(difference);
    CHECK(combined.value == doctest::Approx(direct.value));
    CHECK(combined.standard_error == doctest::Approx(direct.standard_error));
    CHECK(combined.warning == "few events");
    // Coupling: the common noise of standard error 1/8 is gone, 2·0.01/8 is left.
    CHECK(combined.standard_error < 0.02 * first.standard_error * 2.0);
}

TEST_CASE("Extrapolation: Richardson by hand, coefficients and bias exact without noise") {
    // order 1, dt = 0.01 and 0.02: limit 2 v1 − v2 = 3, coefficient (v2 − v1)/0.01 = 5
    auto const one = extrapolate(
        {{.dt = 0.01, .estimate = exactly(3.05)}, {.dt = 0.02, .estimate = exactly(3.10)}}, {1.0});
    CHECK(one.limit.value == doctest::Approx(3.0).epsilon(1e-12));
    CHECK(one.coefficients.at(0).value == doctest::Approx(5.0));
    CHECK(one.bias.value == doctest::Approx(0.05));
    CHECK(one.lack_of_fit_p == 1.0);
    CHECK(one.limit.method.find("Richardson over 2") != std::string::npos);

    // 3 + 2 √dt − 5 dt from three rungs in any order
    auto const value = [](double dt) { return 3.0 + 2.0 * std::sqrt(dt) - 5.0 * dt; };
    auto const two = extrapolate({{.dt = 0.04, .estimate = exactly(value(0.04))},
                                  {.dt = 0.01, .estimate = exactly(value(0.01))},
                                  {.dt = 0.02, .estimate = exactly(value(0.02))}},
                                 {0.5, 1.0});
    CHECK(two.limit.value == doctest::Approx(3.0).epsilon(1e-12));
    CHECK(two.coefficients.at(0).value == doctest::Approx(2.0).epsilon(1e-10));
    CHECK(two.coefficients.at(1).value == doctest::Approx(-5.0).epsilon(1e-10));
    CHECK(two.bias.value == doctest::Approx(value(0.01) - 3.0).epsilon(1e-10));
}

TEST_CASE("Extrapolation: least squares with spare rungs by hand") {
    // dt = 1, 2, 3 and order 1: the line through (1, 1), (2, 3), (3, 4) is −1/3 + 3/2 dt, residuals
    // −1/6, 1/3, −1/6.
    auto const fit = extrapolate({{.dt = 1.0, .estimate = exactly(1.0)},
                                  {.dt = 2.0, .estimate = exactly(3.0)},
                                  {.dt = 3.0, .estimate = exactly(4.0)}},
                                 {1.0});
    CHECK(fit.limit.value == doctest::Approx(-1.0 / 3.0));
    CHECK(fit.coefficients.at(0).value == doctest::Approx(1.5));
    CHECK(fit.residuals.at(0) == doctest::Approx(-1.0 / 6.0));
    CHECK(fit.residuals.at(1) == doctest::Approx(1.0 / 3.0));
    CHECK(fit.limit.method.find("least squares over 3") != std::string::npos);
}

TEST_CASE(
    "Extrapolation: 95 % intervals cover limit, coefficients and bias; lack of fit has its level") {
    Random random(62);
    std::uint64_t limit = 0, half = 0, whole = 0, bias = 0, misfit = 0, wrong_order = 0;
    constexpr std::uint64_t ensembles = 2000;
    auto const value = [](double dt) { return 3.0 + 2.0 * std::sqrt(dt) - 5.0 * dt; };
    for (std::uint64_t i = 0; i < ensembles; ++i) {
        auto const rungs = ladder(random, 4, 0.1, 0.02, value);
        auto const fit = extrapolate(rungs, {0.5, 1.0});
        limit += covers(fit.limit, 3.0) ? 1 : 0;
        half += covers(fit.coefficients[0], 2.0) ? 1 : 0;
        whole += covers(fit.coefficients[1], -5.0) ? 1 : 0;
        bias += covers(fit.bias, value(0.01) - 3.0) ? 1 : 0;
        misfit += fit.lack_of_fit_p < 0.05 ? 1 : 0;
        // Twin: order 1 assumed where the bias is of order ½.
        auto const wrong = extrapolate(rungs, {1.0});
        wrong_order += covers(wrong.limit, 3.0) ? 1 : 0;
        CHECK(wrong.lack_of_fit_p < significance);
    }
    CHECK_MESSAGE(check_frequency(limit, ensembles, 0.95), limit);
    CHECK_MESSAGE(check_frequency(half, ensembles, 0.95), half);
    CHECK_MESSAGE(check_frequency(whole, ensembles, 0.95), whole);
    CHECK_MESSAGE(check_frequency(bias, ensembles, 0.95), bias);
    CHECK_MESSAGE(check_frequency(misfit, ensembles, 0.05), misfit);
    CHECK_FALSE(check_frequency(wrong_order, ensembles, 0.95));
}

TEST_CASE("Extrapolation: common random numbers sharpen the bias, not the limit") {
    Random random(63);
    auto const value = [](double dt) { return 3.0 + 5.0 * dt; };
    auto const coupled = extrapolate(ladder(random, 2, 0.1, 0.005, value), {1.0});
    auto const apart = extrapolate(ladder(random, 2, 0.0, std::hypot(0.1, 0.005), value), {1.0});
    CHECK(coupled.limit.standard_error < apart.limit.standard_error);
    CHECK(coupled.bias.standard_error < 0.1 * apart.bias.standard_error);
    // Bias 0.05: seen with the coupling, lost without it.
    CHECK(check_consistent(coupled.bias, 0.05, 0.02));
    CHECK_FALSE(check_consistent(apart.bias, 0.05, 0.02));
}

}  // namespace extrapolate_test
