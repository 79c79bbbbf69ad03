// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"

namespace kramers::coordinate {

/// The SDEs of RMSProp and RMSPropW, for two ways to let the learning rate go to 0.
///
///   τ = η² (scaling 0) or η (scaling 1), t = τk
///   dX = −(η/τ) u (∂V dt/P + λX dt) − (η/√τ) u √C dW/P,   P = √v⁺ + ε
///   dv = (1 − β)/τ (C + [scaling 1] (∂V)² − v) dt,   v⁺ = v after one more step
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x, v)
/// Parameters  learning_rate  η, length, > 0
///             beta           β, 0 ≤ β < 1
///             epsilon        ε, energy/length, ≥ 0
///             scaling        0: noise-dominated, C ~ 1/η², 1 − β ~ η², ε ~ 1/η;
///                            1: fixed noise, 1 − β ~ η
///             weight_decay   λ, 1/length, x ← x − ηλx − …
///             initial_square
///                            v at t = 0, energy²/length² (the state holds v − initial_square)
/// Facts       S11(a) with u = v/σ² and P η in place of P; S11(b); S14. P takes v after its update,
///             v⁺ = v + (1 − β)(C + … − v), as the algorithm does: the same order in η, and v = 0
///             is a harmless start. Stationary on λx²/2 with constant C (λ = 0, scaling 0):
///             v = C, variance η² C/(2hη(√C + ε)).
/// Valid for   0: noise far above the gradient. Noise and v of different coordinates do not mix.
/// Error       weak O(η²) (scaling 0), O(η) (scaling 1)
/// Cost        1 gradient, ∂_iC_ii and 1 normal per coordinate and evaluation
/// Source      malladi2022 (scaling 0); compagnoni2025 (scaling 1, weight decay)
struct RmspropSde {
    static constexpr std::string_view name = "rmsprop_sde";
    static constexpr std::string_view equation =
        "dX = -(eta/tau) (grad V/P + lambda X) dt - (eta/sqrt(tau)) C^(1/2)/P dW, "
        "P = sqrt(v) + eps, dv = (1 - beta)/tau (C + [tau = eta] (grad V)^2 - v) dt";
    static constexpr std::string_view latex =
        R"(dX = -P^{-1}\bigl(\tfrac{\eta}{\tau}\nabla V\,dt + )"
        R"(\tfrac{\eta}{\sqrt\tau}C^{1/2}dW\bigr),\quad )"
        R"(dv = \tfrac{1-\beta}{\tau}(\operatorname{diag}C - v)\,dt,\quad P=\sqrt v+\epsilon)";
    static constexpr int memory = 1;
    static constexpr unsigned needs = needs_variance_slope;
    static constexpr NoiseStructure noise = NoiseStructure::diagonal;
    static constexpr bool partial_correction = true;  // v⁺ depends on x: left out, O(1 − β)

    double pace;          // η/τ
    double kick;          // η/√τ
    double fresh;         // 1 − β
    double relaxation;    // (1 − β)/τ
    double epsilon;       // ε
    double squares;       // 1 where (∂V)² counts
    double weight_decay;  // λ
    double initial_square;

    static constexpr std::array<Parameter, 6> parameters() {
        return {{{"learning_rate", "length", required, 0.0, unbounded,
                  "eta of the algorithm; one of its steps lasts eta^2 (scaling 0) or eta", true},
                 {"beta", "1", 0.99, 0.0, 1.0 - 0x1p-53, "beta in v <- beta v + (1 - beta) g^2"},
                 {"epsilon", "energy/length", 1e-8, 0.0, unbounded,
                  "eps in x <- x - eta g/(sqrt(v) + eps)"},
                 choice_parameter("scaling", 0.0, 0.0, 1.0,
                                  "0: noise-dominated, t = eta^2 k; 1: t = eta k"),
                 {"weight_decay", "1/length", 0.0, 0.0, unbounded,
                  "lambda in x <- x - eta lambda x - ..."},
                 {"initial_square", "energy^2/length^2", 0.0, 0.0, unbounded, "v at t = 0"}}};
    }
    static RmspropSde make(double const* values) {
        double const eta = values[0];
        double const fresh = 1.0 - values[1];
        bool const fixed = values[3] >= 1.0;
        double const tau = fixed ? eta : eta * eta;
        return {eta / tau, eta / std::sqrt(tau), fresh,     fresh / tau,
                values[2], fixed ? 1.0 : 0.0,    values[4], values[5]};
    }

    /// Of drift and noise; `needs` adds that of the correction.
    static unsigned needs_for(double const*) { return needs_nothing; }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 2> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 2> evaluate(Vec<T, 2> const& s, Site<T> const& site,
                                   Clock<T> const& clock) const {
        T const u = clock.rate;
        T const g = site.gradient;
        T const sigma = clock.noise * site.amplitude;
        T const before = T(initial_square) + s[1];
        T const gap = sigma * sigma + T(squares) * (g * g) - before;
        T const v = math::max(before + T(fresh) * gap, T(0));
        T const weight = u / (math::sqrt(v) + T(epsilon));  // u/P
        T const kicked = T(kick) * weight;
        // minus, as in x - eta g/P: on common random numbers the paths stay together
        // the whole correction but for the slope of v⁺
        T const slope = T(0.25) * (clock.noise * clock.noise * site.variance_slope);
        return {{{-(T(pace) * (weight * g + (u * T(weight_decay)) * s[0])), T(relaxation) * gap}},
                {{-(kicked * sigma), T(0)}},
                {{(kicked * kicked) * slope, T(0)}}};
    }
};
static_assert(Model<RmspropSde>);

}  // namespace kramers::coordinate
