// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"

namespace kramers::coordinate {

/// Overdamped Langevin dynamics whose noise is constant but not the same in every direction.
///
///   dX = −∇V dt + √(2T) Σ^{1/2} dW,   Σ constant
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x)
/// Parameters  temperature  T, energy, ≥ 0
///             The matrix Σ (pure numbers) is the covariance of the noise law: its amplitudes √Σ_ii
///             come with the site, its correlations with the draws.
/// Facts       E24. On V = xᵀHx/2 the covariance S solves HS + SH = 2TΣ; not Gibbs, and the
///             barrier in the Arrhenius exponent is not ΔV, unless V separates along the axes of Σ
///             (then it is ΔV/Σ_ii) or Σ = I.
/// Valid for   a noise law that does not depend on the state
/// Cost        1 gradient and 1 normal per coordinate and evaluation
/// Source      freidlin2012; gardiner2009
struct AnisotropicOverdamped {
    static constexpr std::string_view name = "anisotropic_overdamped";
    static constexpr std::string_view equation =
        "dX = -grad V dt + sqrt(2T) Sigma^(1/2) dW, Sigma the covariance of the noise law";
    static constexpr std::string_view latex =
        R"(dX = -\nabla V(X)\,dt + \sqrt{2T}\,\Sigma^{1/2}\,dW)";
    static constexpr int memory = 0;
    static constexpr unsigned needs = needs_nothing;
    static constexpr NoiseStructure noise = NoiseStructure::additive;

    double scale;  // √(2T)

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"temperature", "energy", required, 0.0, unbounded,
                  "T in dX = -grad V dt + sqrt(2T) Sigma^(1/2) dW"}}};
    }
    static AnisotropicOverdamped make(double const* values) { return {std::sqrt(2.0 * values[0])}; }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 1> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 1> evaluate(Vec<T, 1> const&, Site<T> const& site,
                                   Clock<T> const& clock) const {
        return {{{-site.gradient}}, {{T(scale) * (clock.noise * site.amplitude)}}, {{T(0)}}};
    }
};
static_assert(Model<AnisotropicOverdamped>);

}  // namespace kramers::coordinate
