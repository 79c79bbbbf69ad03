// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "landscapes/traits.hpp"
#include "sde/math.hpp"

namespace kramers {

/// The surface of Müller and Brown: three wells in the plane joined by a bent path, the test of
/// every method for reaction paths.
///
///   V(x, y) = k Σ_j A_j exp[a_j (x − X_j)² + b_j (x − X_j)(y − Y_j) + c_j (y − Y_j)²]     k: scale
///
///   A = (−200, −100, −170, 15)       a = (−1, −1, −6.5, 0.7)      b = (0, 0, 11, 0.6)
///   c = (−10, −10, −6.5, 0.7)        X = (1, 0, −½, −1)           Y = (0, ½, 3/2, 1)
///
/// Shape       x ∈ R²
/// Parameters  scale  k, > 0, energy; 1 in the literature
/// Facts       minimum.upper (−0.55822, 1.44173), V/k = −146.700; saddle.upper (−0.82200, 0.62431),
///             −40.6648; minimum.middle (−0.05001, 0.46669), −80.7678; saddle.lower (0.21249,
///             0.29299), −72.2489; minimum.lower (0.62350, 0.02804), −108.167. The saddles
///             separate the wells in this order
/// Valid for   any x; the last term grows as exp(0.4 |x|²) at least, so a long step far out
///             overflows
/// Cost        4 exponentials per gradient
/// Source      muller1979
template <class Real_, int Dim>
    requires(Dim == 2)
struct MuellerBrown {
    using Real = Real_;
    static constexpr int dim = Dim;
    static constexpr std::string_view name = "mueller_brown";
    static constexpr std::string_view formula =
        "V(x) = scale sum_j A_j exp[a_j (x_1 - X_j)^2 + b_j (x_1 - X_j)(x_2 - Y_j) + "
        "c_j (x_2 - Y_j)^2], four terms";
    static constexpr std::string_view source = "muller1979";
    static constexpr Growth growth = {unbounded, "exponential of a quadratic"};
    static constexpr bool separable = false;

    Real scale;

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"scale", "energy", 1.0, 0.0, unbounded, "factor of V", true}}};
    }
    static MuellerBrown make(double const* values) { return {static_cast<Real>(values[0])}; }

    template <class T>
    KRAMERS_HD T value(Vec<T, 2> const& x) const {
        Terms<T> const t = terms(x);
        return T(scale) * (t.first.value + t.second.value + t.third.value + t.fourth.value);
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> gradient(Vec<T, 2> const& x) const {
        Terms<T> const t = terms(x);
        T g0 = t.first.value * t.first.slope_x;
        T g1 = t.first.value * t.first.slope_y;
        g0 = math::fma(t.second.value, t.second.slope_x, g0);
        g1 = math::fma(t.second.value, t.second.slope_y, g1);
        g0 = math::fma(t.third.value, t.third.slope_x, g0);
        g1 = math::fma(t.third.value, t.third.slope_y, g1);
        g0 = math::fma(t.fourth.value, t.fourth.slope_x, g0);
        g1 = math::fma(t.fourth.value, t.fourth.slope_y, g1);
        return {{T(scale) * g0, T(scale) * g1}};
    }

    template <class Visit>
    void critical_seeds(Visit&& visit) const {
        visit(CriticalSeed<2>{"minimum.upper", 0, {{-0.558, 1.442}}, 0.05});
        visit(CriticalSeed<2>{"saddle.upper", 1, {{-0.822, 0.624}}, 0.05});
        visit(CriticalSeed<2>{"minimum.middle", 0, {{-0.05, 0.467}}, 0.05});
        visit(CriticalSeed<2>{"saddle.lower", 1, {{0.212, 0.293}}, 0.05});
        visit(CriticalSeed<2>{"minimum.lower", 0, {{0.623, 0.028}}, 0.05});
    }

  private:
    /// One term A exp(q) and the slopes of its exponent q.
    template <class T>
    struct Term {
        T value, slope_x, slope_y;
    };
    template <class T>
    struct Terms {
        Term<T> first, second, third, fourth;
    };
    /// An exponent a x² + b xy + c y² is half of x times its slope along x plus the same with y.
    template <class T>
    KRAMERS_HD static Term<T> term(T const& height, T const& x, T const& y, T const& slope_x,
                                   T const& slope_y) {
        return {height * math::exp(T(0.5) * math::fma(x, slope_x, y * slope_y)), slope_x, slope_y};
    }
    template <class T>
    KRAMERS_HD static Terms<T> terms(Vec<T, 2> const& p) {
        T const x1 = p[0] - T(1);
        T const y2 = p[1] - T(0.5);
        T const x3 = p[0] + T(0.5);
        T const y3 = p[1] - T(1.5);
        T const x4 = p[0] + T(1);
        T const y4 = p[1] - T(1);
        return {
            term(T(-200), x1, p[1], T(-2) * x1, T(-20) * p[1]),
            term(T(-100), p[0], y2, T(-2) * p[0], T(-20) * y2),
            term(T(-170), x3, y3, math::fma(T(-13), x3, T(11) * y3),
                 math::fma(T(-13), y3, T(11) * x3)),
            term(T(15), x4, y4, math::fma(T(1.4), x4, T(0.6) * y4),
                 math::fma(T(1.4), y4, T(0.6) * x4)),
        };
    }
};

}  // namespace kramers
