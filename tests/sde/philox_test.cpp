// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <Random123/philox.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <random>
#include <set>

#include "sde/random/philox.hpp"

namespace philox_test {
namespace {
using namespace kramers;

struct KnownAnswer {
    Words4 counter;
    std::uint32_t key_low, key_high;
    Words4 result;
};
/// philox4x32-10 in kat_vectors of Random123 1.14.
constexpr KnownAnswer known_answers[] = {
    {{{0, 0, 0, 0}}, 0, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
    {{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
     0xffffffff,
     0xffffffff,
     {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
    {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
     0xa4093822,
     0x299f31d0,
     {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}}};

template <int Rounds>
int known_answers_met() {
    int met = 0;
    for (auto const& k : known_answers) {
        met += philox_4x32<Rounds>(k.counter, k.key_low, k.key_high) == k.result ? 1 : 0;
    }
    return met;
}

TEST_CASE("Philox4x32-10: published known answers") {
    CHECK(known_answers_met<10>() == 3);
    static_assert(philox_4x32(known_answers[0].counter, 0, 0) == known_answers[0].result);
}

TEST_CASE("Philox4x32-10: Random123 gives the same words for random counters and keys") {
    std::mt19937_64 engine(20);
    int different = 0;
    for (int i = 0; i < 20000; ++i) {
        std::uint64_t const a = engine(), b = engine(), k = engine();
        auto const lo = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
        auto const hi = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
        r123::Philox4x32::ctr_type const c = {{lo(a), hi(a), lo(b), hi(b)}};
        r123::Philox4x32::key_type const key = {{lo(k), hi(k)}};
        auto const theirs = r123::Philox4x32()(c, key);
        Words4 const ours = philox_4x32({{lo(a), hi(a), lo(b), hi(b)}}, lo(k), hi(k));
        for (std::size_t j = 0; j < 4; ++j) different += ours.w[j] != theirs[j] ? 1 : 0;
    }
    CHECK(different == 0);
}

TEST_CASE("teeth: nine or eleven rounds miss every known answer") {
    CHECK(known_answers_met<9>() == 0);
    CHECK(known_answers_met<11>() == 0);
}

TEST_CASE("streams: draws sit where the layout says") {
    auto const is = [](DrawAddress a, std::uint64_t call, int block, int word) {
        return a.call == call && a.block == block && a.word == word;
    };
    CHECK(is(address_of(5, 0, 1), 1, 0, 1));  // four steps per call
    CHECK(is(address_of(3, 1, 2), 1, 0, 3));  // two steps per call
    CHECK(is(address_of(7, 2, 3), 7, 0, 2));  // one
    CHECK(is(address_of(7, 5, 8), 7, 1, 1));  // component 5 is word 1 of block 1
    CHECK(blocks_per_call(1) == 1);
    CHECK(blocks_per_call(4) == 1);
    CHECK(blocks_per_call(5) == 2);
    CHECK(counter_of(0x123456789abcULL, 5, Purpose::start, 0xdeadbeef00000001ULL) ==
          Words4{{0x56789abc, 0x12340503, 0x00000001, 0xdeadbeef}});
}

TEST_CASE("streams: no two draws share a counter and a word") {
    using Address = std::array<std::uint32_t, 5>;
    for (int const m : {1, 2, 3, 8}) {
        std::set<Address> seen;
        std::size_t draws = 0;
        for (auto const role : all_purposes) {
            for (auto const purpose : {role, low_bits_of(role)}) {
                for (std::uint64_t const base : {0ULL, (1ULL << 34) - 6}) {  // low word wraps
                    for (std::uint64_t step = base; step < base + 24; ++step) {
                        for (std::uint64_t const id : {0ULL, 1ULL, 1ULL << 32, ~0ULL}) {
                            for (int c = 0; c < m; ++c) {
                                auto const a = address_of(step, c, m);
                                auto const n = counter_of(a.call, a.block, purpose, id);
                                seen.insert({n.w[0], n.w[1], n.w[2], n.w[3],
                                             static_cast<std::uint32_t>(a.word)});
                                ++draws;
                            }
                        }
                    }
                }
            }
        }
        CHECK(seen.size() == draws);
    }
}

TEST_CASE("teeth: a layout without the purpose lets draws collide") {
    std::set<std::array<std::uint32_t, 4>> seen;
    for (auto const purpose : all_purposes) {
        auto n = counter_of(1, 0, purpose, 2);
        n.w[1] &= ~0xffU;
        seen.insert({n.w[0], n.w[1], n.w[2], n.w[3]});
    }
    CHECK(seen.size() < std::size(all_purposes));
}

TEST_CASE("uniform_of: midpoints of 2^32 bins, never 0 or 1") {
    CHECK(uniform_of(0) == 0x1p-33);
    CHECK(uniform_of(0xffffffff) == 1.0 - 0x1p-33);
    CHECK(uniform_of(0x80000000) == 0.5 + 0x1p-33);
}

}  // namespace

}  // namespace philox_test
