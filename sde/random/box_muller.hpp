// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/math.hpp"

/// Box–Muller as one text for every backend: a template over a pack P of lanes. P is ScalarPack in
/// normal.hpp (CUDA threads, replay, tests) and a register of lanes in fill_*.cpp. Only correctly
/// rounded operations with every fma written out occur, so all packs give the same bits.
///
///   two words w0, w1  →  z0 = r·C, z1 = r·S     r = √(−2 ln u), (C, S) uniform on the circle
///
///   u      the low 31 bits of w0 with the last one set: odd integers over 2^31, the midpoints of
///          2^30 bins, never 0; largest r = √(2 ln 2^31) = 6.56
///   angle  t = (2·(w1 without its bit 31) + 1 − 2^31)·π/4·2^−31 in (−π/4, π/4) as two's
///          complement, hence no range reduction; bit 31 of w0 flips the sign of cos t; bit 31 of
///          w1 swaps sin and cos: four quarters of equal weight. Unswapped C = ±cos t, S = sin t.
///
/// In double each word gets 32 more low bits (l0, l1) inside the same bins, so the float normal is
/// a rounding of the double one (except in the outermost bin, of probability 2^−30, where the
/// double may reach √(2 ln 2^63) = 9.35).
///
/// Error    radius 1.6 ulp, normal given the radius 3.1 ulp, float and double alike
/// Source   box1958
namespace kramers::detail {

/// The words of a pair, as lanes of P.
template <class P, class F>
struct Pair {
    F z0, z1;
};

/// √(−2 ln u) in float: v = 2^31 u = m 2^e, g = 2 − 2m, −2 ln m = g + g² Q(g).
template <class P>
KRAMERS_HD typename P::F radius_f32(typename P::U w0) {
    auto const v = P::to_float(P::and_or(w0, P::u(0x7fffffffU), P::u(1U)));
    auto const bits = P::bits(v);
    auto const k = P::and_(P::sub32(bits, P::u(0x4eb504f3U)), P::u(0xff800000U));  // e·2^23
    auto const e = P::to_float(k);
    auto const g = P::fma(P::as_float(P::sub32(bits, k)), P::f(-0x1p-30F), P::f(2.0F));
    auto q = P::f(0.000341203209F);
    q = P::fma(q, g, P::f(0.00111777417F));
    q = P::fma(q, g, P::f(0.00233093533F));
    q = P::fma(q, g, P::f(0.0051782853F));
    q = P::fma(q, g, P::f(0.0124762943F));
    q = P::fma(q, g, P::f(0.0312521942F));
    q = P::fma(q, g, P::f(0.0833348781F));
    q = P::fma(q, g, P::f(0.249999955F));
    auto const r2 = P::fma(e, P::f(-1.65259166e-07F), P::fma(P::mul(g, g), q, g));
    return P::sqrt(r2);
}

template <class P>
KRAMERS_HD Pair<P, typename P::F> box_muller_f32(typename P::U w0, typename P::U w1) {
    auto const r = radius_f32<P>(w0);
    // π/4·2^−31·(s + 1) with s even: the midpoint of the bin
    auto const t = P::fma(P::to_float(P::twice(w1)), P::f(3.6572953e-10F), P::f(3.6572953e-10F));
    auto const y = P::mul(t, t);
    auto ps = P::fma(P::f(-0.000195182845F), y, P::f(0.00833218917F));
    ps = P::fma(ps, y, P::f(-0.166666552F));
    auto const sine = P::fma(P::mul(t, y), ps, t);
    auto pc = P::fma(P::f(-0.0013591029F), y, P::f(0.0416557156F));
    pc = P::fma(pc, y, P::f(-0.499998838F));
    auto const cosine = P::flip_sign(P::fma(pc, y, P::f(1.0F)), w0);
    return {P::mul(r, P::choose_by_sign(w1, sine, cosine)),
            P::mul(r, P::choose_by_sign(w1, cosine, sine))};
}

/// √(−2 ln u) in double. H holds 32-bit lanes, one per lane of D. As math::log, argument scaled.
template <class P>
KRAMERS_HD typename P::D radius_f64(typename P::H w0, typename P::H l0) {
    auto const v =
        P::fma(P::low_half(l0), P::d(0x1p-31), P::to_double(P::and_(w0, P::h(0x7ffffffeU))));
    auto const bits = P::bits(v);
    // offset: (1023 − 31)·2^52 − bits(√½); the exponent stays positive
    auto const k = P::add64(bits, P::q(0xfe195f619980c433ULL));
    auto const e = P::sub(P::as_double(P::or_(P::exponent(k), P::q(0x4330000000000000ULL))),
                          P::d(4503599627371519.0));
    auto const m = P::as_double(P::add64(P::sub64(bits, P::and_(k, P::q(0xfff0000000000000ULL))),
                                         P::q(0x3e00000000000000ULL)));
    auto const f = P::sub(m, P::d(1.0));
    auto const s = P::div(f, P::add(f, P::d(2.0)));
    auto const z = P::mul(s, s);
    auto p = P::fma(P::d(0.14795386712239078), z, P::d(0.15314108963079834));
    p = P::fma(p, z, P::d(0.18183561946349674));
    p = P::fma(p, z, P::d(0.22222198621162581));
    p = P::fma(p, z, P::d(0.28571428741894267));
    p = P::fma(p, z, P::d(0.39999999999417046));
    p = P::fma(p, z, P::d(0.6666666666666734));
    auto const h = P::mul(P::mul(f, f), P::d(0.5));
    auto const tail = P::fma(s, P::fma(p, z, h), P::mul(e, P::d(2.3190468138462996e-17)));
    auto const log = P::fma(e, P::d(0.69314718055994529), P::sub(f, P::sub(h, tail)));
    return P::sqrt(P::mul(log, P::d(-2.0)));
}

template <class P>
KRAMERS_HD Pair<P, typename P::D> box_muller_f64(typename P::H w0, typename P::H w1,
                                                 typename P::H l0, typename P::H l1) {
    auto const r = radius_f64<P>(w0, l0);
    auto const a = P::fma(P::low_half(l1), P::d(0x1p-31), P::to_double(P::twice(w1)));
    auto const t = P::mul(a, P::d(3.657295198167899e-10));
    auto const y = P::mul(t, t);
    auto ps = P::fma(P::d(1.589543096089021e-10), y, P::d(-2.5050734358203009e-08));
    ps = P::fma(ps, y, P::d(2.7557313538383333e-06));
    ps = P::fma(ps, y, P::d(-0.0001984126982935836));
    ps = P::fma(ps, y, P::d(0.0083333333333218407));
    ps = P::fma(ps, y, P::d(-0.1666666666666663));
    auto const sine = P::fma(P::mul(t, y), ps, t);
    auto pc = P::fma(P::d(-1.1358747815693236e-11), y, P::d(2.0875705376218958e-09));
    pc = P::fma(pc, y, P::d(-2.7557314216949769e-07));
    pc = P::fma(pc, y, P::d(2.4801587289001951e-05));
    pc = P::fma(pc, y, P::d(-0.0013888888888873342));
    pc = P::fma(pc, y, P::d(0.041666666666666595));
    pc = P::fma(pc, y, P::d(-0.5));
    auto const cosine = P::flip_sign(P::fma(pc, y, P::d(1.0)), w0);
    return {P::mul(r, P::choose_by_sign(w1, sine, cosine)),
            P::mul(r, P::choose_by_sign(w1, cosine, sine))};
}

}  // namespace kramers::detail
