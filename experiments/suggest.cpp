// SPDX-License-Identifier: Apache-2.0
#include "experiments/suggest.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kramers {

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}
namespace {

std::string lower(std::string_view word) {
    std::string result(word);
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
    // Three rows of the Damerau–Levenshtein table (restricted: a swapped pair is not edited again).
    std::vector<int> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            int const cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = previous;
        previous = row;
    }
    return previous[b.size()];
}

std::string closest(std::string_view word, std::vector<std::string> const& candidates) {
    std::string const wanted = lower(word);
    std::string best;
    int best_distance = 0;
    for (std::string const& candidate : candidates) {
        int const distance = edit_distance(wanted, lower(candidate));
        auto const longest = std::max(wanted.size(), candidate.size());
        if (distance > std::max(1, static_cast<int>(longest) / 3)) continue;
        if (best.empty() || distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string unknown_word(std::string_view what, std::string_view word,
                         std::vector<std::string> const& candidates) {
    std::string text = fmt::format("unknown {} \"{}\"", what, word);
    if (!candidates.empty()) text += fmt::format(" (have: {})", fmt::join(candidates, ", "));
    std::string const meant = closest(word, candidates);
    if (!meant.empty()) text += fmt::format(". Did you mean \"{}\"?", meant);
    return text;
}

}  // namespace kramers
