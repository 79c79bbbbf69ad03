// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Rosenbrock's function, chained: a curved valley, steep across and nearly flat along.
///
///   V(x) = Σ_{i<d} [b (x_{i+1} − x_i²/a)² + (a − x_i)²]          a: position, b: steepness
///
/// Shape       x ∈ R^d, d ≥ 2
/// Parameters  position   a, every coordinate of the minimum, length, > 0; 1 in the literature, and
///                        a only sets the unit: V(a u; a) = a² V(u; 1)
///             steepness  b, stiffness across the valley, energy/length², > 0; 100 in the
///                        literature
/// Facts       minimum.global at (a, …, a), V = 0; for d = 2 the only critical point (det H = 4b,
///             trace H = 10b + 2), for d = 3 the only minimum. At b = 100 and d ≥ 4 there is one
///             minimum more, minimum.local near (−a, a, …, a), V/a² = 3.70143 (d = 4), 3.98589
///             (d = 8), 3.98662 (d = 32), and many saddles. saddle, of index 1, is the lowest one
///             found between the two minima: most coordinates near a/b, V/a² = 3.70824 (d = 4),
///             7.62616 (d = 8), 31.3837 (d = 32)
/// Valid for   any x. The curvatures at the minimum run from 0.40 (d = 2) or 0.50 to 10b or more,
///             so a step η < 2/(18b) needs b or more iterations to relax. For smaller b (d = 32:
///             30) another saddle, with x_1 near 0, is lower than the named one
/// Cost        3 fma and 3 multiplications per coordinate
/// Source      rosenbrock1960; the points of the chained form: kok2009
template <class Real_, int Dim>
    requires(Dim >= 2)
struct Rosenbrock {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "rosenbrock";
    static constexpr std::string_view formula =
        "V(x) = sum_(i<d) [steepness (x_(i+1) - x_i^2/position)^2 + (position - x_i)^2]";
    static constexpr std::string_view source = "rosenbrock1960";
    static constexpr Growth growth = {
        2.0, "quartic, V ~ steepness x_i^4/position^2, but quadratic along the last coordinate"};
    static constexpr bool separable = false;

    Real position;
    Real steepness;
    Real minus_inverse;    // −1/a
    Real twice_steepness;  // 2b
    Real slope_scale;      // −2/a

    static constexpr std::array<Parameter, 2> parameters() {
        return {
            {{"position", "length", 1.0, 0.0, unbounded, "every coordinate of the minimum", true},
             {"steepness", "energy/length^2", 100.0, 0.0, unbounded,
              "stiffness across the valley; along it the scale is 1", true}}};
    }
    static Rosenbrock make(double const* values) {
        double const a = values[0];
        double const b = values[1];
        return {static_cast<Real>(a), static_cast<Real>(b), static_cast<Real>(-1.0 / a),
                static_cast<Real>(2.0 * b), static_cast<Real>(-2.0 / a)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, Dim> const& x) const {
        T v = T(0);
        for (int i = 0; i + 1 < Dim; ++i) {
            T const across = math::fma(T(minus_inverse) * x[i], x[i], x[i + 1]);
            v = v + T(steepness) * (across * across) + math::square(x[i] - T(position));
        }
        return v;
    }
    template <class T>
    KRAMERS_HD Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        Vec<T, Dim> g{};
        T pull = T(0);  // 2b times the distance from the valley, of the link before
        for (int i = 0; i + 1 < Dim; ++i) {
            T const across = math::fma(T(minus_inverse) * x[i], x[i], x[i + 1]);
            T const along = x[i] - T(position);
            T const next = T(twice_steepness) * across;
            g[i] = math::fma(T(slope_scale) * x[i], next, along + along) + pull;
            pull = next;
        }
        g[Dim - 1] = pull;
        return g;
    }

    /// The last coordinates of the local minimum fall away from a, twice as far in each: the fall
    /// at the end is 12 · 2^-d at b = 100. At the saddle every link of the chain is in balance
    /// with its pull towards a, x_{i+1} ≈ x_i² + (1 − x_{i+1})/b (a = 1).
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const a = static_cast<double>(position);
        CriticalSeed<Dim> seed{"minimum.global", 0, {}, 0.2 * a};
        for (int i = 0; i < Dim; ++i) seed.guess[i] = a;
        visit(seed);
        if constexpr (Dim >= 4) {
            seed = {"minimum.local", 0, {}, 0.2 * a};
            double fall = 12.0;
            for (int i = 0; i < Dim; ++i) fall *= 0.5;
            for (int i = Dim - 1; i >= 0; --i, fall *= 0.5) seed.guess[i] = a * (1.0 - fall);
            seed.guess[0] = -a;
            if constexpr (Dim == 4) seed.guess = {{-0.776 * a, 0.613 * a, 0.382 * a, 0.146 * a}};
            visit(seed);

            double const pull = 1.0 / static_cast<double>(steepness);
            seed = {"saddle", 1, {}, 0.15 * a};
            double x = Dim == 4 ? -0.656 : -0.555;
            seed.guess[0] = a * x;
            for (int i = 1; i + 1 < Dim; ++i) {
                x = (x * x + pull) / (1.0 + pull);
                seed.guess[i] = a * x;
            }
            seed.guess[Dim - 1] = a * x * x;
            visit(seed);
        }
    }
};

}  // namespace kramers
