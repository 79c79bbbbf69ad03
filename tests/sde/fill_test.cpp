// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sde/random/fill.hpp"
#include "sde/random/normal.hpp"

namespace fill_test {
namespace {
using namespace kramers;

constexpr int rows = 48;
struct Buffers {
    alignas(64) std::uint32_t call_low[lane_count], call_high[lane_count];
    alignas(64) std::uint32_t id_low[lane_count], id_high[lane_count];
    alignas(64) float z[rows * lane_count];
    alignas(64) double zz[rows * lane_count];
    alignas(64) std::uint32_t w[rows * lane_count];
};

/// Bits that differ from the scalar functions.
struct Differences {
    int words = 0, singles = 0, doubles = 0;
};

/// One fill against the scalar functions told `scalar_purpose` (equal to `purpose` but in teeth).
Differences compare(Isa isa, std::mt19937_64& engine, bool uniform, Purpose purpose,
                    Purpose scalar_purpose, int calls, int blocks) {
    static Buffers b;
    REQUIRE(calls * blocks * 4 <= rows);
    std::uint64_t const seed = engine(), first = engine() & 0xffff7fffffffULL;
    for (int i = 0; i < lane_count; ++i) {
        std::uint64_t const call = uniform ? first : engine() & 0xffff7fffffffULL;
        std::uint64_t const id = engine();
        b.call_low[i] = static_cast<std::uint32_t>(call);
        b.call_high[i] = static_cast<std::uint32_t>(call >> 32);
        b.id_low[i] = static_cast<std::uint32_t>(id);
        b.id_high[i] = static_cast<std::uint32_t>(id >> 32);
    }
    LaneCounters const lanes{b.call_low, b.call_high, b.id_low, b.id_high, uniform};
    auto const p = static_cast<std::uint32_t>(purpose);
    FillTable const& table = fill_table(isa);
    table.normals_f32(lanes, seed, p, calls, blocks, b.z);
    table.normals_f64(lanes, seed, p, calls, blocks, b.zz);
    table.words(lanes, seed, p, calls, blocks, b.w);
    Differences d;
    for (int row = 0; row < calls * blocks; ++row) {
        for (int i = 0; i < lane_count; ++i) {
            std::uint64_t const call =
                ((static_cast<std::uint64_t>(b.call_high[i]) << 32) | b.call_low[i]) +
                static_cast<unsigned>(row / blocks);
            std::uint64_t const id = (static_cast<std::uint64_t>(b.id_high[i]) << 32) | b.id_low[i];
            Words4 const words = words4(seed, call, row % blocks, scalar_purpose, id);
            float z[4];
            double zz[4];
            normals4<float>(seed, call, row % blocks, scalar_purpose, id, z);
            normals4<double>(seed, call, row % blocks, scalar_purpose, id, zz);
            for (int word = 0; word < 4; ++word) {
                int const at = (row * 4 + word) * lane_count + i;
                d.words += b.w[at] != words.w[word] ? 1 : 0;
                d.singles += std::memcmp(&b.z[at], &z[word], sizeof(float)) != 0 ? 1 : 0;
                d.doubles += std::memcmp(&b.zz[at], &zz[word], sizeof(double)) != 0 ? 1 : 0;
            }
        }
    }
    return d;
}

std::vector<Isa> supported() {
    std::vector<Isa> list;
    for (Isa const isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
        if (isa_supported(isa)) {
            list.push_back(isa);
        } else {
            MESSAGE("skipped: this CPU has no " << std::string(name_of(isa)));
        }
    }
    return list;
}

TEST_CASE("fill: every instruction set writes the bits of the scalar functions") {
    std::mt19937_64 engine(7);
    for (Isa const isa : supported()) {
        CAPTURE(std::string(name_of(isa)));
        for (bool const uniform : {true, false}) {
            for (auto const& [calls, blocks] : {std::pair{1, 1}, {5, 1}, {3, 2}, {2, 4}}) {
                auto const d = compare(isa, engine, uniform, Purpose::increment, Purpose::increment,
                                       calls, blocks);
                CHECK(d.words == 0);
                CHECK(d.singles == 0);
                CHECK(d.doubles == 0);
            }
            for (auto const purpose : all_purposes) {
                auto const d = compare(isa, engine, uniform, purpose, purpose, 1, 2);
                CHECK(d.words + d.singles + d.doubles == 0);
            }
        }
    }
}

TEST_CASE("fill: calls and ids at their extremes") {
    for (Isa const isa : supported()) {
        static Buffers b;
        for (int i = 0; i < lane_count; ++i) {
            b.call_low[i] = i % 2 == 0 ? 0 : 0xfffffff0U;
            b.call_high[i] = i % 3 == 0 ? 0 : 0xffffU;
            b.id_low[i] = i % 5 == 0 ? 0 : 0xffffffffU;
            b.id_high[i] = i % 7 == 0 ? 0 : 0xffffffffU;
        }
        LaneCounters const lanes{b.call_low, b.call_high, b.id_low, b.id_high, false};
        fill_table(isa).words(lanes, ~0ULL, 6, 3, 4, b.w);
        int different = 0;
        for (int i = 0; i < lane_count; ++i) {
            for (int row = 0; row < 12; ++row) {
                auto const words =
                    words4(~0ULL,
                           (static_cast<std::uint64_t>(b.call_high[i]) << 32) + b.call_low[i] +
                               static_cast<unsigned>(row / 4),
                           row % 4, Purpose::bootstrap,
                           (static_cast<std::uint64_t>(b.id_high[i]) << 32) + b.id_low[i]);
                for (int w = 0; w < 4; ++w) {
                    different += b.w[(row * 4 + w) * lane_count + i] != words.w[w] ? 1 : 0;
                }
            }
        }
        CHECK(different == 0);
    }
}

TEST_CASE("teeth: a fill of another purpose differs everywhere") {
    std::mt19937_64 engine(9);
    auto const d =
        compare(best_isa(), engine, true, Purpose::increment, Purpose::second_increment, 3, 1);
    int const all = 12 * lane_count;
    CHECK(d.words > all * 99 / 100);
    CHECK(d.singles > all * 99 / 100);
    CHECK(d.doubles > all * 99 / 100);
}

TEST_CASE("isa: names are parsed back, the best one is supported") {
    for (Isa const isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
        CHECK(parse_isa(name_of(isa)) == isa);
    }
    CHECK_FALSE(parse_isa("sse9").has_value());
    CHECK_FALSE(parse_isa("").has_value());
    CHECK(isa_supported(Isa::baseline));
    CHECK(isa_supported(best_isa()));
}

}  // namespace

}  // namespace fill_test
