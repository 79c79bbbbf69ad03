// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <complex>
#include <utility>

#include "sde/coordinate.hpp"

/// What the tests of sde/models share: sites of two landscapes, the linear part of a model on a
/// quadratic, and the moments that follow from it.
namespace kramers::test {

using coordinate::Clock;
using coordinate::Flow;
using coordinate::Site;

inline constexpr Clock<double> unscheduled{0.0, 0.0, 1.0, 1.0};

template <class T>
Clock<T> clock_of(double rate = 1.0, double noise = 1.0, double time = 0.0) {
    return {T(0), T(time), T(rate), T(noise)};
}

/// V = hx²/2 with C = c + mx².
template <class T>
Site<T> quadratic(T x, double h, double c, double m = 0.0) {
    return {T(h) * x, T(h * h) * x, T(h), math::sqrt(T(c) + T(m) * x * x), T(2.0 * m) * x};
}

/// V = x⁴/4 − x²/2 + 0.3x with C = 0.5 + 0.3x + 0.2x² > 0.38.
template <class T>
Site<T> tilted(T x) {
    T const gradient = x * x * x - x + T(0.3);
    T const hessian = T(3) * x * x - T(1);
    return {gradient, hessian * gradient, hessian, math::sqrt(T(0.5) + T(0.3) * x + T(0.2) * x * x),
            T(0.3) + T(0.4) * x};
}

inline double relative(double a, double b) { return std::abs(a - b) / std::abs(b); }

/// ds = matrix s dt + noise dW, what a model is on V = hx²/2 with constant C = c.
template <int K>
struct Linear {
    std::array<std::array<double, K>, K> matrix;
    std::array<double, K> noise;
    using Square = std::array<std::array<double, K>, K>;

    /// S solving A S + S Aᵀ + g gᵀ = 0, by elimination.
    Square covariance() const {
        constexpr int n = K * K;
        std::array<std::array<double, n + 1>, n> system{};
        for (int i = 0; i < K; ++i) {
            for (int j = 0; j < K; ++j) {
                auto& row = system[i * K + j];
                for (int l = 0; l < K; ++l) {
                    row[l * K + j] += matrix[i][l];
                    row[i * K + l] += matrix[j][l];
                }
                row[n] = -noise[i] * noise[j];
            }
        }
        for (int p = 0; p < n; ++p) {
            int best = p;
            for (int r = p; r < n; ++r) {
                if (std::abs(system[r][p]) > std::abs(system[best][p])) best = r;
            }
            std::swap(system[p], system[best]);
            for (int r = 0; r < n; ++r) {
                if (r == p) continue;
                double const factor = system[r][p] / system[p][p];
                for (int q = p; q <= n; ++q) system[r][q] -= factor * system[p][q];
            }
        }
        Square s{};
        for (int i = 0; i < K; ++i) {
            for (int j = 0; j < K; ++j)
                s[i][j] = system[i * K + j][n] / system[i * K + j][i * K + j];
        }
        return s;
    }

    /// S(time) from S(0) = 0 by Runge–Kutta of dS/dt = A S + S Aᵀ + g gᵀ.
    Square covariance_at(double time, int steps = 2000) const {
        auto const slope = [&](Square const& s) {
            Square r{};
            for (int i = 0; i < K; ++i) {
                for (int j = 0; j < K; ++j) {
                    r[i][j] = noise[i] * noise[j];
                    for (int l = 0; l < K; ++l) {
                        r[i][j] += matrix[i][l] * s[l][j] + matrix[j][l] * s[i][l];
                    }
                }
            }
            return r;
        };
        auto const plus = [](Square s, double h, Square const& d) {
            for (int i = 0; i < K; ++i) {
                for (int j = 0; j < K; ++j) s[i][j] += h * d[i][j];
            }
            return s;
        };
        Square s{};
        double const h = time / steps;
        for (int n = 0; n < steps; ++n) {
            Square const k1 = slope(s);
            Square const k2 = slope(plus(s, h / 2, k1));
            Square const k3 = slope(plus(s, h / 2, k2));
            Square const k4 = slope(plus(s, h, k3));
            s = plus(plus(plus(plus(s, h / 6, k1), h / 3, k2), h / 3, k3), h / 6, k4);
        }
        return s;
    }
};

template <class M>
auto linearised(M const& model, double h, double c, Clock<double> const& clock = unscheduled) {
    constexpr int K = 1 + M::memory;
    auto const at = [&](Vec<double, K> const& s) {
        return model.evaluate(s, quadratic(model.position(s), h, c), clock);
    };
    Linear<K> r{};
    Flow<double, K> const origin = at({});
    for (int j = 0; j < K; ++j) {
        Vec<double, K> unit{};
        unit[j] = 1.0;
        Vec<double, K> const drift = at(unit).drift - origin.drift;
        for (int i = 0; i < K; ++i) r.matrix[i][j] = drift[i];
        r.noise[j] = origin.noise[j];
    }
    return r;
}

using Roots = std::array<std::complex<double>, 2>;

/// Roots of r² = first r + second, the one with the larger imaginary or real part first.
inline Roots roots_of(double first, double second) {
    std::complex<double> const d = std::sqrt(std::complex<double>(first * first / 4 + second));
    return {first / 2 + d, first / 2 - d};
}

/// State of ds/dt = drift after `time`, by Runge–Kutta; site(x) says what the model sees.
template <class M, class S, int K>
Vec<double, K> flow_for(M const& model, S site, Vec<double, K> s, double time, int steps) {
    double const h = time / steps;
    for (int n = 0; n < steps; ++n) {
        auto const slope = [&](Vec<double, K> const& at, double t) {
            return model.evaluate(at, site(at[0]), clock_of<double>(1.0, 1.0, t)).drift;
        };
        double const t = n * h;
        auto const k1 = slope(s, t);
        auto const k2 = slope(s + h / 2 * k1, t + h / 2);
        auto const k3 = slope(s + h / 2 * k2, t + h / 2);
        auto const k4 = slope(s + h * k3, t + h);
        s = s + h / 6 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
    return s;
}

}  // namespace kramers::test
