// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace kramers {

bool one_of(std::string_view word, std::initializer_list<std::string_view> words);

/// Number of insertions, deletions, substitutions and swaps of neighbours that turn a into b.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate closest to `word`, or "" when none is close enough to be what was meant.
std::string closest(std::string_view word, std::vector<std::string> const& candidates);

/// `unknown landscape "rastrign" (have: quadratic, rastrigin). Did you mean "rastrigin"?`
std::string unknown_word(std::string_view what, std::string_view word,
                         std::vector<std::string> const& candidates);

}  // namespace kramers
