// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"

namespace kramers::coordinate {

/// The underdamped SDEs of heavy ball and Nesterov, in the clock t = √η k;
/// v = (x_k − x_{k−1})/√η.
///
///   form 0   dX = v dt,  dv = −γv dt − (∇V dt + η^{1/4} C^{1/2} dW),   γ = (1 − μ)/√η
///   form 1   dX = v dt,  dv = −γv dt − κ(∇V dt + η^{1/4} C^{1/2} dW),  γ = (2/√η)(1 − μ)/(1 + μ),
///            κ = 2/(1 + μ) = 1 + γ√η/2
///   form 2   form 1 with the friction γ + √η ∇²V
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x, v)
/// Parameters  learning_rate  η, length²/energy, > 0 (v_{k+1} = μ v_k − η g_k)
///             momentum       μ, 0 ≤ μ < 1
///             form           0 small friction, 1 symmetric, 2 Nesterov with Hessian damping
/// Facts       S8(a), S8(b), S10. C = cI: T = ηc/(2(1 − μ)), the variance of x on λx²/2 is T/λ for
///             forms 0 and 1. A schedule multiplies ∇V, the noise and the Hessian damping by u.
/// Valid for   form 0: 1 − μ = O(√η), heavy ball and Nesterov; form 1: heavy ball at any μ; form 2:
///             1 − μ = O(√η), a diagonal Hessian (∇²V v is taken as V_ii v_i)
/// Error       form 0 O(√η) (variance of x O(η)); forms 1 and 2 O(η)
/// Cost        1 gradient, V_ii and 1 normal per coordinate and evaluation
/// Source      shi2022 (forms 1 and 2); li2019 (form 0)
struct MomentumSde {
    static constexpr std::string_view name = "momentum_sde";
    static constexpr std::string_view equation =
        "dX = v dt, dv = -(gamma + damping H) v dt - kappa (grad V dt + eta^(1/4) C^(1/2) dW)";
    static constexpr std::string_view latex =
        R"(dX = v\,dt,\quad dv = -(\gamma + \delta\sqrt\eta\,\nabla^2V)\,v\,dt - )"
        R"(\kappa\bigl(\nabla V\,dt + \eta^{1/4}C(X)^{1/2}dW\bigr))";
    static constexpr int memory = 1;
    static constexpr unsigned needs = needs_hessian;
    static constexpr NoiseStructure noise = NoiseStructure::diagonal;

    double drag;     // γ; not called friction: form 2 has more of it
    double force;    // κ
    double damping;  // √η in form 2, else 0
    double kick;     // κ η^{1/4}

    static constexpr std::array<Parameter, 3> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta of the algorithm; one of its steps lasts sqrt(eta)", true},
                 {"momentum", "1", 0.9, 0.0, 1.0 - 0x1p-53, "mu in v <- mu v - eta g"},
                 choice_parameter(
                     "form", 0.0, 0.0, 2.0,
                     "0: small friction, 1: symmetric, 2: Nesterov with Hessian damping")}};
    }
    static MomentumSde make(double const* values) {
        double const step = std::sqrt(values[0]);
        bool const symmetric = values[2] >= 1.0;
        double const kappa = symmetric ? 2.0 / (1.0 + values[1]) : 1.0;
        return {kappa * (1.0 - values[1]) / step, kappa, values[2] >= 2.0 ? step : 0.0,
                kappa * std::sqrt(step)};
    }

    static unsigned needs_for(double const* values) {
        return values[2] >= 2.0 ? needs_hessian : needs_nothing;
    }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 2> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 2> evaluate(Vec<T, 2> const& s, Site<T> const& site,
                                   Clock<T> const& clock) const {
        T const u = clock.rate;
        T const gamma = T(drag) + T(damping) * (u * site.hessian);
        // The noise moves v and depends on x: Itô and Stratonovich agree. Minus, as in v - eta g:
        // on common random numbers the paths stay together.
        return {{{s[1], -(gamma * s[1] + T(force) * (u * site.gradient))}},
                {{T(0), -(T(kick) * (u * clock.noise * site.amplitude))}},
                {{T(0), T(0)}}};
    }
};
static_assert(Model<MomentumSde>);

}  // namespace kramers::coordinate
