// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "sde/concepts.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers {

/// Euler–Maruyama step of an Sde.
///
///   X' = X + (b(X) dt + √(2D(X)) √dt Z)
///
/// The two increments are added to each other first and to the state once: in float the noise then
/// dithers the rounding of a small drift.
///
/// Facts       additive: strong 1, weak 1; diagonal and general: strong ½, weak 1
/// Valid for   any Sde read in the Itô sense; explodes with small probability when the drift grows
///             faster than linearly (counted as diverged)
/// Error       weak O(dt); stationary law of −∇V: S52, V + dt (T ΔV/2 − |∇V|²/4)
/// Cost        1 drift, 1 diffusion, noise_dim normals per step
/// Source      maruyama1955; leimkuhler2013
template <class M>
struct EulerMaruyama {
    using Model = M;
    using Real = typename M::Real;
    template <class L>
    using State = typename M::template State<L>;
    template <class L>
    using Draws = typename M::template Increment<L>;
    static constexpr std::string_view name = "euler_maruyama";

    Real dt;
    M kicked;  // the model with √dt folded into its noise

    static EulerMaruyama prepare(M const& m, double dt) {
        return {static_cast<Real>(dt), m.with_noise_scaled(std::sqrt(dt))};
    }
    template <class L>
    static constexpr DrawCount draws() {
        return DrawCount{M::template noise_dim<L>()};
    }
    static constexpr Orders orders(NoiseStructure noise) {
        return noise == NoiseStructure::additive ? Orders{1.0, 1.0} : Orders{0.5, 1.0};
    }
    template <class L>
    KRAMERS_HD State<L> step(L const& l, State<L> const& x, Draws<L> const& z) const {
        return x + (dt * kicked.drift(l, x) + kicked.diffuse(l, x, z));
    }
};

}  // namespace kramers

namespace kramers::coordinate {

/// Euler–Maruyama step of a model, one coordinate at a time.
///
///   s' = s + (b dt + σ ΔW),   ΔW = √dt ζ (Lévy: dt^{1/α} ζ)
///
/// Facts       additive: strong 1, weak 1; diagonal and general: strong ½, weak 1
/// Valid for   every model, read in the Itô sense; explodes with small probability when the drift
///             grows faster than linearly (counted as diverged). Kinetic models: the explicit Euler
///             step, stable on a quadratic only for dt < friction/curvature. Lévy models: the orders
///             are no claim.
/// Error       weak O(dt); stationary variance on a quadratic: 1/(1 − λ dt/2) times too large
/// Cost        1 gradient, 1 normal per coordinate
/// Source      maruyama1955
template <Model M>
struct EulerMaruyama {
    using Dynamics = M;
    static constexpr std::string_view name = "euler_maruyama";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 1;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool valid = true;
    static constexpr std::string_view valid_for = "every model, read in the Ito sense";

    M model;
    double dt;
    double kick;  // ΔW = kick·ζ

    static EulerMaruyama prepare(M const& m, double dt) { return {m, dt, m.increment_scale(dt)}; }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!wiener<M>) return {0.0, 0.0};
        return structure == NoiseStructure::additive ? Orders{1.0, 1.0} : Orders{0.5, 1.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.03, 0.11}, {1.00, 0.03}};
        if (structure == NoiseStructure::diagonal) return {{0.54, 0.10}, {1.00, 0.03}};
        return {{0.53, 0.16}, {1.00, 0.03}};
    }
    template <int k, class T>
    KRAMERS_HD T point(Vec<T, 1 + memory> const& s, Site<T> const*, Draws<T> const&,
                       Clock<T> const&) const {
        return model.position(s);
    }
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> finish(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                         Draws<T> const& draws, Clock<T> const& clock) const {
        Flow<T, 1 + memory> const flow = model.evaluate(s, sites[0], clock);
        return s + (T(dt) * flow.drift + draws.first * (T(kick) * flow.noise));
    }
};

}  // namespace kramers::coordinate
