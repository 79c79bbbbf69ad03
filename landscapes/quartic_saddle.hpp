// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Symmetric double well whose barrier top is flat: it falls off with the fourth power.
///
///   V(x) = h [1 − 3 (x/a)⁴ + 2 (x/a)⁶]          a: half_width, h: barrier
///
/// Shape       x ∈ R
/// Parameters  half_width  a, minima at ±a, length, > 0
///             barrier     h = V(0) − V(±a), energy, > 0; h = 1/12, a = 1 is x⁶/6 − x⁴/4 + 1/12
/// Facts       minimum.left −a and minimum.right a, V = 0, V″ = 24h/a²; saddle 0, V = h,
///             degenerate: announced and refused with that reason, so Kramers' formula does not
///             apply. In its place, with C = 3h/a⁴ (V ≈ h − C x⁴ at the top),
///               τ(−a → a) = (1/T) √(2πT/V″(a)) ½Γ(¼) (T/C)^¼ e^{h/T} [1 + O(√(T/h))]
/// Valid for   any x
/// Cost        1 fma and 3 multiplications per gradient
/// Source      berglund2013, section 4
template <class Real_, int Dim>
    requires(Dim == 1)
struct QuarticSaddle {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "quartic_saddle";
    static constexpr std::string_view formula =
        "V(x) = barrier [1 - 3 (x/half_width)^4 + 2 (x/half_width)^6]";
    static constexpr std::string_view source = "berglund2013";
    static constexpr Growth growth = {6.0, "sextic: V ~ 2 barrier (x/half_width)^6"};
    static constexpr bool separable = true;

    Real half_width;
    Real barrier;
    Real half_width_squared;  // a²
    Real value_scale;         // h/a⁶
    Real gradient_scale;      // 12h/a⁶

    static constexpr std::array<Parameter, 2> parameters() {
        return {
            {{"half_width", "length", 1.0, 0.0, unbounded, "half the distance of the minima", true},
             {"barrier", "energy", 1.0 / 12.0, 0.0, unbounded,
              "height of the flat top above the minima", true}}};
    }
    static QuarticSaddle make(double const* values) {
        double const a2 = values[0] * values[0];
        double const scale = values[1] / (a2 * a2 * a2);
        return {static_cast<Real>(values[0]), static_cast<Real>(values[1]), static_cast<Real>(a2),
                static_cast<Real>(scale), static_cast<Real>(12.0 * scale)};
    }

    /// 1 − 3u² + 2u³ = (1 − u)² (1 + 2u)
    template <class T>
    KRAMERS_HD T value(Vec<T, 1> const& x) const {
        T const w = x[0] * x[0];
        return T(value_scale) *
               (math::square(w - T(half_width_squared)) * (w + w + T(half_width_squared)));
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        T const offset = math::fma(x[0], x[0], T(-half_width_squared));
        return {{(T(gradient_scale) * x[0]) * ((x[0] * x[0]) * offset)}};
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const a = static_cast<double>(half_width);
        visit(CriticalSeed<1>{"minimum.left", 0, {{-a}}, 0.1 * a});
        visit(CriticalSeed<1>{"saddle", 1, {{0.0}}, 0.1 * a});
        visit(CriticalSeed<1>{"minimum.right", 0, {{a}}, 0.1 * a});
    }
};

}  // namespace kramers
