// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include "sde/math.hpp"
#include "sde/vec.hpp"

namespace kramers {

/// A value and its first derivatives, propagated exactly (forward mode).
///
///   f(x + ε e) = f + ε ∂f,  ε² = 0
///
/// Shape       N = 1: `derivative` is a T; N > 1: a Vec<T, N>, one entry per seeded direction. Nest
///             Dual<Dual<double>> for second derivatives, once more for third.
/// Valid for   formulas templated on the scalar that call kramers::math. Comparisons look at the
///             value only, so at a kink the derivative is that of the branch taken.
/// Error       that of the formula and of its derivative, no truncation
template <class T, int N = 1>
struct Dual {
    using Direction = std::conditional_t<N == 1, T, Vec<T, N>>;

    T value{};
    Direction derivative{};

    constexpr Dual() = default;
    /// A constant.
    template <class S>
    requires std::is_arithmetic_v<S> KRAMERS_HD constexpr Dual(S constant)
        : value(static_cast<T>(constant)) {}
    KRAMERS_HD constexpr Dual(T const& v, Direction const& d) : value(v), derivative(d) {}

    KRAMERS_HD friend constexpr Dual operator-(Dual const& a) { return {-a.value, -a.derivative}; }
    KRAMERS_HD friend constexpr Dual operator+(Dual const& a, Dual const& b) {
        return {a.value + b.value, a.derivative + b.derivative};
    }
    KRAMERS_HD friend constexpr Dual operator-(Dual const& a, Dual const& b) {
        return {a.value - b.value, a.derivative - b.derivative};
    }
    KRAMERS_HD friend constexpr Dual operator*(Dual const& a, Dual const& b) {
        return {a.value * b.value, a.value * b.derivative + b.value * a.derivative};
    }
    KRAMERS_HD friend constexpr Dual operator/(Dual const& a, Dual const& b) {
        T const inverse = T(1) / b.value;
        T const quotient = a.value * inverse;
        return {a.value / b.value, inverse * (a.derivative - quotient * b.derivative)};
    }
    KRAMERS_HD constexpr Dual& operator+=(Dual const& b) { return *this = *this + b; }
    KRAMERS_HD constexpr Dual& operator-=(Dual const& b) { return *this = *this - b; }
    KRAMERS_HD constexpr Dual& operator*=(Dual const& b) { return *this = *this * b; }
    KRAMERS_HD constexpr Dual& operator/=(Dual const& b) { return *this = *this / b; }

    KRAMERS_HD friend constexpr bool operator<(Dual const& a, Dual const& b) {
        return a.value < b.value;
    }
    KRAMERS_HD friend constexpr bool operator>(Dual const& a, Dual const& b) { return b < a; }
    KRAMERS_HD friend constexpr bool operator<=(Dual const& a, Dual const& b) {
        return a.value <= b.value;
    }
    KRAMERS_HD friend constexpr bool operator>=(Dual const& a, Dual const& b) { return b <= a; }
};

/// A truncated Taylor series in one variable: coefficient[k] = f⁽ᵏ⁾/k!, k ≤ Order. Jet<4> gives a
/// one-dimensional landscape's V, V′, …, V⁗ in one evaluation.
template <int Order>
struct Jet {
    double coefficient[Order + 1]{};

    constexpr Jet() = default;
    template <class S>
    requires std::is_arithmetic_v<S> KRAMERS_HD constexpr Jet(S constant) {
        coefficient[0] = static_cast<double>(constant);
    }
    /// The variable itself at x.
    KRAMERS_HD static constexpr Jet variable(double x) {
        Jet r(x);
        if constexpr (Order > 0) r.coefficient[1] = 1.0;
        return r;
    }
    /// f⁽ᵏ⁾, k ≤ Order.
    KRAMERS_HD constexpr double derivative(int k) const {
        double f = coefficient[k];
        for (int i = 2; i <= k; ++i) f *= i;
        return f;
    }

    KRAMERS_HD friend constexpr Jet operator-(Jet const& a) { return Jet(0) - a; }
    KRAMERS_HD friend constexpr Jet operator+(Jet const& a, Jet const& b) {
        Jet r;
        for (int k = 0; k <= Order; ++k) r.coefficient[k] = a.coefficient[k] + b.coefficient[k];
        return r;
    }
    KRAMERS_HD friend constexpr Jet operator-(Jet const& a, Jet const& b) {
        Jet r;
        for (int k = 0; k <= Order; ++k) r.coefficient[k] = a.coefficient[k] - b.coefficient[k];
        return r;
    }
    KRAMERS_HD friend constexpr Jet operator*(Jet const& a, Jet const& b) {
        Jet r;
        for (int k = 0; k <= Order; ++k) {
            for (int j = 0; j <= k; ++j) {
                r.coefficient[k] += a.coefficient[j] * b.coefficient[k - j];
            }
        }
        return r;
    }
    KRAMERS_HD friend constexpr Jet operator/(Jet const& a, Jet const& b) {
        Jet r;
        for (int k = 0; k <= Order; ++k) {
            double rest = a.coefficient[k];
            for (int j = 1; j <= k; ++j) rest -= b.coefficient[j] * r.coefficient[k - j];
            r.coefficient[k] = rest / b.coefficient[0];
        }
        return r;
    }
    KRAMERS_HD constexpr Jet& operator+=(Jet const& b) { return *this = *this + b; }
    KRAMERS_HD constexpr Jet& operator-=(Jet const& b) { return *this = *this - b; }
    KRAMERS_HD constexpr Jet& operator*=(Jet const& b) { return *this = *this * b; }
    KRAMERS_HD constexpr Jet& operator/=(Jet const& b) { return *this = *this / b; }

