// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Tilted periodic potential: a row of equal wells under a constant force.
///
///   V(x) = −F x + A (1 − cos 2πx/L)          F: force, A: amplitude, L: period
///
/// Shape       x ∈ R
/// Parameters  force      F, drives to the right when positive, energy/length
///             amplitude  A, half the height of the ripple, energy, ≥ 0
///             period     L, length, > 0
/// Facts       with f = F L/(2πA) and x0 = (L/2π) asin f: minima at x0 + nL, saddles at L/2 − x0 +
///             nL, V″ = ±(2π/L)² A √(1 − f²), and the barrier to the right is 2A [√(1 − f²) − f
///             acos(f)]. Named: minimum (x0), saddle.left, saddle.right and minimum.left,
///             minimum.right one period away. A = 0 is free diffusion with drift F
/// Valid for   any x; wells exist for |F| < 2πA/L. Not confining: no Gibbs law on R
/// Cost        1 sine, 1 multiplication and 1 fma per gradient
/// Source      risken1989, chapter 11
template <class Real_, int Dim>
    requires(Dim == 1)
struct Washboard {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "washboard";
    static constexpr std::string_view formula =
        "V(x) = -force x + amplitude (1 - cos(2 pi x/period))";
    static constexpr std::string_view source = "risken1989";
    static constexpr Growth growth = {1.0, "not confining: V ~ -force x plus a bounded ripple"};
    static constexpr bool separable = true;

    Real force;
    Real amplitude;
    Real period;
    Real inverse_period;  // 1/L
    Real slope_scale;     // 2πA/L

    static constexpr std::array<Parameter, 3> parameters() {
        return {{{"force", "energy/length", 1.0, -unbounded, unbounded,
                  "mean slope of V, downwards; positive drives to the right"},
                 {"amplitude", "energy", 1.0, 0.0, unbounded, "half the height of the ripple"},
                 {"period", "length", 1.0, 0.0, unbounded, "distance of two wells", true}}};
    }
    static Washboard make(double const* values) {
        double const amplitude = values[1];
        double const period = values[2];
        return {static_cast<Real>(values[0]), static_cast<Real>(amplitude),
                static_cast<Real>(period), static_cast<Real>(1.0 / period),
                static_cast<Real>(6.283185307179586476925 * amplitude / period)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 1> const& x) const {
        T const ripple = T(amplitude) * (T(1) - math::cos2pi(T(inverse_period) * x[0]));
        return math::fma(T(-force), x[0], ripple);
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        return {{math::fma(T(slope_scale), math::sin2pi(T(inverse_period) * x[0]), T(-force))}};
    }

    /// The guesses are the exact positions; without wells they are the inflection points, from
    /// where Newton's method leads nowhere.
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const l = static_cast<double>(period);
        double const f = static_cast<double>(force) / static_cast<double>(slope_scale);
        double const bounded = f > -1.0 ? (f < 1.0 ? f : 1.0) : -1.0;  // amplitude 0: f = ±inf, NaN
        double const well = l * std::asin(bounded) / 6.283185307179586476925;
        double const top = 0.5 * l - well;
        visit(CriticalSeed<1>{"minimum.left", 0, {{well - l}}, 0.1 * l});
        visit(CriticalSeed<1>{"saddle.left", 1, {{top - l}}, 0.1 * l});
        visit(CriticalSeed<1>{"minimum", 0, {{well}}, 0.1 * l});
        visit(CriticalSeed<1>{"saddle.right", 1, {{top}}, 0.1 * l});
        visit(CriticalSeed<1>{"minimum.right", 0, {{well + l}}, 0.1 * l});
    }
    ExistenceBound existence() const {
        double const limit = static_cast<double>(slope_scale);
        return {"force", -limit, limit, "beyond it V is monotone: every well has met its saddle"};
    }
};

}  // namespace kramers
