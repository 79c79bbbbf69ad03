// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

namespace kramers {

/// One parameter of a component. The array returned by a component's parameters() is the only
/// declaration of its parameters: specs, `kramers list`, range checks and docs are all read from it.
struct Parameter {
    std::string_view name;  ///< key in the spec and member name, e.g. "half_width"
    std::string_view
        unit;  ///< dimension: "length", "energy", "temperature", "time", "energy/length^2", "1"
    double fallback;              ///< default; NaN: the user must give it
    double minimum;               ///< smallest allowed value
    double maximum;               ///< largest allowed value
    std::string_view doc;         ///< one sentence
    bool open_minimum = false;    ///< true: the minimum itself is not allowed
    bool per_coordinate = false;  ///< true: dim values (a scalar in the spec is repeated)
    bool per_pair = false;      ///< true: dim × dim values by rows, a symmetric positive definite
                                ///< matrix; the default is that multiple of the identity
    bool whole = false;         ///< true: whole numbers only, each of them a choice of its own
    std::string_view why = {};  ///< what is wrong beyond the bounds, where it is not plain
};

/// A parameter that chooses one of several forms by a whole number.
constexpr Parameter choice_parameter(std::string_view name, double fallback, double first,
                                     double last, std::string_view doc) {
    Parameter p{name, "1", fallback, first, last, doc};
    p.whole = true;
    return p;
}

/// Numbers that a parameter stands for in dim dimensions.
constexpr std::size_t count_of(Parameter const& p, int dim) {
    auto const d = static_cast<std::size_t>(dim);
    return p.per_pair ? d * d : p.per_coordinate ? d : 1;
}

inline constexpr double required = std::numeric_limits<double>::quiet_NaN();
inline constexpr double unbounded = std::numeric_limits<double>::infinity();

}  // namespace kramers
