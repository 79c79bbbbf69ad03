// SPDX-License-Identifier: Apache-2.0
#include "experiments/validation_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

#include "experiments/format_value.hpp"

namespace kramers {

namespace {

constexpr std::size_t claim_width = 26;
constexpr std::size_t where_width = 18;
constexpr std::size_t prediction_width = 10;
constexpr std::size_t estimate_width = 19;
constexpr std::size_t verdict_width = 13;
constexpr std::size_t right_width = 73;  // everything right of the claim
constexpr std::size_t table_width = claim_width + 1 + right_width;

/// Columns that UTF-8 text takes on a terminal, for text of narrow characters.
std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width) {
    std::size_t const have = columns_of(text);
    return std::string(text) + std::string(have < width ? width - have : 0, ' ');
}

/// Splits text between words; a word longer than the width is cut.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    auto flush = [&] {
        if (!line.empty()) lines.push_back(std::exchange(line, {}));
    };
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t const end = std::min(text.find(' ', at), text.size());
        std::string_view word = text.substr(at, end - at);
        at = end + 1;
        if (word.empty()) continue;
        if (!line.empty() && columns_of(line) + 1 + columns_of(word) > width) flush();
        if (!line.empty()) line += ' ';
        for (std::size_t k = 0; k < word.size(); ++k) {
            if ((word[k] & 0xC0) != 0x80 && columns_of(line) == width) flush();
            line += word[k];
        }
    }
    flush();
    return lines;
}

