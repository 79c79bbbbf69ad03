// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// A valley whose walls become less steep along its floor: where noise prefers the flat end.
///
///   V(u, v) = ½ k u² + ½ h(u) v²,   h(u) = h0 [1 − b u/√(w² + u²)]
///
/// k: floor_curvature, h0: wall_curvature, b: widening, w: length.
///
/// Shape       x = (u, v) ∈ R²; u along the floor, v across it
/// Parameters  floor_curvature  k, energy/length², ≥ 0
///             widening         b, in [0, 1]; h falls from (1 + b) h0 at u → −∞ to (1 − b) h0
///             wall_curvature   h0 = h(0), energy/length², > 0
///             length           w, over which h changes, > 0
/// Facts       minimum 0 with Hessian diag(k, h0); for k = 0 every (u, 0) is a minimum and the
///             named one is refused as degenerate. h′(0) = −b h0/w. Under exp(−V/T) the marginal of
///             u is exactly ∝ exp(−k u²/(2T)) h(u)^(−½): the walls act as the potential (T/2) ln
///             h(u)
/// Valid for   any x; h is bounded, so gradient descent is stable for η (1 + b) h0 < 2 wherever it
///             is, unlike in the valley ½ u² v² of the source
/// Cost        1 square root and 1 division per gradient
/// Source      orvieto2022
template <class Real_, int Dim>
    requires(Dim == 2)
struct WideningValley {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "widening_valley";
    static constexpr std::string_view formula =
        "V(u, v) = floor_curvature u^2/2 + wall_curvature "
        "[1 - widening u/sqrt(length^2 + u^2)] v^2/2";
    static constexpr std::string_view source = "orvieto2022";
    static constexpr Growth growth = {2.0,
                                      "quadratic; along the floor only if floor_curvature > 0"};
    static constexpr bool separable = false;

    Real floor_curvature;
    Real wall_curvature;
    Real length_squared;  // w²
    Real wall_change;     // b h0
    Real slope_scale;     // ½ b h0 w²

    static constexpr std::array<Parameter, 4> parameters() {
        return {{{"floor_curvature", "energy/length^2", 0.1, 0.0, unbounded,
                  "second derivative of V along the floor"},
                 {"widening", "1", 0.5, 0.0, 1.0,
                  "relative change of the wall's curvature between the middle and either end"},
                 {"wall_curvature", "energy/length^2", 1.0, 0.0, unbounded,
                  "second derivative of V across the floor at u = 0", true},
                 {"length", "length", 1.0, 0.0, unbounded,
                  "distance over which the wall's curvature changes", true}}};
    }
    static WideningValley make(double const* values) {
        double const change = values[1] * values[2];
        double const w2 = values[3] * values[3];
        return {static_cast<Real>(values[0]), static_cast<Real>(values[2]), static_cast<Real>(w2),
                static_cast<Real>(change), static_cast<Real>(0.5 * change * w2)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 2> const& x) const {
        T const inverse = T(1) / math::sqrt(math::fma(x[0], x[0], T(length_squared)));
        T const h = math::fma(T(-wall_change), x[0] * inverse, T(wall_curvature));
        return T(0.5) * (T(floor_curvature) * (x[0] * x[0]) + h * (x[1] * x[1]));
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> gradient(Vec<T, 2> const& x) const {
        T const inverse = T(1) / math::sqrt(math::fma(x[0], x[0], T(length_squared)));
        T const h = math::fma(T(-wall_change), x[0] * inverse, T(wall_curvature));
        T const y = x[1] * inverse;
        T const pull = (T(slope_scale) * inverse) * (y * y);
        return {{math::fma(T(floor_curvature), x[0], -pull), h * x[1]}};
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<2>{"minimum", 0, {}, 1.0});
    }
};

}  // namespace kramers
