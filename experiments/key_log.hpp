// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "experiments/reader.hpp"

namespace kramers {

/// How a reader asked for a key.
struct AskedKey {
    std::string type;  ///< "number", "whole", …, as in spec_keys.hpp; empty: looked for, no more
    Range range;
    std::string fallback;              ///< as TOML; empty: none
    std::vector<std::string> allowed;  ///< of a word
};

/// While it lives, the readers of this thread note the dotted keys they ask for. For the tests that
/// hold spec_keys() against what the readers accept. One at a time.
class KeyLog {
  public:
    KeyLog();
    ~KeyLog();
    KeyLog(KeyLog const&) = delete;
    KeyLog& operator=(KeyLog const&) = delete;
    static void note(std::string const& key, AskedKey asked);  ///< nothing without a log

    std::multimap<std::string, AskedKey> asked;
};

}  // namespace kramers
