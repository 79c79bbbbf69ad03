// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/hd.hpp"

/// The elementary functions of drifts, losses and noise: inline, branch-free, the same bits from
/// every compiler, instruction set and CUDA device.
///
/// Only +, −, ×, ÷, fma, sqrt (each correctly rounded) and integer operations are used, and every
/// fma is written out: compile with -ffp-contract=off (nvcc: -fmad=false) and the bits follow from
/// IEEE 754 alone. A loop over lanes that calls these vectorizes; one that calls std::sin does not
/// and costs a factor of 25.
///
/// Largest errors found by sampling, in units in the last place (held by tests/sde/math_test.cpp):
///
///   function        float  double   range
///   exp              1.0     1.1     all; overflow → inf, underflow gradual, then 0
///   log              0.9     0.9     x > 0, subnormals too; log(0) = −inf, log(x < 0) = NaN
///   sin, cos         2.2     1.7     |x| ≤ 1e4; beyond, the error grows in proportion to |x|
///   sin2pi, cos2pi   2.2     2.2     |x| ≤ 1e6: sin(2πx), cos(2πx), argument reduced exactly
///   erf              1.1     1.3     all
///
/// NaN goes in, NaN comes out; sin and cos of ±inf are NaN. Written for float and double; any other
/// scalar (a dual number) is served through Functions<T>, so it does not matter whether its header
/// or that of the formula is included first.
namespace kramers::math {

/// What a scalar type other than float and double must provide (see sde/dual.hpp).
template <class T>
struct Functions;

KRAMERS_HD float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
KRAMERS_HD double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }

#if KRAMERS_DEVICE_PASS
KRAMERS_HD float sqrt(float x) { return __fsqrt_rn(x); }
KRAMERS_HD double sqrt(double x) { return __dsqrt_rn(x); }
#else
KRAMERS_HD float sqrt(float x) { return __builtin_sqrtf(x); }
KRAMERS_HD double sqrt(double x) { return __builtin_sqrt(x); }
#endif

KRAMERS_HD float abs(float x) { return __builtin_fabsf(x); }
KRAMERS_HD double abs(double x) { return __builtin_fabs(x); }

/// condition ? a : b without a branch.
KRAMERS_HD float select(bool condition, float a, float b) { return condition ? a : b; }
KRAMERS_HD double select(bool condition, double a, double b) { return condition ? a : b; }

/// The smaller (larger) one; the second when either is NaN.
KRAMERS_HD float min(float a, float b) { return a < b ? a : b; }
KRAMERS_HD double min(double a, double b) { return a < b ? a : b; }
KRAMERS_HD float max(float a, float b) { return a > b ? a : b; }
KRAMERS_HD double max(double a, double b) { return a > b ? a : b; }

KRAMERS_HD float square(float x) { return x * x; }
KRAMERS_HD double square(double x) { return x * x; }

}  // namespace kramers::math

