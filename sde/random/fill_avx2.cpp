// SPDX-License-Identifier: Apache-2.0
// Compiled with -mavx2 -mfma; called only where the CPU has both.
#include "sde/random/fill_kernel.hpp"

#if !defined(__AVX2__) || !defined(__FMA__)
#error "compile this file with -mavx2 -mfma"
#endif

#include <immintrin.h>

namespace kramers::detail {
namespace {

#define KRAMERS_LANES static inline __attribute__((always_inline))

/// Eight 32-bit lanes. P::high puts lanes 0 1 2 3 of each 128 bits in the order 0 2 1 3: one
/// shuffle.
struct Avx2 {
    using U = __m256i;
    using F = __m256;
    using H = __m128i;
    using Q = __m256i;
    using D = __m256d;
    static constexpr int width = 8;
    static constexpr int halves = 2;  // registers of double per register of words

    KRAMERS_LANES U u(std::uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
    KRAMERS_LANES F f(float x) { return _mm256_set1_ps(x); }
    KRAMERS_LANES H h(std::uint32_t x) { return _mm_set1_epi32(static_cast<int>(x)); }
    KRAMERS_LANES U q(std::uint64_t x) { return _mm256_set1_epi64x(static_cast<long long>(x)); }
    KRAMERS_LANES D d(double x) { return _mm256_set1_pd(x); }

    KRAMERS_LANES U load(std::uint32_t const* p) {
        return _mm256_load_si256(reinterpret_cast<U const*>(p));
    }
    KRAMERS_LANES void store(std::uint32_t* p, U x) {
        _mm256_store_si256(reinterpret_cast<U*>(p), x);
    }
    KRAMERS_LANES void store(float* p, F x) { _mm256_store_ps(p, x); }
    KRAMERS_LANES void store(double* p, D x) { _mm256_store_pd(p, x); }

    // Philox
    KRAMERS_LANES U xor_(U a, U b) { return _mm256_xor_si256(a, b); }
    KRAMERS_LANES U add32(U a, U b) { return _mm256_add_epi32(a, b); }
    KRAMERS_LANES U shift_16(U a) { return _mm256_slli_epi32(a, 16); }
    KRAMERS_LANES U multiply(U a, U b) { return _mm256_mul_epu32(a, b); }
    KRAMERS_LANES U xor3(U a, U b, U c) { return xor_(xor_(b, c), a); }
    KRAMERS_LANES U odd_to_even(U a) { return _mm256_shuffle_epi32(a, 0xF5); }
    template <int control>
    KRAMERS_LANES U collect(U even, U odd) {
        return _mm256_castps_si256(
            _mm256_shuffle_ps(_mm256_castsi256_ps(even), _mm256_castsi256_ps(odd), control));
    }
    KRAMERS_LANES U high(U even, U odd) { return collect<0xDD>(even, odd); }
    KRAMERS_LANES U low(U even, U odd) {
        return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
    }
    KRAMERS_LANES U low_last(U even, U odd) { return collect<0x88>(even, odd); }
    KRAMERS_LANES U order_second(U a) { return _mm256_shuffle_epi32(a, 0xD8); }

    // Box–Muller in float
    KRAMERS_LANES U and_(U a, U b) { return _mm256_and_si256(a, b); }
    KRAMERS_LANES U or_(U a, U b) { return _mm256_or_si256(a, b); }
    KRAMERS_LANES U and_or(U a, U b, U c) { return or_(and_(a, b), c); }
    KRAMERS_LANES U sub32(U a, U b) { return _mm256_sub_epi32(a, b); }
    KRAMERS_LANES U twice(U a) { return _mm256_add_epi32(a, a); }
    KRAMERS_LANES U bits(F x) { return _mm256_castps_si256(x); }
    KRAMERS_LANES F as_float(U x) { return _mm256_castsi256_ps(x); }
    KRAMERS_LANES F to_float(U x) { return _mm256_cvtepi32_ps(x); }
    KRAMERS_LANES F fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
    KRAMERS_LANES F mul(F a, F b) { return _mm256_mul_ps(a, b); }
    KRAMERS_LANES F sqrt(F a) { return _mm256_sqrt_ps(a); }
    KRAMERS_LANES F flip_sign(F x, U w) {
        return _mm256_xor_ps(x, as_float(and_(w, u(0x80000000U))));
    }
    KRAMERS_LANES F choose_by_sign(U w, F a, F b) { return _mm256_blendv_ps(b, a, as_float(w)); }

    // Box–Muller in double, on halves
    KRAMERS_LANES H half(U a, int i) {
        return i == 0 ? _mm256_castsi256_si128(a) : _mm256_extracti128_si256(a, 1);
    }
    KRAMERS_LANES H and_(H a, H b) { return _mm_and_si128(a, b); }
    KRAMERS_LANES H twice(H a) { return _mm_add_epi32(a, a); }
    KRAMERS_LANES U bits(D x) { return _mm256_castpd_si256(x); }
    KRAMERS_LANES D as_double(U x) { return _mm256_castsi256_pd(x); }
    KRAMERS_LANES U add64(U a, U b) { return _mm256_add_epi64(a, b); }
    KRAMERS_LANES U sub64(U a, U b) { return _mm256_sub_epi64(a, b); }
    KRAMERS_LANES U exponent(U a) { return _mm256_srli_epi64(a, 52); }
    KRAMERS_LANES D to_double(H a) { return _mm256_cvtepi32_pd(a); }
    KRAMERS_LANES D low_half(H a) {  // 2^31 + ½ added back to the signed reading
        return add(to_double(_mm_xor_si128(a, h(0x80000000U))), d(2147483648.5));
    }
    KRAMERS_LANES D fma(D a, D b, D c) { return _mm256_fmadd_pd(a, b, c); }
    KRAMERS_LANES D mul(D a, D b) { return _mm256_mul_pd(a, b); }
    KRAMERS_LANES D add(D a, D b) { return _mm256_add_pd(a, b); }
    KRAMERS_LANES D sub(D a, D b) { return _mm256_sub_pd(a, b); }
    KRAMERS_LANES D div(D a, D b) { return _mm256_div_pd(a, b); }
    KRAMERS_LANES D sqrt(D a) { return _mm256_sqrt_pd(a); }
    KRAMERS_LANES D flip_sign(D x, H w) {
        U const wide = _mm256_cvtepi32_epi64(w);
        return as_double(xor_(bits(x), and_(wide, q(0x8000000000000000ULL))));
    }
    KRAMERS_LANES D choose_by_sign(H w, D a, D b) {
        return _mm256_blendv_pd(b, a, as_double(_mm256_cvtepi32_epi64(w)));
    }
};

using Kernel = FillKernel<Avx2>;

}  // namespace

extern FillTable const fill_table_avx2;
FillTable const fill_table_avx2 = {Kernel::fill<Kernel::NormalsF32, 3>,
                                   Kernel::fill<Kernel::NormalsF64, 1>,
                                   Kernel::fill<Kernel::Words, 3>};

}  // namespace kramers::detail
