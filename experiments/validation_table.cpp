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
#include <variant>

#include "experiments/format_value.hpp"

namespace kramers {

namespace {

constexpr std::size_t table_width = 100;
constexpr std::size_t expected_width = 9;

/// Columns of the table: as narrow as the texts allow, the claim gets the rest.
struct Layout {
    std::size_t where = 5, prediction = 10, estimate = 15, verdict = 9;
    std::size_t right() const {
        return where + prediction + estimate + verdict + expected_width + 4;
    }
    std::size_t claim() const { return table_width - 1 - right(); }
};

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

bool is_curve(Comparison const& c) {
    return std::holds_alternative<StationaryDensity>(c.claim.estimand);
}

std::string prediction_text(Comparison const& c) {
    bool const known = std::isfinite(c.prediction.value);
    return is_curve(c) && known ? "curve" : format_number(c.prediction.value, 5);
}

std::string estimate_text(Comparison const& c) {
    std::string const text = format_value(c.estimate.value, c.estimate.standard_error);
    return is_curve(c) && std::isfinite(c.estimate.value) ? "gap " + text : text;
}

Layout layout_of(std::vector<ClaimRow> const& rows) {
    Layout layout;
    auto const widen = [](std::size_t& width, std::string const& text, std::size_t most) {
        width = std::max(width, std::min(columns_of(text), most));
    };
    for (ClaimRow const& row : rows) {
        widen(layout.where, row.where, 18);
        widen(layout.prediction, prediction_text(row.comparison), 10);
        widen(layout.estimate, estimate_text(row.comparison), 20);
        widen(layout.verdict, verdict_words(row.comparison.verdict), 13);
    }
    return layout;
}

std::string right_side(Layout const& layout, std::string_view where, std::string_view prediction,
                       std::string_view estimate, std::string_view verdict,
                       std::string_view expected) {
    return padded(where, layout.where) + " " + padded(prediction, layout.prediction) + " " +
           padded(estimate, layout.estimate) + " " + padded(verdict, layout.verdict) + " " +
           std::string(expected);
}

void add_notes(std::vector<std::string>& lines, Comparison const& c, std::size_t width) {
    std::vector<std::string> notes;
    if (c.verdict == Verdict::undecided) {
        notes.push_back(std::isfinite(c.more_trajectories)
                            ? fmt::format("about {} more trajectories would decide",
                                          format_count(c.more_trajectories))
                            : "no number of further trajectories is sure to decide");
    }
    bool const note_matters = !c.passed || c.verdict == Verdict::out_of_domain;
    if (note_matters && !c.note.empty()) notes.push_back(c.note);
    else if (!c.estimate.warning.empty()) notes.push_back("warning: " + c.estimate.warning);
    if (!c.passed && c.claim.expect != Verdict::agree) {
        notes.push_back(fmt::format("expected: {}", verdict_words(c.claim.expect)));
    }
    for (std::string const& note : notes) {
        for (std::string const& line : wrapped(note, width - 2)) lines.push_back("  " + line);
    }
}

std::vector<std::string> right_lines(ClaimRow const& row, Layout const& layout, Colour colour) {
    Comparison const& c = row.comparison;
    std::vector<std::string> where = wrapped(row.where, layout.where);
    if (where.empty()) where.emplace_back("-");
    std::string estimate = estimate_text(c);
    std::vector<std::string> lines;
    if (columns_of(estimate) > layout.estimate && estimate.find(" ± ") != std::string::npos) {
        std::size_t const at = estimate.find(" ± ");
        if (where.size() < 2) where.emplace_back();
        lines.push_back(right_side(layout, where[1], "", estimate.substr(at), "", ""));
        estimate.resize(at);
        where.erase(where.begin() + 1);
    }
    std::string const verdict = padded(verdict_words(c.verdict), layout.verdict);
    lines.insert(lines.begin(), right_side(layout, where[0], prediction_text(c), estimate,
                                           painted(verdict, c, colour),
                                           painted(c.passed ? "yes" : "NO", c, colour)));
    for (std::size_t k = 1; k < where.size(); ++k) lines.push_back(where[k]);
    add_notes(lines, c, layout.right());
    return lines;
}

std::vector<std::string> claim_lines(Comparison const& c, std::size_t width) {
    std::vector<std::string> lines = wrapped(c.claim.sentence, width - 1);
    std::vector<std::string> source;
    if (!c.prediction.formula.empty()) source.push_back(c.prediction.formula);
    source.insert(source.end(), c.prediction.sources.begin(), c.prediction.sources.end());
    std::string const against =
        source.empty() ? c.claim.against
                       : fmt::format("{} ({})", c.claim.against, fmt::join(source, ", "));
    for (std::string const& line : wrapped("vs " + against, width - 3))
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
    auto const fact = [&](char const* name) {
        auto const found = cell.facts.find(name);
        return found == cell.facts.end() ? 0.0 : found->second;
    };
    for (auto const& [key, value] : cell.swept) {
        std::string name = key.substr(key.rfind('.') == std::string::npos ? 0 : key.rfind('.') + 1);
        if (!label.empty()) label += ' ';
        if (std::string const* word = std::get_if<std::string>(&value)) {
            label += *word;
            continue;
        }
        double number = std::get<double>(value);
        if (name == "temperature" && fact("barrier") > 0.0) {
            name = "barrier/T";
            number = fact("barrier") / cell.temperature;
        } else if (name == "learning_rate" && fact("max_curvature") > 0.0) {
            name = "eta h";
            number *= fact("max_curvature");
        }
        label += fmt::format("{}={}", name, format_label(number));
    }
    return label.empty() ? "-" : label;
}

std::string validation_table(std::vector<ClaimRow> const& rows, Colour colour) {
    Layout const layout = layout_of(rows);
    std::string out = trimmed(padded("claim", layout.claim()) + " " +
                              right_side(layout, "where", "prediction", "estimate ± s.e.",
                                         "verdict", "expected?")) +
                      "\n" + std::string(table_width, '-') + "\n";
    std::vector<std::string> order;
    bool curves = false, scaled = false;
    for (ClaimRow const& row : rows) {
        std::string const& id = row.comparison.claim.id;
        if (std::find(order.begin(), order.end(), id) == order.end()) order.push_back(id);
        curves = curves || is_curve(row.comparison);
        scaled = scaled || row.where.find("eta h=") != std::string::npos;
    }
    for (std::string const& id : order) {
        std::vector<std::string> left;
        std::vector<std::string> right;
        for (ClaimRow const& row : rows) {
            if (row.comparison.claim.id != id) continue;
            if (right.empty()) left = claim_lines(row.comparison, layout.claim());
            for (std::string& line : right_lines(row, layout, colour))
                right.push_back(std::move(line));
        }
        for (std::size_t k = 0; k < std::max(left.size(), right.size()); ++k) {
            std::string const l = k < left.size() ? left[k] : "";
            out += trimmed(padded(l, layout.claim()) + " " + (k < right.size() ? right[k] : "")) +
                   "\n";
        }
        out += "\n";
    }
    if (curves)
        out += "gap: largest distance between the two curves, in units of the predicted peak\n";
    if (scaled) out += "eta h: learning rate times the largest curvature; stable below 2\n";
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