namespace kramers::math::detail {

/// Constants and bit layout of one floating type.
template <class T>
struct Format;

template <>
struct Format<float> {
    using Bits = std::uint32_t;
    static constexpr int fraction_bits = 23;
    static constexpr Bits bias = 127;
    static constexpr float magic = 12582912.0F;  // 1.5·2^23: adding it rounds to an integer
    static constexpr float infinity = __builtin_inff();
    static constexpr float nan = __builtin_nanf("");
};

template <>
struct Format<double> {
    using Bits = std::uint64_t;
    static constexpr int fraction_bits = 52;
    static constexpr Bits bias = 1023;
    static constexpr double magic = 6755399441055744.0;  // 1.5·2^52
    static constexpr double infinity = __builtin_inf();
    static constexpr double nan = __builtin_nan("");
};

template <class T>
using BitsOf = typename Format<T>::Bits;

template <class T>
KRAMERS_HD BitsOf<T> to_bits(T x) {
    return __builtin_bit_cast(BitsOf<T>, x);
}
template <class B>
KRAMERS_HD auto from_bits(B b) {
    if constexpr (sizeof(B) == 4) {
        return __builtin_bit_cast(float, b);
    } else {
        return __builtin_bit_cast(double, b);
    }
}

/// x with its sign flipped when the lowest bit of `parity` is set.
template <class T>
KRAMERS_HD T flip_sign(T x, BitsOf<T> parity) {
    return from_bits(static_cast<BitsOf<T>>(to_bits(x) ^ (parity << (8 * sizeof(T) - 1))));
}

/// 2^k for an integer-valued k with a normal result.
template <class T>
KRAMERS_HD T power_of_two(T k) {
    using F = Format<T>;
    BitsOf<T> const shifted = to_bits(k + (F::magic + static_cast<T>(F::bias)));
    return from_bits(static_cast<BitsOf<T>>(shifted << F::fraction_bits));
}

/// c0 + x (c1 + x (c2 + …)), all fused.
template <class T>
KRAMERS_HD T horner(T, T c0) {
    return c0;
}
template <class T, class... Rest>
KRAMERS_HD T horner(T x, T c0, T c1, Rest... rest) {
    return math::fma(x, horner(x, c1, rest...), c0);
}

/// sin(r) on |r| ≤ π/2.
KRAMERS_HD float sin_kernel(float r) {
    float const z = r * r;
    float const p = horner(z, -0.166666597F, 0.00833306927F, -0.000198097769F, 2.60609522e-06F);
    return math::fma(r * z, p, r);
}
KRAMERS_HD double sin_kernel(double r) {
    double const z = r * r;
    double const p = horner(z, -0.16666666666666666, 0.0083333333333332066, -0.00019841269841212479,
                            2.75573192115693e-06, -2.5052106904315756e-08, 1.6058940988730002e-10,
                            -7.6430187334458628e-13, 2.7214093170626294e-15);
    return math::fma(r * z, p, r);
}

/// sin(2πr) on |r| ≤ 1/4; 2π is carried in two parts.
KRAMERS_HD float sin2pi_kernel(float r) {
    float const z = r * r;
    float const p = horner(z, -41.3416862F, 81.6027603F, -76.5864105F, 39.7921677F);
    return math::fma(r, 6.28318548F, r * math::fma(z, p, -1.7484556e-07F));
}
KRAMERS_HD double sin2pi_kernel(double r) {
    double const z = r * r;
    double const p =
        horner(z, -41.341702240399755, 81.605249276072612, -76.705859752674002, 42.058693915037253,
               -15.094641298958162, 3.8199206291044314, -0.71765758636952881, 0.10058293805015472);
    return math::fma(r, 6.2831853071795862, r * math::fma(z, p, 2.4492935982947064e-16));
}

/// x − nπ, π in three (two) parts whose products with n are exact under fma.
KRAMERS_HD float minus_multiple_of_pi(float x, float n) {
    float r = math::fma(n, -3.14159274F, x);
    r = math::fma(n, 8.74227766e-08F, r);
    return math::fma(n, 3.43024902e-15F, r);
}
KRAMERS_HD double minus_multiple_of_pi(double x, double n) {
    double const r = math::fma(n, -3.1415926535897931, x);
    return math::fma(n, -1.2246467991473532e-16, r);
}

/// (exp(r) − 1 − r)/r² on |r| ≤ ln(2)/2.
KRAMERS_HD float exp_kernel(float r) {
    return horner(r, 0.49999994F, 0.166665211F, 0.0416683853F, 0.00836871006F, 0.00138146465F);
}
KRAMERS_HD double exp_kernel(double r) {
    return horner(r, 0.50000000000000111, 0.16666666666666413, 0.04166666666653026,
                  0.00833333333349426, 0.0013888888943598523, 0.00019841269506915094,
                  2.4801493135299202e-05, 2.7557586158844577e-06, 2.7630234256786918e-07,
                  2.5000103521804733e-08);
}

template <class T>
struct ExpLimits;
template <>
struct ExpLimits<float> {
    static constexpr float lowest = -106.0F, highest = 89.0F;
    static constexpr float log2_e = 1.44269502F, ln2_high = 0.693147182F, ln2_low = -1.9046543e-09F;
};
template <>
struct ExpLimits<double> {
    static constexpr double lowest = -750.0, highest = 710.0;
    static constexpr double log2_e = 1.4426950408889634, ln2_high = 0.69314718055994529,
                            ln2_low = 2.3190468138462996e-17;
};

template <class T>
KRAMERS_HD T exp_of(T x) {
    using F = Format<T>;
    using C = ExpLimits<T>;
    x = x < C::lowest ? C::lowest : x;
    x = x > C::highest ? C::highest : x;
    T const n = math::fma(x, C::log2_e, F::magic) - F::magic;
    T const r = math::fma(n, -C::ln2_low, math::fma(n, -C::ln2_high, x));
    T const y = T(1) + math::fma(r * r, exp_kernel(r), r);
    T const half =
        math::fma(n, T(0.5), F::magic) - F::magic;  // two factors: each is a normal number
    return y * power_of_two(half) * power_of_two(n - half);
}

template <class T>
KRAMERS_HD T sin_of(T x) {
    T const shifted = math::fma(x, T(0.318309886183790672), Format<T>::magic);
    T const r = minus_multiple_of_pi(x, shifted - Format<T>::magic);
    return flip_sign(sin_kernel(r), to_bits(shifted));
}

/// cos(r + (k + ½)π) = −(−1)^k sin(r)
template <class T>
KRAMERS_HD T cos_of(T x) {
    T const shifted = math::fma(x, T(0.318309886183790672), T(-0.5)) + Format<T>::magic;
    T const r = minus_multiple_of_pi(x, (shifted - Format<T>::magic) + T(0.5));
    return flip_sign(sin_kernel(r), static_cast<BitsOf<T>>(~to_bits(shifted)));
}

template <class T>
KRAMERS_HD T sin2pi_of(T x) {
    T const shifted = math::fma(x, T(2), Format<T>::magic);
    T const r = math::fma(shifted - Format<T>::magic, T(-0.5), x);
    return flip_sign(sin2pi_kernel(r), to_bits(shifted));
}

template <class T>
KRAMERS_HD T cos2pi_of(T x) {
    T const shifted = math::fma(x, T(2), T(-0.5)) + Format<T>::magic;
    T const r = math::fma((shifted - Format<T>::magic) + T(0.5), T(-0.5), x);
    return flip_sign(sin2pi_kernel(r), static_cast<BitsOf<T>>(~to_bits(shifted)));
}

/// The values of log where the formula does not reach.
template <class T>
KRAMERS_HD T log_specials(T x, T inside) {
    T const outside = x == T(0) ? -Format<T>::infinity : Format<T>::nan;
    T const y = x < Format<T>::infinity ? inside : x;
    return x > T(0) ? y : outside;
}

/// x = m 2^e with m in [√½, √2): f = m − 1, log x = log1p(f) + e ln 2.
KRAMERS_HD float log_of(float x) {
    bool const tiny = x < 1.17549435e-38F;
    std::uint32_t const i = to_bits(tiny ? x * 8388608.0F : x);
    std::uint32_t const k = i - 0x3f3504f3U;
    float const e = static_cast<float>(static_cast<std::int32_t>(k) >> 23) - (tiny ? 23.0F : 0.0F);
    float const f = from_bits(i - (k & 0xff800000U)) - 1.0F;
    float const p = horner(f, -0.499999881F, 0.333333254F, -0.250015825F, 0.200019732F,
                           -0.166090846F, 0.14181827F, -0.132429793F, 0.129044205F, -0.0762178451F);
    float const r = math::fma(f * f, p, e * ExpLimits<float>::ln2_low) + f;
    return log_specials(x, math::fma(e, ExpLimits<float>::ln2_high, r));
}

/// As above with s = f/(2 + f): log1p(f) = f − (f²/2 − s (f²/2 + z P(z))), z = s².
KRAMERS_HD double log_of(double x) {
    bool const tiny = x < 2.2250738585072014e-308;
    std::uint64_t const i = to_bits(tiny ? x * 4503599627370496.0 : x);
    std::uint64_t const k = i - 0x3fe6a09e667f3bcdULL + 0x3ff0000000000000ULL;  // stays positive
    double const biased = from_bits((k >> 52) | 0x4330000000000000ULL);
    double const e =
        biased - (tiny ? 4503599627371571.0 : 4503599627371519.0);  // 2^52 + 1023 (+52)
    double const f = from_bits(i - (k & 0xfff0000000000000ULL) + 0x3ff0000000000000ULL) - 1.0;
    double const s = f / (2.0 + f);
    double const z = s * s;
    double const p = z * horner(z, 0.6666666666666734, 0.39999999999417046, 0.28571428741894267,
                                0.22222198621162581, 0.18183561946349674, 0.15314108963079834,
                                0.14795386712239078);
    double const h = 0.5 * f * f;
    double const tail = math::fma(s, h + p, e * ExpLimits<double>::ln2_low);
    return log_specials(x, math::fma(e, ExpLimits<double>::ln2_high, f - (h - tail)));
}

/// erf(x)/x − 1 as a polynomial in x² on |x| ≤ 1.
KRAMERS_HD float erf_kernel(float z) {
    return horner(z, 0.128379166F, -0.37612626F, 0.112835866F, -0.0268538599F, 0.00518839781F,
                  -0.000801065803F, 7.85499874e-05F);
}
KRAMERS_HD double erf_kernel(double z) {
    return horner(z, 0.12837916709551257, -0.37612638903183523, 0.11283791670944301,
                  -0.026866170643127568, 0.0052239776062379232, -0.00085483259346457312,
                  0.00012055293728554228, -1.492471511711497e-05, 1.6447165528278321e-06,
                  -1.6206570186143729e-07, 1.3712080937254847e-08, -7.7815159565548975e-10);
}

/// −log(erfc(x))/x − 1 on 1 ≤ x ≤ erf_limit, fitted with the weight its error has in erf.
KRAMERS_HD float erfc_exponent(float x) {
    return horner(x, 0.128478506F, 0.635836341F, 0.105110124F, -0.0227948356F, 0.00318587913F,
                  -0.000210520634F);
}
KRAMERS_HD double erfc_exponent(double x) {
    return horner(x, 0.12837911075968827, 0.63662025358281761, 0.10277082322566825,
                  -0.019124954536977377, -0.0002120548817609392, 0.0016926325825452801,
                  -0.00057468372755271782, -9.5518233633725927e-07, 9.547446391646514e-05,
                  -5.6032676871712793e-05, 2.0349130985596866e-05, -5.3845733136985731e-06,
                  1.0779713297188502e-06, -1.6299570059941595e-07, 1.8126971708189744e-08,
                  -1.4020702061841883e-09, 6.7427208547450155e-11, -1.5182991788684146e-12);
}

/// From here on erf rounds to 1.
template <class T>
constexpr T erf_limit = sizeof(T) == 4 ? T(4) : T(6);

template <class T>
KRAMERS_HD T erf_of(T x) {
    T const inner = math::fma(x, erf_kernel(x * x), x);
    T const a = math::abs(x);
    T const b = a > erf_limit<T> ? erf_limit<T> : a;
    T const tail = T(1) - exp_of(-math::fma(b, erfc_exponent(b), b));
    T const outer = x < T(0) ? -tail : tail;
    return a < T(1) ? inner : outer;
}

/// Nearest integer, ties to even.
template <class T>
KRAMERS_HD T round_of(T x) {
    T const big = Format<T>::magic * T(2.0 / 3.0);
    T const rounded = (math::abs(x) + big) - big;
    return math::abs(x) < big ? (x < T(0) ? -rounded : rounded) : x;
}

template <class T>
KRAMERS_HD T floor_of(T x) {
    T const r = round_of(x);
    return r > x ? r - T(1) : r;
}

}  // namespace kramers::math::detail

