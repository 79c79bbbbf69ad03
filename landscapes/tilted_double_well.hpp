// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Quartic double well with a constant force: one well is deeper than the other.
///
///   V(x) = h ((x/a)² − 1)² + c x          a: half_width, h: barrier, c: tilt
///
/// Shape       x ∈ R
/// Parameters  half_width  a, half distance of the minima without tilt, length, > 0
///             barrier     h, barrier without tilt, energy, > 0
///             tilt        c, energy/length; c > 0 raises the right well
/// Facts       both wells exist for |c| < 8h/(3√3 a); c > 0 pushes both minima to the left and the
///             saddle to the right. Positions and barriers are roots of a cubic: found by Newton,
///             never assumed
/// Valid for   any x; at |c| = 8h/(3√3 a) the shallow minimum merges with the saddle
/// Cost        2 fma and 1 multiplication per gradient
/// Source      kramers1940
template <class Real_, int Dim>
    requires(Dim == 1)
struct TiltedDoubleWell {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "tilted_double_well";
    static constexpr std::string_view formula = "V(x) = barrier ((x/half_width)^2 - 1)^2 + tilt x";
    static constexpr std::string_view source = "kramers1940";
    static constexpr Growth growth = {4.0, "quartic: V ~ barrier (x/half_width)^4"};
    static constexpr bool separable = true;

    Real half_width;
    Real barrier;
    Real tilt;
    Real half_width_squared;  // a²
    Real value_scale;         // h/a⁴
    Real gradient_scale;      // 4h/a⁴

    static constexpr std::array<Parameter, 3> parameters() {
        return {{{"half_width", "length", 1.0, 0.0, unbounded,
                  "half the distance of the two minima without tilt", true},
                 {"barrier", "energy", 0.25, 0.0, unbounded,
                  "height of the saddle above the minima without tilt", true},
                 {"tilt", "energy/length", 0.1, -unbounded, unbounded,
                  "slope added to V; positive raises the right well"}}};
    }
    static TiltedDoubleWell make(double const* values) {
        double const a = values[0];
        double const h = values[1];
        double const scale = h / (a * a * a * a);
        return {static_cast<Real>(a),     static_cast<Real>(h),     static_cast<Real>(values[2]),
                static_cast<Real>(a * a), static_cast<Real>(scale), static_cast<Real>(4.0 * scale)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 1> const& x) const {
        return T(value_scale) * math::square(x[0] * x[0] - T(half_width_squared)) + T(tilt) * x[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        T const offset = math::fma(x[0], x[0], T(-half_width_squared));
        return {{math::fma(T(gradient_scale) * x[0], offset, T(tilt))}};
    }

    /// With c > 0 the gradient is concave left of 0 and convex right of it, so Newton's method runs
    /// monotonically into each root from these guesses (mirrored for c < 0). The deep minimum lies
    /// between ±a and ±(a + |c/k|^(1/3)), k = 4h/a⁴; the others stay within a/√3 of their guess.
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const a = static_cast<double>(half_width);
        double const c = static_cast<double>(tilt);
        double const shift = std::cbrt(c / static_cast<double>(gradient_scale));
        double const left = std::fmax(shift, 0.0);
        double const right = std::fmax(-shift, 0.0);
        visit(CriticalSeed<1>{"minimum.left", 0, {{-a - left}}, 0.5 * a + left});
        visit(CriticalSeed<1>{"saddle", 1, {{0.0}}, 0.6 * a});
        visit(CriticalSeed<1>{"minimum.right", 0, {{a + right}}, 0.5 * a + right});
    }
    ExistenceBound existence() const {
        double const limit = 8.0 * static_cast<double>(barrier) /
                             (3.0 * std::sqrt(3.0) * static_cast<double>(half_width));
        return {"tilt", -limit, limit, "beyond it the shallow well has merged with the saddle"};
    }
};

}  // namespace kramers
