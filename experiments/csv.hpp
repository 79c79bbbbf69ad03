// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kramers {

/// One field of a table, already as text: a number with 17 significant digits (reads back to the
/// same bits), NaN as the empty field, or a string quoted as RFC 4180 asks.
class CsvField {
  public:
    CsvField(double value);
    CsvField(std::string_view text);
    CsvField(char const* text) : CsvField(std::string_view(text)) {}
    CsvField(std::string const& text) : CsvField(std::string_view(text)) {}
    CsvField(bool value) : text_(value ? "true" : "false") {}
    template <std::integral Integer>
    CsvField(Integer value) : text_(std::to_string(value)) {}
    std::string const& text() const { return text_; }

  private:
    std::string text_;
};

/// A tidy table: columns declared once, one observation per row, a header and no comment lines.
/// Lines end in \n, as every reader of CSV accepts and diff prefers.
class CsvTable {
  public:
    /// Throws std::logic_error on a repeated or empty column name.
    explicit CsvTable(std::vector<std::string> columns);
    /// Throws std::logic_error when the number of fields is not that of the columns.
    CsvTable& add(std::vector<CsvField> const& row);
    std::vector<std::string> const& columns() const { return columns_; }
    std::size_t rows() const { return rows_; }
    std::string const& text() const { return text_; }

  private:
    std::vector<std::string> columns_;
    std::size_t rows_ = 0;
    std::string text_;
};

/// One record of a CSV text, with the line that it begins in.
struct CsvRecord {
    std::size_t line = 0;
    std::vector<std::string> fields;
};

/// The records of a text as RFC 4180 has them: quoted fields may hold commas, line ends and doubled
/// quotes. A byte order mark, \r before \n, blanks around a field, empty lines and lines that begin
/// with # mean nothing.
struct CsvText {
    std::vector<CsvRecord> records;
    std::string problem;  ///< "line 3: …", empty if there is none
};
CsvText parse_csv(std::string_view text);

}  // namespace kramers
