// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Heavy ball, momentum in the velocity form.
///
///   v' = μ v − η g(x),   x' = x + v',   v_0 = 0
///
/// Shape       x ∈ R^d, any d ≥ 1; one velocity per coordinate
/// Parameters  learning_rate  η, length²/energy, > 0
///             momentum       μ, 0 ≤ μ < 1
/// Facts       effective learning rate η/(1 − μ): as sgd with it for fixed μ and η → 0, clock
///             t = ηk/(1 − μ), T = ηc/(2(1 − μ)), c the noise variance of one step. As friction:
///             kinetic with γ = (1 − μ)/√η and the same T, clock t = k√η; in the symmetric form
///             γ = 2(1 − μ)/(√η(1 + μ)) and all forces times 2/(1 + μ), weak order 1 in η with
///             t = (k + ½)√η from rest. The velocity has temperature ηc/(1 − μ²): with Gaussian noise the map is the O–B–A
///             splitting at step √η. A learning-rate schedule scales the kick η g, so that past kicks
///             keep their size (momentum_buffer: not)
/// Valid for   quadratic V: 0 < η h < 2(1 + μ) for every curvature h
/// Cost        1 gradient per iteration
/// Source      polyak1964, li2019 (S8a), shi2022 (S8b), mandt2017 (S9), liu2021 (S23)
struct HeavyBall {
    static constexpr std::string_view name = "heavy_ball";
    static constexpr std::string_view equation = "v' = mu v - eta g, x' = x + v'";
    static constexpr int memory = 1;
    static constexpr bool uses_second = false;

    double learning_rate;
    double momentum;

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in v' = mu v - eta g", true},
                 {"momentum", "1", 0.9, 0.0, limit_forms::below_one, "mu in v' = mu v - eta g"}}};
    }
    static HeavyBall make(double const* values) { return {values[0], values[1]}; }
    static StabilityLimit stability(double const* values) {
        return {2.0 * (1.0 + values[1]), "2 (1 + mu)"};
    }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        double const eta = values[0];
        double const mu = values[1];
        return limit_forms::momentum({.rate = {eta, "eta"},
                                      .effective = {eta / (1.0 - mu), "eta / (1 - mu)"},
                                      .temperature_text = "eta c / (2 (1 - mu))",
                                      .momentum = {mu, "mu"}},
                                     noise);
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 2> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> iterate(Vec<T, 2> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        T const v = T(momentum) * s[1] - T(learning_rate) * clock.rate * g;
        return {s[0] + v, v};
    }
};

}  // namespace kramers::coordinate
