// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"
#include "sde/unroll.hpp"

namespace kramers {

/// Rastrigin's function: a quadratic bowl under a lattice of wells of unit spacing.
///
///   V(x) = Σ_i [x_i² + A (1 − cos 2πx_i)]          A: amplitude
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  amplitude  A, half the height of the ripple, energy, ≥ 0
/// Facts       minimum.global at 0, V = 0, V″ = 2 + 4π²A; a lattice of minima near the integers.
///             Named: along the first and (d ≥ 2) second coordinate, with s1 ≈ ½, m ≈ 1, s2 ≈ 3/2
///             the stationary points of one coordinate (A = 10: 0.50255, 0.99496, 1.50764),
///               saddle.x±  s1    minimum.x±  m    saddle.outer.x±  s2    (the same with y)
///             and for d ≥ 2 minimum.x+y+ = (m, m, 0, …), maximum = (s1, …, s1).
///             All other coordinates are 0; every other point follows by symmetry
/// Valid for   any x. s1 and m exist for A > √(1 + y²)/(2π²) = 0.23321, where y = 4.4934, and s2
///             for A > 0.55473, where y = 10.9041 (roots of tan y = y with sin y < 0)
/// Cost        d sines per gradient
/// Source      rastrigin1974
template <class Real_, int Dim>
    requires(Dim >= 1)
struct Rastrigin {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "rastrigin";
    static constexpr std::string_view formula =
        "V(x) = sum_i [x_i^2 + amplitude (1 - cos 2 pi x_i)]";
    static constexpr std::string_view source = "rastrigin1974";
    static constexpr Growth growth = {2.0, "quadratic: V ~ |x|^2 plus a bounded ripple"};
    static constexpr bool separable = true;

    Real amplitude;
    Real two_pi_amplitude;  // 2πA

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"amplitude", "energy", 10.0, 0.0, unbounded,
                  "half the height of the ripple; lengths are in units of its period"}}};
    }
    static Rastrigin make(double const* values) {
        return {static_cast<Real>(values[0]),
                static_cast<Real>(6.283185307179586476925 * values[0])};
    }

    template <class T>
    KRAMERS_HD T coordinate_value(int, T const& x) const {
        return x * x + T(amplitude) * (T(1) - math::cos2pi(x));
    }
    template <class T>
    KRAMERS_HD T value(Vec<T, Dim> const& x) const {
        T v = coordinate_value(0, x[0]);
        KRAMERS_UNROLL_SHORT
        for (int i = 1; i < Dim; ++i) v = v + coordinate_value(i, x[i]);
        return v;
    }
    template <class T>
    KRAMERS_HD Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        Vec<T, Dim> g{};
        KRAMERS_UNROLL_SHORT
        for (int i = 0; i < Dim; ++i)
            g[i] = math::fma(T(two_pi_amplitude), math::sin2pi(x[i]), x[i] + x[i]);
        return g;
    }

    /// On (n + ½, n + 1) the slope of one coordinate is convex and positive at both ends, so
    /// Newton's method runs monotonically into its roots from ½, 1 and 3/2, if they exist.
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<Dim>{"minimum.global", 0, {}, 0.25});
        along(visit, 0, {"saddle.x-", "minimum.x-", "saddle.outer.x-"}, -1.0);
        along(visit, 0, {"saddle.x+", "minimum.x+", "saddle.outer.x+"}, 1.0);
        if constexpr (Dim >= 2) {
            along(visit, 1, {"saddle.y-", "minimum.y-", "saddle.outer.y-"}, -1.0);
            along(visit, 1, {"saddle.y+", "minimum.y+", "saddle.outer.y+"}, 1.0);
            Vec<double, Dim> corner{};
            corner[0] = corner[1] = 1.0;
            visit(CriticalSeed<Dim>{"minimum.x+y+", 0, corner, 0.4});
            for (int i = 0; i < Dim; ++i) corner[i] = 0.5;
            visit(CriticalSeed<Dim>{"maximum", Dim, corner, 0.25});
        }
    }
    ExistenceBound existence() const {
        return {"amplitude", 0.55473, unbounded,
                "below it the outer saddles are gone, below 0.23321 all minima but the global one"};
    }

  private:
    template <class Visit>
    static void along(Visit&& visit, int axis, std::array<std::string_view, 3> const& names,
                      double sign) {
        constexpr std::array<double, 3> position{0.5, 1.0, 1.5};
        for (std::size_t k = 0; k < 3; ++k) {
            CriticalSeed<Dim> seed{names[k], k == 1 ? 0 : 1, {}, 0.4};
            seed.guess[axis] = sign * position[k];
            visit(seed);
        }
    }
};

}  // namespace kramers
