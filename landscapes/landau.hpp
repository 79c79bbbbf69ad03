// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Landau's free energy: the pitchfork between one well and two.
///
///   V(x) = ½ r x² + ¼ u x⁴          r: curvature, u: stiffness
///
/// Shape       x ∈ R
/// Parameters  curvature  r, V″(0), energy/length², any sign
///             stiffness  u, energy/length⁴, > 0
/// Facts       r > 0: one minimum, 0. r < 0: saddle 0, minimum.left and minimum.right at ±√(−r/u)
///             with V = −r²/(4u), V″ = −2r; this is double_well with a² = −r/u, h = r²/(4u), less
///             h. r = 0: the minimum is degenerate and refused
/// Valid for   any x
/// Cost        1 fma and 2 multiplications per gradient
/// Source      landau1937
template <class Real_, int Dim>
    requires(Dim == 1)
struct Landau {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "landau";
    static constexpr std::string_view formula = "V(x) = curvature x^2/2 + stiffness x^4/4";
    static constexpr std::string_view source = "landau1937";
    static constexpr Growth growth = {4.0, "quartic: V ~ stiffness x^4/4"};
    static constexpr bool separable = true;

    Real curvature;
    Real stiffness;

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"curvature", "energy/length^2", 1.0, -unbounded, unbounded,
                  "second derivative of V at 0; negative: two wells"},
                 {"stiffness", "energy/length^4", 1.0, 0.0, unbounded,
                  "four times the coefficient of x^4", true}}};
    }
    static Landau make(double const* values) {
        return {static_cast<Real>(values[0]), static_cast<Real>(values[1])};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 1> const& x) const {
        T const square = x[0] * x[0];
        return square * math::fma(T(Real(0.25) * stiffness), square, T(Real(0.5) * curvature));
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        return {{x[0] * math::fma(T(stiffness), x[0] * x[0], T(curvature))}};
    }

    /// For r > 0 the outer guesses lie where Newton's method runs to 0, out of their reach.
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const scale =
            std::sqrt(std::fabs(static_cast<double>(curvature)) / static_cast<double>(stiffness));
        double const a = scale > 0.0 ? scale : 1.0;
        visit(CriticalSeed<1>{"minimum.left", 0, {{-a}}, 0.4 * a});
        visit(CriticalSeed<1>{"minimum", 0, {{0.0}}, 0.4 * a});
        visit(CriticalSeed<1>{"saddle", 1, {{0.0}}, 0.4 * a});
        visit(CriticalSeed<1>{"minimum.right", 0, {{a}}, 0.4 * a});
    }
    ExistenceBound existence() const {
        return {"curvature", -unbounded, 0.0,
                "for saddle, minimum.left and minimum.right; above it there is one minimum, at 0"};
    }
};

}  // namespace kramers
