// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/hd.hpp"

namespace kramers {

/// A small fixed-size vector that lives in registers: states, gradients and noise increments.
/// Trivially copyable; element type may be float, double or a dual number.
template <class T, int N>
struct Vec {
    static constexpr int size = N;
    T data[N];

    KRAMERS_HD constexpr T& operator[](int i) { return data[i]; }
    KRAMERS_HD constexpr T const& operator[](int i) const { return data[i]; }

    KRAMERS_HD friend constexpr Vec operator+(Vec const& a, Vec const& b) {
        Vec r{};
        for (int i = 0; i < N; ++i) r.data[i] = a.data[i] + b.data[i];
        return r;
    }
    KRAMERS_HD friend constexpr Vec operator-(Vec const& a, Vec const& b) {
        Vec r{};
        for (int i = 0; i < N; ++i) r.data[i] = a.data[i] - b.data[i];
        return r;
    }
    KRAMERS_HD friend constexpr Vec operator-(Vec const& a) {
        Vec r{};
        for (int i = 0; i < N; ++i) r.data[i] = -a.data[i];
        return r;
    }
    KRAMERS_HD friend constexpr Vec operator*(T const& s, Vec const& a) {
        Vec r{};
        for (int i = 0; i < N; ++i) r.data[i] = s * a.data[i];
        return r;
    }
};

/// a · b
template <class T, int N>
KRAMERS_HD constexpr T dot(Vec<T, N> const& a, Vec<T, N> const& b) {
    T r = a.data[0] * b.data[0];
    for (int i = 1; i < N; ++i) r = r + a.data[i] * b.data[i];
    return r;
}

/// The same numbers in another scalar type.
template <class To, class From, int N>
KRAMERS_HD constexpr Vec<To, N> cast(Vec<From, N> const& a) {
    Vec<To, N> r{};
    for (int i = 0; i < N; ++i) r.data[i] = static_cast<To>(a.data[i]);
    return r;
}

}  // namespace kramers
