// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "sde/parameters.hpp"

namespace kramers {

/// What a key may hold, as bits: `numbers | text` is a list of numbers or a string.
enum SpecType : unsigned {
    type_number = 1,
    type_whole = 2,
    type_text = 4,
    type_flag = 8,
    type_numbers = 16,
    type_words = 32,  ///< list of strings
    type_rows = 64,   ///< list of lists of numbers
    type_table = 128,
    type_tables = 256  ///< list of tables
};

/// One key of the spec language. A word in <> stands for any name, or for the parameters of the
/// component that the table names.
struct SpecKey {
    std::string_view key;  ///< "ensemble.trajectories", "regions.<name>.radius"
    unsigned type = type_number;
    std::string_view doc = {};       ///< one sentence
    std::string_view fallback = {};  ///< default as TOML; "required"; in words; empty: none
    std::string_view example = {};   ///< as written in a spec
    std::string_view kinds = {};     ///< kinds of experiment that take it; empty: every kind
    std::string_view unit = {};
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    bool open_minimum = false;
    bool infinite = false;                          ///< inf is allowed too
    std::vector<std::string> (*words)() = nullptr;  ///< allowed strings
    std::string_view relative = {};                 ///< "barrier_over" or "over_max_curvature"
};

/// Every key: what `kramers explain` and `kramers schema` know, and what the readers of specs are
/// tested against. Parameters of components are not among them, see component_parameters().
std::vector<SpecKey> const& spec_keys();

/// The key that was written so: "regions.other.radius" finds "regions.<name>.radius", and
/// "claim[0].tolerance" finds "claim.tolerance". Null: there is none.
SpecKey const* find_spec_key(std::string_view written);

/// A parameter of a component, as a key of the table that names the component.
struct ComponentParameter {
    std::string table;  ///< "landscape", "dynamics", "noise" or "schedule"
    std::string component;
    Parameter parameter;
};
std::vector<ComponentParameter> const& component_parameters();

/// "number > 0, unit time", "string, one of: …", "list of numbers or string".
std::string value_text(SpecKey const& key);

}  // namespace kramers
