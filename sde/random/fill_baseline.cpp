// SPDX-License-Identifier: Apache-2.0
// No instruction set beyond the platform's baseline; SSE2 on x86-64, one lane at a time elsewhere.
#include "sde/random/fill_kernel.hpp"
#include "sde/random/normal.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace kramers::detail {
namespace {

#if defined(__SSE2__)
#define KRAMERS_LANES static inline __attribute__((always_inline))

/// Four 32-bit lanes without FMA hardware: fma is computed exactly by other means.
struct Sse2 {
    using U = __m128i;
    using F = __m128;
    using H = __m128i;  // the low two lanes count
    using Q = __m128i;
    using D = __m128d;
    static constexpr int width = 4;
    static constexpr int halves = 2;  // registers of double per register of words

    KRAMERS_LANES U u(std::uint32_t x) { return _mm_set1_epi32(static_cast<int>(x)); }
    KRAMERS_LANES F f(float x) { return _mm_set1_ps(x); }
    KRAMERS_LANES H h(std::uint32_t x) { return u(x); }
    KRAMERS_LANES U q(std::uint64_t x) { return _mm_set1_epi64x(static_cast<long long>(x)); }
    KRAMERS_LANES D d(double x) { return _mm_set1_pd(x); }

    KRAMERS_LANES U load(std::uint32_t const* p) {
        return _mm_load_si128(reinterpret_cast<U const*>(p));
    }
    KRAMERS_LANES void store(std::uint32_t* p, U x) { _mm_store_si128(reinterpret_cast<U*>(p), x); }
    KRAMERS_LANES void store(float* p, F x) { _mm_store_ps(p, x); }
    KRAMERS_LANES void store(double* p, D x) { _mm_store_pd(p, x); }

    // Philox
    KRAMERS_LANES U xor_(U a, U b) { return _mm_xor_si128(a, b); }
    KRAMERS_LANES U xor3(U a, U b, U c) { return xor_(xor_(b, c), a); }
    KRAMERS_LANES U add32(U a, U b) { return _mm_add_epi32(a, b); }
    KRAMERS_LANES U shift_16(U a) { return _mm_slli_epi32(a, 16); }
    KRAMERS_LANES U multiply(U a, U b) { return _mm_mul_epu32(a, b); }
    KRAMERS_LANES U odd_to_even(U a) { return _mm_shuffle_epi32(a, 0xF5); }
    template <int control>
    KRAMERS_LANES U collect(U even, U odd) {
        return _mm_castps_si128(
            _mm_shuffle_ps(_mm_castsi128_ps(even), _mm_castsi128_ps(odd), control));
    }
    KRAMERS_LANES U high(U even, U odd) { return collect<0xDD>(even, odd); }
    KRAMERS_LANES U low(U even, U odd) {
        return or_(and_(even, q(0xffffffffULL)), _mm_slli_epi64(odd, 32));
    }
    KRAMERS_LANES U low_last(U even, U odd) { return collect<0x88>(even, odd); }
    KRAMERS_LANES U order_second(U a) { return _mm_shuffle_epi32(a, 0xD8); }

    // Box–Muller in float
    KRAMERS_LANES U and_(U a, U b) { return _mm_and_si128(a, b); }
    KRAMERS_LANES U or_(U a, U b) { return _mm_or_si128(a, b); }
    KRAMERS_LANES U and_or(U a, U b, U c) { return or_(and_(a, b), c); }
    KRAMERS_LANES U choose(U mask, U a, U b) {
        return or_(and_(mask, a), _mm_andnot_si128(mask, b));
    }
    KRAMERS_LANES U sub32(U a, U b) { return _mm_sub_epi32(a, b); }
    KRAMERS_LANES U twice(U a) { return _mm_add_epi32(a, a); }
    KRAMERS_LANES U bits(F x) { return _mm_castps_si128(x); }
    KRAMERS_LANES F as_float(U x) { return _mm_castsi128_ps(x); }
    KRAMERS_LANES F to_float(U x) { return _mm_cvtepi32_ps(x); }
    KRAMERS_LANES F mul(F a, F b) { return _mm_mul_ps(a, b); }
    KRAMERS_LANES F sqrt(F a) { return _mm_sqrt_ps(a); }

    /// a·b + c rounded to odd in double: the product is exact, the error of the sum is known, and a
    /// value rounded to odd in 53 bits rounds to 24 bits as the exact one would.
    KRAMERS_LANES D fma_to_odd(D a, D b, D c) {
        D const p = _mm_mul_pd(a, b);
        D const s = _mm_add_pd(p, c);
        D const v = _mm_sub_pd(s, p);
        D const error = _mm_add_pd(_mm_sub_pd(p, _mm_sub_pd(s, v)), _mm_sub_pd(c, v));
        U const inexact = bits(_mm_cmpneq_pd(error, _mm_setzero_pd()));
        U const even = sub64(and_(bits(s), q(1)), q(1));
        U const sign = _mm_shuffle_epi32(_mm_srai_epi32(xor_(bits(s), bits(error)), 31), 0xF5);
        U const towards = or_(sign, q(1));  // one unit towards the error: ±1
        return as_double(add64(bits(s), and_(towards, and_(inexact, even))));
    }
    /// Rounding the sum to 53 and then to 24 bits differs from rounding it once only if the first
    /// result lies halfway between two floats (and is normal, as all results here are).
    KRAMERS_LANES F fma(F a, F b, F c) {
        D const a0 = _mm_cvtps_pd(a), a1 = _mm_cvtps_pd(_mm_movehl_ps(a, a));
        D const b0 = _mm_cvtps_pd(b), b1 = _mm_cvtps_pd(_mm_movehl_ps(b, b));
        D const c0 = _mm_cvtps_pd(c), c1 = _mm_cvtps_pd(_mm_movehl_ps(c, c));
        D s0 = _mm_add_pd(_mm_mul_pd(a0, b0), c0);
        D s1 = _mm_add_pd(_mm_mul_pd(a1, b1), c1);
        U const low_words = collect<0x88>(bits(s0), bits(s1));
        U const halfway = _mm_cmpeq_epi32(and_(low_words, u(0x1fffffffU)), u(0x10000000U));
        if (__builtin_expect(_mm_movemask_epi8(halfway) != 0, 0)) {
            s0 = fma_to_odd(a0, b0, c0);
            s1 = fma_to_odd(a1, b1, c1);
        }
        return _mm_movelh_ps(_mm_cvtpd_ps(s0), _mm_cvtpd_ps(s1));
    }
    KRAMERS_LANES F flip_sign(F x, U w) { return as_float(xor_(bits(x), and_(w, u(0x80000000U)))); }
    KRAMERS_LANES F choose_by_sign(U w, F a, F b) {
        return as_float(choose(_mm_srai_epi32(w, 31), bits(a), bits(b)));
    }

