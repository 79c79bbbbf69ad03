// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/concepts.hpp"
#include "sde/coordinate.hpp"

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

namespace kramers::coordinate {

/// Overdamped Langevin dynamics, one coordinate.
///
///   dX = −V′ dt + √(2T) dW
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x)
/// Parameters  temperature  T, energy, ≥ 0
/// Facts       stationary density ∝ exp(−V/T) (S43); on V = λx²/2 the variance is T/λ (S29)
/// Valid for   any landscape whose exp(−V/T) is integrable (else no stationary law). A circulating
///             drift −(I + αJ)∇V, J antisymmetric and constant (E23), is this model fed with
///             (I + αJ)∇V in place of the gradient: same stationary density, faster escape.
/// Cost        1 gradient and 1 normal per coordinate and evaluation
/// Source      kramers1940
struct Overdamped {
    static constexpr std::string_view name = kramers::Overdamped<double>::name;
    static constexpr std::string_view equation = kramers::Overdamped<double>::equation;
    static constexpr std::string_view latex = R"(dX = -\nabla V(X)\,dt + \sqrt{2T}\,dW)";
    static constexpr int memory = 0;
    static constexpr unsigned needs = needs_nothing;
    static constexpr NoiseStructure noise = NoiseStructure::additive;

    double amplitude;  // √(2T)

    static constexpr auto parameters() { return kramers::Overdamped<double>::parameters(); }
    static Overdamped make(double const* values) { return {std::sqrt(2.0 * values[0])}; }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 1> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 1> evaluate(Vec<T, 1> const&, Site<T> const& site,
                                   Clock<T> const& clock) const {
        return {{{-site.gradient}}, {{T(amplitude) * clock.noise}}, {{T(0)}}};
    }
};
static_assert(Model<Overdamped>);

}  // namespace kramers::coordinate
