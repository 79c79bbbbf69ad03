// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Himmelblau's function: four equally deep wells in the plane, one per quadrant.
///
///   V(x, y) = k [(x² + y − 11)² + (x + y² − 7)²]          k: scale
///
/// Shape       x ∈ R²
/// Parameters  scale  k, energy, > 0; 1 in the literature. Lengths are in units of its formula
/// Facts       minimum.x+y+ (3, 2), minimum.x-y+ (−2.80512, 3.13131), minimum.x-y- (−3.77931,
///             −3.28319) and minimum.x+y- (3.58443, −1.84813), V = 0 in all of them. Saddles on the
///             way from well to well, by the half axis that they lie at: saddle.x+ (3.38515,
///             0.07385), V/k = 13.3119; saddle.y+ (0.08668, 2.88425), 67.7192; saddle.x- (−3.07303,
///             −0.08135), 104.015; saddle.y- (−0.12796, −1.95371), 178.337. maximum (−0.27084,
///             −0.92304), 181.617
/// Valid for   any x
/// Cost        3 fma and 4 multiplications per gradient
/// Source      himmelblau1972
template <class Real_, int Dim>
    requires(Dim == 2)
struct Himmelblau {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "himmelblau";
    static constexpr std::string_view formula =
        "V(x) = scale [(x_1^2 + x_2 - 11)^2 + (x_1 + x_2^2 - 7)^2]";
    static constexpr std::string_view source = "himmelblau1972";
    static constexpr Growth growth = {4.0, "quartic: V ~ scale (x_1^4 + x_2^4)"};
    static constexpr bool separable = false;

    Real scale;
    Real twice_scale;  // 2k

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"scale", "energy", 1.0, 0.0, unbounded, "factor of V", true}}};
    }
    static Himmelblau make(double const* values) {
        return {static_cast<Real>(values[0]), static_cast<Real>(2.0 * values[0])};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 2> const& x) const {
        T const p = math::fma(x[0], x[0], x[1] - T(11));
        T const q = math::fma(x[1], x[1], x[0] - T(7));
        return T(scale) * math::fma(p, p, q * q);
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> gradient(Vec<T, 2> const& x) const {
        T const p = T(twice_scale) * math::fma(x[0], x[0], x[1] - T(11));
        T const q = T(twice_scale) * math::fma(x[1], x[1], x[0] - T(7));
        return {{math::fma(x[0] + x[0], p, q), math::fma(x[1] + x[1], q, p)}};
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<2>{"minimum.x+y+", 0, {{3.0, 2.0}}, 0.1});
        visit(CriticalSeed<2>{"minimum.x-y+", 0, {{-2.8, 3.1}}, 0.1});
        visit(CriticalSeed<2>{"minimum.x-y-", 0, {{-3.8, -3.3}}, 0.1});
        visit(CriticalSeed<2>{"minimum.x+y-", 0, {{3.6, -1.8}}, 0.1});
        visit(CriticalSeed<2>{"saddle.x+", 1, {{3.4, 0.1}}, 0.1});
        visit(CriticalSeed<2>{"saddle.y+", 1, {{0.1, 2.9}}, 0.1});
        visit(CriticalSeed<2>{"saddle.x-", 1, {{-3.1, -0.1}}, 0.1});
        visit(CriticalSeed<2>{"saddle.y-", 1, {{-0.1, -2.0}}, 0.1});
        visit(CriticalSeed<2>{"maximum", 2, {{-0.3, -0.9}}, 0.1});
    }
};

}  // namespace kramers
