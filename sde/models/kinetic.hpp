// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"

namespace kramers::coordinate {

/// Underdamped (kinetic) Langevin dynamics of unit mass.
///
///   dX = v dt,   dv = −V′ dt − γ v dt + √(2γT) dW
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x, v)
/// Parameters  friction     γ, 1/time, ≥ 0
///             temperature  T, energy, ≥ 0
/// Facts       stationary density ∝ exp(−(v²/2 + V)/T) (S47); on V = λx²/2: Var x = T/λ, Var v = T,
///             uncorrelated (S31); γ → ∞ gives overdamped dynamics in the clock t/γ (E19)
/// Valid for   any landscape whose exp(−V/T) is integrable; γ = 0 conserves v²/2 + V
/// Cost        1 gradient and 1 normal per coordinate and evaluation
/// Source      kramers1940; hanggi1990
struct Kinetic {
    static constexpr std::string_view name = "kinetic";
    static constexpr std::string_view equation =
        "dX = v dt, dv = -grad V dt - gamma v dt + sqrt(2 gamma T) dW";
    static constexpr std::string_view latex =
        R"(dX = v\,dt,\quad dv = -\nabla V(X)\,dt - \gamma v\,dt + \sqrt{2\gamma T}\,dW)";
    static constexpr int memory = 1;
    static constexpr unsigned needs = needs_nothing;
    static constexpr NoiseStructure noise = NoiseStructure::additive;

    double friction;
    double temperature;
    double amplitude;  // √(2γT)

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"friction", "1/time", required, 0.0, unbounded,
                  "gamma in dv = -grad V dt - gamma v dt + sqrt(2 gamma T) dW"},
                 {"temperature", "energy", required, 0.0, unbounded,
                  "T in dv = -grad V dt - gamma v dt + sqrt(2 gamma T) dW"}}};
    }
    static Kinetic make(double const* values) {
        return {values[0], values[1], std::sqrt(2.0 * values[0] * values[1])};
    }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 2> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 2> evaluate(Vec<T, 2> const& s, Site<T> const& site,
                                   Clock<T> const& clock) const {
        return {{{s[1], -(site.gradient + T(friction) * s[1])}},
                {{T(0), T(amplitude) * clock.noise}},
                {{T(0), T(0)}}};
    }
};
static_assert(Model<Kinetic>);

}  // namespace kramers::coordinate
