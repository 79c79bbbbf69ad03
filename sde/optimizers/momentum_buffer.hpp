// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/heavy_ball.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Momentum with a buffer of past gradients, the form of most libraries.
///
///   p' = μ p + g(x),   x' = x − η p',   p_0 = 0
///
/// Shape       x ∈ R^d, any d ≥ 1; one buffer entry per coordinate
/// Parameters  learning_rate  η, length²/energy, > 0
///             momentum       μ, 0 ≤ μ < 1
/// Facts       the path of heavy_ball as long as η is constant (v = −η p). Under a schedule it is
///             not: a new rate here rescales the whole buffer, past gradients included. Effective
///             learning rate η/(1 − μ). The first step is −η g: a buffer started from the first
///             gradient, as some libraries do, is the same. Limits of heavy_ball
/// Valid for   quadratic V: 0 < η h < 2(1 + μ) for every curvature h
/// Cost        1 gradient per iteration
/// Source      sutskever2013, paszke2019; limits: mandt2017 (S9), li2019 (S8a), shi2022 (S8b)
struct MomentumBuffer {
    static constexpr std::string_view name = "momentum_buffer";
    static constexpr std::string_view equation = "p' = mu p + g, x' = x - eta p'";
    static constexpr int memory = 1;
    static constexpr bool uses_second = false;

    double learning_rate;
    double momentum;

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in x' = x - eta p'", true},
                 {"momentum", "1", 0.9, 0.0, limit_forms::below_one, "mu in p' = mu p + g"}}};
    }
    static MomentumBuffer make(double const* values) { return {values[0], values[1]}; }
    static StabilityLimit stability(double const* values) {
        return {2.0 * (1.0 + values[1]), "2 (1 + mu)"};
    }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        return HeavyBall::limits(values, noise);
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 2> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> iterate(Vec<T, 2> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        T const p = T(momentum) * s[1] + g;
        return {s[0] - T(learning_rate) * clock.rate * p, p};
    }
};

}  // namespace kramers::coordinate
