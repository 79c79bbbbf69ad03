// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// The function of Styblinski and Tang: in every coordinate a tilted double well, 2^d minima.
///
///   V(x) = (k/2) Σ_i (x_i⁴ − 16 x_i² + c x_i)          k: scale, c: tilt
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  scale  k, energy/length⁴, > 0; 1 in the literature
///             tilt   c, length³, ≥ 0; 5 in the literature
/// Facts       each coordinate has the points l < s < r, the roots of 4x³ − 32x + c (c = 5:
///             −2.903534, 0.156731, 2.746803, where V/k = −39.16617, 0.195612, −25.02936); every
///             combination is a critical point of V and its index is the number of s.
///             Named: minimum.global = (l, …, l); along the first and (d ≥ 2) second coordinate
///             saddle.x+ = (s, l, …) and minimum.x+ = (r, l, …), the same with y, minimum.x+y+; for
///             d ≥ 2 maximum = (s, …, s). At c = 0 minimum.global is one of 2^d equal ones
/// Valid for   any x; the right wells exist for c < √(32768/27) = 34.8371
/// Cost        2 fma and 1 multiplication per coordinate
/// Source      styblinski1990
template <class Real_, int Dim>
    requires(Dim >= 1)
struct StyblinskiTang {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "styblinski_tang";
    static constexpr std::string_view formula =
        "V(x) = scale/2 sum_i (x_i^4 - 16 x_i^2 + tilt x_i)";
    static constexpr std::string_view source = "styblinski1990";
    static constexpr Growth growth = {4.0, "quartic: V ~ scale/2 sum_i x_i^4"};
    static constexpr bool separable = true;

    Real scale;
    Real tilt;
    Real half_scale;     // k/2
    Real twice_scale;    // 2k
    Real gradient_tilt;  // kc/2

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"scale", "energy/length^4", 1.0, 0.0, unbounded, "factor of V", true},
                 {"tilt", "length^3", 5.0, 0.0, unbounded,
                  "slope that raises the right well of every coordinate"}}};
    }
    static StyblinskiTang make(double const* values) {
        double const k = values[0];
        double const c = values[1];
        return {static_cast<Real>(k), static_cast<Real>(c), static_cast<Real>(0.5 * k),
                static_cast<Real>(2.0 * k), static_cast<Real>(0.5 * k * c)};
    }

    template <class T>
    KRAMERS_HD T coordinate_value(int, T const& x) const {
        return T(half_scale) * (x * (x * (x * x - T(16)) + T(tilt)));
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
        for (int i = 0; i < Dim; ++i) {
            T const offset = math::fma(x[i], x[i], T(-8));
            g[i] = math::fma(T(twice_scale) * x[i], offset, T(gradient_tilt));
        }
        return g;
    }

    /// The slope of one coordinate is concave left of 0 and convex right of it, so Newton's method
    /// runs monotonically into its roots from these guesses, if they exist.
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const shift = std::cbrt(0.25 * static_cast<double>(tilt));
        Points const p{-std::sqrt(8.0) - shift, 0.0, std::sqrt(8.0), 1.25 + shift};
        visit(at("minimum.global", 0, p, p.left, p.left));
        visit(at("saddle.x+", 1, p, p.saddle, p.left));
        visit(at("minimum.x+", 0, p, p.right, p.left));
        if constexpr (Dim >= 2) {
            visit(at("saddle.y+", 1, p, p.left, p.saddle));
            visit(at("minimum.y+", 0, p, p.left, p.right));
            visit(at("minimum.x+y+", 0, p, p.right, p.right));
            CriticalSeed<Dim> top{"maximum", Dim, {}, p.reach};
            for (int i = 0; i < Dim; ++i) top.guess[i] = p.saddle;
            visit(top);
        }
    }
    ExistenceBound existence() const {
        return {"tilt", -unbounded, 34.8371,
                "beyond it the right wells have merged with the saddles"};
    }

  private:
    struct Points {
        double left, saddle, right;  ///< guesses for one coordinate
        double reach;
    };
    static CriticalSeed<Dim> at(std::string_view label, int index, Points const& p, double x,
                                double y) {
        CriticalSeed<Dim> seed{label, index, {}, p.reach};
        for (int i = 0; i < Dim; ++i) seed.guess[i] = p.left;
        seed.guess[0] = x;
        if constexpr (Dim >= 2) seed.guess[1] = y;
        return seed;
    }
};

}  // namespace kramers
