// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace kramers::test {

/// |got − want| in units in the last place of T at want (subnormal spacing below the smallest
/// normal).
template <class T>
double ulps(T got, long double want) {
    using Limits = std::numeric_limits<T>;
    if (std::isnan(got) || std::isinf(got)) {
        return static_cast<long double>(got) == want ||
                       (got > 0 && want > static_cast<long double>(Limits::max()))
                   ? 0.0
                   : 1e9;
    }
    int exponent = 0;
    std::frexp(want, &exponent);
    if (exponent < Limits::min_exponent) exponent = Limits::min_exponent;
    long double const unit = std::ldexp(1.0L, exponent - Limits::digits);
    return static_cast<double>(std::fabs(static_cast<long double>(got) - want) / unit);
}

/// Largest error of f against `exact` over `samples` points map(u), u uniform in [a, b).
template <class T, class F, class Exact, class Map>
double largest_ulps(F f, Exact exact, double a, double b, Map map, int samples = 80000) {
    double worst = 0.0;
    std::uint64_t state = 0x9E3779B97F4A7C15ULL;
    for (int i = 0; i < samples; ++i) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        double const u = a + (b - a) * (static_cast<double>(state >> 11) * 0x1p-53);
        T const x = static_cast<T>(map(u));
        double const e = ulps<T>(f(x), exact(static_cast<long double>(x)));
        if (!(e <= worst)) worst = e;
    }
    return worst;
}

}  // namespace kramers::test
