// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Double well with everything that Kramers' law asks for as an independent parameter: the
/// curvature of each well, its depth, and the curvature of the saddle.
///
///   V(x) = −a² [h K(r) + s J(r)]       r = |x|/a ≤ 1
///   V(x) = −B + ½ h (|x| − a)²         r ≥ 1
///   J(r) = ½r² − 4r⁵ + (15/2)r⁶ − (36/7)r⁷ + (5/4)r⁸,   K(r) = 3r⁵ − (13/2)r⁶ + (34/7)r⁷ − (5/4)r⁸
///
/// with (h, B) = (curvature_left, depth_left) for x < 0 and (curvature_right, depth_right) for x >
/// 0, s: curvature_saddle, and a = √(28B/(3(h + s))) on either side.
///
/// Shape       x ∈ R
/// Parameters  curvature_left, curvature_right  h, V″ at the minima, energy/length², > 0
///             depth_left, depth_right          B, height of the saddle above them, energy, > 0
///             curvature_saddle                 s = −V″(0), energy/length², > 0
/// Facts       saddle 0, V = 0; minimum.left and minimum.right at ∓a, V = −B. Monotone in between
///             for all parameters: −V′ = a t r [h r³ (1 + 4t + 10t²) + s t³ (1 + 4r + 10r²)] > 0, t
///             = 1 − r. V has four continuous derivatives (the fifth jumps at the three points),
///             and V‴ and V⁗ vanish there: the first correction in T to Kramers' time is zero
/// Valid for   any x
/// Cost        about 20 operations per gradient, no division
/// Source      hochreiter1997 for the question; the polynomials are Hermite interpolation
template <class Real_, int Dim>
    requires(Dim == 1)
struct FlatSharp {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "flat_sharp";
    static constexpr std::string_view formula =
        "V(x) = -a^2 [h K(|x|/a) + curvature_saddle J(|x|/a)] inside, -B + h (|x| - a)^2/2 outside "
        "|x| = a = sqrt(28 B/(3 (h + curvature_saddle))); (h, B) = (curvature_left, depth_left) "
        "for x < 0, (curvature_right, depth_right) for x > 0";
    static constexpr std::string_view source = "hochreiter1997";
    static constexpr Growth growth = {2.0,
                                      "quadratic: V ~ curvature_left x^2/2 or "
                                      "curvature_right x^2/2"};
    static constexpr bool separable = true;

    /// One side of the saddle.
    struct Side {
        Real curvature;         // h
        Real depth;             // B
        Real distance;          // a
        Real inverse_distance;  // 1/a
    };
    Side left;
    Side right;
    Real curvature_saddle;

    static constexpr std::array<Parameter, 5> parameters() {
        return {{{"curvature_left", "energy/length^2", 1.0, 0.0, unbounded,
                  "second derivative of V at the left minimum", true},
                 {"curvature_right", "energy/length^2", 5.0, 0.0, unbounded,
                  "second derivative of V at the right minimum", true},
                 {"depth_left", "energy", 0.25, 0.0, unbounded,
                  "height of the saddle above the left minimum", true},
                 {"depth_right", "energy", 0.25, 0.0, unbounded,
                  "height of the saddle above the right minimum", true},
                 {"curvature_saddle", "energy/length^2", 1.0, 0.0, unbounded,
                  "minus the second derivative of V at the saddle", true}}};
    }
    static FlatSharp make(double const* values) {
        double const s = values[4];
        return {side(values[0], values[2], s), side(values[1], values[3], s), static_cast<Real>(s)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 1> const& x) const {
        Place<T> const p = place(x[0]);
        T const r = p.ratio;
        T const t = (T(p.distance) - p.size) * T(p.inverse_distance);
        // From whichever end is near, J(r) + K(t) = 3/28: nothing cancels at either.
        bool const low = t < r;
        T const q = math::select(low, t, r);
        T const q2 = q * q;
        T const q5 = (q2 * q2) * q;
        T const j = T(0.5) * q2 + q5 * (T(-4) + q * (T(7.5) + q * (T(-36.0 / 7.0) + T(1.25) * q)));
        T const k = q5 * (T(3) + q * (T(-6.5) + q * (T(34.0 / 7.0) - T(1.25) * q)));
        T const square = T(p.distance) * T(p.distance);
        T const rise = square * (T(p.curvature) * j + T(curvature_saddle) * k);
        T const fall = square * (T(p.curvature) * k + T(curvature_saddle) * j);
        T const inside = math::select(low, rise - T(p.depth), -fall);
        T const beyond = p.size - T(p.distance);
        T const outside = math::fma(T(0.5) * T(p.curvature) * beyond, beyond, T(-p.depth));
        return math::select(p.outside, outside, inside);
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        Place<T> const p = place(x[0]);
        T const r = p.ratio;
        T const t = (T(p.distance) - p.size) * T(p.inverse_distance);
        T const near_well = math::fma(math::fma(T(10), t, T(4)), t, T(1));
        T const near_saddle = math::fma(math::fma(T(10), r, T(4)), r, T(1));
        T const well = (T(p.curvature) * near_well) * ((r * r) * r);
        T const saddle = (T(curvature_saddle) * near_saddle) * ((t * t) * t);
        T const inside = ((p.size - T(p.distance)) * r) * (well + saddle);
        T const outside = T(p.curvature) * (p.size - T(p.distance));
        T const slope = math::select(p.outside, outside, inside);
        return {{math::select(p.is_left, -slope, slope)}};
    }

    /// The guesses are the exact positions.
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const l = static_cast<double>(left.distance);
        double const r = static_cast<double>(right.distance);
        visit(CriticalSeed<1>{"minimum.left", 0, {{-l}}, 0.3 * l});
        visit(CriticalSeed<1>{"saddle", 1, {{0.0}}, 0.3 * std::fmin(l, r)});
        visit(CriticalSeed<1>{"minimum.right", 0, {{r}}, 0.3 * r});
    }

  private:
    static Side side(double curvature, double depth, double saddle) {
        double const a = std::sqrt(28.0 * depth / (3.0 * (curvature + saddle)));
        return {static_cast<Real>(curvature), static_cast<Real>(depth), static_cast<Real>(a),
                static_cast<Real>(1.0 / a)};
    }
    /// Where x lies: the parameters of its side and |x|/a, 1 beyond the minimum.
    template <class T>
    struct Place {
        Real curvature, depth, distance, inverse_distance;
        T size;   // |x|
        T ratio;  // |x|/a, at most 1
        bool is_left, outside;
    };
    template <class T>
    KRAMERS_HD Place<T> place(T const& x) const {
        bool const is_left = x < T(0);
        Place<T> p{};
        p.is_left = is_left;
        p.curvature = math::select(is_left, left.curvature, right.curvature);
        p.depth = math::select(is_left, left.depth, right.depth);
        p.distance = math::select(is_left, left.distance, right.distance);
        p.inverse_distance = math::select(is_left, left.inverse_distance, right.inverse_distance);
        p.size = math::select(is_left, -x, x);
        p.outside = p.size >= T(p.distance);
        p.ratio = math::select(p.outside, T(1), p.size * T(p.inverse_distance));
        return p;
    }
};

}  // namespace kramers
