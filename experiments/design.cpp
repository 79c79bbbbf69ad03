// SPDX-License-Identifier: Apache-2.0
#include "experiments/design.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

#include "experiments/hash.hpp"

namespace kramers {
namespace {

constexpr int primes[most_axes] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53};

/// A uniform in [0, 1) for two numbers and a seed: the upper 53 bits of their hash.
double uniform(std::uint64_t a, std::uint64_t b, std::uint64_t seed) {
    std::uint64_t const words[] = {a, b};
    char bytes[sizeof words];
    std::memcpy(bytes, words, sizeof words);
    return static_cast<double>(xxh64({bytes, sizeof bytes}, seed) >> 11) * 0x1p-53;
}

/// The digits of k in a base, mirrored at the point.
double radical_inverse(std::uint64_t k, int base) {
    double value = 0.0, scale = 1.0;
    for (; k > 0; k /= static_cast<unsigned>(base)) {
        scale /= base;
        value += scale * static_cast<double>(k % static_cast<unsigned>(base));
    }
    return value;
}

}  // namespace

std::optional<Design> parse_design(std::string_view text) {
    Design design;
    if (text == "grid") return design;
    design.kind = Design::Kind::zip;
    if (text == "zip") return design;
    std::size_t const colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view const word = text.substr(0, colon), number = text.substr(colon + 1);
    if (word == "random") design.kind = Design::Kind::random;
    else if (word == "halton") design.kind = Design::Kind::halton;
    else return std::nullopt;
    auto const [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), design.points);
    if (error != std::errc() || end != number.data() + number.size() || design.points == 0)
        return std::nullopt;
    return design;
}

double design_coordinate(Design const& design, std::size_t k, std::size_t axis) {
    if (design.kind == Design::Kind::random) return uniform(k, axis, design.seed);
    double const u =
        radical_inverse(k + 1, primes[axis]) + uniform(~std::uint64_t{0}, axis, design.seed);
    return u - std::floor(u);
}

}  // namespace kramers
