// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Metastable well: one minimum, one saddle, and no bottom beyond it.
///
///   V(x) = ½ k x² − ⅓ b x³          k: curvature, b: softening
///
/// Shape       x ∈ R
/// Parameters  curvature  k, of the well, energy/length², > 0
///             softening  b, energy/length³, > 0
/// Facts       minimum 0, V = 0, V″ = k; saddle k/b, V″ = −k, so Kramers' prefactor is that of two
///             equal curvatures. Barrier k³/(6b²); V returns to 0 at 3k/(2b)
/// Valid for   any x; not confining: for x > k/b trajectories reach infinity in finite time
/// Cost        1 fma and 1 multiplication per gradient
/// Source      hanggi1990
template <class Real_, int Dim>
    requires(Dim == 1)
struct CubicWell {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "cubic_well";
    static constexpr std::string_view formula = "V(x) = curvature x^2/2 - softening x^3/3";
    static constexpr std::string_view source = "hanggi1990";
    static constexpr Growth growth = {3.0, "not confining: V ~ -softening x^3/3"};
    static constexpr bool separable = true;

    Real curvature;
    Real softening;
    Real third;  // b/3

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"curvature", "energy/length^2", 1.0, 0.0, unbounded,
                  "second derivative of V in the well", true},
                 {"softening", "energy/length^3", 1.0, 0.0, unbounded,
                  "loss of curvature per length; the saddle lies at curvature/softening", true}}};
    }
    static CubicWell make(double const* values) {
        return {static_cast<Real>(values[0]), static_cast<Real>(values[1]),
                static_cast<Real>(values[1] / 3.0)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 1> const& x) const {
        T const half_curvature = math::fma(T(-third), x[0], T(Real(0.5) * curvature));
        return (x[0] * x[0]) * half_curvature;
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        return {{x[0] * math::fma(T(-softening), x[0], T(curvature))}};
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const top = static_cast<double>(curvature) / static_cast<double>(softening);
        visit(CriticalSeed<1>{"minimum", 0, {{0.0}}, 0.4 * top});
        visit(CriticalSeed<1>{"saddle", 1, {{top}}, 0.4 * top});
    }
};

}  // namespace kramers
