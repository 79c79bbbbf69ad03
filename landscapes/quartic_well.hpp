// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"
#include "sde/unroll.hpp"

namespace kramers {

/// A well with a flat bottom of fourth order: every harmonic approximation fails.
///
///   V(x) = (k/4) Σ_i x_i⁴          k: stiffness
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  stiffness  k, energy/length⁴, > 0
/// Facts       one minimum, at 0, with Hessian 0: degenerate, so it is announced as minimum and
///             refused with that reason. Under exp(−V/T), per coordinate and with k = 1:
///             Z = (√2/2) T^¼ Γ(¼), E xⁿ = (4T)^{n/4} Γ((n+1)/4)/Γ(¼) for even n, E x⁴ = T; the
///             relaxation rate is proportional to √T
/// Valid for   any x; an explicit step η diverges from |x| > √(2/(kη)), however small η
/// Cost        2 multiplications per coordinate
/// Source      gibbs1902
template <class Real_, int Dim>
    requires(Dim >= 1)
struct QuarticWell {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "quartic_well";
    static constexpr std::string_view formula = "V(x) = stiffness/4 sum_i x_i^4";
    static constexpr std::string_view source = "gibbs1902";
    static constexpr Growth growth = {4.0, "quartic"};
    static constexpr bool separable = true;

    Real stiffness;
    Real value_scale;  // k/4

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"stiffness", "energy/length^4", 1.0, 0.0, unbounded,
                  "a quarter of it is the coefficient of x^4", true}}};
    }
    static QuarticWell make(double const* values) {
        return {static_cast<Real>(values[0]), static_cast<Real>(0.25 * values[0])};
    }

    template <class T>
    KRAMERS_HD T coordinate_value(int, T const& x) const {
        return T(value_scale) * math::square(x * x);
    }
    template <class T>
    KRAMERS_HD T value(Vec<T, Dim> const& x) const {
        T v = coordinate_value(0, x[0]);
        KRAMERS_UNROLL
        for (int i = 1; i < Dim; ++i) v = v + coordinate_value(i, x[i]);
        return v;
    }
    template <class T>
    KRAMERS_HD Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        Vec<T, Dim> g{};
        KRAMERS_UNROLL
        for (int i = 0; i < Dim; ++i) g[i] = (T(stiffness) * x[i]) * (x[i] * x[i]);
        return g;
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<Dim>{"minimum", 0, {}, 1.0});
    }
};

}  // namespace kramers
