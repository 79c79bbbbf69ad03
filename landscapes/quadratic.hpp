// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Quadratic bowl; with unequal curvatures a ravine.
///
///   V(x) = ½ Σ_i h_i x_i²          h: curvatures
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  curvatures  h_i, one per coordinate, energy/length², > 0
/// Facts       one minimum, at 0, with Hessian diag(h)
/// Valid for   any x; gradient descent is stable for η max h < 2
/// Error       the Ornstein–Uhlenbeck laws of this landscape are exact
/// Cost        d multiplications per gradient
/// Source      uhlenbeck1930
template <class Real_, int Dim>
    requires(Dim >= 1)
struct Quadratic {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "quadratic";
    static constexpr std::string_view formula = "V(x) = 1/2 sum_i curvatures_i x_i^2";
    static constexpr std::string_view source = "uhlenbeck1930";
    static constexpr Growth growth = {2.0, "quadratic"};
    static constexpr bool separable = true;

    Vec<Real, Dim> curvatures;

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"curvatures", "energy/length^2", 1.0, 0.0, unbounded,
                  "second derivative of V along each coordinate", true, true}}};
    }
    static Quadratic make(double const* values) {
        Quadratic l{};
        for (int i = 0; i < Dim; ++i) l.curvatures[i] = static_cast<Real>(values[i]);
        return l;
    }

    template <class T>
    KRAMERS_HD T coordinate_value(int i, T const& x) const {
        return T(Real(0.5) * curvatures[i]) * (x * x);
    }
    template <class T>
    KRAMERS_HD T value(Vec<T, Dim> const& x) const {
        T v = coordinate_value(0, x[0]);
        for (int i = 1; i < Dim; ++i) v = v + coordinate_value(i, x[i]);
        return v;
    }
    template <class T>
    KRAMERS_HD Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        Vec<T, Dim> g{};
        for (int i = 0; i < Dim; ++i) g[i] = T(curvatures[i]) * x[i];
        return g;
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<Dim>{"minimum", 0, {}, 1.0});
    }
};

}  // namespace kramers
