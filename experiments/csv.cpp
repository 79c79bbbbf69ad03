// SPDX-License-Identifier: Apache-2.0
#include "experiments/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace kramers {

CsvField::CsvField(double value) {
    if (!std::isnan(value)) text_ = fmt::format("{:.17g}", value);
}

CsvField::CsvField(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        text_ = text;
        return;
    }
    text_ = '"';
    for (char const c : text) {
        if (c == '"') text_ += '"';
        text_ += c;
    }
    text_ += '"';
}

CsvTable::CsvTable(std::vector<std::string> columns) : columns_(std::move(columns)) {
    std::set<std::string> seen;
    for (std::size_t k = 0; k < columns_.size(); ++k) {
        if (columns_[k].empty() || !seen.insert(columns_[k]).second) {
            throw std::logic_error(
                fmt::format("table column {} \"{}\" is empty or repeated", k + 1, columns_[k]));
        }
        text_ += (k > 0 ? "," : "") + CsvField(columns_[k]).text();
    }
    text_ += '\n';
}

CsvTable& CsvTable::add(std::vector<CsvField> const& row) {
    if (row.size() != columns_.size()) {
        throw std::logic_error(
            fmt::format("table row has {} fields for {} columns (first column \"{}\")", row.size(),
                        columns_.size(), columns_.empty() ? "" : columns_.front()));
    }
    for (std::size_t k = 0; k < row.size(); ++k) {
        if (k > 0) text_ += ',';
        text_ += row[k].text();
    }
    text_ += '\n';
    ++rows_;
    return *this;
}

CsvText parse_csv(std::string_view text) {
    constexpr std::string_view mark = "\xEF\xBB\xBF", blank = " \t";
    if (text.starts_with(mark)) text.remove_prefix(mark.size());
    CsvText all;
    std::size_t line = 1, at = 0;
    auto const skip_blanks = [&] { at = std::min(text.find_first_not_of(blank, at), text.size()); };
    while (at < text.size()) {
        std::size_t const end = std::min(text.find('\n', at), text.size());
        std::string_view const whole = text.substr(at, end - at);
        if (whole.starts_with('#') || whole.find_first_not_of(" \t\r") == whole.npos) {
            at = end + 1;
            ++line;
            continue;
        }
        CsvRecord record{line, {}};
        for (bool more = true; more;) {
            std::string field;
            skip_blanks();
            if (at < text.size() && text[at] == '"') {
                std::size_t const opened = line;
                for (++at; at < text.size(); ++at) {
                    if (text[at] == '"' && !text.substr(at + 1).starts_with('"')) break;
                    if (text[at] == '"') ++at;
                    if (text[at] == '\n') ++line;
                    field += text[at];
                }
                if (at >= text.size()) {
                    all.problem = fmt::format("line {}: a quote is never closed", opened);
                    return all;
                }
                ++at;
                skip_blanks();
                if (at < text.size() && std::string_view(",\r\n").find(text[at]) == blank.npos) {
                    all.problem = fmt::format("line {}: text follows a quoted field", line);
                    return all;
                }
            } else {
                std::size_t const stop = std::min(text.find_first_of(",\n", at), text.size());
                field = text.substr(at, stop - at);
                field.erase(field.find_last_not_of(" \t\r") + 1);
                at = stop;
            }
            record.fields.push_back(std::move(field));
            while (at < text.size() && text[at] == '\r') ++at;
            more = at < text.size() && text[at] == ',';
            ++at;  // the comma or the line end
        }
        ++line;
        all.records.push_back(std::move(record));
    }
    return all;
}

}  // namespace kramers
