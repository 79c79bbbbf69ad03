// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kramers {

/// How the axes of a sweep make cells.
struct Design {
    enum class Kind { grid, zip, random, halton } kind = Kind::grid;
    std::size_t points = 0;  ///< of random and halton
    std::uint64_t seed = 1;
    bool samples() const { return kind == Kind::random || kind == Kind::halton; }
};

/// "grid", "zip", "random:N" or "halton:N", N ≥ 1.
std::optional<Design> parse_design(std::string_view text);

/// Most cells of a sweep or a race.
inline constexpr std::size_t most_cells = 10'000;

/// Most axes that a sampled design has.
inline constexpr std::size_t most_axes = 16;

/// Coordinate of point k along an axis, in [0, 1).
///
///   random   independent uniforms, xxh64 of (k, axis) under the seed
///   halton   radical inverse of k + 1 in the axis' prime, shifted modulo 1 by a uniform of the seed:
///            every point is uniform, N of them fill the box evenly
///
/// Source      halton1960; cranley1976 for the shift
double design_coordinate(Design const& design, std::size_t k, std::size_t axis);

}  // namespace kramers
