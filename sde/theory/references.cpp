// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/references.hpp"

namespace kramers::theory {

/// references.bib as one string, written by CMake (see CMakeLists.txt).
extern std::string_view const references_bib;

namespace {

struct BibEntry {
    std::string key;
    std::string text;
};

/// Entries start with '@' at the start of a line and end with '}' at the start of a line.
std::vector<BibEntry> parse() {
    std::vector<BibEntry> entries;
    std::string_view rest = references_bib;
    while (true) {
        auto const begin = rest.substr(0, 1) == "@" ? 0 : rest.find("\n@");
        if (begin == std::string_view::npos) break;
        rest.remove_prefix(rest[begin] == '@' ? begin : begin + 1);
        auto const open = rest.find('{');
        auto const comma = rest.find(',');
        auto const end = rest.find("\n}");
        if (open == std::string_view::npos || comma == std::string_view::npos ||
            end == std::string_view::npos)
            break;
        entries.push_back({std::string(rest.substr(open + 1, comma - open - 1)),
                           std::string(rest.substr(0, end + 2)) + "\n"});
        rest.remove_prefix(end + 2);
    }
    return entries;
}

std::vector<BibEntry> const& bibliography() {
    static std::vector<BibEntry> const all = parse();
    return all;
}

}  // namespace

std::optional<std::string> bibtex(std::string_view key) {
    for (BibEntry const& entry : bibliography())
        if (entry.key == key) return entry.text;
    return std::nullopt;
}

std::vector<std::string> bibtex_keys() {
    std::vector<std::string> keys;
    for (BibEntry const& entry : bibliography()) keys.push_back(entry.key);
    return keys;
}

}  // namespace kramers::theory
