// SPDX-License-Identifier: Apache-2.0
// Stationary variances of composed descent under every kind of gradient noise, on quadratic
// landscapes (S1 – S3, S18 – S20, S32, S58). Each check is wrong about a correct program once in
// 10^6 fresh seeds and sees 1.2 % with 99 % power unless it says otherwise.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/statistical/composed_ensembles.hpp"

namespace composed_noise_test {
using namespace kramers;
using namespace kramers::test;

namespace {

constexpr double eta = 0.3, h = 1.25, c = 2.0;
constexpr double a = 1.0 - eta * h;
constexpr double unit = eta * eta / (1.0 - a * a);  ///< variance per unit of white noise (S22)

Mover const sgd{"sgd", {eta}};

/// Watched at the end of `steps` steps from the minimum, and no further.
Watch at(std::uint64_t steps) {
    return {.trajectories = 200'000, .burn_in = steps, .snapshots = 1, .stride = 1};
}

}  // namespace

TEST_CASE("Composed noise: only its second moment enters the variance, whatever its shape") {
    struct {
        char const* name;
        Vector values;
        double variance;
    } const cases[] = {{"rademacher", {c}, c},
                       {"three_point", {c}, c},
                       {"two_lump", {c, -1.5}, c},
                       {"two_lump", {c, 2.0}, c},
                       {"compound_poisson", {c, 1.5}, c},
                       {"student_t", {c, 10.0}, c * 10.0 / 8.0},
                       {"stable", {std::sqrt(c), 2.0}, 2.0 * c}};
    std::uint64_t fixed = 400;
    for (auto const& k : cases) {
        CAPTURE(std::string(k.name));
        double const exact = unit * k.variance;
        check_variance(quadratic_plan(sgd, law(k.name, 1, k.values), {h}, ++fixed), exact,
                       k.variance == c ? eta * c / (2.0 * h) : unit * c);
        // A batch of four divides the variance (of a Student law: by its convention).
        check_variance(quadratic_plan(sgd, law(k.name, 1, k.values, {}, 4.0), {h}, ++fixed),
                       0.25 * exact, exact);
    }
}

TEST_CASE("Composed noise: stable descent is stable, with the scale of its geometric sum") {
    // Scale η s (1 − |a|^α)^{−1/α}; counted inside one and three scales. Power: 99 % against 1 % of
    // the probability, which is a scale off by 2 %.
    std::uint64_t fixed = 420;
    for (double const alpha : {1.0, 1.5}) {
        double const s = 0.7;
        double const scale = eta * s * std::pow(1.0 - std::pow(a, alpha), -1.0 / alpha);
        Plan const plan = quadratic_plan(sgd, law("stable", 1, {s, alpha}), {h}, ++fixed);
        check_stable(plan, alpha, scale);
    }
}

TEST_CASE(
    "Composed noise: amplitudes that depend on the state close their second moments exactly") {
    double const m = 0.4, s = 0.3, keep = 0.7, T = 0.3;
    std::uint64_t fixed = 430;
    auto const closed = [](double additive, double growth) {
        return additive / (1.0 - a * a - growth);
    };
    double const noise = eta * eta * c;
    check_variance(quadratic_plan(sgd, law("multiplicative", 1, {c, m}), {h}, ++fixed),
                   closed(noise, eta * eta * m), closed(noise, 0.0), 0.015);
    // Noise of the loss: c + s² h x²/2.
    check_variance(quadratic_plan(sgd, law("loss", 1, {c, 2.0 * m / h, 0.0}), {h}, ++fixed),
                   closed(noise, eta * eta * m), closed(noise, 0.0), 0.015);
    // Of the gradient's norm, in two dimensions: every coordinate feels both.
    double const relative = 0.25, growth = eta * eta * relative * h * h;
    check_variance(quadratic_plan(sgd, law("gradient_norm", 2, {c, relative}), {h, h}, ++fixed),
                   closed(noise, 2.0 * growth), closed(noise, growth), 0.015, 1);
    // Of the Hessian: isotropic but for η h (S20).
    double const delta = 1.5, steep = 4.0;
    for (int i = 0; i < 2; ++i) {
        double const curvature = i == 0 ? h : steep;
        check_variance(quadratic_plan(sgd, law("hessian", 2, {delta, 0.0}), {h, steep}, ++fixed),
                       eta * delta / (2.0 - eta * curvature), 0.5 * eta * delta, 0.012, i);
    }
    // A mask of the gradient, kept alive by injected noise.
    double const masked = eta * eta * h * h * (1.0 - keep) / keep;
    check_variance(
        quadratic_plan({"sgld", {eta, T}}, law("gradient_mask", 1, {keep}), {h}, ++fixed),
        closed(2.0 * eta * T, masked), closed(2.0 * eta * T, 0.0), 0.015);
    // Noise of the weights: the gradient at x + s ζ.
    check_variance(quadratic_plan(sgd, law("weight", 1, {s}), {h}, ++fixed),
                   eta * h * s * s / (2.0 - eta * h), 0.5 * eta * h * s * s);
}

TEST_CASE("Composed noise: memory of a step before shows in the variance") {
    // x' = a x − η ξ with Cov(ξ_k, ξ_{k−j}) = c R_j: Var = η² c (1 + 2 Σ_j a^j R_j)/(1 − a²).
    double const rho = 0.5, theta = 0.8;
    double const coloured = unit * c * (1.0 + a * rho) / (1.0 - a * rho);
    double const anti = unit * c * (1.0 - 2.0 * a * theta / (1.0 + theta * theta));
    check_variance(quadratic_plan(sgd, law("coloured", 1, {c, rho}), {h}, 450), coloured, unit * c);
    check_variance(quadratic_plan(sgd, law("coloured", 1, {c, -rho}), {h}, 451),
                   unit * c * (1.0 - a * rho) / (1.0 + a * rho), coloured);
    check_variance(quadratic_plan(sgd, law("anticorrelated", 1, {c, theta}), {h}, 452), anti,
                   unit * c);
    // θ = 1 is the telescoping kick of S19 with s² = η² c/2.
    check_variance(quadratic_plan(sgd, law("anticorrelated", 1, {c, 1.0}), {h}, 453),
                   eta * eta * c / (2.0 - eta * h), anti);
}

TEST_CASE("Composed noise: a population with, without replacement and reshuffled") {
    int const samples = 12, batch = 3, epoch = samples / batch;
    Vector table;
    double square = 0.0;
    for (int n = 0; n < samples; ++n) {
        table.push_back(n % 5 - 0.3 * n);
        square += table.back() * table.back();
    }
    double mean = 0.0;
    for (double const g : table) mean += g / samples;
    double const variance = square / samples - mean * mean;  // Σ_N of S1
    double const replaced = unit * variance / batch;
    double const distinct = replaced * (samples - batch) / (samples - 1.0);

    Watch const fewer{.trajectories = 16'000};  // a shuffle per step is slow
    check_variance(quadratic_plan(sgd, law("population", 1, {}, table, batch), {h}, 460, fewer),
                   replaced, distinct, 0.03);
    check_variance(quadratic_plan(sgd, law("population_without_replacement", 1, {}, table, batch),
                                  {h}, 461, fewer),
                   distinct, replaced, 0.03);
    // S3: at the boundary of an epoch and m steps into it.
    double const bar = variance / (samples - 1.0);
    auto const power_sum = [](double q, int n) { return (1.0 - std::pow(q, n)) / (1.0 - q); };
    auto const fresh = [&](int m) {
        double const g = power_sum(a, m);
        return eta * eta * bar * (epoch * power_sum(a * a, m) - g * g);
    };
    double const edge = fresh(epoch) / (1.0 - std::pow(a, 2 * epoch));
    for (int m = 0; m < epoch; ++m) {
        CAPTURE(m);
        Watch const watch{.trajectories = 16'000,
                          .burn_in = static_cast<std::uint64_t>(15 * epoch + m),
                          .stride = static_cast<std::uint64_t>(2 * epoch)};
        check_variance(quadratic_plan(sgd, law("population_reshuffled", 1, {}, table, batch), {h},
                                      470 + static_cast<std::uint64_t>(m), watch),
                       std::pow(a, 2 * m) * edge + fresh(m), distinct, 0.036);
    }
}

TEST_CASE("Composed schedules: the variance follows V' = (1 - eta u h)^2 V + (eta u)^2 c w^2") {
    using coordinate::ScheduleKind;
    coordinate::ScheduleData const annealed = coordinate::annealed_noise(1.0, 0.55);
    struct {
        coordinate::ScheduleData rate, noise;
    } const cases[] = {{{}, annealed},
                       {{ScheduleKind::power, 5.0, 1.0}, {}},
                       {{ScheduleKind::cosine, 20.0, 0.0, 1.0, 0.3}, annealed},
                       {{ScheduleKind::step, 8.0, 0.0, 0.5, 0.0, 4.0}, {}},
                       {{ScheduleKind::warmup, 12.0}, {}}};
    std::uint64_t fixed = 480;
    for (int const steps : {1, 7, 30})
        for (auto const& k : cases) {
            CAPTURE(steps);
            // The schedules in their own words (S7, S58).
            auto const u = [&](int n) {
                double const w = k.rate.warmup;
                double const rise = n + 1 < w ? (n + 1) / w : 1.0, since = n > w ? n - w : 0.0;
                switch (k.rate.kind) {
                    case ScheduleKind::power: return 5.0 / (5.0 + since);
                    case ScheduleKind::cosine:
                        return 0.65 +
                               0.35 * std::cos(std::acos(-1.0) * std::fmin(since / 20.0, 1.0));
                    case ScheduleKind::step: return rise * std::exp2(-std::floor(since / 8.0));
                    case ScheduleKind::warmup: return std::fmin((n + 1) / 12.0, 1.0);
                    default: return 1.0;
                }
            };
            bool const anneals = k.noise.kind != ScheduleKind::constant;
            double exact = 0.0, late = 0.0;
            for (int n = 0; n < steps; ++n) {
                auto const add = [&](double& v, int at_step) {
                    double const rate = eta * u(at_step);
                    double const noise = anneals ? c * std::pow(1.0 + at_step, -0.55) : c;
                    v = (1.0 - rate * h) * (1.0 - rate * h) * v + rate * rate * noise;
                };
                add(exact, n);
                add(late, n + 1);
            }
            Plan plan = quadratic_plan(sgd, law("gaussian", 1, {c}), {h}, ++fixed,
                                       at(static_cast<std::uint64_t>(steps)));
            plan.composition.rate = k.rate;
            plan.composition.noise_schedule = k.noise;
            bool const seen = std::abs(late / exact - 1.0) > 0.06;
            check_variance(plan, exact, seen ? late : 2.0 * exact, 0.036);
        }
}

}  // namespace composed_noise_test
