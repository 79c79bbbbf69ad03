// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <type_traits>

#include "sde/math.hpp"
#include "tests/sde/ulp.hpp"

namespace math_test {
namespace {
using namespace kramers;
using test::largest_ulps;

constexpr long double two_pi = 6.283185307179586476925286766559005768L;

/// sin(2πx) with the argument reduced to |r| ≤ 1/4 exactly.
long double exact_sin2pi(long double x) {
    x -= std::round(x);
    if (std::fabs(x) <= 0.25L) return std::sin(two_pi * x);
    return std::copysign(std::sin(two_pi * (0.5L - std::fabs(x))), x);
}
long double exact_cos2pi(long double x) {
    x = std::fabs(x - std::round(x));
    return std::sin(two_pi * (0.25L - x));
}

template <class T>
struct Range;
template <>
struct Range<float> {
    static constexpr double lowest = -103.9, highest = 88.7;
};
template <>
struct Range<double> {
    static constexpr double lowest = -745.0, highest = 709.7;
};

double same(double x) { return x; }

TEST_CASE_TEMPLATE("math: errors stay below the units in the last place the header states", T,
                   float, double) {
    using R = Range<T>;
    auto const exp = [](T x) { return math::exp(x); };
    auto const exact_exp = [](long double x) { return std::exp(x); };
    CHECK(largest_ulps<T>(exp, exact_exp, R::lowest, R::highest, same) < 1.15);
    CHECK(largest_ulps<T>(exp, exact_exp, -1.0, 1.0, same) < 1.15);

    auto const log = [](T x) { return math::log(x); };
    auto const exact_log = [](long double x) { return std::log(x); };
    auto const power = [](double u) { return std::exp(u); };
    CHECK(largest_ulps<T>(log, exact_log, R::lowest, R::highest, power) < 0.95);
    CHECK(largest_ulps<T>(log, exact_log, 0.5, 2.0, same) < 0.95);

    for (double const reach : {4.0, 100.0, 1e4}) {
        CAPTURE(reach);
        CHECK(largest_ulps<T>([](T x) { return math::sin(x); },
                              [](long double x) { return std::sin(x); }, -reach, reach,
                              same) < 2.3);
        CHECK(largest_ulps<T>([](T x) { return math::cos(x); },
                              [](long double x) { return std::cos(x); }, -reach, reach,
                              same) < 2.3);
    }
    for (double const reach : {1.0, 100.0, 1e6}) {
        CAPTURE(reach);
        CHECK(largest_ulps<T>([](T x) { return math::sin2pi(x); }, exact_sin2pi, -reach, reach,
                              same) < 2.3);
        CHECK(largest_ulps<T>([](T x) { return math::cos2pi(x); }, exact_cos2pi, -reach, reach,
                              same) < 2.3);
    }
}

TEST_CASE_TEMPLATE("math: erf stays below the units in the last place the header states", T, float,
                   double) {
    auto const erf = [](T x) { return math::erf(x); };
    auto const exact = [](long double x) { return std::erf(x); };
    for (double const reach : {0.5, 1.1, 2.0, 7.0}) {
        CAPTURE(reach);
        CHECK(largest_ulps<T>(erf, exact, -reach, reach, same) < 1.35);
    }
    // on both sides of the seam, and where erf(x) = 2x/√π
    CHECK(largest_ulps<T>(erf, exact, 0.99, 1.01, same) < 1.35);
    auto const power = [](double u) { return std::exp(u); };
    CHECK(largest_ulps<T>(erf, exact, Range<T>::lowest + 20.0, 0.0, power) < 1.35);

    T const inf = std::numeric_limits<T>::infinity();
    CHECK(math::erf(inf) == T(1));
    CHECK(math::erf(-inf) == T(-1));
    CHECK(math::erf(T(1e30)) == T(1));
    CHECK(math::erf(T(0)) == T(0));
    CHECK(std::signbit(math::erf(-T(0))));
    CHECK(std::isnan(math::erf(std::numeric_limits<T>::quiet_NaN())));
}

TEST_CASE_TEMPLATE("math: edges", T, float, double) {
    T const inf = std::numeric_limits<T>::infinity();
    T const nan = std::numeric_limits<T>::quiet_NaN();
    T const tiny = std::numeric_limits<T>::denorm_min();
    CHECK(math::exp(T(0)) == T(1));
    CHECK(math::exp(T(1000)) == inf);
    CHECK(math::exp(inf) == inf);
    CHECK(math::exp(T(-1000)) == T(0));
    CHECK(math::exp(-inf) == T(0));
    CHECK(std::isnan(math::exp(nan)));
    CHECK(math::log(T(1)) == T(0));
    CHECK(math::log(T(0)) == -inf);
    CHECK(math::log(-T(0)) == -inf);
    CHECK(math::log(inf) == inf);
    CHECK(std::isnan(math::log(T(-1))));
    CHECK(std::isnan(math::log(-inf)));
    CHECK(std::isnan(math::log(nan)));
    CHECK(test::ulps<T>(math::log(tiny), std::log(static_cast<long double>(tiny))) < 1.0);
    CHECK(math::sin(T(0)) == T(0));
    CHECK(math::cos(T(0)) == T(1));
    for (T const x : {inf, -inf, nan}) {
        CHECK(std::isnan(math::sin(x)));
        CHECK(std::isnan(math::cos(x)));
        CHECK(std::isnan(math::sin2pi(x)));
        CHECK(std::isnan(math::cos2pi(x)));
    }
}

TEST_CASE_TEMPLATE("math: sin2pi and cos2pi are exact at quarter turns", T, float, double) {
    for (int n = -20; n <= 20; ++n) {
        T const x = static_cast<T>(n);
        CHECK(math::sin2pi(x) == T(0));
        CHECK(math::cos2pi(x) == T(1));
        CHECK(math::sin2pi(x + T(0.5)) == T(0));
        CHECK(math::cos2pi(x + T(0.5)) == T(-1));
        CHECK(math::sin2pi(x + T(0.25)) == T(1));
        CHECK(math::sin2pi(x - T(0.25)) == T(-1));
        CHECK(math::cos2pi(x + T(0.25)) == T(0));
    }
}

TEST_CASE_TEMPLATE("math: rounding, selection and the other one-liners", T, float, double) {
    T const cases[] = {T(0), T(0.5), T(1.5), T(2.5), T(-0.5), T(-1.5), T(-0.7), T(3e9), T(-7.25)};
    for (T const x : cases) {
        CHECK(math::floor(x) == std::floor(x));
        CHECK(math::round(x) == std::nearbyint(x));
    }
    CHECK(math::abs(T(-2)) == T(2));
    CHECK(math::min(T(1), T(2)) == T(1));
    CHECK(math::max(T(1), T(2)) == T(2));
    CHECK(math::select(true, T(1), T(2)) == T(1));
    CHECK(math::select(false, T(1), T(2)) == T(2));
    CHECK(math::square(T(3)) == T(9));
    CHECK(math::sqrt(T(2)) == std::sqrt(T(2)));
    // (1 + ε)(1 − ε) − 1 = −ε² needs the product unrounded
    T const eps = std::numeric_limits<T>::epsilon();
    CHECK(math::fma(T(1) + eps, T(1) - eps, T(-1)) == -eps * eps);
}

TEST_CASE("teeth: a one-constant reduction by pi is rejected") {
    auto const broken = [](float x) {
        float const n = std::nearbyint(x * 0.318309886F);
        float const s = std::sin(x - n * 3.14159274F);
        return (static_cast<long>(n) & 1) != 0 ? -s : s;
    };
    CHECK(largest_ulps<float>(
              broken, [](long double x) { return std::sin(x); }, -100.0, 100.0, same) > 100.0);
}

}  // namespace

}  // namespace math_test
