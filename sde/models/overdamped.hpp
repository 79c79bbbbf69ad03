// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/concepts.hpp"

namespace kramers {

/// Overdamped Langevin dynamics.
///
///   dX = −∇V(X) dt + √(2T) dW
///
/// Shape       X ∈ R^d, any d ≥ 1
/// Parameters  temperature  T, energy, ≥ 0
/// Facts       stationary density ∝ exp(−V/T); additive isotropic noise
/// Valid for   any landscape whose exp(−V/T) is integrable (else no stationary law)
/// Cost        1 gradient and d normals per evaluation
/// Source      kramers1940
template <class Real_>
struct Overdamped {
    using Real = Real_;
    using Law = Gaussian;
    template <class L>
    using State = Vec<Real, L::dim>;
    template <class L>
    using Increment = Vec<Real, L::dim>;
    static constexpr std::string_view name = "overdamped";
    static constexpr std::string_view equation = "dX = -grad V dt + sqrt(2T) dW";
    static constexpr NoiseStructure noise = NoiseStructure::additive;

    double
        amplitude_;  // √(2T) times what a scheme folded in; kept in double so that scaling is exact
    Real amplitude;

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"temperature", "energy", required, 0.0, unbounded,
                  "T in dX = -grad V dt + sqrt(2T) dW"}}};
    }
    static Overdamped make(double const* values) {
        return with_amplitude(std::sqrt(2.0 * values[0]));
    }
    static Overdamped with_amplitude(double a) { return {a, static_cast<Real>(a)}; }
    Overdamped with_noise_scaled(double factor) const {
        return with_amplitude(amplitude_ * factor);
    }

    template <class L>
    static constexpr int noise_dim() {
        return L::dim;
    }
    template <class L>
    KRAMERS_HD State<L> drift(L const& l, State<L> const& x) const {
        return -l.gradient(x);
    }
    template <class L>
    KRAMERS_HD State<L> diffuse(L const&, State<L> const&, Increment<L> const& dw) const {
        return amplitude * dw;
    }
};

}  // namespace kramers
