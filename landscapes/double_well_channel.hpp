// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Double well along x in a channel across it whose curvature, tilt and stiffness are free: coupled
/// coordinates, a bent path, a pitchfork of the saddle, a ring.
///
///   V(x, y) = h ((x/a)² − 1)² + ½ (k + n x²) y² + c x y + ¼ q y⁴
///
/// a: half_width, h: barrier, k: channel_curvature, n: narrowing, c: coupling, q: stiffness.
///
/// Shape       (x, y) ∈ R²
/// Parameters  half_width         a, length, > 0
///             barrier            h, without coupling, energy, > 0
///             channel_curvature  k = ∂²V/∂y² at the origin, energy/length², any sign
///             narrowing          n, growth of that curvature with x², energy/length⁴, ≥ 0
///             coupling           c, energy/length²
///             stiffness          q, energy/length⁴, ≥ 0
/// Facts       the origin has Hessian [[−4h/a², c], [c, k]]: saddle for k > −c²a²/(4h), degenerate
///             there, maximum below it with saddle.up and saddle.down beside it, for c = 0 at
///             (0, ±√(−k/q)). minimum.left and minimum.right, for k > −n a² and weak coupling near
///             (±a, 0), are mirror images through the origin.
///             For a = 1, h = 1/4 (V = x⁴/4 − x²/2 + … + 1/4):
///               k = 1, n = 2, c = 0.3, q = 0   coupled wells of a bent path
///               k = 2, n = 0, c = 0.6, q = 0   linearly coupled
///               k = 0, n = 2, c = 0, q = 1     pitchfork: a saddle flat across
///               k = d − 1, n = 1, c = 0, q = 1  ring (x² + y² − 1)²/4 + d y²/2: two saddles
/// Valid for   any x; for q = 0 it confines only with k > 0
/// Cost        5 fma and 4 multiplications per gradient
/// Source      berglund2013, section 4
template <class Real_, int Dim>
    requires(Dim == 2)
struct DoubleWellChannel {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "double_well_channel";
    static constexpr std::string_view formula =
        "V(x, y) = barrier ((x/half_width)^2 - 1)^2 + (channel_curvature + narrowing x^2) y^2/2 + "
        "coupling x y + stiffness y^4/4";
    static constexpr std::string_view source = "berglund2013";
    static constexpr Growth growth = {4.0, "quartic for stiffness > 0; else quadratic along y"};
    static constexpr bool separable = false;

    Real half_width;
    Real barrier;
    Real channel_curvature;
    Real narrowing;
    Real coupling;
    Real stiffness;
    Real half_width_squared;  // a²
    Real value_scale;         // h/a⁴
    Real gradient_scale;      // 4h/a⁴

    static constexpr std::array<Parameter, 6> parameters() {
        return {{{"half_width", "length", 1.0, 0.0, unbounded,
                  "half the distance of the minima without coupling", true},
                 {"barrier", "energy", 0.25, 0.0, unbounded,
                  "height of the saddle above the minima without coupling", true},
                 {"channel_curvature", "energy/length^2", 1.0, -unbounded, unbounded,
                  "second derivative of V along y at the origin; negative: the saddle splits"},
                 {"narrowing", "energy/length^4", 2.0, 0.0, unbounded,
                  "growth of the channel's curvature with x^2"},
                 {"coupling", "energy/length^2", 0.3, -unbounded, unbounded,
                  "mixed derivative of V at the origin; bends the path between the wells"},
                 {"stiffness", "energy/length^4", 1.0, 0.0, unbounded,
                  "four times the coefficient of y^4"}}};
    }
    static DoubleWellChannel make(double const* values) {
        double const a = values[0];
        double const scale = values[1] / (a * a * a * a);
        return {static_cast<Real>(a),          static_cast<Real>(values[1]),
                static_cast<Real>(values[2]),  static_cast<Real>(values[3]),
                static_cast<Real>(values[4]),  static_cast<Real>(values[5]),
                static_cast<Real>(a * a),      static_cast<Real>(scale),
                static_cast<Real>(4.0 * scale)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 2> const& x) const {
        T const x2 = x[0] * x[0];
        T const y2 = x[1] * x[1];
        T const across = T(channel_curvature) + T(narrowing) * x2 + T(Real(0.5) * stiffness) * y2;
        return T(value_scale) * math::square(x2 - T(half_width_squared)) + T(0.5) * across * y2 +
               T(coupling) * (x[0] * x[1]);
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> gradient(Vec<T, 2> const& x) const {
        T const y2 = x[1] * x[1];
        T const offset = math::fma(x[0], x[0], T(-half_width_squared));
        T const along = math::fma(T(gradient_scale), offset, T(narrowing) * y2);
        T const inner = math::fma(T(narrowing), x[0] * x[0], T(channel_curvature));
        T const across = math::fma(T(stiffness), y2, inner);
        return {{math::fma(along, x[0], T(coupling) * x[1]),
                 math::fma(across, x[1], T(coupling) * x[0])}};
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const a = static_cast<double>(half_width);
        double const k = static_cast<double>(channel_curvature);
        double const c = static_cast<double>(coupling);
        double const q = static_cast<double>(stiffness);
        // Floor of the channel at x = a, to first order in the coupling.
        double const inner = k + static_cast<double>(narrowing) * a * a;
        double const bend = inner > 0.0 ? -c * a / inner : 0.0;
        double const reach = 0.5 * a + std::fabs(bend);
        visit(CriticalSeed<2>{"minimum.left", 0, {{-a, -bend}}, reach});
        visit(CriticalSeed<2>{"minimum.right", 0, {{a, bend}}, reach});
        visit(CriticalSeed<2>{"saddle", 1, {}, 0.5 * a});
        visit(CriticalSeed<2>{"maximum", 2, {}, 0.5 * a});
        double const side = k < 0.0 && q > 0.0 ? std::sqrt(-k / q) : a;
        visit(CriticalSeed<2>{"saddle.up", 1, {{0.0, side}}, 0.5 * side});
        visit(CriticalSeed<2>{"saddle.down", 1, {{0.0, -side}}, 0.5 * side});
    }
    ExistenceBound existence() const {
        double const c = static_cast<double>(coupling);
        double const top = static_cast<double>(gradient_scale * half_width_squared);
        return {"channel_curvature", -unbounded, 0.0 - c * c / top,
                "for maximum, saddle.up and saddle.down; above it the origin is the saddle"};
    }
};

}  // namespace kramers
