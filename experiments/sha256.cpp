// SPDX-License-Identifier: Apache-2.0
#include "experiments/sha256.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace kramers {
namespace {

/// First 32 bits of the fractional part of root(prime), for the first `count` primes: the constants
/// are defined this way (FIPS 180-4, 4.2.2 and 5.3.3), so they need not be typed.
template <std::size_t count>
std::array<std::uint32_t, count> fractions_of_primes(long double (*root)(long double)) {
    std::array<std::uint32_t, count> words{};
    std::size_t found = 0;
    for (unsigned n = 2; found < count; ++n) {
        bool prime = true;
        for (unsigned k = 2; k * k <= n; ++k) prime = prime && n % k != 0;
        if (!prime) continue;
        long double const r = root(static_cast<long double>(n));
        words[found++] = static_cast<std::uint32_t>((r - std::floor(r)) * 4294967296.0L);
    }
    return words;
}

void compress(std::array<std::uint32_t, 8>& state, unsigned char const* block) {
    static auto const k = fractions_of_primes<64>([](long double x) { return std::cbrt(x); });
    std::array<std::uint32_t, 64> w{};
    for (std::size_t t = 0; t < 16; ++t)
        for (std::size_t b = 0; b < 4; ++b) w[t] = w[t] << 8 | block[4 * t + b];
    for (std::size_t t = 16; t < 64; ++t) {
        std::uint32_t const a = w[t - 15], b = w[t - 2];
        w[t] = w[t - 16] + w[t - 7] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) +
               (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t t = 0; t < 64; ++t) {
        std::uint32_t const t1 = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                                 ((e & f) ^ (~e & g)) + k[t] + w[t];
        std::uint32_t const t2 =
            (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    std::array<std::uint32_t, 8> const add{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state[i] += add[i];
}

}  // namespace

std::string sha256(std::string_view bytes) {
    auto state = fractions_of_primes<8>([](long double x) { return std::sqrt(x); });
    std::string padded(bytes);
    padded += '\x80';
    while (padded.size() % 64 != 56) padded += '\0';
    std::uint64_t const bits = 8 * static_cast<std::uint64_t>(bytes.size());
    for (int shift = 56; shift >= 0; shift -= 8)
        padded += static_cast<char>(static_cast<unsigned char>(bits >> shift));
    for (std::size_t at = 0; at < padded.size(); at += 64)
        compress(state, reinterpret_cast<unsigned char const*>(padded.data()) + at);
    std::string text;
    for (std::uint32_t const word : state) text += fmt::format("{:08x}", word);
    return text;
}

}  // namespace kramers
