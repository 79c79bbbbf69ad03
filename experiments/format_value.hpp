// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kramers {

/// "19.09 ± 0.04", "(1.234 ± 0.012)e-7", "0 ± 0.003": the error to two digits when they begin with
/// 1, else to one; the value to the same decimal place. Scientific outside 1e-3 … 1e5. "no
/// estimate" when the value is not a number, the bare value when the error is not or is 0.
std::string format_value(double value, double standard_error);

/// A number alone, to `digits` significant digits, in the same notation: "19.08", "3.200e-7".
std::string format_number(double value, int digits = 4);

/// A count for people, rounded up to two digits: "39", "4800", "1.3e6", "infinitely many".
std::string format_count(double count);

}  // namespace kramers
