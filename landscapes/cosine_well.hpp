// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// A harmonic well with a hill of a cosine in its middle: a fluxoid in a superconducting ring with
/// one weak link, biased half a quantum of flux.
///
///   V(x) = Σ_i [½ k x_i² + A cos(2πx_i/L)]
///
/// k: stiffness, A: amplitude, L: period.
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  stiffness  k, energy/length², > 0
///             amplitude  A, energy, ≥ 0
///             period     L, length, > 0
/// Facts       with y = 2πm/L the root of sin y/y = q, q = k L²/(4π²A) < 1, in (0, π): V″(m) =
///             k (1 − cos y/q), V″(0) = k − 4π²A/L² < 0. d = 1: saddle 0, minimum.left −m and
///             minimum.right m. d ≥ 2: minimum.left (−m, …, −m), minimum.right (m, …, m); from
///             minimum.left over saddle.x (0, −m, …) to minimum.x+ (m, −m, …), the same with y;
///             maximum 0. q > 1: one minimum, 0; q = 1: it is degenerate and refused. Outside ±m
///             there are more wells where q < 0.1284, none of them named
/// Valid for   any x
/// Cost        d sines per gradient
/// Source      kurkijarvi1972
template <class Real_, int Dim>
    requires(Dim >= 1)
struct CosineWell {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "cosine_well";
    static constexpr std::string_view formula =
        "V(x) = sum_i [stiffness x_i^2/2 + amplitude cos(2 pi x_i/period)]";
    static constexpr std::string_view source = "kurkijarvi1972";
    static constexpr Growth growth = {2.0,
                                      "quadratic: V ~ stiffness |x|^2/2 plus a bounded ripple"};
    static constexpr bool separable = true;

    Real stiffness;
    Real amplitude;
    Real period;
    Real wave_number;  // 1/L
    Real slope_scale;  // −2πA/L

    static constexpr std::array<Parameter, 3> parameters() {
        return {{{"stiffness", "energy/length^2", 1.0, 0.0, unbounded,
                  "curvature of the harmonic part", true},
                 {"amplitude", "energy", 1.0, 0.0, unbounded, "half the height of the ripple"},
                 {"period", "length", 2.5, 0.0, unbounded, "wavelength of the ripple", true}}};
    }
    static CosineWell make(double const* values) {
        return {static_cast<Real>(values[0]), static_cast<Real>(values[1]),
                static_cast<Real>(values[2]), static_cast<Real>(1.0 / values[2]),
                static_cast<Real>(-two_pi * values[1] / values[2])};
    }

    template <class T>
    KRAMERS_HD T coordinate_value(int, T const& x) const {
        return T(Real(0.5) * stiffness) * (x * x) + T(amplitude) * math::cos2pi(T(wave_number) * x);
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
        for (int i = 0; i < Dim; ++i)
            g[i] =
                math::fma(T(slope_scale), math::sin2pi(T(wave_number) * x[i]), T(stiffness) * x[i]);
        return g;
    }

    /// On (0, L/2) the slope of one coordinate is convex, and positive at the end: Newton's method
    /// runs monotonically from L/2 into its root, or to 0 beyond reach where there is none.
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const half = 0.5 * static_cast<double>(period), reach = 0.999 * half;
        auto const at = [&](std::string_view point, int index, double first, double second,
                            double others) {
            CriticalSeed<Dim> seed{point, index, {}, reach};
            for (int i = 0; i < Dim; ++i)
                seed.guess[i] = half * (i == 0 ? first : i == 1 ? second : others);
            visit(seed);
        };
        at("minimum.left", 0, -1.0, -1.0, -1.0);
        at("minimum", 0, 0.0, 0.0, 0.0);
        if constexpr (Dim == 1) {
            at("saddle", 1, 0.0, 0.0, 0.0);
        } else {
            at("saddle.x", 1, 0.0, -1.0, -1.0);
            at("minimum.x+", 0, 1.0, -1.0, -1.0);
            at("saddle.y", 1, -1.0, 0.0, -1.0);
            at("minimum.y+", 0, -1.0, 1.0, -1.0);
            at("maximum", Dim, 0.0, 0.0, 0.0);
        }
        at("minimum.right", 0, 1.0, 1.0, 1.0);
    }
    ExistenceBound existence() const {
        double const turn = two_pi / static_cast<double>(period);
        return {"amplitude", static_cast<double>(stiffness) / (turn * turn), unbounded,
                "for all points but minimum; below it there is one minimum, at 0"};
    }

  private:
    static constexpr double two_pi = 6.283185307179586476925;
};

}  // namespace kramers
