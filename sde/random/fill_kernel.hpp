// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/random/box_muller.hpp"
#include "sde/random/fill.hpp"
#include "sde/random/philox.hpp"
#include "sde/random/wide_pack.hpp"

/// The fill, written once over a pack P of 32-bit lanes. Included only by fill_*.cpp, each compiled
/// for its own instruction set: everything here depends on P, which lives in an anonymous
/// namespace, so no function compiled for a wide instruction set can be picked by the linker for
/// a narrow one.
///
/// Layout of Philox. The multiplier reads the low 32 bits of every 64: even lanes are in place, odd
/// lanes are moved there by one shuffle, and one more collects the high halves of both products.
/// Packed words cost two operations a round more than words kept in 64-bit slots, but need half the
/// registers, and spills cost more than that. A pack may permute lanes in P::high as long as two
/// rounds undo it: words 1 and 3 then start (P::order_second) and end (P::low_last) in that order.
///
/// Rounds 1 and 2 hold much that does not depend on the call index; Hoisted keeps it per lane
/// group.
namespace kramers::detail {

#define KRAMERS_FILL static inline __attribute__((always_inline))

template <class P>
struct FillKernel {
    using U = typename P::U;

    struct Keys {
        U low[philox::rounds], high[philox::rounds];
    };

    KRAMERS_FILL Keys keys_of(std::uint64_t seed) {
        Keys k;
        auto low = static_cast<std::uint32_t>(seed);
        auto high = static_cast<std::uint32_t>(seed >> 32);
        for (int r = 0; r < philox::rounds; ++r) {
            k.low[r] = P::u(low);
            k.high[r] = P::u(high);
            low += philox::weyl_0;
            high += philox::weyl_1;
        }
        return k;
    }

    struct Product {
        U even, odd;  // 64-bit products of even and odd lanes
    };
    KRAMERS_FILL Product times(U a, std::uint32_t multiplier) {
        U const m = P::u(multiplier);
        return {P::multiply(a, m), P::multiply(P::odd_to_even(a), m)};
    }
    KRAMERS_FILL U high(Product const& p) { return P::high(p.even, p.odd); }
    KRAMERS_FILL U low(Product const& p) { return P::low(p.even, p.odd); }

    /// What rounds 1 and 2 of one lane group and counter word 1 do not need the call index for.
    struct Hoisted {
        U call;    // word 0 of the first call (non-uniform calls)
        U first;   // word 2 after round 1, but for high(p0)
        U low_1;   // low(p1) of round 1, xor the key of round 2
        U second;  // word 2 after round 2, but for low(p0) of round 1
        U carry;   // low(p0) of round 2
    };

    KRAMERS_FILL Hoisted hoist(LaneCounters const& lanes, Keys const& key, int lane,
                               std::uint32_t tag) {
        U const word1 = P::or_(P::shift_16(P::load(lanes.call_high + lane)), P::u(tag));
        U const word3 = P::load(lanes.id_high + lane);
        Product const p1 = times(P::load(lanes.id_low + lane), philox::multiplier_1);
        U const word0 = P::xor3(high(p1), P::order_second(word1), key.low[0]);
        Product const p0 = times(word0, philox::multiplier_0);
        return {P::load(lanes.call_low + lane), P::xor_(P::order_second(word3), key.high[0]),
                P::xor_(low(p1), key.low[1]), P::xor_(high(p0), key.high[1]), low(p0)};
    }

    /// Ten rounds for C independent chains, interleaved so that one hides the other's latency.
    template <int C, bool uniform>
    KRAMERS_FILL void philox(Hoisted const* h, Keys const& key, std::uint32_t uniform_call,
                             std::uint32_t k, U (*out)[4]) {
        U a[C], b[C], c[C], d[C];
        for (int i = 0; i < C; ++i) {
            if constexpr (uniform) {
                std::uint64_t const p =
                    static_cast<std::uint64_t>(philox::multiplier_0) * (uniform_call + k);
                c[i] = P::xor_(h[i].first, P::u(static_cast<std::uint32_t>(p >> 32)));
                d[i] = P::u(static_cast<std::uint32_t>(p));
            } else {
                Product const p0 = times(P::add32(h[i].call, P::u(k)), philox::multiplier_0);
                c[i] = P::xor_(h[i].first, high(p0));
                d[i] = low(p0);
            }
            Product const p1 = times(c[i], philox::multiplier_1);
            a[i] = P::xor_(high(p1), h[i].low_1);
            b[i] = low(p1);
            c[i] = P::xor_(h[i].second, d[i]);
            d[i] = h[i].carry;
        }
        for (int r = 2; r < philox::rounds - 1; ++r) {
            for (int i = 0; i < C; ++i) {
                Product const p1 = times(c[i], philox::multiplier_1);
                Product const p0 = times(a[i], philox::multiplier_0);
                a[i] = P::xor3(high(p1), b[i], key.low[r]);
                b[i] = low(p1);
                c[i] = P::xor3(high(p0), d[i], key.high[r]);
                d[i] = low(p0);
            }
        }
        for (int i = 0; i < C; ++i) {
            Product const p1 = times(c[i], philox::multiplier_1);
            Product const p0 = times(a[i], philox::multiplier_0);
            out[i][0] = P::xor3(high(p1), b[i], key.low[philox::rounds - 1]);
            out[i][1] = P::low_last(p1.even, p1.odd);
            out[i][2] = P::xor3(high(p0), d[i], key.high[philox::rounds - 1]);
            out[i][3] = P::low_last(p0.even, p0.odd);
        }
    }

