// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// A stranger's landscape, in a stranger's folder.
///
///   V(x) = ½ k x² + A cos 2πx          k: stiffness, A: amplitude
template <class Real_, int Dim>
    requires(Dim == 1)
struct Cosine {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "cosine";
    static constexpr std::string_view formula = "V(x) = stiffness x^2/2 + amplitude cos 2 pi x";
    static constexpr std::string_view source = "rastrigin1974";
    static constexpr Growth growth = {2.0, "quadratic"};
    static constexpr bool separable = true;

    Real stiffness;
    Real amplitude;
    Real slope_scale;  // −2πA

    static constexpr std::array<Parameter, 2> parameters() {
        return {
            {{"stiffness", "energy/length^2", 1.0, 0.0, unbounded, "curvature at large x", true},
             {"amplitude", "energy", 1.0, 0.0, unbounded, "half the ripple", true}}};
    }
    static Cosine make(double const* values) {
        return {static_cast<Real>(values[0]), static_cast<Real>(values[1]),
                static_cast<Real>(-6.283185307179586476925 * values[1])};
    }
    template <class T>
    KRAMERS_HD T value(Vec<T, 1> const& x) const {
        return T(Real(0.5) * stiffness) * (x[0] * x[0]) + T(amplitude) * math::cos2pi(x[0]);
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        return {{math::fma(T(slope_scale), math::sin2pi(x[0]), T(stiffness) * x[0])}};
    }
    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<1>{"saddle", 1, {{0.0}}, 0.25});
        visit(CriticalSeed<1>{"minimum.left", 0, {{-0.5}}, 0.25});
        visit(CriticalSeed<1>{"minimum.right", 0, {{0.5}}, 0.25});
    }
};

}  // namespace kramers
