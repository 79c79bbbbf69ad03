// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"

namespace kramers::coordinate {

/// The modified equations of stochastic gradient descent, in the clock t = ηk.
///
///   order 1   dX = −u ∇F dt + u √η C^{1/2} dW
///   order 2   dX = −u (∇F + (ηu/2) ∇²F ∇F) dt + u √η C^{1/2} dW
///   order 3   the drift of 2, with C replaced by C̃_ii = C_ii (1 + ηu F_ii) + (ηu/2) ∂_iF ∂_iC_ii
///   F = V + λ|x|²/2,   u the factor of the learning-rate schedule
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x)
/// Parameters  learning_rate  η, length²/energy, > 0
///             order          1, 2 or 3
///             weight_decay   λ, energy/length², x ← x − ηλx − …, ≥ 0
/// Facts       order 1: S4, S7, S14. Order 2: S5, −∇(F + η|∇F|²/4). Order 3: the pair (b̃, D̃)
///             of E39 for D = ηC/2, b = −∇F, with D′: D̃ = D(1 − ηb′) − (η/2) b D′, which matches
///             the generator of the algorithm; b̃'s −(η/2) D b″ and D̃'s −(η/2) D D″ are of the
///             order that is dropped. On V = hx²/2 with constant noise, t = 1, η = 0.05, h = 1,
///             the variance is off by −3.3 %, −4.9 % and −0.15 %.
/// Valid for   order 1: any smooth V and C; the noise may have any law with these moments.
///             Order 2: the same; with λ > 0 a diagonal Hessian (λ∇²V x is taken as λ V_ii x_i);
///             the schedule constant by pieces (a term (η/2) u̇ ∇F is not included).
///             Order 3: moreover a diagonal Hessian and C_ii a function of x_i alone, else entries
///             (ηu/2)(C_ii + C_jj) F_ij of C̃ are missing. C̃ is cut off at 0 (F_ii < −1/(ηu)).
///             correction is exact for orders 1 and 2, and for order 3 if V‴ = 0 and C″ = 0; else
///             it is off by O(η²), what the drift leaves out as well.
///             The stationary variance on a quadratic is off by −ηh/2, −ηh and O(η²h²) (S5, S52).
/// Error       weak O(η) for order 1, O(η²) for 2 and 3; of the variance, itself O(η), relative
///             O(η), O(η), O(η²)
/// Cost        1 gradient, ∇²V∇V, V_ii, ∂_iC_ii and 1 normal per coordinate and evaluation
/// Source      li2017; li2019; zygalakis2011
struct ModifiedEquation {
    static constexpr std::string_view name = "modified_equation";
    static constexpr std::string_view equation =
        "dX = -(grad F + [order > 1] eta/2 H grad F) dt + sqrt(eta C) dW, F = V + lambda x^2/2; "
        "order 3: C (1 + eta F'') + eta/2 F' C' for C";
    static constexpr std::string_view latex =
        R"(dX = -\nabla\bigl(F+\tfrac{\eta}{4}|\nabla F|^2\bigr)dt + )"
        R"(\sqrt{\eta}\,\tilde C(X)^{1/2}dW)";
    static constexpr int memory = 0;
    static constexpr unsigned needs = needs_hessian_gradient | needs_hessian | needs_variance_slope;
    static constexpr NoiseStructure noise = NoiseStructure::diagonal;

    double root;          // √η
    double bend;          // η/2 from order 2, else 0
    double widen;         // η from order 3, else 0
    double weight_decay;  // λ

    static constexpr std::array<Parameter, 3> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta of the algorithm; one of its steps lasts eta", true},
                 choice_parameter(
                     "order", 1.0, 1.0, 3.0,
                     "1: leading order, 2: corrected drift, 3: corrected drift and diffusion"),
                 {"weight_decay", "energy/length^2", 0.0, 0.0, unbounded,
                  "lambda in x <- x - eta lambda x - ..."}}};
    }
    static ModifiedEquation make(double const* values) {
        double const eta = values[0];
        return {std::sqrt(eta), values[1] >= 2.0 ? 0.5 * eta : 0.0, values[1] >= 3.0 ? eta : 0.0,
                values[2]};
    }

    /// Of drift and noise; `needs` is that of order 3 and of the correction.
    static unsigned needs_for(double const* values) {
        if (values[1] >= 3.0) return needs;
        if (values[1] < 2.0) return needs_nothing;
        return needs_hessian_gradient | (values[2] > 0.0 ? needs_hessian : needs_nothing);
    }

    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 1> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 1> evaluate(Vec<T, 1> const& s, Site<T> const& site,
                                   Clock<T> const& clock) const {
        T const u = clock.rate;
        T const lambda = T(weight_decay);
        T const gradient = site.gradient + lambda * s[0];
        T const hessian = site.hessian + lambda;
        T const hessian_gradient =
            site.hessian_gradient + lambda * (site.gradient + hessian * s[0]);
        T const drift = -(u * (gradient + (T(bend) * u) * hessian_gradient));

        T const extra = T(widen) * u;
        T const variance = (site.amplitude * site.amplitude) * (T(1) + extra * hessian) +
                           (T(0.5) * extra) * (gradient * site.variance_slope);
        T const amplitude =
            math::select(T(widen) > T(0), math::sqrt(math::max(variance, T(0))), site.amplitude);
        T const scale = T(root) * (u * clock.noise);
        T const slope = site.variance_slope * (T(1) + T(1.5) * (extra * hessian));
        // minus, as in x - eta g: on common random numbers the paths stay together
        return {{{drift}}, {{-(scale * amplitude)}}, {{T(0.25) * (scale * scale) * slope}}};
    }
};
static_assert(Model<ModifiedEquation>);

}  // namespace kramers::coordinate
