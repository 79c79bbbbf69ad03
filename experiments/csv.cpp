// SPDX-License-Identifier: Apache-2.0
#include "experiments/csv.hpp"

#include <fmt/format.h>

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

}  // namespace kramers
