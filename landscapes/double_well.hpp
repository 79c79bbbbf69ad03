// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Symmetric quartic double well.
///
///   V(x) = h ((x/a)² − 1)²          a: half_width, h: barrier
///
/// Shape       x ∈ R
/// Parameters  half_width  a, distance of the minima from the saddle, length, > 0
///             barrier     h = V(0) − V(±a), energy, > 0
/// Facts       minima ±a, V = 0, V″ = 8h/a²; saddle 0, V = h, V″ = −4h/a²
/// Valid for   any x; an explicit step of size dt diverges once dt·|V″| is well above 2
/// Cost        1 fma and 2 multiplications per gradient
/// Source      kramers1940
template <class Real_, int Dim>
    requires(Dim == 1)
struct DoubleWell {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "double_well";
    static constexpr std::string_view formula = "V(x) = barrier ((x/half_width)^2 - 1)^2";
    static constexpr std::string_view source = "kramers1940";
    static constexpr Growth growth = {4.0, "quartic: V ~ barrier (x/half_width)^4"};
    static constexpr bool separable = true;

    Real half_width;
    Real barrier;
    Real half_width_squared;  // a²
    Real value_scale;         // h/a⁴
    Real gradient_scale;      // 4h/a⁴

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"half_width", "length", 1.0, 0.0, unbounded,
                  "distance of each minimum from the saddle", true},
                 {"barrier", "energy", 0.25, 0.0, unbounded,
                  "height of the saddle above the minima", true}}};
    }
    static DoubleWell make(double const* values) {
        double const a = values[0];
        double const h = values[1];
        double const scale = h / (a * a * a * a);
        return {static_cast<Real>(a), static_cast<Real>(h), static_cast<Real>(a * a),
                static_cast<Real>(scale), static_cast<Real>(4.0 * scale)};
    }

    template <class T>
    KRAMERS_HD T value(Vec<T, 1> const& x) const {
        return T(value_scale) * math::square(x[0] * x[0] - T(half_width_squared));
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> gradient(Vec<T, 1> const& x) const {
        T const offset = math::fma(x[0], x[0], T(-half_width_squared));
        return {{T(gradient_scale) * x[0] * offset}};
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        double const a = static_cast<double>(half_width);
        visit(CriticalSeed<1>{"minimum.left", 0, {{-a}}, 0.5 * a});
        visit(CriticalSeed<1>{"saddle", 1, {{0.0}}, 0.5 * a});
        visit(CriticalSeed<1>{"minimum.right", 0, {{a}}, 0.5 * a});
    }
};

}  // namespace kramers