    KRAMERS_HD friend constexpr bool operator<(Jet const& a, Jet const& b) {
        return a.coefficient[0] < b.coefficient[0];
    }
    KRAMERS_HD friend constexpr bool operator>(Jet const& a, Jet const& b) { return b < a; }
    KRAMERS_HD friend constexpr bool operator<=(Jet const& a, Jet const& b) {
        return a.coefficient[0] <= b.coefficient[0];
    }
    KRAMERS_HD friend constexpr bool operator>=(Jet const& a, Jet const& b) { return b <= a; }
};

namespace math {

inline constexpr double two_pi = 6.283185307179586476925;
inline constexpr double two_over_sqrt_pi = 1.128379167095512573896;

template <class T, int N>
struct Functions<Dual<T, N>> {
    using D = Dual<T, N>;
    /// f(x) with f′(x) given.
    KRAMERS_HD static D chain(D const& x, T const& f, T const& slope) {
        return {f, slope * x.derivative};
    }
    KRAMERS_HD static D sqrt(D const& x) {
        T const root = math::sqrt(x.value);
        return chain(x, root, T(0.5) / root);
    }
    KRAMERS_HD static D abs(D const& x) { return x.value < T(0) ? -x : x; }
    KRAMERS_HD static D exp(D const& x) {
        T const f = math::exp(x.value);
        return chain(x, f, f);
    }
    KRAMERS_HD static D log(D const& x) { return chain(x, math::log(x.value), T(1) / x.value); }
    KRAMERS_HD static D sin(D const& x) { return chain(x, math::sin(x.value), math::cos(x.value)); }
    KRAMERS_HD static D cos(D const& x) {
        return chain(x, math::cos(x.value), -math::sin(x.value));
    }
    KRAMERS_HD static D sin2pi(D const& x) {
        return chain(x, math::sin2pi(x.value), T(two_pi) * math::cos2pi(x.value));
    }
    KRAMERS_HD static D cos2pi(D const& x) {
        return chain(x, math::cos2pi(x.value), T(-two_pi) * math::sin2pi(x.value));
    }
    KRAMERS_HD static D erf(D const& x) {
        return chain(x, math::erf(x.value), T(two_over_sqrt_pi) * math::exp(-(x.value * x.value)));
    }
};

/// Recurrences for the Taylor coefficients of f(x(t)) from f′ = g(f, x)·x′
/// (Griewank and Walther, Evaluating Derivatives, chapter 13).
template <int Order>
struct Functions<Jet<Order>> {
    using J = Jet<Order>;
    struct SineCosine {
        J sine, cosine;
    };
    KRAMERS_HD static SineCosine circle(J const& x, double sine, double cosine, double scale) {
        SineCosine r{J(sine), J(cosine)};
        for (int k = 1; k <= Order; ++k) {
            for (int j = 1; j <= k; ++j) {
                double const w = scale * j * x.coefficient[j] / k;
                r.sine.coefficient[k] += w * r.cosine.coefficient[k - j];
                r.cosine.coefficient[k] -= w * r.sine.coefficient[k - j];
            }
        }
        return r;
    }
    KRAMERS_HD static SineCosine circle_of(J const& x) {
        return circle(x, math::sin(x.coefficient[0]), math::cos(x.coefficient[0]), 1.0);
    }
    KRAMERS_HD static SineCosine turn_of(J const& x) {
        return circle(x, math::sin2pi(x.coefficient[0]), math::cos2pi(x.coefficient[0]), two_pi);
    }
    KRAMERS_HD static J sin(J const& x) { return circle_of(x).sine; }
    KRAMERS_HD static J cos(J const& x) { return circle_of(x).cosine; }
    KRAMERS_HD static J sin2pi(J const& x) { return turn_of(x).sine; }
    KRAMERS_HD static J cos2pi(J const& x) { return turn_of(x).cosine; }
    KRAMERS_HD static J abs(J const& x) { return x.coefficient[0] < 0.0 ? -x : x; }
    KRAMERS_HD static J exp(J const& x) {
        J r(math::exp(x.coefficient[0]));
        for (int k = 1; k <= Order; ++k) {
            for (int j = 1; j <= k; ++j) {
                r.coefficient[k] += j * x.coefficient[j] * r.coefficient[k - j] / k;
            }
        }
        return r;
    }
    KRAMERS_HD static J log(J const& x) {
        J r(math::log(x.coefficient[0]));
        for (int k = 1; k <= Order; ++k) {
            double rest = x.coefficient[k];
            for (int j = 1; j < k; ++j) rest -= j * r.coefficient[j] * x.coefficient[k - j] / k;
            r.coefficient[k] = rest / x.coefficient[0];
        }
        return r;
    }
    KRAMERS_HD static J sqrt(J const& x) {
        J r(math::sqrt(x.coefficient[0]));
        for (int k = 1; k <= Order; ++k) {
            double rest = x.coefficient[k];
            for (int j = 1; j < k; ++j) rest -= r.coefficient[j] * r.coefficient[k - j];
            r.coefficient[k] = 0.5 * rest / r.coefficient[0];
        }
        return r;
    }
    KRAMERS_HD static J erf(J const& x) {
        J const slope = exp(-(x * x));
        J r(math::erf(x.coefficient[0]));
        for (int k = 1; k <= Order; ++k) {
            for (int j = 1; j <= k; ++j) {
                r.coefficient[k] +=
                    two_over_sqrt_pi * j * x.coefficient[j] * slope.coefficient[k - j] / k;
            }
        }
        return r;
    }
};

}  // namespace math
}  // namespace kramers
