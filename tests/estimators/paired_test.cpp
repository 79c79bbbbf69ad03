// SPDX-License-Identifier: Apache-2.0
#include "estimators/paired.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "estimators/intervals.hpp"
#include "estimators/jackknife.hpp"
#include "tests/estimators/ensembles.hpp"
#include "tests/support/statistics.hpp"

namespace paired_test {
using namespace kramers;
using namespace kramers::test;

namespace {

using Error = std::function<double(double)>;

/// An estimate that is the mean of 64 given group values.
Estimate mean_of(std::vector<double> const& groups) {
    double mean = 0.0;
    for (double const v : groups) mean += v / group_count;
    std::vector<double> rest;
    for (double const v : groups) rest.push_back((mean * group_count - v) / (group_count - 1));
    return jackknife_estimate(mean, std::move(rest), group_count, "mean of groups");
}

/// Errors e(h) at h = 0.2, 0.1, … with noise of size scale·h^1.5 per group, half of it shared.
std::vector<ErrorLadder> ladders(Random& random, std::vector<Error> const& errors, double scale,
                                 int steps = 4) {
    std::vector<ErrorLadder> out(errors.size());
    for (int i = 0; i < steps; ++i) {
        double const h = std::ldexp(0.2, -i);
        std::vector<double> shared;
        for (int g = 0; g < group_count; ++g) shared.push_back(random.normal());
        for (std::size_t j = 0; j < errors.size(); ++j) {
            std::vector<double> groups;
            for (double const s : shared)
                groups.push_back(errors[j](h) +
                                 scale * std::pow(h, 1.5) * (0.7 * s + 0.7 * random.normal()));
            out[j].steps.push_back(h);
            out[j].errors.push_back(mean_of(groups));
        }
    }
    return out;
}

Error law(double c, double p, double b) {
    return [=](double h) { return c * std::pow(h, p) * (1.0 + b * h); };
}

/// A tally of one observable: the sum and number of samples of each group.
SnapshotTally tally(std::function<double(int)> const& mean) {
    SnapshotTally t;
    t.groups.resize(group_count);
    for (int g = 0; g < group_count; ++g) {
        SnapshotGroup& group = t.groups[static_cast<std::size_t>(g)];
        group.trajectories = group.samples = 4;
        group.observables = {FixedSum::of(4.0 * mean(g))};
        group.beyond = {0};
    }
    return t;
}

bool excludes(Estimate const& e, double p) {
    Interval const i = interval_at(e, 0.999);
    return p < i.lower || p > i.upper;
}

}  // namespace

TEST_CASE("paired_difference: what two coupled ensembles share cancels") {
    auto const shared = [](int g) { return std::ldexp((g * 37) % 64 - 31, -3); };
    auto const odd = [](int g) { return g % 2 == 0 ? 0.125 : -0.125; };
    SnapshotTally const a = tally([&](int g) { return shared(g) + 1.5 + odd(g); });
    SnapshotTally const b = tally(shared);
    Estimate const e = *paired_difference(a, b, 0).estimate;
    CHECK(e.value == doctest::Approx(1.5).epsilon(1e-12));
    // 64 values 1.5 ± 1/8: s² = (1/64)·64/63, standard error s/8
    CHECK(e.standard_error == doctest::Approx(0.125 * std::sqrt(64.0 / 63.0) / 8.0).epsilon(1e-9));
    // broken twin: groups of another order do not cancel
    SnapshotTally const c = tally([&](int g) { return shared((g + 17) % 64); });
    CHECK(paired_difference(a, c, 0).estimate->standard_error > 10.0 * e.standard_error);
}

TEST_CASE("paired_difference: refuses diverged trajectories and values beyond the sum") {
    SnapshotTally const good = tally([](int) { return 1.0; });
    SnapshotTally bad = good;
    bad.groups[3].diverged = 1;
    CHECK(paired_difference(good, bad, 0).reason.find("diverged") != std::string::npos);
    bad = good;
    bad.groups[3].beyond[0] = 1;
    CHECK(paired_difference(bad, good, 0).reason.find("too large") != std::string::npos);
    CHECK(paired_difference(good, good, 1).reason.find("no such") != std::string::npos);
}

TEST_CASE("fit_order: exact powers give their order and coefficient") {
    Random random(1);
    for (double const p : {1.0, 2.0, 3.0}) {
        auto const data = ladders(random, {law(0.5, p, 0.0), law(-2.0, p, 0.0)}, 0.0);
        OrderFit const fit = fit_order(data, {.claimed = p});
        REQUIRE(fit.order.estimate);
        CHECK(fit.order.estimate->value == doctest::Approx(p).epsilon(1e-9));
        CHECK(fit.leading[0].value == doctest::Approx(0.5).epsilon(1e-9));
        CHECK(fit.leading[1].value == doctest::Approx(-2.0).epsilon(1e-9));
    }
}

TEST_CASE("fit_order: the interval contains the order and excludes its neighbours") {
    // the next term is 20 to 40 % of the error at the coarsest step
    std::vector<Error> const second{law(0.3, 2, 1.0), law(-0.2, 2, 2.0), law(0.1, 2, -1.0)};
    std::vector<Error> const first{law(0.3, 1, 1.0), law(-0.2, 1, 2.0), law(0.1, 1, -1.0)};
    std::uint64_t covered = 0;
    std::uint64_t const trials = 400;
    Random random(2);
    for (std::uint64_t k = 0; k < trials; ++k) {
        OrderFit const fit = fit_order(ladders(random, second, 0.01), {.claimed = 2.0});
        REQUIRE(fit.order.estimate);
        Estimate const& e = *fit.order.estimate;
        covered += e.lower <= 2.0 && 2.0 <= e.upper;
        if (k >= 20) continue;
        CHECK(excludes(e, 1.0));
        CHECK(excludes(e, 3.0));
        // broken twin: errors of order 1 are not taken for order 2
        OrderFit const twin = fit_order(ladders(random, first, 0.01), {.claimed = 2.0});
        REQUIRE(twin.order.estimate);
        CHECK(excludes(*twin.order.estimate, 2.0));
    }
    CHECK(check_frequency(covered, trials, 0.95));
}

TEST_CASE("fit_order: without the next term a curved ladder is biased and its coarsest step goes") {
    std::vector<Error> const curved{law(0.3, 2, 2.0), law(-0.2, 2, 3.0)};
    Random random(3);
    auto const data = ladders(random, curved, 1e-4, 6);
    OrderFit const with = fit_order(data, {.claimed = 2.0});
    OrderFit const without = fit_order(data, {.claimed = 2.0, .next_term = false});
    REQUIRE((with.order.estimate && without.order.estimate));
    CHECK(without.steps.size() == 3);
    CHECK(with.steps.front() >= without.steps.front());
    CHECK(std::abs(with.order.estimate->value - 2.0) <
          std::abs(without.order.estimate->value - 2.0));
}

TEST_CASE("fit_order: a bias that the residuals cannot show is in the systematic part") {
    // e = C (h² + h³ + h⁴): the fit knows of no h⁴, and its interval alone is too narrow
    Error const third = [](double h) { return 0.3 * h * h * (1.0 + h * (1.0 + h)); };
    Error const other = [](double h) { return -0.2 * h * h * (1.0 + h * (1.0 + h)); };
    std::uint64_t alone = 0, wider = 0;
    std::uint64_t const trials = 40;
    Random random(5);
    for (std::uint64_t k = 0; k < trials; ++k) {
        OrderFit const fit = fit_order(ladders(random, {third, other}, 5e-4), {.claimed = 2.0});
        REQUIRE(fit.order.estimate);
        Estimate const& e = *fit.order.estimate;
        alone += e.lower <= 2.0 && 2.0 <= e.upper;
        wider += e.lower - fit.systematic <= 2.0 && 2.0 <= e.upper + fit.systematic;
        CHECK(fit.systematic < 0.2);  // neighbours stay excluded
    }
    MESSAGE("covered " << alone << " and " << wider);
    CHECK(wider == trials);
    CHECK(alone < trials / 2);  // broken twin: the interval of the jackknife alone
}

TEST_CASE(
    "fit_order: three steps do not tell what the coarsest hides, unless there is no next term") {
    Random random(6);
    std::vector<Error> const laws{law(0.3, 1, 1.0), law(-0.2, 1, 2.0)};
    auto const fit = [&](int steps, bool next_term) {
        return fit_order(ladders(random, laws, 1e-3, steps), {.next_term = next_term});
    };
    // Without the coarsest step two errors of each law are left for p and two numbers of each law.
    CHECK_FALSE(fit(3, true).systematic_known);
    CHECK(fit(4, true).systematic_known);
    CHECK(fit(3, false).systematic_known);
    CHECK(fit(4, true).systematic > 0.0);
}

TEST_CASE(
    "fit_order: insignificant errors and changes of sign are left out, and none is no order") {
    Random random(4);
    Error const crossing = [](double h) { return 0.3 * h * h * (1.0 - h / 0.15); };
    OrderFit const fit =
        fit_order(ladders(random, {law(0.3, 2, 1.0), crossing}, 0.001, 5), {.claimed = 2.0});
    CHECK(fit.points < 10);
    REQUIRE(fit.order.estimate);
    OrderFit const noise = fit_order(ladders(random, {law(0.0, 2, 0.0)}, 1.0), {.claimed = 2.0});
    CHECK_FALSE(noise.order.estimate);
    CHECK(noise.order.reason.find("significant") != std::string::npos);
}

}  // namespace paired_test
