// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "landscapes/symmetric_product.hpp"
#include "landscapes/traits.hpp"

namespace kramers {

/// Quadratic bowl whose principal axes are not the coordinate axes.
///
///   V(x) = ½ xᵀ H x,   H = R diag(λ) Rᵀ,   R = G_01(θ) G_12(θ) … G_{d−2,d−1}(θ)
///
/// λ: eigenvalues, θ: 2π angle; G_ij(θ) turns e_i towards e_j by θ.
///
/// Shape       x ∈ R^d, any d ≥ 2
/// Parameters  eigenvalues  λ_i, one per principal axis, energy/length², > 0
///             angle        θ/2π, turns
/// Facts       one minimum, at 0, with Hessian H. In two dimensions every positive definite H is
///             reached: H = [[λ_0 c² + λ_1 s², (λ_0 − λ_1) c s], [·, λ_0 s² + λ_1 c²]], c = cos θ,
///             s = sin θ. A coordinatewise method (Adam, RMSProp) sees the rotation; gradient
///             descent with isotropic noise does not
/// Valid for   any x; gradient descent is stable for η max λ < 2
/// Error       the Ornstein–Uhlenbeck laws of this landscape are exact
/// Cost        d² fma per gradient
/// Source      uhlenbeck1930
template <class Real_, int Dim>
    requires(Dim >= 2)
struct RotatedQuadratic {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "rotated_quadratic";
    static constexpr std::string_view formula =
        "V(x) = 1/2 sum_i eigenvalues_i (r_i . x)^2, axes r_i turned by angle in the planes "
        "(0,1), (1,2), ...";
    static constexpr std::string_view source = "uhlenbeck1930";
    static constexpr Growth growth = {2.0, "quadratic"};
    static constexpr bool separable = false;

    Vec<Real, Dim * Dim> hessian;  // H, by rows

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"eigenvalues", "energy/length^2", 1.0, 0.0, unbounded,
                  "second derivative of V along each principal axis", true, true},
                 {"angle", "1", 0.125, -unbounded, unbounded,
                  "rotation in each coordinate plane, in turns"}}};
    }
    static RotatedQuadratic make(double const* values) {
        double const turn = 6.283185307179586476925 * std::remainder(values[Dim], 1.0);
        double const c = std::cos(turn);
        double const s = std::sin(turn);
        std::array<std::array<double, Dim>, Dim> axes{};  // axes[i] = R e_i
        for (std::size_t i = 0; i < Dim; ++i) {
            axes[i][i] = 1.0;
            for (std::size_t p = Dim - 1; p-- > 0;) {  // G_{p,p+1}, the last one first
                double const a = axes[i][p];
                double const b = axes[i][p + 1];
                axes[i][p] = c * a - s * b;
                axes[i][p + 1] = s * a + c * b;
            }
        }
        RotatedQuadratic l{};
        for (std::size_t j = 0; j < Dim; ++j)
            for (std::size_t k = 0; k < Dim; ++k) {
                double h = 0.0;
                for (std::size_t i = 0; i < Dim; ++i) h += values[i] * (axes[i][j] * axes[i][k]);
                l.hessian[static_cast<int>(j * Dim + k)] = static_cast<Real>(h);
            }
        return l;
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, Dim> const& x) const {
        return T(0.5) * dot(x, gradient(x));
    }
    template <class T>
    KRAMERS_HD Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        return symmetric_product(hessian, x);
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<Dim>{"minimum", 0, {}, 1.0});
    }
};

}  // namespace kramers
