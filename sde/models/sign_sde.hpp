// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"

namespace kramers::coordinate {

/// The SDE of sign descent with Gaussian gradient noise, in the clock t = ηk.
///
///   dX = −u e dt + u √η √(1 − e²) dW,   e = P(g > 0) − P(g < 0) = erf(∂V/√(2C))
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x)
/// Parameters  learning_rate  η, length, > 0
/// Facts       S13: mean and variance of one step are those of x ← x − η sign(g). One dimension:
///             stationary law by S45 with α = 0; its variance on hx²/2 is ησ√(π/2)/(2h) to leading
///             order, the next order is not that of the algorithm (S39).
/// Valid for   C > 0, noise independent between coordinates
/// Error       weak O(η)
/// Cost        1 gradient, V_ii, ∂_iC_ii, 1 erf, 1 exp and 1 normal per coordinate and evaluation
/// Source      compagnoni2025
struct SignSde {
    static constexpr std::string_view name = "sign_sde";
    static constexpr std::string_view equation =
        "dX = -e dt + sqrt(eta (1 - e^2)) dW, e = erf(grad V/sqrt(2C)) per coordinate";
    static constexpr std::string_view latex =
        R"(dX_i = -e_i\,dt + \sqrt{\eta\,(1-e_i^2)}\,dW_i,\quad )"
        R"(e_i=\operatorname{erf}\bigl(\partial_iV/\sqrt{2C_{ii}}\bigr))";
    static constexpr int memory = 0;
    static constexpr unsigned needs = needs_hessian | needs_variance_slope;
    static constexpr NoiseStructure noise = NoiseStructure::diagonal;

    double learning_rate;
    double root;  // √η

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"learning_rate", "length", required, 0.0, unbounded,
                  "eta of x <- x - eta sign(g); one of its steps lasts eta", true}}};
    }
    static SignSde make(double const* values) { return {values[0], std::sqrt(values[0])}; }

    static constexpr unsigned correction_needs = needs;
    /// Of drift and noise; `needs` adds that of the correction.
    static unsigned needs_for(double const*) { return needs_nothing; }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 1> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 1> evaluate(Vec<T, 1> const&, Site<T> const& site,
                                   Clock<T> const& clock) const {
        T const u = clock.rate;
        T const inverse = T(0.70710678118654752440) / (clock.noise * site.amplitude);  // 1/√(2C)
        T const z = inverse * site.gradient;
        T const e = math::erf(z);
        T const amplitude = T(root) * (u * math::sqrt((T(1) - e) * (T(1) + e)));
        // ½ g g′ = ¼ (g²)′ = −½ u² η e e′, e′ = 2/√π exp(−z²) z′, z = V′/√(2C)
        T const variance = site.amplitude * site.amplitude;
        T const slope = inverse * site.hessian - z * (T(0.5) * site.variance_slope / variance);
        T const e_slope = T(1.1283791670955126) * (math::exp(-(z * z)) * slope);
        return {{{-(u * e)}},
                {{-amplitude}},  // as in x - eta sign g
                {{T(-0.5) * (T(learning_rate) * (u * u)) * (e * e_slope)}}};
    }
};
static_assert(Model<SignSde>);

}  // namespace kramers::coordinate
