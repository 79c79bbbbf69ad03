// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/symmetric_product.hpp"
#include "landscapes/traits.hpp"

namespace kramers {

/// Quadratic bowl with a given Hessian.
///
///   V(x) = ½ xᵀ H x          H: hessian
///
/// Shape       x ∈ R^d, any d ≥ 2
/// Parameters  hessian  H by rows, symmetric and positive definite, energy/length²
/// Facts       one minimum, at 0, with Hessian H; rotated_quadratic is the same by eigenvalues and
///             one angle
/// Valid for   any x; gradient descent is stable for η max λ < 2, λ the eigenvalues of H
/// Error       the Ornstein–Uhlenbeck laws of this landscape are exact
/// Cost        d² fma per gradient
/// Source      uhlenbeck1930
template <class Real_, int Dim>
    requires(Dim >= 2)
struct GivenQuadratic {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "given_quadratic";
    static constexpr std::string_view formula = "V(x) = 1/2 x . hessian x";
    static constexpr std::string_view source = "uhlenbeck1930";
    static constexpr Growth growth = {2.0, "quadratic"};
    static constexpr bool separable = false;

    Vec<Real, Dim * Dim> hessian;  // by rows

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"hessian", "energy/length^2", 1.0, -unbounded, unbounded,
                  "second derivatives of V, a symmetric positive definite matrix", false, false,
                  true}}};
    }
    static GivenQuadratic make(double const* values) {
        GivenQuadratic l{};
        for (int i = 0; i < Dim * Dim; ++i) l.hessian[i] = static_cast<Real>(values[i]);
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
