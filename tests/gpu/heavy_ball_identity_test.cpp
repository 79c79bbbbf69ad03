// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <bit>
#include <cmath>

#include "sde/methods.hpp"
#include "tests/gpu/composed_plans.hpp"

namespace heavy_ball_identity_test {
using namespace kramers;
using namespace kramers::testing;

// Heavy ball v' = μv − η(∂V + ξ) is OBA of kinetic at dt = √η, γ = −ln μ/√η, T = ηc/(1 − μ²), with the
// noise of the other sign: from −x the same path, mirrored. The two sum their terms in another order,
// so bits agree where nothing rounds: η = 1/4, μ = 1/2, √c = 1/4, h = 4 (ηh = 1) and float normals. A
// kick, ζ/16, is a multiple of 2⁻⁴⁰ but for the smallest in thousands; halved 11 times, with x < 2, it
// ends within the 53 bits.

namespace {

constexpr double eta = 0.25, mu = 0.5, variance = 0.0625, curvature = 4.0, dt = 0.5;
constexpr std::uint64_t iterations = 12;

using Oba = coordinate::Oba<coordinate::Kinetic>;

/// γ = 2 ln 2 and the T next to 1/48 for which the kick of a step, spread·√(2γT), is 1/8 exactly.
std::vector<double> kinetic_values() {
    double const friction = -std::log(mu) / dt;
    double temperature = eta * variance / (1.0 - mu * mu);
    for (int ulp = 0; ulp < 8; ++ulp) temperature = std::nextafter(temperature, 0.0);
    for (int ulp = 0; ulp < 16; ++ulp) {
        double const values[] = {friction, temperature};
        auto const oba = Oba::prepare(coordinate::Kinetic::make(values), dt);
        REQUIRE(oba.friction.decay == mu);
        if (oba.friction.spread * oba.model.amplitude == std::sqrt(eta * variance))
            return {friction, temperature};
        temperature = std::nextafter(temperature, 1.0);
    }
    FAIL("no temperature has an exact kick");
    return {};
}

Plan on_quadratic(char const* dynamics, char const* scheme, std::vector<double> values,
                  NoiseLaw noise, int dim) {
    Plan plan;
    plan.key = {"quadratic", dim, dynamics, scheme, Precision::mixed, true};
    plan.landscape.assign(static_cast<std::size_t>(dim), curvature);
    plan.dynamics = std::move(values);
    plan.composition.noise = std::move(noise);
    plan.dt = dt;
    plan.start.point.assign(static_cast<std::size_t>(dim), 0.375);
    plan.trajectories = 500;
    plan.seed = 1964;
    return plan;
}

Plan ball(char const* name, std::vector<double> values, int dim) {
    return on_quadratic(name, "iterate", std::move(values), isotropic(variance, dim), dim);
}

Plan mirrored(Plan plan) {
    for (double& x : plan.start.point) x = -x;
    return plan;
}

Plan kinetic(char const* scheme, std::vector<double> values, int dim) {
    return mirrored(on_quadratic("kinetic", scheme, std::move(values), {}, dim));
}

/// Positions after the last iteration, times `sign`.
std::vector<std::uint64_t> ends(Plan plan, int threads, double sign = 1.0) {
    SnapshotPlan snapshots;
    snapshots.burn_in = iterations;
    snapshots.keep_final = true;
    plan.observe = snapshots;
    Controls controls;
    controls.backend = Backend::cpu;
    controls.threads = threads;
    auto const states = std::get<SnapshotTally>(simulate(plan, controls).tally).final_states;
    std::vector<std::uint64_t> bits;
    for (double const x : states) bits.push_back(std::bit_cast<std::uint64_t>(sign * x));
    return bits;
}

/// Arrivals where normal·x ≥ 1/8 within the 12 iterations.
std::vector<PassageSlot> arrivals(Plan plan, double normal) {
    PassagePlan passage;
    passage.targets = {half_space({normal}, 0.125)};
    passage.max_steps = iterations;
    plan.observe = passage;
    Controls controls;
    controls.backend = Backend::cpu;
    return slots_of(plan, controls);
}

}  // namespace

TEST_CASE("Heavy ball is OBA at dt = sqrt(eta), bit by bit") {
    std::vector<double> const values = kinetic_values();
    CHECK(values[1] == doctest::Approx(1.0 / 48.0).epsilon(1e-15));
    for (int const dim : {1, 2, 8}) {
        CAPTURE(dim);
        auto const reference = ends(ball("heavy_ball", {eta, mu}, dim), 1);
        REQUIRE(reference.size() == 500u * static_cast<unsigned>(dim));
        CHECK(ends(kinetic("oba", values, dim), 2, -1.0) == reference);
        // So are the other parametrizations, each with its own learning rate …
        CHECK(ends(ball("momentum_buffer", {eta, mu}, dim), 1) == reference);
        CHECK(ends(ball("momentum_ema", {eta / (1.0 - mu), mu}, dim), 1) == reference);
        // … and not with heavy ball's: the twin takes the average for the sum of gradients.
        CHECK_FALSE(ends(ball("momentum_ema", {eta, mu}, dim), 1) == reference);
        CHECK_FALSE(ends(ball("nesterov", {eta, mu}, dim), 1) == reference);
        // Twins of the map: the stationary T = ηc/(2(1 − μ)); γ = (1 − μ)/√η; no mirror; half a step.
        double const stationary = eta * variance / (2.0 * (1.0 - mu));
        CHECK_FALSE(ends(kinetic("oba", {values[0], stationary}, dim), 1, -1.0) == reference);
        CHECK_FALSE(ends(kinetic("oba", {(1.0 - mu) / dt, values[1]}, dim), 1, -1.0) == reference);
        CHECK_FALSE(ends(kinetic("oba", values, dim), 1) == reference);
        Plan half = kinetic("oba", values, dim);
        half.dt = 0.5 * dt;
        CHECK_FALSE(ends(half, 1, -1.0) == reference);
        for (char const* other : {"obabo", "semi_implicit_euler"})
            CHECK_FALSE(ends(kinetic(other, values, dim), 1, -1.0) == reference);
    }
}

TEST_CASE("Heavy ball and OBA arrive together") {
    Plan const optimizer = ball("heavy_ball", {eta, mu}, 1);
    auto const reference = arrivals(optimizer, -1.0);
    int arrived = 0;
    for (PassageSlot const& slot : reference) arrived += slot.outcome() == Outcome::arrived;
    CHECK(arrived > 250);
    CHECK(arrivals(kinetic("oba", kinetic_values(), 1), 1.0) == reference);
    CHECK_FALSE(arrivals(ball("momentum_ema", {eta, mu}, 1), -1.0) == reference);
}

}  // namespace heavy_ball_identity_test
