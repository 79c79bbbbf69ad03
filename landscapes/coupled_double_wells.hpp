// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"
#include "sde/unroll.hpp"

namespace kramers {

/// A ring of double wells, each pulled towards its two neighbours.
///
///   V(x) = Σ_i h ((x_i/a)² − 1)² + ¼ γ Σ_i (x_i − x_{i+1})²,   x_d = x_0
///
/// a: half_width, h: barrier, γ: coupling.
///
/// Shape       x ∈ R^d, any d ≥ 2
/// Parameters  half_width  a, length, > 0
///             barrier     h, of one well, energy, > 0
///             coupling    γ, energy/length², ≥ 0
/// Facts       minimum.left (−a, …, −a) and minimum.right (a, …, a), V = 0. With m_j = γ (1 −
///             cos(2πj/d)), j = 0 … d − 1, the Hessian has eigenvalues 8h/a² + m_j there and −4h/a²
///             + m_j at 0. So for γ > γ_1 = (4h/a²)/(1 − cos(2π/d)) the wells move together: saddle
///             is 0, V = d h. Below γ_1, saddle.wave is antisymmetric, x_{i+d/2} = −x_i (even d):
///             named where it has index 1, and refused as degenerate where it slides along a long
///             ring (d = 32). For weak coupling saddle.first and minimum.first lead from
///             minimum.left to the state with x_0 on the right, and 0 is a maximum. d = 2: γ_1 =
///             2h/a², saddle.wave ±(x, −x), x² = a² (1 − γ/γ_1), for ⅔γ_1 < γ < γ_1
/// Valid for   any x
/// Cost        2 fma, 2 multiplications and 1 addition per coordinate
/// Source      berglund2007, where a = 1 and h = 1/4
template <class Real_, int Dim>
    requires(Dim >= 2)
struct CoupledDoubleWells {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "coupled_double_wells";
    static constexpr std::string_view formula =
        "V(x) = sum_i [barrier ((x_i/half_width)^2 - 1)^2 + coupling (x_i - x_{i+1})^2/4], a ring";
    static constexpr std::string_view source = "berglund2007";
    static constexpr Growth growth = {4.0, "quartic: V ~ barrier sum_i (x_i/half_width)^4"};
    static constexpr bool separable = false;

    Real half_width;
    Real barrier;
    Real coupling;
    Real half_width_squared;  // a²
    Real value_scale;         // h/a⁴
    Real gradient_scale;      // 4h/a⁴
    Real excess;              // γ − 4h/a²: curvature of one coordinate at 0

    static constexpr std::array<Parameter, 3> parameters() {
        return {
            {{"half_width", "length", 1.0, 0.0, unbounded,
              "half the distance of the minima of one well", true},
             {"barrier", "energy", 0.25, 0.0, unbounded, "height of the saddle of one well", true},
             {"coupling", "energy/length^2", 4.0, 0.0, unbounded,
              "twice the stiffness of the spring between two neighbours"}}};
    }
    static CoupledDoubleWells make(double const* values) {
        double const a = values[0];
        double const scale = values[1] / (a * a * a * a);
        return {static_cast<Real>(a),
                static_cast<Real>(values[1]),
                static_cast<Real>(values[2]),
                static_cast<Real>(a * a),
                static_cast<Real>(scale),
                static_cast<Real>(4.0 * scale),
                static_cast<Real>(values[2] - 4.0 * scale * a * a)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, Dim> const& x) const {
        T wells = T(0);
        T springs = T(0);
        KRAMERS_UNROLL
        for (int i = 0; i < Dim; ++i) {
            wells = wells + math::square(x[i] * x[i] - T(half_width_squared));
            springs = springs + math::square(x[i] - x[i + 1 < Dim ? i + 1 : 0]);
        }
        return T(value_scale) * wells + T(Real(0.25) * coupling) * springs;
    }
    template <class T>
    KRAMERS_HD Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        Vec<T, Dim> g{};
        KRAMERS_UNROLL
        for (int i = 0; i < Dim; ++i) {
            T const neighbours = x[i > 0 ? i - 1 : Dim - 1] + x[i + 1 < Dim ? i + 1 : 0];
            T const own = math::fma(T(gradient_scale), x[i] * x[i], T(excess));
            g[i] = math::fma(own, x[i], T(Real(-0.5) * coupling) * neighbours);
        }
        return g;
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const a = static_cast<double>(half_width);
        visit(CriticalSeed<Dim>{"minimum.left", 0, all(-a), 0.3 * a});
        visit(CriticalSeed<Dim>{"minimum.right", 0, all(a), 0.3 * a});
        visit(CriticalSeed<Dim>{"saddle", 1, {}, 0.3 * a});
        visit(CriticalSeed<Dim>{"maximum", Dim, {}, 0.3 * a});
        Vec<double, Dim> flipped = all(-a);
        flipped[0] = 0.0;
        visit(CriticalSeed<Dim>{"saddle.first", 1, flipped, 0.5 * a});
        flipped[0] = a;
        visit(CriticalSeed<Dim>{"minimum.first", 0, flipped, 0.5 * a});
        if constexpr (Dim % 2 == 0) {
            Vec<double, Dim> const guess = wave();
            double size = 0.0;
            for (int i = 0; i < Dim; ++i) size = std::fmax(size, std::fabs(guess[i]));
            if (size > 0.0) visit(CriticalSeed<Dim>{"saddle.wave", 1, guess, 0.1 * size});
        }
    }
    ExistenceBound existence() const {
        double const top =
            static_cast<double>(gradient_scale) * static_cast<double>(half_width_squared);
        double const limit = top / (1.0 - std::cos(6.283185307179586476925 / Dim));
        return {"coupling", limit, unbounded,
                "for saddle; saddle.wave, saddle.first, minimum.first and maximum lie below it"};
    }

  private:
    static Vec<double, Dim> all(double position) {
        Vec<double, Dim> x{};
        for (int i = 0; i < Dim; ++i) x[i] = position;
        return x;
    }
    /// The lowest antisymmetric state, by descent among them from the slowest wave, which passes
    /// through 0 between two sites. When there is none: a small wave, from where Newton's method
    /// runs to 0.
    Vec<double, Dim> wave() const {
        double const a = static_cast<double>(half_width);
        double const k = static_cast<double>(gradient_scale);
        double const c = static_cast<double>(coupling);
        double const slowest = 1.0 - std::cos(6.283185307179586476925 / Dim);
        double const amplitude = (4.0 / 3.0) * (a * a - c * slowest / k);
        double const step = 0.5 / (3.0 * k * a * a + 2.0 * c);
        Vec<double, Dim> x{};
        double const height = amplitude > 0.0 ? std::fmin(std::sqrt(amplitude), a) : 0.01 * a;
        for (int i = 0; i < Dim; ++i)
            x[i] = height * std::sin(6.283185307179586476925 * (i + 0.5) / Dim);
        for (int n = 0; n < 2000 && amplitude > 0.0; ++n) {
            Vec<double, Dim> next{};
            for (int i = 0; i < Dim / 2; ++i) {
                double const before = x[(i + Dim - 1) % Dim];
                double const after = x[(i + 1) % Dim];
                double const slope =
                    k * x[i] * (x[i] * x[i] - a * a) + 0.5 * c * (2.0 * x[i] - before - after);
                next[i] = x[i] - step * slope;
                next[i + Dim / 2] = -next[i];
            }
            x = next;
        }
        return x;
    }
};

}  // namespace kramers
