// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "experiments/tree.hpp"

namespace kramers {

/// Text → tree. Malformed TOML is one problem, with the parser's line and column; then the result
/// is an empty table.
Table parse_toml(std::string_view text, std::string const& file, Problems& problems);

/// "ensemble.trajectories=20_000" → sets that value in the tree. The value is TOML; a bare word
/// (quadratic, minimum.left, log(0.1,1,5)) is a string.
void apply_override(Table& root, std::string_view assignment, Problems& problems);

}  // namespace kramers
