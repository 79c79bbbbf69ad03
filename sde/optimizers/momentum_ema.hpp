// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Momentum as an exponential moving average of gradients.
///
///   m' = β m + (1 − β) g(x),   x' = x − η m',   m_0 = 0
///
/// Shape       x ∈ R^d, any d ≥ 1; one average per coordinate
/// Parameters  learning_rate  η, length²/energy, > 0
///             beta           β, 0 ≤ β < 1
/// Facts       the path of heavy_ball with μ = β and learning rate η(1 − β) as long as η is constant,
///             hence effective learning rate η and T = ηc/2 whatever β, c the noise variance of one
///             step. As friction: γ = √((1 − β)/η), clock t = k√(η(1 − β))
/// Valid for   quadratic V: 0 < η h < 2(1 + β)/(1 − β) for every curvature h
/// Error       no bias correction: the first 1/(1 − β) steps are shorter
/// Cost        1 gradient per iteration
/// Source      mandt2017 (S9), liu2021 (S24); limits of heavy_ball: li2019, shi2022
struct MomentumEma {
    static constexpr std::string_view name = "momentum_ema";
    static constexpr std::string_view equation = "m' = beta m + (1 - beta) g, x' = x - eta m'";
    static constexpr int memory = 1;
    static constexpr bool uses_second = false;

    double learning_rate;
    double beta;

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in x' = x - eta m'", true},
                 {"beta", "1", 0.9, 0.0, limit_forms::below_one,
                  "beta in m' = beta m + (1 - beta) g"}}};
    }
    static MomentumEma make(double const* values) { return {values[0], values[1]}; }
    static StabilityLimit stability(double const* values) {
        return {2.0 * (1.0 + values[1]) / (1.0 - values[1]), "2 (1 + beta) / (1 - beta)"};
    }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        double const eta = values[0];
        double const beta = values[1];
        return limit_forms::momentum({.rate = {eta * (1.0 - beta), "eta (1 - beta)"},
                                      .effective = {eta, "eta"},
                                      .temperature_text = "eta c / 2",
                                      .momentum = {beta, "beta"},
                                      .power = 1.0},
                                     noise);
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 2> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> iterate(Vec<T, 2> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        T const m = T(beta) * s[1] + (T(1) - T(beta)) * g;
        return {s[0] - T(learning_rate) * clock.rate * m, m};
    }
};

}  // namespace kramers::coordinate