namespace kramers::math {

KRAMERS_HD float exp(float x) { return detail::exp_of(x); }
KRAMERS_HD double exp(double x) { return detail::exp_of(x); }
KRAMERS_HD float log(float x) { return detail::log_of(x); }
KRAMERS_HD double log(double x) { return detail::log_of(x); }
KRAMERS_HD float sin(float x) { return detail::sin_of(x); }
KRAMERS_HD double sin(double x) { return detail::sin_of(x); }
KRAMERS_HD float cos(float x) { return detail::cos_of(x); }
KRAMERS_HD double cos(double x) { return detail::cos_of(x); }
/// sin(2πx)
KRAMERS_HD float sin2pi(float x) { return detail::sin2pi_of(x); }
KRAMERS_HD double sin2pi(double x) { return detail::sin2pi_of(x); }
/// cos(2πx)
KRAMERS_HD float cos2pi(float x) { return detail::cos2pi_of(x); }
KRAMERS_HD double cos2pi(double x) { return detail::cos2pi_of(x); }
/// 2/√π ∫₀ˣ exp(−t²) dt
KRAMERS_HD float erf(float x) { return detail::erf_of(x); }
KRAMERS_HD double erf(double x) { return detail::erf_of(x); }
/// Nearest integer, ties to even.
KRAMERS_HD float round(float x) { return detail::round_of(x); }
KRAMERS_HD double round(double x) { return detail::round_of(x); }
KRAMERS_HD float floor(float x) { return detail::floor_of(x); }
KRAMERS_HD double floor(double x) { return detail::floor_of(x); }

// The same names for any scalar with a Functions<T>.
template <class T>
KRAMERS_HD T fma(T const& a, T const& b, T const& c) {
    return a * b + c;
}
template <class T>
KRAMERS_HD T select(bool condition, T const& a, T const& b) {
    return condition ? a : b;
}
template <class T>
KRAMERS_HD T min(T const& a, T const& b) {
    return a < b ? a : b;
}
template <class T>
KRAMERS_HD T max(T const& a, T const& b) {
    return a > b ? a : b;
}
template <class T>
KRAMERS_HD T square(T const& x) {
    return x * x;
}
template <class T>
KRAMERS_HD T sqrt(T const& x) {
    return Functions<T>::sqrt(x);
}
template <class T>
KRAMERS_HD T abs(T const& x) {
    return Functions<T>::abs(x);
}
template <class T>
KRAMERS_HD T exp(T const& x) {
    return Functions<T>::exp(x);
}
template <class T>
KRAMERS_HD T log(T const& x) {
    return Functions<T>::log(x);
}
template <class T>
KRAMERS_HD T sin(T const& x) {
    return Functions<T>::sin(x);
}
template <class T>
KRAMERS_HD T cos(T const& x) {
    return Functions<T>::cos(x);
}
template <class T>
KRAMERS_HD T sin2pi(T const& x) {
    return Functions<T>::sin2pi(x);
}
template <class T>
KRAMERS_HD T cos2pi(T const& x) {
    return Functions<T>::cos2pi(x);
}
template <class T>
KRAMERS_HD T erf(T const& x) {
    return Functions<T>::erf(x);
}

}  // namespace kramers::math
