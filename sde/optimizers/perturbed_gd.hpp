// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Perturbed gradient descent: a Gaussian kick of the parameters in every step.
///
///   x' = x − η g + s ζ,   ζ ~ N(0, 1)
///
/// Jin et al. kick rarely, uniformly in a ball; this is the stationary form that anti_pgd is
/// compared with.
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  learning_rate   η, length²/energy, > 0
///             kick_deviation  s, length, ≥ 0: not scaled by a learning-rate schedule
/// Facts       limit SDE for s² ∝ η: overdamped with T = s²/(2η) + ηc/2, clock t = ηk, c the noise
///             variance of one gradient
/// Valid for   quadratic V: 0 < η h < 2 for every curvature h
/// Error       stationary variance on a quadratic (s² + η²c)/(ηh(2 − ηh)), exact
/// Cost        1 gradient and 1 further normal per coordinate and iteration
/// Source      orvieto2022 (S19), jin2017
struct PerturbedGd {
    static constexpr std::string_view name = "perturbed_gd";
    static constexpr std::string_view equation = "x' = x - eta g + s zeta";
    static constexpr int memory = 0;
    static constexpr bool uses_second = true;

    double learning_rate;
    double kick_deviation;

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in x' = x - eta g + s zeta", true},
                 {"kick_deviation", "length", required, 0.0, unbounded,
                  "s in x' = x - eta g + s zeta"}}};
    }
    static PerturbedGd make(double const* values) { return {values[0], values[1]}; }
    static StabilityLimit stability(double const*) { return {2.0, "2"}; }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        limit_forms::Formula const rate{values[0], "eta"};
        std::vector<SdeLimit> all{
            limit_forms::overdamped(
                "first order", rate,
                {values[1] * values[1] / (2.0 * values[0]) + values[0] * noise.variance / 2.0,
                 "kick_deviation^2 / (2 eta) + eta c / 2"},
                "constant isotropic noise, kick_deviation^2 ~ eta, eta |V''| << 1",
                "orvieto2022 (S19, S43)"),
            limit_forms::modified_equation("first order, state-dependent noise", rate, 1,
                                           "kick_deviation^2 ~ eta, eta |V''| << 1",
                                           "orvieto2022, li2017 (S19, S4)")};
        limit_forms::kicked(all.back(), values[1], "(kick_deviation/eta)^2");
        return all;
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 1> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> iterate(Vec<T, 1> const& s, T const& g, Draws<T> const& draws,
                                 Clock<T> const& clock) const {
        T const kick = clock.noise * T(kick_deviation) * draws.second;
        return {s[0] + (kick - T(learning_rate) * clock.rate * g)};
    }
};

}  // namespace kramers::coordinate
