// SPDX-License-Identifier: Apache-2.0
// Compiled with -mavx512f -mavx512dq -mavx512vl -mavx512bw -mavx2 -mfma; called only where the CPU
// has all of them.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // false, in g++ 12's own avx512fintrin.h
#endif

#include "sde/random/fill_kernel.hpp"

#if !defined(__AVX512F__) || !defined(__AVX512DQ__) || !defined(__AVX512VL__)
#error "compile this file with -mavx512f -mavx512dq -mavx512vl -mavx512bw -mavx2 -mfma"
#endif

#include <immintrin.h>

namespace kramers::detail {
namespace {

#define KRAMERS_LANES static inline __attribute__((always_inline))

/// Sixteen 32-bit lanes. A masked shuffle moves and merges in one operation, so the order of lanes
/// never changes.
struct Avx512 {
    using U = __m512i;
    using F = __m512;
    using H = __m256i;
    using Q = __m512i;
    using D = __m512d;
    static constexpr int width = 16;
    static constexpr int halves = 2;  // registers of double per register of words

    KRAMERS_LANES U u(std::uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
    KRAMERS_LANES F f(float x) { return _mm512_set1_ps(x); }
    KRAMERS_LANES H h(std::uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
    KRAMERS_LANES U q(std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }
    KRAMERS_LANES D d(double x) { return _mm512_set1_pd(x); }

    KRAMERS_LANES U load(std::uint32_t const* p) { return _mm512_load_si512(p); }
    KRAMERS_LANES void store(std::uint32_t* p, U x) { _mm512_store_si512(p, x); }
    KRAMERS_LANES void store(float* p, F x) { _mm512_store_ps(p, x); }
    KRAMERS_LANES void store(double* p, D x) { _mm512_store_pd(p, x); }

    // Philox
    KRAMERS_LANES U xor_(U a, U b) { return _mm512_xor_si512(a, b); }
    KRAMERS_LANES U xor3(U a, U b, U c) { return _mm512_ternarylogic_epi32(a, b, c, 0x96); }
    KRAMERS_LANES U add32(U a, U b) { return _mm512_add_epi32(a, b); }
    KRAMERS_LANES U shift_16(U a) { return _mm512_slli_epi32(a, 16); }
    KRAMERS_LANES U multiply(U a, U b) { return _mm512_mul_epu32(a, b); }
    KRAMERS_LANES U odd_to_even(U a) {
        return _mm512_shuffle_epi32(a, static_cast<_MM_PERM_ENUM>(0xF5));
    }
    KRAMERS_LANES U high(U even, U odd) {
        return _mm512_mask_shuffle_epi32(odd, 0x5555, even, static_cast<_MM_PERM_ENUM>(0xF5));
    }
    KRAMERS_LANES U low(U even, U odd) {
        return _mm512_mask_shuffle_epi32(even, 0xAAAA, odd, static_cast<_MM_PERM_ENUM>(0xA0));
    }
    KRAMERS_LANES U low_last(U even, U odd) { return low(even, odd); }
    KRAMERS_LANES U order_second(U a) { return a; }

    // Box–Muller in float
    KRAMERS_LANES U and_(U a, U b) { return _mm512_and_si512(a, b); }
    KRAMERS_LANES U or_(U a, U b) { return _mm512_or_si512(a, b); }
    KRAMERS_LANES U and_or(U a, U b, U c) { return _mm512_ternarylogic_epi32(a, b, c, 0xEA); }
    KRAMERS_LANES U sub32(U a, U b) { return _mm512_sub_epi32(a, b); }
    KRAMERS_LANES U twice(U a) { return _mm512_add_epi32(a, a); }
    KRAMERS_LANES U bits(F x) { return _mm512_castps_si512(x); }
    KRAMERS_LANES F as_float(U x) { return _mm512_castsi512_ps(x); }
    KRAMERS_LANES F to_float(U x) { return _mm512_cvtepi32_ps(x); }
    KRAMERS_LANES F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
    KRAMERS_LANES F mul(F a, F b) { return _mm512_mul_ps(a, b); }
    KRAMERS_LANES F sqrt(F a) { return _mm512_sqrt_ps(a); }
    KRAMERS_LANES F flip_sign(F x, U w) {  // x ^ (w & sign)
        return as_float(_mm512_ternarylogic_epi32(bits(x), w, u(0x80000000U), 0x78));
    }
    KRAMERS_LANES F choose_by_sign(U w, F a, F b) {
        return _mm512_mask_blend_ps(_mm512_movepi32_mask(w), b, a);
    }

    // Box–Muller in double, on halves
    KRAMERS_LANES H half(U a, int i) {
        return i == 0 ? _mm512_castsi512_si256(a) : _mm512_extracti64x4_epi64(a, 1);
    }
    KRAMERS_LANES H and_(H a, H b) { return _mm256_and_si256(a, b); }
    KRAMERS_LANES H twice(H a) { return _mm256_add_epi32(a, a); }
    KRAMERS_LANES U bits(D x) { return _mm512_castpd_si512(x); }
    KRAMERS_LANES D as_double(U x) { return _mm512_castsi512_pd(x); }
    KRAMERS_LANES U add64(U a, U b) { return _mm512_add_epi64(a, b); }
    KRAMERS_LANES U sub64(U a, U b) { return _mm512_sub_epi64(a, b); }
    KRAMERS_LANES U exponent(U a) { return _mm512_srli_epi64(a, 52); }
    KRAMERS_LANES D to_double(H a) { return _mm512_cvtepi32_pd(a); }
    KRAMERS_LANES D low_half(H a) { return add(_mm512_cvtepu32_pd(a), d(0.5)); }
    KRAMERS_LANES D fma(D a, D b, D c) { return _mm512_fmadd_pd(a, b, c); }
    KRAMERS_LANES D mul(D a, D b) { return _mm512_mul_pd(a, b); }
    KRAMERS_LANES D add(D a, D b) { return _mm512_add_pd(a, b); }
    KRAMERS_LANES D sub(D a, D b) { return _mm512_sub_pd(a, b); }
    KRAMERS_LANES D div(D a, D b) { return _mm512_div_pd(a, b); }
    KRAMERS_LANES D sqrt(D a) { return _mm512_sqrt_pd(a); }
    KRAMERS_LANES D flip_sign(D x, H w) {
        return as_double(_mm512_ternarylogic_epi64(bits(x), _mm512_cvtepi32_epi64(w),
                                                   q(0x8000000000000000ULL), 0x78));
    }
    KRAMERS_LANES D choose_by_sign(H w, D a, D b) {
        return _mm512_mask_blend_pd(_mm256_movepi32_mask(w), b, a);
    }
};

using Kernel = FillKernel<Avx512>;

}  // namespace

extern FillTable const fill_table_avx512;
FillTable const fill_table_avx512 = {Kernel::fill<Kernel::NormalsF32, 3>,
                                     Kernel::fill<Kernel::NormalsF64, 1>,
                                     Kernel::fill<Kernel::Words, 3>};

}  // namespace kramers::detail
