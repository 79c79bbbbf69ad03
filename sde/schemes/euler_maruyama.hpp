// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "sde/concepts.hpp"

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
