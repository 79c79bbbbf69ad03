// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "experiments/components.hpp"
#include "experiments/limit_map.hpp"

namespace limit_map_test {
namespace {

using namespace kramers;

MapPoint heavy_ball(double eta, double mu, double c) {
    return {find_dynamics("heavy_ball"), {eta, mu}, c, {}};
}

double unknown(WayBack const& way, std::string const& name) {
    for (auto const& [key, value] : way.unknowns)
        if (key == name) return value;
    return NAN;
}

}  // namespace

TEST_CASE("Map: T = eta c / (2 (1 - mu)) is solved for eta and for c") {
    MapPoint const point = heavy_ball(1.0, 0.9, 2.0);
    auto const ways = ways_back(point, "effective learning rate", {{"temperature", 0.05}});
    REQUIRE(ways.size() == 2);
    CHECK(unknown(ways[0], "learning_rate") == doctest::Approx(2.0 * 0.05 * 0.1 / 2.0));
    CHECK(unknown(ways[1], "c") == doctest::Approx(2.0 * 0.05 * 0.1 / 1.0));
    CHECK(unknown(ways[0], "learning_rate") != doctest::Approx(0.05 * 0.1 / 2.0));  // no half
}

TEST_CASE("Map: friction and temperature together give learning rate and momentum") {
    // gamma = (1 - mu)/sqrt(eta) and T = sqrt(eta) c/(2 gamma): eta = (2 gamma T/c)^2
    double const gamma = 1.5, T = 0.05, c = 2.0;
    auto const ways =
        ways_back(heavy_ball(1.0, 0.5, c), "friction", {{"temperature", T}, {"friction", gamma}});
    REQUIRE(ways.size() == 1);
    double const eta = std::pow(2.0 * gamma * T / c, 2);
    CHECK(unknown(ways[0], "learning_rate") == doctest::Approx(eta).epsilon(1e-9));
    CHECK(unknown(ways[0], "momentum") ==
          doctest::Approx(1.0 - gamma * std::sqrt(eta)).epsilon(1e-9));
    // gradients averaged: gamma = sqrt((1 - beta)/eta), T = eta c/2
    auto const averaged = ways_back({find_dynamics("momentum_ema"), {1.0, 0.5}, c, {}}, "friction",
                                    {{"temperature", T}, {"friction", gamma}});
    REQUIRE(averaged.size() == 1);
    CHECK(unknown(averaged[0], "learning_rate") == doctest::Approx(2.0 * T / c).epsilon(1e-9));
    CHECK(unknown(averaged[0], "beta") ==
          doctest::Approx(1.0 - gamma * gamma * 2.0 * T / c).epsilon(1e-9));
    // the other map means another momentum
    auto const symmetric = ways_back(heavy_ball(1.0, 0.5, c), "friction, symmetric",
                                     {{"temperature", T}, {"friction", gamma}});
    REQUIRE(symmetric.size() == 1);
    CHECK(unknown(symmetric[0], "momentum") !=
          doctest::Approx(unknown(ways[0], "momentum")).epsilon(1e-4));
}

TEST_CASE("Map: forward and back return to the same numbers, for every optimizer and limit") {
    int tried = 0;
    for (DynamicsInfo const& d : dynamics_components()) {
        if (!d.optimizer) continue;
        MapPoint point{&d, {}, 0.7, {}};
        for (Parameter const& p : d.parameters)
            point.values.push_back(p.name == "learning_rate" ? 0.02
                                   : std::isnan(p.fallback)  ? std::max(p.minimum, 1.0)
                                                             : p.fallback);
        if (d.name == "sgld" || d.name == "perturbed_gd")
            point.values[1] = 0.01;  // their own kick must leave room
        for (SdeLimit const& limit : d.limits(point.values.data(), *point.c)) {
            auto const T = value_in(limit, "temperature");
            if (!T || d.name == "perturbed_gd") continue;  // s²/2η + ηc/2 is not monotone in η
            CAPTURE(d.name);
            CAPTURE(limit.map);
            auto const eta = solve_for(point, limit.map, "learning_rate", "temperature", *T);
            auto const c = solve_for(point, limit.map, "c", "temperature", *T);
            REQUIRE(eta);
            REQUIRE(c);
            CHECK(*eta == doctest::Approx(0.02).epsilon(1e-9));
            CHECK(*c == doctest::Approx(0.7).epsilon(1e-9));
            ++tried;
        }
    }
    CHECK(tried >= 12);
}

TEST_CASE("Map: stable noise, sigma = eta_eff^(1 - 1/alpha) s is solved for eta and for s") {
    double const alpha = 1.5, s = 2.0, sigma = 0.1, mu = 0.9;
    MapPoint point{find_dynamics("heavy_ball"), {0.01, mu}, std::nullopt, {}};
    point.alpha = alpha;
    point.noise_scale = s;
    auto const ways = ways_back(point, "effective learning rate, stable noise", {{"scale", sigma}});
    REQUIRE(ways.size() == 2);
    double const eta = unknown(ways[0], "learning_rate") / (1.0 - mu);
    CHECK(eta / std::pow(sigma / s, 3.0) == doctest::Approx(1.0).epsilon(1e-9));
    CHECK(eta / std::pow(sigma / s, 2.0) < 0.1);  // sqrt(eta) in place of eta^(1 - 1/alpha)
    CHECK(unknown(ways[1], "noise_scale") ==
          doctest::Approx(sigma * std::pow(0.1, -1.0 / 3.0)).epsilon(1e-9));
    point.alpha = 1.0;  // sigma = s at every learning rate
    auto const cauchy =
        ways_back(point, "effective learning rate, stable noise", {{"scale", sigma}});
    REQUIRE(cauchy.size() == 1);
    CHECK(unknown(cauchy[0], "noise_scale") == doctest::Approx(sigma).epsilon(1e-9));
    CHECK(ways_back(point, "friction", {{"temperature", 1.0}}).empty());
}

TEST_CASE("Map: what cannot be reached has no way back") {
    // the injected temperature of sgld alone is already more
    MapPoint const point{find_dynamics("sgld"), {0.01, 1.0}, 1.0, {}};
    CHECK(ways_back(point, "first order", {{"temperature", 0.5}}).empty());
    CHECK_FALSE(solve_for(heavy_ball(0.01, 0.9, 1.0), "no such map", "c", "temperature", 1.0));
}

TEST_CASE("Components: what a model reads is found by asking it") {
    CHECK(find_dynamics("overdamped")->noise_use == NoiseUse::own);
    CHECK(find_dynamics("kinetic")->noise_use == NoiseUse::own);
    CHECK(find_dynamics("levy_driven")->noise_use == NoiseUse::stable);
    for (char const* name : {"modified_equation", "state_dependent", "momentum_sde", "rmsprop_sde",
                             "adam_sde", "sign_sde", "anisotropic_overdamped", "ou_interpolant"}) {
        CAPTURE(name);
        CHECK(find_dynamics(name)->noise_use == NoiseUse::needed);
    }
    CHECK(find_dynamics("sgld")->noise_use == NoiseUse::possible);
    CHECK_FALSE(find_dynamics("kinetic")->follows_rate);
    CHECK(find_dynamics("adam_sde")->follows_rate);
    CHECK(find_dynamics("state_dependent")->gradient_flow);
    CHECK_FALSE(find_dynamics("modified_equation")->gradient_flow);
    CHECK_FALSE(find_dynamics("sgld")->second_batch);
    CHECK(find_dynamics("svag")->second_batch);
}

TEST_CASE("Map: at a given learning rate friction and temperature give momentum and c") {
    // gamma = (1 - mu)/sqrt(eta) and T = sqrt(eta) c/(2 gamma), by hand
    double const eta = 0.02, gamma = 0.1 / std::sqrt(eta), T = 0.07;
    MapPoint point{find_dynamics("heavy_ball"), {eta, 0.5}, {}, {}};
    std::map<std::string, double> const targets{{"temperature", T}, {"friction", gamma}};
    auto const ways = ways_back(point, "friction", targets);
    REQUIRE(ways.size() == 1);
    CHECK(unknown(ways[0], "momentum") == doctest::Approx(0.9).epsilon(1e-9));
    CHECK(unknown(ways[0], "c") == doctest::Approx(0.7).epsilon(1e-9));
    CHECK(std::isnan(unknown(ways[0], "learning_rate")));
    // forward again
    point.values[1] = unknown(ways[0], "momentum");
    point.c = unknown(ways[0], "c");
    for (SdeLimit const& limit : point.limits())
        if (limit.map == "friction") {
            CHECK(*value_in(limit, "temperature") == doctest::Approx(T).epsilon(1e-9));
            CHECK(*value_in(limit, "friction") == doctest::Approx(gamma).epsilon(1e-9));
        }
    // A learning rate that stands for any fixes nothing.
    point.c.reset();
    point.assumed = {"learning_rate"};
    CHECK(ways_back(point, "friction", targets).empty());
    // A friction that this learning rate cannot have: 1 - mu = gamma sqrt(eta) > 1.
    point.assumed.clear();
    CHECK(ways_back(point, "friction", {{"temperature", T}, {"friction", 8.0}}).empty());
}

TEST_CASE("Map: a limit is asked for what it has") {
    std::map<std::string, double> const both{{"temperature", 0.1}, {"friction", 1.0}};
    MapPoint const point = heavy_ball(0.1, 0.5, 1.0);
    int with_friction = 0, without = 0;
    for (SdeLimit const& limit : point.limits()) {
        CAPTURE(limit.map);
        bool const kinetic = limit.map.starts_with("friction");
        bool const plain = limit.sde == "overdamped";
        if (kinetic) CHECK(targets_of(limit, both) == both);
        if (plain)
            CHECK(targets_of(limit, both) == std::map<std::string, double>{{"temperature", 0.1}});
        with_friction += kinetic ? 1 : 0;
        without += plain ? 1 : 0;
    }
    CHECK(with_friction == 3);
    CHECK(without == 1);
}

}  // namespace limit_map_test