std::string trimmed(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

std::string verdict_words(Verdict verdict) {
    return verdict == Verdict::out_of_domain ? "out of domain" : std::string(to_string(verdict));
}

std::string painted(std::string const& text, Comparison const& c, Colour colour) {
    if (colour == Colour::never) return text;
    bool const unknown = c.verdict == Verdict::undecided || c.verdict == Verdict::out_of_domain;
    char const* const code = c.passed ? "32" : (unknown ? "33" : "31");
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string right_side(std::string_view where, std::string_view prediction,
                       std::string_view estimate, std::string_view verdict,
                       std::string_view expected) {
    return padded(where, where_width) + " " + padded(prediction, prediction_width) + " " +
           padded(estimate, estimate_width) + " " + padded(verdict, verdict_width) + " " +
           std::string(expected);
}

void add_notes(std::vector<std::string>& lines, Comparison const& c) {
    std::vector<std::string> notes;
    if (c.verdict == Verdict::undecided) {
        notes.push_back(std::isfinite(c.more_trajectories)
                            ? fmt::format("about {} more trajectories would decide",
                                          format_count(c.more_trajectories))
                            : "no number of further trajectories is sure to decide");
    }
    bool const note_matters = !c.passed || c.verdict == Verdict::out_of_domain;
    if (note_matters && !c.note.empty()) notes.push_back(c.note);
    if (!c.passed && c.claim.expect != Verdict::agree) {
        notes.push_back(fmt::format("expected: {}", verdict_words(c.claim.expect)));
    }
    for (std::string const& note : notes) {
        for (std::string const& line : wrapped(note, right_width - 2)) lines.push_back("  " + line);
    }
}

std::vector<std::string> right_lines(ClaimRow const& row, Colour colour) {
    Comparison const& c = row.comparison;
    std::vector<std::string> where = wrapped(row.where, where_width);
    if (where.empty()) where.emplace_back("-");
    std::string const prediction = format_number(c.prediction.value, 5);
    std::string estimate = format_value(c.estimate.value, c.estimate.standard_error);
    std::vector<std::string> lines;
    if (columns_of(estimate) > estimate_width && estimate.find(" ± ") != std::string::npos) {
        std::size_t const at = estimate.find(" ± ");
        if (where.size() < 2) where.emplace_back();
        lines.push_back(right_side(where[1], "", estimate.substr(at), "", ""));
        estimate.resize(at);
        where.erase(where.begin() + 1);
    }
    std::string const verdict = padded(verdict_words(c.verdict), verdict_width);
    lines.insert(lines.begin(),
                 right_side(where[0], prediction, estimate, painted(verdict, c, colour),
                            painted(c.passed ? "yes" : "NO", c, colour)));
    for (std::size_t k = 1; k < where.size(); ++k) lines.push_back(where[k]);
    add_notes(lines, c);
    return lines;
}

std::vector<std::string> claim_lines(Comparison const& c) {
    std::vector<std::string> lines = wrapped(c.claim.sentence, claim_width - 1);
    std::vector<std::string> source;
    if (!c.prediction.formula.empty()) source.push_back(c.prediction.formula);
    source.insert(source.end(), c.prediction.sources.begin(), c.prediction.sources.end());
    std::string const against =
        source.empty() ? c.claim.against
                       : fmt::format("{} ({})", c.claim.against, fmt::join(source, ", "));
    for (std::string const& line : wrapped("vs " + against, claim_width - 3))
        lines.push_back("  " + line);
    return lines;
}

/// "95 %", "99.78 %": as many digits as 1 − level needs.
std::string percent(double level) {
    double const miss = 100.0 * (1.0 - level);
    int const decimals =
        miss > 0.0 ? std::max(0, 1 - static_cast<int>(std::floor(std::log10(miss)))) : 0;
    std::string text = fmt::format("{:.{}f}", 100.0 * level, decimals);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return text + " %";
}

}  // namespace

Colour colour_for(std::FILE* stream) {
    char const* const no_colour = std::getenv("NO_COLOR");
    char const* const terminal = std::getenv("TERM");
    bool const refused = (no_colour != nullptr && *no_colour != '\0') ||
                         (terminal != nullptr && std::string_view(terminal) == "dumb");
    int const descriptor = ::fileno(stream);
    bool const capable = descriptor >= 0 && ::isatty(descriptor) == 1;
    return capable && !refused ? Colour::always : Colour::never;
}

std::string cell_label(Cell const& cell) {
    std::string label;
    for (auto const& [key, value] : cell.swept) {
        std::string name = key.substr(key.rfind('.') == std::string::npos ? 0 : key.rfind('.') + 1);
        std::string text;
        if (double const* number = std::get_if<double>(&value)) {
            auto const barrier = cell.facts.find("barrier");
            if (name == "temperature" && barrier != cell.facts.end()) {
                name = "barrier/T";
                text = fmt::format("{:.4g}", barrier->second / cell.temperature);
            } else {
                text = fmt::format("{:.4g}", *number);
            }
        } else {
            text = std::get<std::string>(value);
        }
        label += fmt::format("{}{}={}", label.empty() ? "" : " ", name, text);
    }
    return label.empty() ? "-" : label;
}

std::string validation_table(std::vector<ClaimRow> const& rows, Colour colour) {
    std::string out =
        trimmed(padded("claim", claim_width) + " " +
                right_side("where", "prediction", "estimate ± s.e.", "verdict", "expected?")) +
        "\n" + std::string(table_width, '-') + "\n";
    std::vector<std::string> order;
    for (ClaimRow const& row : rows) {
        std::string const& id = row.comparison.claim.id;
        if (std::find(order.begin(), order.end(), id) == order.end()) order.push_back(id);
    }
    for (std::string const& id : order) {
        std::vector<std::string> left;
        std::vector<std::string> right;
        for (ClaimRow const& row : rows) {
            if (row.comparison.claim.id != id) continue;
            if (right.empty()) left = claim_lines(row.comparison);
            for (std::string& line : right_lines(row, colour)) right.push_back(std::move(line));
        }
        for (std::size_t k = 0; k < std::max(left.size(), right.size()); ++k) {
            std::string const l = k < left.size() ? left[k] : "";
            out +=
                trimmed(padded(l, claim_width) + " " + (k < right.size() ? right[k] : "")) + "\n";
        }
        out += "\n";
    }
    return out + validation_summary(rows) + "\n";
}

std::string validation_summary(std::vector<ClaimRow> const& rows) {
    if (rows.empty()) return "no claims";
    std::set<std::string> ids;
    std::size_t passed = 0;
    double level = 1.0;
    for (ClaimRow const& row : rows) {
        ids.insert(row.comparison.claim.id);
        passed += row.comparison.passed ? 1 : 0;
        level = std::min(level, row.comparison.family_level);
    }
    auto counted = [](std::size_t n, char const* noun) {
        return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
    };
    std::string const what = ids.size() == rows.size() ? counted(rows.size(), "claim")
                                                       : counted(rows.size(), "verdict") + " on " +
                                                             counted(ids.size(), "claim");
    double const family = 1.0 - (1.0 - level) * static_cast<double>(rows.size());
    return fmt::format("{}: {} as expected, {} not; family-wise level {}, each interval {}", what,
                       passed, rows.size() - passed, percent(family), percent(level));
}

}  // namespace kramers
