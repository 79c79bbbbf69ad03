// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace kramers {

inline constexpr double infinite = std::numeric_limits<double>::infinity();

/// A number that is not there: an empty field of a table.
inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// One-sided 99 % quantile of the normal law.
inline constexpr double one_sided_99 = 2.3263478740408408;

/// The upper median of at least one number.
inline double median(std::vector<double> v) {
    auto const middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return *middle;
}

}  // namespace kramers
