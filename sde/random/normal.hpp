// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/math.hpp"
#include "sde/random/box_muller.hpp"
#include "sde/random/philox.hpp"

/// Normals one draw block at a time: what a CUDA thread, replay and the tests call. The host's lane
/// blocks get the same bits from sde/random/fill.hpp.
namespace kramers {

namespace detail {

/// The pack of one lane.
struct ScalarPack {
    using U = std::uint32_t;
    using F = float;
    using H = std::uint32_t;
    using Q = std::uint64_t;
    using D = double;

    KRAMERS_HD static U u(std::uint32_t x) { return x; }
    KRAMERS_HD static F f(float x) { return x; }
    KRAMERS_HD static H h(std::uint32_t x) { return x; }
    KRAMERS_HD static Q q(std::uint64_t x) { return x; }
    KRAMERS_HD static D d(double x) { return x; }

    KRAMERS_HD static U and_(U a, U b) { return a & b; }
    KRAMERS_HD static U and_or(U a, U b, U c) { return (a & b) | c; }
    KRAMERS_HD static U sub32(U a, U b) { return a - b; }
    KRAMERS_HD static U twice(U a) { return a << 1; }
    KRAMERS_HD static Q and_(Q a, Q b) { return a & b; }
    KRAMERS_HD static Q or_(Q a, Q b) { return a | b; }
    KRAMERS_HD static Q add64(Q a, Q b) { return a + b; }
    KRAMERS_HD static Q sub64(Q a, Q b) { return a - b; }
    KRAMERS_HD static Q exponent(Q a) { return a >> 52; }

    KRAMERS_HD static U bits(F x) { return math::detail::to_bits(x); }
    KRAMERS_HD static Q bits(D x) { return math::detail::to_bits(x); }
    KRAMERS_HD static F as_float(U x) { return math::detail::from_bits(x); }
    KRAMERS_HD static D as_double(Q x) { return math::detail::from_bits(x); }
    KRAMERS_HD static F to_float(U x) { return static_cast<float>(static_cast<std::int32_t>(x)); }
    KRAMERS_HD static D to_double(H x) { return static_cast<double>(static_cast<std::int32_t>(x)); }
    KRAMERS_HD static D low_half(H x) { return static_cast<double>(x) + 0.5; }

    KRAMERS_HD static F fma(F a, F b, F c) { return math::fma(a, b, c); }
    KRAMERS_HD static F mul(F a, F b) { return a * b; }
    KRAMERS_HD static F sqrt(F a) { return math::sqrt(a); }
    KRAMERS_HD static D fma(D a, D b, D c) { return math::fma(a, b, c); }
    KRAMERS_HD static D mul(D a, D b) { return a * b; }
    KRAMERS_HD static D add(D a, D b) { return a + b; }
    KRAMERS_HD static D sub(D a, D b) { return a - b; }
    KRAMERS_HD static D div(D a, D b) { return a / b; }
    KRAMERS_HD static D sqrt(D a) { return math::sqrt(a); }

    KRAMERS_HD static F flip_sign(F x, U w) {
        return math::detail::from_bits(bits(x) ^ (w & 0x80000000U));
    }
    KRAMERS_HD static D flip_sign(D x, H w) {
        return math::detail::from_bits(bits(x) ^ (static_cast<Q>(w & 0x80000000U) << 32));
    }
    KRAMERS_HD static F choose_by_sign(U w, F a, F b) { return (w >> 31) != 0 ? a : b; }
    KRAMERS_HD static D choose_by_sign(H w, D a, D b) { return (w >> 31) != 0 ? a : b; }
};

}  // namespace detail

/// Four normals.
template <class Noise>
struct Normals4 {
    Noise z[4];
};

/// Words 0, 1 → normals 0, 1; words 2, 3 → normals 2, 3.
KRAMERS_HD Normals4<float> normals_from(Words4 const& a) {
    auto const p = detail::box_muller_f32<detail::ScalarPack>(a.w[0], a.w[1]);
    auto const q = detail::box_muller_f32<detail::ScalarPack>(a.w[2], a.w[3]);
    return {{p.z0, p.z1, q.z0, q.z1}};
}

/// The same with 32 more low bits per word.
KRAMERS_HD Normals4<double> normals_from(Words4 const& a, Words4 const& low) {
    auto const p = detail::box_muller_f64<detail::ScalarPack>(a.w[0], a.w[1], low.w[0], low.w[1]);
    auto const q = detail::box_muller_f64<detail::ScalarPack>(a.w[2], a.w[3], low.w[2], low.w[3]);
    return {{p.z0, p.z1, q.z0, q.z1}};
}

/// The four normals of one draw block, exactly as sde/random/fill.hpp writes them.
template <class Noise>
KRAMERS_HD void normals4(std::uint64_t seed, std::uint64_t call, int block, Purpose purpose,
                         std::uint64_t trajectory, Noise out[4]) {
    Words4 const words = words4(seed, call, block, purpose, trajectory);
    if constexpr (sizeof(Noise) == sizeof(float)) {
        auto const n = normals_from(words);
        for (int i = 0; i < 4; ++i) out[i] = n.z[i];
    } else {
        auto const n =
            normals_from(words, words4(seed, call, block, low_bits_of(purpose), trajectory));
        for (int i = 0; i < 4; ++i) out[i] = n.z[i];
    }
}

/// As normals4 with the special-function units of a GPU: the same distribution and, to about 1e-6,
/// the same normals, but not the same bits. On the host it is normals4.
KRAMERS_HD void normals4_fast(std::uint64_t seed, std::uint64_t call, int block, Purpose purpose,
                              std::uint64_t trajectory, float out[4]) {
#if KRAMERS_DEVICE_PASS
    Words4 const words = words4(seed, call, block, purpose, trajectory);
    for (int i = 0; i < 4; i += 2) {
        std::uint32_t const w0 = words.w[i];
        std::uint32_t const w1 = words.w[i + 1];
        float const v = static_cast<float>((w0 & 0x7fffffffU) | 1U);
        // ln(2^31): the difference of logarithms may round below zero at u = 1
        float const r = __fsqrt_rn(fmaxf(-2.0F * __logf(v * 0x1p-31F), 0.0F));
        float const t = math::fma(static_cast<float>(static_cast<std::int32_t>(w1 << 1)),
                                  3.6572953e-10F, 3.6572953e-10F);
        float sine = 0.0F;
        float cosine = 0.0F;
        __sincosf(t, &sine, &cosine);
        cosine = detail::ScalarPack::flip_sign(cosine, w0);
        out[i] = r * ((w1 >> 31) != 0 ? sine : cosine);
        out[i + 1] = r * ((w1 >> 31) != 0 ? cosine : sine);
    }
#else
    normals4<float>(seed, call, block, purpose, trajectory, out);
#endif
}

}  // namespace kramers