    // Box–Muller in double, on halves
    KRAMERS_LANES H half(U a, int i) { return i == 0 ? a : _mm_shuffle_epi32(a, 0xEE); }
    KRAMERS_LANES U bits(D x) { return _mm_castpd_si128(x); }
    KRAMERS_LANES D as_double(U x) { return _mm_castsi128_pd(x); }
    KRAMERS_LANES U add64(U a, U b) { return _mm_add_epi64(a, b); }
    KRAMERS_LANES U sub64(U a, U b) { return _mm_sub_epi64(a, b); }
    KRAMERS_LANES U exponent(U a) { return _mm_srli_epi64(a, 52); }
    KRAMERS_LANES D to_double(H a) { return _mm_cvtepi32_pd(a); }
    KRAMERS_LANES D low_half(H a) {  // 2^31 + ½ added back to the signed reading
        return add(to_double(xor_(a, u(0x80000000U))), d(2147483648.5));
    }
    KRAMERS_LANES D fma(D a, D b, D c) {
        return _mm_set_pd(
            math::fma(_mm_cvtsd_f64(_mm_unpackhi_pd(a, a)), _mm_cvtsd_f64(_mm_unpackhi_pd(b, b)),
                      _mm_cvtsd_f64(_mm_unpackhi_pd(c, c))),
            math::fma(_mm_cvtsd_f64(a), _mm_cvtsd_f64(b), _mm_cvtsd_f64(c)));
    }
    KRAMERS_LANES D mul(D a, D b) { return _mm_mul_pd(a, b); }
    KRAMERS_LANES D add(D a, D b) { return _mm_add_pd(a, b); }
    KRAMERS_LANES D sub(D a, D b) { return _mm_sub_pd(a, b); }
    KRAMERS_LANES D div(D a, D b) { return _mm_div_pd(a, b); }
    KRAMERS_LANES D sqrt(D a) { return _mm_sqrt_pd(a); }
    KRAMERS_LANES D flip_sign(D x, H w) {
        U const wide = _mm_unpacklo_epi32(_mm_setzero_si128(), w);
        return as_double(xor_(bits(x), and_(wide, q(0x8000000000000000ULL))));
    }
    KRAMERS_LANES D choose_by_sign(H w, D a, D b) {
        U const mask = _mm_srai_epi32(_mm_unpacklo_epi32(w, w), 31);
        return as_double(choose(mask, bits(a), bits(b)));
    }
};

using Kernel = FillKernel<Sse2>;
constexpr FillTable table = {Kernel::fill<Kernel::NormalsF32, 2>,
                             Kernel::fill<Kernel::NormalsF64, 1>, Kernel::fill<Kernel::Words, 2>};

#else

template <class Out, class Draw>
void fill_lanes(LaneCounters const& lanes, std::uint32_t purpose, int calls, int blocks, Out* z,
                Draw draw) {
    for (int row = 0; row < calls * blocks; ++row) {
        for (int i = 0; i < lane_count; ++i) {
            std::uint64_t const call = (static_cast<std::uint64_t>(lanes.call_high[i]) << 32) |
                                       (lanes.call_low[i] + static_cast<unsigned>(row / blocks));
            std::uint64_t const id =
                (static_cast<std::uint64_t>(lanes.id_high[i]) << 32) | lanes.id_low[i];
            Out out[4];
            draw(call, row % blocks, static_cast<Purpose>(purpose), id, out);
            for (int word = 0; word < 4; ++word) z[(row * 4 + word) * lane_count + i] = out[word];
        }
    }
}

template <class Noise>
void fill_normals(LaneCounters const& lanes, std::uint64_t seed, std::uint32_t purpose, int calls,
                  int blocks, Noise* z) {
    fill_lanes(lanes, purpose, calls, blocks, z,
               [seed](std::uint64_t call, int block, Purpose p, std::uint64_t id, Noise* out) {
                   normals4<Noise>(seed, call, block, p, id, out);
               });
}

void fill_words(LaneCounters const& lanes, std::uint64_t seed, std::uint32_t purpose, int calls,
                int blocks, std::uint32_t* z) {
    fill_lanes(
        lanes, purpose, calls, blocks, z,
        [seed](std::uint64_t call, int block, Purpose p, std::uint64_t id, std::uint32_t* out) {
            Words4 const words = words4(seed, call, block, p, id);
            for (int i = 0; i < 4; ++i) out[i] = words.w[i];
        });
}

constexpr FillTable table = {fill_normals<float>, fill_normals<double>, fill_words};

#endif

}  // namespace

extern FillTable const fill_table_baseline;
FillTable const fill_table_baseline = table;

}  // namespace kramers::detail
