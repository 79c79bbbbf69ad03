// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// N registers of pack P handled as one: Box–Muller then reads like one pair but its long chains of
/// fma come out interleaved, which hides their latency (fill_kernel.hpp).
namespace kramers::detail {

#define KRAMERS_WIDE static inline __attribute__((always_inline))

/// Element-wise f(a[i], …).
#define KRAMERS_WIDE_MAP(R, expression)                \
    R r;                                               \
    for (int i = 0; i < N; ++i) r.v[i] = (expression); \
    return r

template <class P, int N>
struct WidePack {
    struct U {
        typename P::U v[N];
    };
    struct F {
        typename P::F v[N];
    };
    struct H {
        typename P::H v[N];
    };
    struct Q {
        typename P::Q v[N];
    };
    struct D {
        typename P::D v[N];
    };

    KRAMERS_WIDE U u(std::uint32_t x) { KRAMERS_WIDE_MAP(U, P::u(x)); }
    KRAMERS_WIDE F f(float x) { KRAMERS_WIDE_MAP(F, P::f(x)); }
    KRAMERS_WIDE U and_(U a, U b) { KRAMERS_WIDE_MAP(U, P::and_(a.v[i], b.v[i])); }
    KRAMERS_WIDE U and_or(U a, U b, U c) { KRAMERS_WIDE_MAP(U, P::and_or(a.v[i], b.v[i], c.v[i])); }
    KRAMERS_WIDE U sub32(U a, U b) { KRAMERS_WIDE_MAP(U, P::sub32(a.v[i], b.v[i])); }
    KRAMERS_WIDE U twice(U a) { KRAMERS_WIDE_MAP(U, P::twice(a.v[i])); }
    KRAMERS_WIDE U bits(F x) { KRAMERS_WIDE_MAP(U, P::bits(x.v[i])); }
    KRAMERS_WIDE F as_float(U x) { KRAMERS_WIDE_MAP(F, P::as_float(x.v[i])); }
    KRAMERS_WIDE F to_float(U x) { KRAMERS_WIDE_MAP(F, P::to_float(x.v[i])); }
    KRAMERS_WIDE F fma(F a, F b, F c) { KRAMERS_WIDE_MAP(F, P::fma(a.v[i], b.v[i], c.v[i])); }
    KRAMERS_WIDE F mul(F a, F b) { KRAMERS_WIDE_MAP(F, P::mul(a.v[i], b.v[i])); }
    KRAMERS_WIDE F sqrt(F a) { KRAMERS_WIDE_MAP(F, P::sqrt(a.v[i])); }
    KRAMERS_WIDE F flip_sign(F x, U w) { KRAMERS_WIDE_MAP(F, P::flip_sign(x.v[i], w.v[i])); }
    KRAMERS_WIDE F choose_by_sign(U w, F a, F b) {
        KRAMERS_WIDE_MAP(F, P::choose_by_sign(w.v[i], a.v[i], b.v[i]));
    }

    KRAMERS_WIDE H h(std::uint32_t x) { KRAMERS_WIDE_MAP(H, P::h(x)); }
    KRAMERS_WIDE Q q(std::uint64_t x) { KRAMERS_WIDE_MAP(Q, P::q(x)); }
    KRAMERS_WIDE D d(double x) { KRAMERS_WIDE_MAP(D, P::d(x)); }
    KRAMERS_WIDE H and_(H a, H b) { KRAMERS_WIDE_MAP(H, P::and_(a.v[i], b.v[i])); }
    KRAMERS_WIDE H twice(H a) { KRAMERS_WIDE_MAP(H, P::twice(a.v[i])); }
    KRAMERS_WIDE Q and_(Q a, Q b) { KRAMERS_WIDE_MAP(Q, P::and_(a.v[i], b.v[i])); }
    KRAMERS_WIDE Q or_(Q a, Q b) { KRAMERS_WIDE_MAP(Q, P::or_(a.v[i], b.v[i])); }
    KRAMERS_WIDE Q add64(Q a, Q b) { KRAMERS_WIDE_MAP(Q, P::add64(a.v[i], b.v[i])); }
    KRAMERS_WIDE Q sub64(Q a, Q b) { KRAMERS_WIDE_MAP(Q, P::sub64(a.v[i], b.v[i])); }
    KRAMERS_WIDE Q exponent(Q a) { KRAMERS_WIDE_MAP(Q, P::exponent(a.v[i])); }
    KRAMERS_WIDE Q bits(D x) { KRAMERS_WIDE_MAP(Q, P::bits(x.v[i])); }
    KRAMERS_WIDE D as_double(Q x) { KRAMERS_WIDE_MAP(D, P::as_double(x.v[i])); }
    KRAMERS_WIDE D to_double(H x) { KRAMERS_WIDE_MAP(D, P::to_double(x.v[i])); }
    KRAMERS_WIDE D low_half(H x) { KRAMERS_WIDE_MAP(D, P::low_half(x.v[i])); }
    KRAMERS_WIDE D fma(D a, D b, D c) { KRAMERS_WIDE_MAP(D, P::fma(a.v[i], b.v[i], c.v[i])); }
    KRAMERS_WIDE D mul(D a, D b) { KRAMERS_WIDE_MAP(D, P::mul(a.v[i], b.v[i])); }
    KRAMERS_WIDE D add(D a, D b) { KRAMERS_WIDE_MAP(D, P::add(a.v[i], b.v[i])); }
    KRAMERS_WIDE D sub(D a, D b) { KRAMERS_WIDE_MAP(D, P::sub(a.v[i], b.v[i])); }
    KRAMERS_WIDE D div(D a, D b) { KRAMERS_WIDE_MAP(D, P::div(a.v[i], b.v[i])); }
    KRAMERS_WIDE D sqrt(D a) { KRAMERS_WIDE_MAP(D, P::sqrt(a.v[i])); }
    KRAMERS_WIDE D flip_sign(D x, H w) { KRAMERS_WIDE_MAP(D, P::flip_sign(x.v[i], w.v[i])); }
    KRAMERS_WIDE D choose_by_sign(H w, D a, D b) {
        KRAMERS_WIDE_MAP(D, P::choose_by_sign(w.v[i], a.v[i], b.v[i]));
    }
};

#undef KRAMERS_WIDE_MAP
#undef KRAMERS_WIDE

}  // namespace kramers::detail
