// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"

namespace kramers::coordinate {

/// Overdamped motion whose noise depends on the state, with the stochastic integral as a parameter.
///
///   dX_i = −∂_iV dt + g_i(X) ∘_α dW_i,   g_i² = s C_ii(X)
///   Itô drift  −∂_iV + α g_i ∂_i g_i = −∂_iV + α s ∂_iC_ii/2
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x)
/// Parameters  strength        s, length²/energy, ≥ 0; s = η is the first-order SDE of SGD
///             interpretation  α ∈ [0, 1]: 0 Itô, ½ Stratonovich, 1 anti-Itô (isothermal)
/// Facts       D_ii = s C_ii/2. One dimension: p ∝ g^{−2(1−α)} exp(−∫ 2V′/g²) (S45). Noise of the
///             loss, s C = 2T₀(1 + κV), any dimension: p ∝ (1 + κV)^{−(1−α) − 1/(T₀κ)} (S46).
///             Crossing a barrier, α changes the prefactor, never the exponent (E26).
/// Valid for   g > 0; C_ii must be differentiable in x_i unless α = 0
/// Cost        1 gradient, ∂_iC_ii and 1 normal per coordinate and evaluation
/// Source      vankampen1981; gardiner2009; mori2022
struct StateDependent {
    static constexpr std::string_view name = "state_dependent";
    static constexpr std::string_view equation =
        "dX_i = -d_i V dt + g_i o_alpha dW_i, g_i^2 = s C_ii(X); Ito drift -d_i V + alpha s d_i "
        "C_ii/2";
    static constexpr std::string_view latex =
        R"(dX_i = -\partial_i V\,dt + \sqrt{s\,C_{ii}(X)}\circ_\alpha dW_i)";
    static constexpr int memory = 0;
    static constexpr unsigned needs = needs_variance_slope;
    static constexpr NoiseStructure noise = NoiseStructure::diagonal;

    double strength;
    double root;            // √s
    double interpretation;  // α

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"strength", "length^2/energy", required, 0.0, unbounded,
                  "s in g^2 = s C, the variance of the noise per unit time"},
                 {"interpretation", "1", 0.0, 0.0, 1.0,
                  "point of the stochastic integral: 0 Ito, 0.5 Stratonovich, 1 anti-Ito"}}};
    }
    static StateDependent make(double const* values) {
        return {values[0], std::sqrt(values[0]), values[1]};
    }

    /// Of drift and noise; the correction needs the slope whatever the interpretation.
    static unsigned needs_for(double const* values) {
        return values[1] > 0.0 ? needs_variance_slope : needs_nothing;
    }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 1> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 1> evaluate(Vec<T, 1> const&, Site<T> const& site,
                                   Clock<T> const& clock) const {
        // ½ (g²)′ = g g′
        T const slope =
            T(0.5) * (T(strength) * ((clock.noise * clock.noise) * site.variance_slope));
        return {{{T(interpretation) * slope - site.gradient}},
                {{T(root) * (clock.noise * site.amplitude)}},
                {{T(0.5) * slope}}};
    }
};
static_assert(Model<StateDependent>);

}  // namespace kramers::coordinate
