// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Nesterov's momentum: the gradient is taken where the velocity is about to lead.
///
///   v' = μ v − η g(x + μ v),   x' = x + v',   v_0 = 0
///
/// Shape       x ∈ R^d, any d ≥ 1; one velocity per coordinate
/// Parameters  learning_rate  η, length²/energy, > 0
///             momentum       μ, 0 ≤ μ < 1, constant
/// Facts       noise is that of the look-ahead point. Effective learning rate η/(1 − μ), T and
///             leading limits of heavy_ball; the next order in √η adds the friction √η ∇²V.
///             Stationary variance on a quadratic below that of heavy_ball
/// Valid for   quadratic V: 0 < η h < 2(1 + μ)/(1 + 2μ) for every curvature h, less than sgd's 2
/// Cost        1 gradient per iteration
/// Source      nesterov1983, sutskever2013 (this form), shi2022 (S10), liu2021 (S25)
struct Nesterov {
    static constexpr std::string_view name = "nesterov";
    static constexpr std::string_view equation = "v' = mu v - eta g(x + mu v), x' = x + v'";
    static constexpr int memory = 1;
    static constexpr bool uses_second = false;

    double learning_rate;
    double momentum;

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in v' = mu v - eta g", true},
                 {"momentum", "1", 0.9, 0.0, limit_forms::below_one,
                  "mu in v' = mu v - eta g(x + mu v)"}}};
    }
    static Nesterov make(double const* values) { return {values[0], values[1]}; }
    static StabilityLimit stability(double const* values) {
        return {2.0 * (1.0 + values[1]) / (1.0 + 2.0 * values[1]), "2 (1 + mu) / (1 + 2 mu)"};
    }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        double const eta = values[0];
        double const mu = values[1];
        return limit_forms::momentum({.rate = {eta, "eta"},
                                      .effective = {eta / (1.0 - mu), "eta / (1 - mu)"},
                                      .temperature_text = "eta c / (2 (1 - mu))",
                                      .momentum = {mu, "mu"},
                                      .nesterov = true},
                                     noise);
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 2> const& s, Clock<T> const&) const {
        return s[0] + T(momentum) * s[1];
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> iterate(Vec<T, 2> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        T const v = T(momentum) * s[1] - T(learning_rate) * clock.rate * g;
        return {s[0] + v, v};
    }
};

}  // namespace kramers::coordinate
