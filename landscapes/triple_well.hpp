// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Sextic with three wells; the outer ones can be raised or lowered together, and tilted.
///
///   V(x) = h u [(27/4)(1 − u)² + ρ u (3 − 2u)] + c x,   u = (x/a)²
///                                   a: half_width, h: barrier, ρ: outer_height, c: tilt
///
/// Shape       x ∈ R
/// Parameters  half_width    a, outer minima at ±a without tilt, length, > 0
///             barrier       h, height of both saddles when ρ = 0 and c = 0, energy, > 0
///             outer_height  ρ, V(±a)/h − V(0)/h without tilt, ≤ 2; negative: outer wells are
///                           deeper
///             tilt          c, energy/length; c > 0 raises the right well
/// Facts       without tilt minimum.left −a and minimum.right a, V = ρh, V″ = 27h(σ − 1)/a²;
///             minimum.centre 0, V = 0, V″ = 27h/(2a²); saddle.left, saddle.right at ±a/√σ,
///             σ = 3 − 8ρ/9, V = h (27/4) (σ − 1)²/σ³ + ρh (3σ − 2)/σ³. h = 16/27, ρ = 0:
///             4x² (x² − 1)². With tilt the positions are roots of a quintic
/// Valid for   any x; a well merges with its saddle where |c| reaches the steepest slope between
///             them
/// Cost        3 fma and 1 multiplication per gradient
/// Source      bovier2004
template <class Real_, int Dim>
    requires(Dim == 1)
struct TripleWell {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "triple_well";
    static constexpr std::string_view formula =
        "V(x) = barrier u [27/4 (1 - u)^2 + outer_height u (3 - 2u)] + tilt x, "
        "u = (x/half_width)^2";
    static constexpr std::string_view source = "bovier2004";
    static constexpr Growth growth = {
        6.0, "sextic: V ~ barrier (27/4 - 2 outer_height) (x/half_width)^6"};
    static constexpr bool separable = true;

    Real half_width;
    Real barrier;
    Real outer_height;
    Real tilt;
    Real inverse_square;  // 1/a²
    Real ratio;           // σ: the saddles without tilt are at u = 1/σ
    Real gradient_scale;  // 27h/(2a²)

    static constexpr std::array<Parameter, 4> parameters() {
        return {{{"half_width", "length", 1.0, 0.0, unbounded,
                  "distance of the outer minima from the centre one without tilt", true},
                 {"barrier", "energy", 0.5, 0.0, unbounded,
                  "height of the saddles when all wells are equal", true},
                 {"outer_height", "1", 0.0, -unbounded, 2.0,
                  "height of the outer minima above the centre one, in barriers"},
                 {"tilt", "energy/length", 0.0, -unbounded, unbounded,
                  "slope added to V; positive raises the right well"}}};
    }
    static TripleWell make(double const* values) {
        double const a2 = values[0] * values[0];
        double const h = values[1];
        double const rho = values[2];
        return {static_cast<Real>(values[0]),    static_cast<Real>(h),
                static_cast<Real>(rho),          static_cast<Real>(values[3]),
                static_cast<Real>(1.0 / a2),     static_cast<Real>(3.0 - 8.0 * rho / 9.0),
                static_cast<Real>(13.5 * h / a2)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 1> const& x) const {
        T const u = T(inverse_square) * (x[0] * x[0]);
        T const equal = T(6.75) * math::square(T(1) - u);
        T const raise = T(outer_height) * (u * (T(3) - (u + u)));
        return T(barrier) * (u * (equal + raise)) + T(tilt) * x[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        T const u = T(inverse_square) * (x[0] * x[0]);
        T const wells = (T(gradient_scale) * x[0]) * (T(1) - u);
        return {{math::fma(wells, math::fma(T(-ratio), u, T(1)), T(tilt))}};
    }

    /// The slope is monotone between the points of inflection, which do not depend on the tilt:
    /// each of its roots is bracketed by them and bisected.
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        Inflections const at = inflections();
        double const a = static_cast<double>(half_width);
        double far = std::max(2.0 * a, 2.0 * at.outer);
        while (slope(far) < 0.0 || slope(-far) > 0.0) far *= 2.0;
        visit(between("minimum.left", 0, -far, -at.outer));
        visit(between("saddle.left", 1, -at.outer, -at.inner));
        visit(between("minimum.centre", 0, -at.inner, at.inner));
        visit(between("saddle.right", 1, at.inner, at.outer));
        visit(between("minimum.right", 0, at.outer, far));
    }
    ExistenceBound existence() const {
        Inflections const at = inflections();
        double const c = static_cast<double>(tilt);
        double const limit = std::min(slope(at.inner) - c, c - slope(at.outer));
        return {"tilt", -limit, limit, "beyond it a well has merged with a saddle"};
    }

  private:
    /// Where V″ = 0, x ≥ 0: 1 − 3(1 + σ)u + 5σu² = 0.
    struct Inflections {
        double inner, outer;
    };
    Inflections inflections() const {
        double const s = static_cast<double>(ratio);
        double const half = 1.5 * (1.0 + s);
        double const high = half + std::sqrt(half * half - 5.0 * s);
        double const a = static_cast<double>(half_width);
        return {a * std::sqrt(1.0 / high), a * std::sqrt(high / (5.0 * s))};
    }
    double slope(double x) const { return gradient(Vec<double, 1>{{x}})[0]; }
    /// The root of the slope in there. Without one, the end where the slope is smallest.
    CriticalSeed<1> between(std::string_view label, int index, double lower, double upper) const {
        bool const rising = index == 0;
        double low = lower, high = upper;
        for (int k = 0; k < 80; ++k) {
            double const middle = 0.5 * (low + high);
            ((slope(middle) < 0.0) == rising ? low : high) = middle;
        }
        double const guess = 0.5 * (low + high);
        double const room = std::min(guess - lower, upper - guess);
        return {label, index, {{guess}}, std::max(room, 1e-6 * (upper - lower))};
    }
};

}  // namespace kramers
