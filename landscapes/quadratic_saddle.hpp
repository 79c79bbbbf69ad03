// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// A quadratic form with curvatures of any sign: the neighbourhood of a saddle or maximum, or, with
/// curvatures 0, free diffusion.
///
///   V(x) = ½ Σ_i h_i x_i²          h: signed_curvatures
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  signed_curvatures  h_i, one per coordinate, energy/length²
/// Facts       one critical point, at 0, with Hessian diag(h): named minimum, saddle (Morse index
///             1) or maximum (index d ≥ 2); other indices have no name, and a zero curvature is
///             refused as degenerate. From 0, the time to leave along one unstable direction h = −λ
///             is (1/2λ) [ln(2λa²/T) + γ] for a² ≫ T/λ
/// Valid for   any x; not confining unless all h_i > 0
/// Error       a coordinate is an Ornstein–Uhlenbeck process with rate h_i of either sign
/// Cost        d multiplications per gradient
/// Source      kifer1981
template <class Real_, int Dim>
    requires(Dim >= 1)
struct QuadraticSaddle {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "quadratic_saddle";
    static constexpr std::string_view formula = "V(x) = 1/2 sum_i signed_curvatures_i x_i^2";
    static constexpr std::string_view source = "kifer1981";
    static constexpr Growth growth = {2.0, "quadratic, downwards where a curvature is negative"};
    static constexpr bool separable = true;

    Vec<Real, Dim> signed_curvatures;

    static constexpr std::array<Parameter, 1> parameters() {
        return {
            {{"signed_curvatures", "energy/length^2", -1.0, -unbounded, unbounded,
              "second derivative of V along each coordinate; negative: unstable", false, true}}};
    }
    static QuadraticSaddle make(double const* values) {
        QuadraticSaddle l{};
        for (int i = 0; i < Dim; ++i) l.signed_curvatures[i] = static_cast<Real>(values[i]);
        return l;
    }

    template <class T>
    KRAMERS_HD T coordinate_value(int i, T const& x) const {
        return T(Real(0.5) * signed_curvatures[i]) * (x * x);
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
        for (int i = 0; i < Dim; ++i) g[i] = T(signed_curvatures[i]) * x[i];
        return g;
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<Dim>{"minimum", 0, {}, 1.0});
        visit(CriticalSeed<Dim>{"saddle", 1, {}, 1.0});
        if constexpr (Dim >= 2) visit(CriticalSeed<Dim>{"maximum", Dim, {}, 1.0});
    }
};

}  // namespace kramers
