// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/math.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Stochastic gradient Langevin dynamics: SGD with injected thermal noise.
///
///   x' = x − η g + √(2ηT) ζ,   ζ ~ N(0, 1)
///
/// The form of Welling and Teh is η = ε/2, T = 1, V = −log posterior.
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  learning_rate  η, length²/energy, > 0
///             temperature    T, energy, ≥ 0: injected
/// Facts       limit SDE: overdamped at T + ηc/2, c the noise variance of one gradient, clock t = ηk.
///             Gradient noise heats at order η and is negligible only if ηc ≪ 2T. A schedule acts
///             on η under the root too
/// Valid for   quadratic V: 0 < η h < 2 for every curvature h
/// Error       stationary variance on a quadratic (2T + ηc)/(h(2 − ηh)), exact
/// Cost        1 gradient and 1 further normal per coordinate and iteration
/// Source      welling2011, vollmer2016 (S15)
struct Sgld {
    static constexpr std::string_view name = "sgld";
    static constexpr std::string_view equation = "x' = x - eta g + sqrt(2 eta T) zeta";
    static constexpr int memory = 0;
    static constexpr bool uses_second = true;

    double learning_rate;
    double variance;  // 2ηT

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in x' = x - eta g + sqrt(2 eta T) zeta", true},
                 {"temperature", "energy", required, 0.0, unbounded,
                  "T in x' = x - eta g + sqrt(2 eta T) zeta"}}};
    }
    static Sgld make(double const* values) { return {values[0], 2.0 * values[0] * values[1]}; }
    static StabilityLimit stability(double const*) { return {2.0, "2"}; }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        limit_forms::Formula const rate{values[0], "eta"};
        std::vector<SdeLimit> all{
            limit_forms::overdamped(
                "first order", rate,
                {values[1] + values[0] * noise.variance / 2.0, "temperature + eta c / 2"},
                "constant isotropic noise, eta |V''| << 1", "welling2011, vollmer2016 (S15, S43)"),
            limit_forms::modified_equation("first order, state-dependent noise", rate, 1,
                                           "eta |V''| << 1", "welling2011, li2017 (S15, S4)")};
        limit_forms::kicked(all.back(), values[1], "2 temperature/eta");
        return all;
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 1> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> iterate(Vec<T, 1> const& s, T const& g, Draws<T> const& draws,
                                 Clock<T> const& clock) const {
        T const kick = clock.noise * math::sqrt(T(variance) * clock.rate) * draws.second;
        return {s[0] + (kick - T(learning_rate) * clock.rate * g)};
    }
};

}  // namespace kramers::coordinate
