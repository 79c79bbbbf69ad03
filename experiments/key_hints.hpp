// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kramers {

/// What somebody who wrote an unknown key probably wants: the word of this program for what others
/// call lr, sigma or n_steps, or the table in which the key belongs. A sentence that begins with
/// ". ", or nothing. `known`: the keys of that table.
std::string key_hint(std::string_view key, std::vector<std::string> const& known);

/// The words of this program for another library's: {"temperature"} for "T".
std::vector<std::string> own_words(std::string_view word);

/// The verb for another program's word, or "".
std::string verb_hint(std::string_view word);

/// How a line of TOML that does not parse is put right, from its text; ". …" or nothing.
std::string toml_hint(std::string_view line, std::string_view complaint);

/// "seed" of "ensemble.seed".
std::string_view last_part(std::string_view key);

/// The dotted key that a bare word stands for ("seed": ensemble.seed), or "" if that is not clear.
std::string dotted_key(std::string_view word);

}  // namespace kramers
