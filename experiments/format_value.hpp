// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kramers {

/// "19.09 ± 0.04", "(1.234 ± 0.012)e-7", "0 ± 0.003": the error to two digits when they begin with
/// 1, else to one; the value to the same decimal place. Scientific outside 1e-3 … 1e5. "no
/// estimate" when the value is not a number, the bare value when the error is not, is 0 or is that of
/// rounding (below 1e-9 of the value).
std::string format_value(double value, double standard_error);

/// A number alone, to `digits` significant digits, in the same notation: "19.08", "3.200e-7".
std::string format_number(double value, int digits = 4);

/// A count for people, rounded up to two digits: "39", "4800", "1.3e6", "infinitely many".
std::string format_count(double count);

/// The shortest text of four significant digits, for labels: "0.02", "4e-4", "12".
std::string format_label(double value);

/// Columns that UTF-8 text takes on a terminal, for text of narrow characters.
std::size_t columns_of(std::string_view text);

/// The text with blanks to its right, `width` columns wide or more.
std::string padded(std::string_view text, std::size_t width);

/// Lines of at most `width` columns, broken between words. A word longer than that is broken after
/// one of = _ / , and only failing these inside.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// Prints the text beside a label of `indent` columns, in lines of at most 100.
void print_beside(std::string const& label, std::string_view text, std::size_t indent);

}  // namespace kramers
