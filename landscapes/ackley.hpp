// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"
#include "sde/unroll.hpp"

namespace kramers {

/// Ackley's function: a funnel under a lattice of wells of unit spacing, its cusp rounded.
///
///   V(x) = A [1 − exp(−B r)] + e − exp((1/d) Σ_i cos 2πx_i),   r = √(|x|²/d + ε²)
///                                       A: amplitude, B: decay, ε: smoothing
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  amplitude  A, depth of the funnel, energy, > 0; 20 in the literature
///             decay      B, 1/length, > 0; 0.2 in the literature
///             smoothing  ε, radius of the rounded tip, length, > 0; 0 in the literature, where V
///                        has a cusp at 0: its gradient jumps from −AB/√d to AB/√d along every line
///                        through 0, so neither gradient nor Hessian exists there
/// Facts       minimum.global at 0, V = A (1 − exp(−Bε)), H = [AB exp(−Bε)/(dε) + 4π²e/d] 1. V
///             exceeds the form without smoothing by less than AB ε, and by ABε²/(2r) where r ≫ ε.
///             A lattice of minima near the integers. Named: along the first and (d ≥ 2) second
///             coordinate saddle.x±, minimum.x±, the same with y; for d ≥ 2 minimum.x+y+. For d =
///             2 at the values of the literature: 0.95217, V = 2.57993 along an axis, (0.96848,
///             0.96848), V = 3.57445 on the diagonal
/// Valid for   any x. V is bounded by A + e − 1/e: exp(−V/T) has no norm on R^d, there is no
///             stationary law and a trajectory can be lost; use reflecting or absorbing regions.
///             A step that resolves the tip has η AB/(dε) < 2
/// Cost        1 exponential, 1 root, 1 division and per coordinate a sine and a cosine, and one
///             exponential more
/// Source      ackley1987
template <class Real_, int Dim>
    requires(Dim >= 1)
struct Ackley {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "ackley";
    static constexpr std::string_view formula =
        "V(x) = amplitude [1 - exp(-decay sqrt(|x|^2/d + smoothing^2))] + e - "
        "exp(sum_i cos(2 pi x_i)/d)";
    static constexpr std::string_view source = "ackley1987";
    static constexpr Growth growth = {0.0, "bounded: V < amplitude + e - 1/e"};
    static constexpr bool separable = false;

    Real amplitude;
    Real decay;
    Real smoothing;
    Real smoothing_squared;  // ε²
    Real funnel_scale;       // AB/d
    Real ripple_scale;       // 2π/d

    static constexpr std::array<Parameter, 3> parameters() {
        return {{{"amplitude", "energy", 20.0, 0.0, unbounded, "depth of the funnel", true},
                 {"decay", "1/length", 0.2, 0.0, unbounded,
                  "how fast the funnel rises, per root mean square coordinate", true},
                 {"smoothing", "length", 0.1, 0.0, unbounded,
                  "radius within which the cusp at 0 is rounded; lengths are in ripple periods",
                  true}}};
    }
    static Ackley make(double const* values) {
        double const a = values[0];
        double const b = values[1];
        double const eps = values[2];
        return {static_cast<Real>(a),           static_cast<Real>(b),
                static_cast<Real>(eps),         static_cast<Real>(eps * eps),
                static_cast<Real>(a * b / Dim), static_cast<Real>(6.283185307179586476925 / Dim)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, Dim> const& x) const {
        T const funnel = math::exp(T(-decay) * radius(x));
        return T(amplitude) * (T(1) - funnel) + (T(2.718281828459045235) - ripple(x));
    }
    template <class T>
    KRAMERS_HD Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        T const r = radius(x);
        T const funnel = T(funnel_scale) * math::exp(T(-decay) * r) / r;
        T const wave = T(ripple_scale) * ripple(x);
        Vec<T, Dim> g{};
        KRAMERS_UNROLL_SHORT
        for (int i = 0; i < Dim; ++i) g[i] = math::fma(wave, math::sin2pi(x[i]), funnel * x[i]);
        return g;
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<Dim>{"minimum.global", 0, {}, 0.25});
        along(visit, 0, {"saddle.x-", "minimum.x-"}, -1.0);
        along(visit, 0, {"saddle.x+", "minimum.x+"}, 1.0);
        if constexpr (Dim >= 2) {
            along(visit, 1, {"saddle.y-", "minimum.y-"}, -1.0);
            along(visit, 1, {"saddle.y+", "minimum.y+"}, 1.0);
            Vec<double, Dim> corner{};
            corner[0] = corner[1] = 0.97;
            visit(CriticalSeed<Dim>{"minimum.x+y+", 0, corner, 0.25});
        }
    }

  private:
    template <class T>
    KRAMERS_HD T radius(Vec<T, Dim> const& x) const {
        T sum = x[0] * x[0];
        KRAMERS_UNROLL_SHORT
        for (int i = 1; i < Dim; ++i) sum = math::fma(x[i], x[i], sum);
        return math::sqrt(math::fma(T(Real(1.0 / Dim)), sum, T(smoothing_squared)));
    }
    template <class T>
    KRAMERS_HD static T ripple(Vec<T, Dim> const& x) {
        T sum = math::cos2pi(x[0]);
        KRAMERS_UNROLL_SHORT
        for (int i = 1; i < Dim; ++i) sum = sum + math::cos2pi(x[i]);
        return math::exp(T(Real(1.0 / Dim)) * sum);
    }
    template <class Visit>
    static void along(Visit&& visit, int axis, std::array<std::string_view, 2> const& names,
                      double sign) {
        constexpr std::array<double, 2> position{0.6, 0.96};
        for (std::size_t k = 0; k < 2; ++k) {
            CriticalSeed<Dim> seed{names[k], k == 0 ? 1 : 0, {}, 0.25};
            seed.guess[axis] = sign * position[k];
            visit(seed);
        }
    }
};

}  // namespace kramers
