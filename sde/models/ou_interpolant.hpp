// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"

namespace kramers::coordinate {

/// The Ornstein–Uhlenbeck process that has the law of SGD at every t = ηk.
///
///   dX_i = −u ℓ ∂_iV dt + u √(2ℓηC_ii/(2 − y)) dW_i,   y = ηu V_ii,  ℓ = −log(1 − y)/y
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x)
/// Parameters  learning_rate  η, length²/energy, > 0
/// Facts       on V = Σ h_i (x_i − x*_i)²/2 with constant C this is dX = −A(X − x*) dt + √D dW with
///             A = −log(1 − ηh)/η, D = ηC · (−2 log(1 − ηh))/(ηh(2 − ηh)) (S6); h ≤ 0 included
/// Valid for   quadratics with a diagonal Hessian, constant Gaussian noise without correlations (with
///             either: interpolant_step.hpp), ηuh < 1: beyond, the iterates alternate and no such
///             process exists (the result is NaN)
/// Error       none: mean and variance at t = ηk are those of SGD
/// Cost        1 gradient, V_ii and 1 normal per coordinate and evaluation
/// Source      uhlenbeck1930; mandt2017
struct OuInterpolant {
    static constexpr std::string_view name = "ou_interpolant";
    static constexpr std::string_view equation =
        "dX = -A X dt + sqrt(D) dW, A = -log(1 - eta h)/eta, D = 2 A eta C/(h (2 - eta h))";
    static constexpr std::string_view latex =
        R"(dX = \tfrac{\log(1-\eta h)}{\eta}X\,dt + )"
        R"(\Bigl(\tfrac{-2\log(1-\eta h)}{\eta h(2-\eta h)}\,\eta C\Bigr)^{1/2}dW)";
    static constexpr int memory = 0;
    static constexpr unsigned needs = needs_hessian;
    static constexpr NoiseStructure noise = NoiseStructure::additive;

    double learning_rate;

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta of the algorithm; one of its steps lasts eta", true}}};
    }
    static OuInterpolant make(double const* values) { return {values[0]}; }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 1> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 1> evaluate(Vec<T, 1> const&, Site<T> const& site,
                                   Clock<T> const& clock) const {
        T const u = clock.rate;
        T const eta = T(learning_rate);
        // −log(1 − y)/y with 1 − y rounded once for both: no loss as y → 0
        T const left = T(1) - eta * (u * site.hessian);
        T const y = T(1) - left;
        bool const flat = !(y < T(0)) && !(y > T(0));
        T const stretch = math::select(flat, T(1), -math::log(left) / math::select(flat, T(1), y));
        T const variance = T(2) * (stretch * eta) / (T(1) + left);
        return {{{-(u * (stretch * site.gradient))}},
                {{-(u * (clock.noise * (math::sqrt(variance) * site.amplitude)))}},
                {{T(0)}}};
    }
};
static_assert(Model<OuInterpolant>);

}  // namespace kramers::coordinate
