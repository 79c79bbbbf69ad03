// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"

namespace kramers::coordinate {

/// The SDEs of Adam and AdamW with bias correction, for two ways to let the learning rate go to 0.
///
///   τ = η² (scaling 0) or η (scaling 1), t = τk
///   dX = −(η/τ) u ((√γ₂/γ₁) m/P + λX) dt,   P = √v + ε√γ₂,   γ_i = 1 − exp(−c_i (t₀ + t))
///   dm = c₁(∂V − m) dt + c₁ √τ √C dW,       dv = c₂(C + [scaling 1] (∂V)² − v) dt
///   c_i = (1 − β_i)/τ
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x, m, v)
/// Parameters  learning_rate  η, length, > 0
///             beta1, beta2   β₁, β₂, 0 ≤ β < 1
///             epsilon        ε, energy/length, > 0
///             weight_decay   λ, 1/length, x ← x − ηλx − …
///             start          t₀, age of the bias corrections at t = 0, time; 0 stands for one
///                            step, τ
///             scaling        0: noise-dominated, C ~ 1/η², 1 − β_i ~ η², ε ~ 1/η;
///                            1: fixed noise, 1 − β_i ~ η
/// Facts       S12 with σ₀² u = η² v and P η in place of P (scaling 0); as RmspropSde takes (S11b)
///             for scaling 1; S14. Stationary on hx²/2 with constant C (scaling 0): v = C, variance
///             η² C/(2hη(√C + ε)), the same as without m.
/// Valid for   0: noise far above the gradient. m and v start at 0, so that their corrected values
///             are too small by t/(t₀ + t) for the first few t₀.
/// Error       weak O(η²) (scaling 0), O(η) (scaling 1), times a logarithm from that start
/// Cost        1 gradient, 2 exponentials and 1 normal per coordinate and evaluation
/// Source      malladi2022; compagnoni2025 (weight decay)
struct AdamSde {
    static constexpr std::string_view name = "adam_sde";
    static constexpr std::string_view equation =
        "dX = -(eta/tau) (sqrt(g2)/g1 m/P + lambda X) dt, P = sqrt(v) + eps sqrt(g2), "
        "dm = c1 (grad V - m) dt + c1 sqrt(tau) C^(1/2) dW, "
        "dv = c2 (C + [tau = eta] (grad V)^2 - v) dt, "
        "ci = (1 - beta_i)/tau, gi = 1 - exp(-ci (t0 + t))";
    static constexpr std::string_view latex =
        R"(dX = -\tfrac{\eta}{\tau}\tfrac{\sqrt{\gamma_2}}{\gamma_1}P^{-1}m\,dt,\quad )"
        R"(dm = c_1(\nabla V-m)\,dt + c_1\sqrt{\tau}\,C^{1/2}dW,\quad )"
        R"(dv = c_2(\operatorname{diag}C-v)\,dt,\quad P=\sqrt v+\epsilon\sqrt{\gamma_2})";
    static constexpr int memory = 2;
    static constexpr unsigned needs = needs_nothing;
    static constexpr NoiseStructure noise = NoiseStructure::diagonal;
    static constexpr bool uses_time = true;

    double rate1, rate2;  // c₁, c₂
    double kick;          // c₁ √τ
    double pace;          // η/τ
    double epsilon;
    double weight_decay;
    double start;
    double squares;  // 1 where (∂V)² counts

    static constexpr std::array<Parameter, 7> parameters() {
        return {{{"learning_rate", "length", required, 0.0, unbounded,
                  "eta of the algorithm; one of its steps lasts eta^2 (scaling 0) or eta", true},
                 {"beta1", "1", 0.9, 0.0, 1.0 - 0x1p-53, "decay of the first moment"},
                 {"beta2", "1", 0.999, 0.0, 1.0 - 0x1p-53, "decay of the second moment"},
                 {"epsilon", "energy/length", 1e-8, 0.0, unbounded,
                  "eps in x <- x - eta m/(sqrt(v) + eps)", true},
                 {"weight_decay", "1/length", 0.0, 0.0, unbounded,
                  "lambda in x <- x - eta lambda x - ..."},
                 {"start", "time", 0.0, 0.0, unbounded,
                  "age of the bias corrections at t = 0; 0: one step"},
                 choice_parameter("scaling", 0.0, 0.0, 1.0,
                                  "0: noise-dominated, t = eta^2 k; 1: t = eta k")}};
    }
    static AdamSde make(double const* values) {
        bool const fixed = values[6] >= 1.0;
        double const step = fixed ? values[0] : values[0] * values[0];
        double const c1 = (1.0 - values[1]) / step;
        return {c1,
                (1.0 - values[2]) / step,
                c1 * (fixed ? std::sqrt(step) : values[0]),
                fixed ? 1.0 : 1.0 / values[0],
                values[3],
                values[4],
                values[5] > 0.0 ? values[5] : step,
                fixed ? 1.0 : 0.0};
    }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 3> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 3> evaluate(Vec<T, 3> const& s, Site<T> const& site,
                                   Clock<T> const& clock) const {
        T const u = clock.rate;
        T const age = T(start) + clock.time;
        T const gamma1 = T(1) - math::exp(-(T(rate1) * age));
        T const gamma2 = math::sqrt(T(1) - math::exp(-(T(rate2) * age)));  // √γ₂
        T const sigma = clock.noise * site.amplitude;
        T const scale = math::sqrt(math::max(s[2], T(0))) + T(epsilon) * gamma2;
        T const step = gamma2 * s[1] / (gamma1 * scale) + T(weight_decay) * s[0];
        // The noise moves m and depends on x: Itô and Stratonovich agree.
        return {
            {{-(T(pace) * (u * step)), T(rate1) * (site.gradient - s[1]),
              T(rate2) * (sigma * sigma + T(squares) * (site.gradient * site.gradient) - s[2])}},
            {{T(0), T(kick) * sigma, T(0)}},
            {{T(0), T(0), T(0)}}};
    }
};
static_assert(Model<AdamSde>);

}  // namespace kramers::coordinate
