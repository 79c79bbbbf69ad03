// SPDX-License-Identifier: Apache-2.0
#include "experiments/hash.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>

namespace kramers {
namespace {

constexpr std::uint64_t p1 = 0x9E3779B185EBCA87u, p2 = 0xC2B2AE3D27D4EB4Fu,
                        p3 = 0x165667B19E3779F9u, p4 = 0x85EBCA77C2B2AE63u,
                        p5 = 0x27D4EB2F165667C5u;

template <class Word>
std::uint64_t word_at(char const* p) {
    static_assert(std::endian::native == std::endian::little);
    Word w;
    std::memcpy(&w, p, sizeof w);
    return w;
}

std::uint64_t mixed(std::uint64_t lane, std::uint64_t word) {
    return std::rotl(lane + word * p2, 31) * p1;
}

}  // namespace

std::uint64_t xxh64(std::string_view bytes, std::uint64_t seed) {
    char const* p = bytes.data();
    char const* const end = p + bytes.size();
    std::uint64_t h = seed + p5;
    if (bytes.size() >= 32) {
        std::uint64_t lane[4] = {seed + p1 + p2, seed + p2, seed, seed - p1};
        for (; end - p >= 32; p += 32)
            for (int i = 0; i < 4; ++i) lane[i] = mixed(lane[i], word_at<std::uint64_t>(p + 8 * i));
        h = std::rotl(lane[0], 1) + std::rotl(lane[1], 7) + std::rotl(lane[2], 12) +
            std::rotl(lane[3], 18);
        for (std::uint64_t const l : lane) h = (h ^ mixed(0, l)) * p1 + p4;
    }
    h += bytes.size();
    for (; end - p >= 8; p += 8)
        h = std::rotl(h ^ mixed(0, word_at<std::uint64_t>(p)), 27) * p1 + p4;
    if (end - p >= 4) {
        h = std::rotl(h ^ (word_at<std::uint32_t>(p) * p1), 23) * p2 + p3;
        p += 4;
    }
    for (; p < end; ++p) h = std::rotl(h ^ (word_at<std::uint8_t>(p) * p5), 11) * p1;
    h = (h ^ (h >> 33)) * p2;
    h = (h ^ (h >> 29)) * p3;
    return h ^ (h >> 32);
}

std::string digest(std::string_view bytes) {
    return fmt::format("{:016x}{:016x}", xxh64(bytes, 0), xxh64(bytes, p1));
}

}  // namespace kramers