    struct Words {
        using Out = std::uint32_t;
        static constexpr int streams = 1;
        template <int groups>
        KRAMERS_FILL void put(U const (*w)[4], Out* z) {
            for (int g = 0; g < groups; ++g) {
                for (int i = 0; i < 4; ++i) P::store(z + i * lane_count + g * P::width, w[g][i]);
            }
        }
    };

    struct NormalsF32 {
        using Out = float;
        static constexpr int streams = 1;
        template <int groups>
        KRAMERS_FILL void put(U const (*w)[4], Out* z) {
            using W = WidePack<P, groups>;
            for (int i = 0; i < 4; i += 2) {
                typename W::U w0, w1;
                for (int g = 0; g < groups; ++g) {
                    w0.v[g] = w[g][i];
                    w1.v[g] = w[g][i + 1];
                }
                auto const n = box_muller_f32<W>(w0, w1);
                for (int g = 0; g < groups; ++g) {
                    P::store(z + i * lane_count + g * P::width, n.z0.v[g]);
                    P::store(z + (i + 1) * lane_count + g * P::width, n.z1.v[g]);
                }
            }
        }
    };

    struct NormalsF64 {
        using Out = double;
        static constexpr int streams = 2;
        template <int groups>
        KRAMERS_FILL void put(U const (*w)[4], Out* z) {
            constexpr int halves = P::halves;
            using W = WidePack<P, 2 * halves>;
            for (int g = 0; g < groups; ++g) {
                typename W::H w0, w1, l0, l1;
                for (int i = 0; i < 2 * halves; ++i) {
                    int const word = i / halves * 2;
                    w0.v[i] = P::half(w[2 * g][word], i % halves);
                    w1.v[i] = P::half(w[2 * g][word + 1], i % halves);
                    l0.v[i] = P::half(w[2 * g + 1][word], i % halves);
                    l1.v[i] = P::half(w[2 * g + 1][word + 1], i % halves);
                }
                auto const n = box_muller_f64<W>(w0, w1, l0, l1);
                for (int i = 0; i < 2 * halves; ++i) {
                    Out* const at = z + (i / halves * 2) * lane_count + g * P::width +
                                    i % halves * (P::width / halves);
                    P::store(at, n.z0.v[i]);
                    P::store(at + lane_count, n.z1.v[i]);
                }
            }
        }
    };

    template <class Kind, int groups, bool uniform>
    KRAMERS_FILL void run(LaneCounters const& lanes, std::uint64_t seed, std::uint32_t purpose,
                          int calls, int blocks, typename Kind::Out* z) {
        static_assert(lane_count % (groups * P::width) == 0);
        constexpr int chains = groups * Kind::streams;
        Keys const key = keys_of(seed);
        for (int lane = 0; lane < lane_count; lane += groups * P::width) {
            for (int b = 0; b < blocks; ++b) {
                Hoisted hoisted[chains];
                for (int i = 0; i < chains; ++i) {
                    std::uint32_t const tag =
                        (static_cast<std::uint32_t>(b) << 8) | purpose |
                        (i % Kind::streams != 0 ? static_cast<std::uint32_t>(Purpose::low_bits)
                                                : 0U);
                    hoisted[i] = hoist(lanes, key, lane + i / Kind::streams * P::width, tag);
                }
                for (int k = 0; k < calls; ++k) {
                    U words[chains][4];
                    philox<chains, uniform>(hoisted, key, lanes.call_low[0],
                                            static_cast<std::uint32_t>(k), words);
                    Kind::template put<groups>(words, z + (k * blocks + b) * 4 * lane_count + lane);
                }
            }
        }
    }

    template <class Kind, int groups>
    static void fill(LaneCounters const& lanes, std::uint64_t seed, std::uint32_t purpose,
                     int calls, int blocks, typename Kind::Out* z) {
        if (lanes.uniform_call) {
            run<Kind, groups, true>(lanes, seed, purpose, calls, blocks, z);
        } else {
            run<Kind, groups, false>(lanes, seed, purpose, calls, blocks, z);
        }
    }
};

#undef KRAMERS_FILL

}  // namespace kramers::detail
