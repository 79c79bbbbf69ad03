// SPDX-License-Identifier: Apache-2.0
// SVAG in the engine with noise that is not Gaussian: both batches follow the law. Each check is
// wrong about a correct program once in 10^6 fresh seeds.
#include <doctest/doctest.h>

#include <cmath>

#include "estimators/paired.hpp"
#include "tests/statistical/composed_ensembles.hpp"

namespace composed_svag_test {
using namespace kramers;
using namespace kramers::test;

namespace {

constexpr double eta = 0.3, h = 1.25, c = 2.0;

struct Case {
    char const* name;
    NoiseLaw law;
    double variance, third, fourth;  ///< cumulants of one draw, in units of √c
};

/// Jumps that come once in ten steps, in one direction: the strongest asymmetry of them.
NoiseLaw rare() {
    NoiseLaw rare = law("gaussian", 1, {c});
    rare.shape = coordinate::NoiseShape::bernoulli;
    rare.shape_data = coordinate::mask_shape(0.1);
    return rare;
}

/// Batches of two out of four samples, one of them far away.
NoiseLaw samples() { return law("population", 1, {}, {3.0, -1.0, -1.0, -1.0}, 2.0); }

/// x after `steps` steps from 0, in units of its standard deviation.
Plan plan_for(NoiseLaw const& noise, double ell, std::uint64_t steps, double deviation,
              std::uint64_t fixed) {
    Watch const watch{.trajectories = 200'000, .burn_in = steps, .snapshots = 1, .stride = 1};
    Plan plan = quadratic_plan({"svag", {eta, ell}}, noise, {h}, fixed, watch);
    auto& observe = std::get<SnapshotPlan>(plan.observe);
    for (int const power : {2, 3, 4})
        observe.observables.push_back({Observable::Kind::power, power, 0, 1.0 / deviation});
    return plan;
}

}  // namespace

TEST_CASE("Composed svag: variance, skewness and kurtosis under laws that are not Gaussian") {
    Case const cases[] = {
        {"rademacher", law("rademacher", 1, {c}), 1.0, 0.0, -2.0},
        {"two_lump", law("two_lump", 1, {c, -1.5}), 1.0, 0.0, -1.5},
        {"compound_poisson", law("compound_poisson", 1, {c, 1.5}), 1.0, 0.0, 2.0},
        {"rare", rare(), 1.0, 0.8 / 0.3, (1.0 - 6.0 * 0.09) / 0.09},
        // offsets 3, −1, −1, −1: skewness 1.15, excess −0.67 of one sample
        {"population", samples(), 1.5 / c, 6.0 / 4.0 / std::pow(c, 1.5), -6.0 / 8.0 / (c * c)}};
    std::uint64_t fixed = 480;
    for (Case const& k : cases)
        for (double const ell : {1.0, 4.0, 16.0}) {
            CAPTURE(std::string(k.name));
            CAPTURE(ell);
            auto const steps = static_cast<std::uint64_t>(4.0 * ell);
            auto const cumulant = [&](int n, double of_draw, double gain) {
                double const a = std::pow(1.0 - eta * h / ell, n);
                return std::pow(-eta / ell * std::sqrt(c), n) * gain * of_draw *
                       (1.0 - std::pow(a, static_cast<double>(steps))) / (1.0 - a);
            };
            double const variance = cumulant(2, k.variance, ell);
            double const third = cumulant(3, k.third, 0.5 * (3.0 * ell - 1.0));
            double const fourth = cumulant(4, k.fourth, 0.5 * (ell * ell + 2.0 * ell - 1.0));
            double const skewness = third / std::pow(variance, 1.5);
            double const excess = fourth / (variance * variance);
            SnapshotTally const tally =
                snapshots(plan_for(k.law, ell, steps, std::sqrt(variance), ++fixed));
            auto const seen = [&](std::size_t i) { return the(observable_mean(tally, i)); };
            CHECK_PASSES(check_consistent(seen(0), 1.0, 0.045));
            CHECK_PASSES(check_consistent(seen(1), skewness, 0.15));
            CHECK_PASSES(check_consistent(seen(2), 3.0 + excess, 0.6));
            // The twins: one draw for both batches; a normal second batch.
            if (ell > 1.0) CHECK_REJECTS(check_consistent(seen(0), 1.0 / ell, 0.045));
            double const r1 = 0.5 * (1.0 + std::sqrt(2.0 * ell - 1.0));
            double const gain3 = std::pow(r1, 3) / (0.5 * (3.0 * ell - 1.0));
            if (std::abs(skewness * (gain3 - 1.0)) > 0.11)
                CHECK_REJECTS(check_consistent(seen(1), gain3 * skewness, 0.15));
            double const gain4 = std::pow(r1, 4) / (0.5 * (ell * ell + 2.0 * ell - 1.0));
            if (std::abs(excess * (gain4 - 1.0)) > 0.4)
                CHECK_REJECTS(check_consistent(seen(2), 3.0 + gain4 * excess, 0.6));
        }
}

TEST_CASE("Composed svag: a full covariance mixes both batches") {
    // Cov x = ℓ (η/ℓ)² Σ/(1 − a²) for equal curvatures; the twin mixes the first batch only, of
    // weight r₁².
    double const ell = 4.0, covariance = 0.6, a = 1.0 - eta * h / ell;
    double const unit = eta * eta / ell / (1.0 - a * a);
    double const r1 = 0.5 * (1.0 + std::sqrt(2.0 * ell - 1.0));
    Plan const plan = quadratic_plan({"svag", {eta, ell}},
                                     law("covariance", 2, {}, {1.0, covariance, covariance, 1.0}),
                                     {h, h}, 499, {.burn_in = 240, .stride = 24});
    SnapshotTally const tally = snapshots(plan);
    Estimate const seen = the(kramers::covariance(tally, 0, 1));
    double const exact = unit * covariance;
    CHECK_PASSES(check_consistent(seen, exact, 0.04 * exact));
    CHECK_REJECTS(check_consistent(seen, exact * r1 * r1 / ell, 0.04 * exact));
}

}  // namespace composed_svag_test
