// SPDX-License-Identifier: Apache-2.0
// What optimizers say of their stability on a quadratic, against their own iterations.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "experiments/components.hpp"

namespace stability_test {
using namespace kramers;

namespace {

struct Case {
    char const* name;
    std::vector<double> values;  ///< the first is the learning rate
    double limit;                ///< of rate times curvature, by hand (S26)
};
std::vector<Case> const cases{{"sgd", {0.5}, 2.0},
                              {"sgld", {0.5, 1.0}, 2.0},
                              {"perturbed_gd", {0.5, 1.0}, 2.0},
                              {"anti_pgd", {0.5, 1.0}, 2.0},
                              {"svag", {0.5, 3.0}, 6.0},
                              {"heavy_ball", {0.5, 0.5}, 3.0},
                              {"momentum_buffer", {0.5, 0.5}, 3.0},
                              {"momentum_ema", {0.5, 0.5}, 6.0},
                              {"nesterov", {0.5, 0.5}, 1.5},
                              {"qhm", {0.5, 0.5, 0.75}, 4.0},
                              {"qhm", {0.5, 0.5, 0.0}, 2.0}};

}  // namespace

TEST_CASE("Stability: the limit that a header states is where its iteration stops to contract") {
    for (Case const& k : cases) {
        CAPTURE(std::string(k.name));
        DynamicsInfo const& d = *find_dynamics(k.name);
        REQUIRE(bool(d.stability));
        StabilityLimit const limit = d.stability(k.values.data());
        CHECK(limit.value == doctest::Approx(k.limit).epsilon(1e-14));
        CHECK(!limit.text.empty());
        auto const decay = [&](double z) { return *d.decay(k.values.data(), z / k.values[0]); };
        CHECK(decay(0.999 * limit.value) < 1.0);
        CHECK(decay(1.001 * limit.value) > 1.0);
        CHECK(decay(0.5 * limit.value) < 1.0);
    }
}

TEST_CASE("Stability: the decay of a step is the spectral radius of its recursion") {
    // Real roots: x_{k+1} = trace x_k − det x_{k−1}; complex ones have modulus √det.
    auto const decay = [](char const* name, std::vector<double> const& values, double h) {
        return *find_dynamics(name)->decay(values.data(), h);
    };
    CHECK(decay("sgd", {0.25}, 2.0) == 0.5);
    CHECK(decay("svag", {0.5, 4.0}, 2.0) == 0.75);
    double const trace = 1.0 + 0.25 - 0.125;  // μ = ¼, η h = ⅛
    CHECK(decay("heavy_ball", {0.125, 0.25}, 1.0) ==
          doctest::Approx(0.5 * trace + std::sqrt(0.25 * trace * trace - 0.25)).epsilon(1e-14));
    CHECK(decay("heavy_ball", {0.5, 0.81}, 1.0) == doctest::Approx(0.9).epsilon(1e-14));
    CHECK(decay("nesterov", {0.5, 0.5}, 1.0) == doctest::Approx(0.5).epsilon(1e-14));
    // qhm: trace 1 + β − z(1 − νβ), det β(1 − z(1 − ν)), for z = ½ and 1/10
    CHECK(decay("qhm", {1.0, 0.5, 0.5}, 0.5) == doctest::Approx(std::sqrt(0.375)).epsilon(1e-14));
    CHECK(decay("qhm", {1.0, 0.5, 0.5}, 0.1) ==
          doctest::Approx(0.7125 + std::sqrt(0.7125 * 0.7125 - 0.475)).epsilon(1e-14));
}

TEST_CASE("Stability: what is no linear map has neither") {
    for (char const* const name : {"adam", "adamw", "rmsprop", "rmsprop_w", "sign_sgd"}) {
        CAPTURE(std::string(name));
        DynamicsInfo const& d = *find_dynamics(name);
        CHECK_FALSE(bool(d.stability));
        std::vector<double> values;
        for (Parameter const& p : d.parameters)
            values.push_back(std::isnan(p.fallback) ? 0.25 : p.fallback);
        CHECK_FALSE(d.decay(values.data(), 1.0));
    }
    CHECK_FALSE(bool(find_dynamics("overdamped")->decay));
}

}  // namespace stability_test
