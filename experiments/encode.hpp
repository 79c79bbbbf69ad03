// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gpu/simulate.hpp"

namespace kramers {

/// Every name and number of a plan as bytes, doubles by their bits: equal plans and only those give
/// equal texts. (A field added to Plan, or to what it holds, must be added here: most are taken apart by
/// structured bindings, which then no longer compile.)
std::string encode(Plan const& plan);

/// Tallies with the facts of their run; decode(encode(t)) is t. Slots take 2, 4 or 8 bytes.
std::string encode(Tallies const& tallies);
/// Nothing when the bytes are no tallies.
std::optional<Tallies> decode_tallies(std::string_view bytes);

/// Raised with any change of what encode() writes: old entries are then not found.
inline constexpr int encoding_version = 1;

}  // namespace kramers
