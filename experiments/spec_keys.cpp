// SPDX-License-Identifier: Apache-2.0
#include "experiments/spec_keys.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/components.hpp"
#include "experiments/numbers.hpp"
#include "experiments/reader.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/noise/catalogue.hpp"
#include "sde/noise/schedule.hpp"

namespace kramers {
namespace {

using Words = std::vector<std::string>;

Words parts_of(std::string_view key) {
    Words parts;
    for (std::size_t begin = 0; begin <= key.size();) {
        std::size_t const end = std::min(key.find('.', begin), key.size());
        std::string part(key.substr(begin, end - begin));
        if (std::size_t const bracket = part.find('['); bracket != std::string::npos)
            part.erase(bracket);
        std::erase(part, '"');
        parts.push_back(std::move(part));
        begin = end + 1;
    }
    return parts;
}

}  // namespace

SpecKey const* find_spec_key(std::string_view written) {
    Words const wanted = parts_of(written);
    SpecKey const* found = nullptr;
    for (SpecKey const& key : spec_keys()) {
        Words const parts = parts_of(key.key);
        bool const rest = parts.back() == "<key>";  // a dotted key itself
        bool same = rest ? wanted.size() >= parts.size() : wanted.size() == parts.size();
        bool exact = same && !rest;
        for (std::size_t i = 0; same && i < parts.size(); ++i) {
            bool const any = parts[i].starts_with('<');
            exact = exact && !any;
            same = any || parts[i] == wanted[i];
        }
        if (same && exact) return &key;
        if (same) found = &key;
    }
    return found;
}

std::vector<ComponentParameter> const& component_parameters() {
    static std::vector<ComponentParameter> const all = [] {
        std::vector<ComponentParameter> list;
        auto const add = [&](char const* table, std::string_view component,
                             auto const& parameters) {
            for (Parameter const& p : parameters)
                list.push_back({table, std::string(component), p});
        };
        for (LandscapeInfo const& l : landscape_catalogue()) add("landscape", l.name, l.parameters);
        for (DynamicsInfo const& d : dynamics_components()) add("dynamics", d.name, d.parameters);
        for (NoiseLawEntry const& law : noise_laws()) add("noise", law.name, law.parameters);
        for (auto const& s : coordinate::schedule_catalogue) add("schedule", s.name, s.parameters);
        return list;
    }();
    return all;
}

std::string value_text(SpecKey const& key) {
    Words forms;
    auto const add = [&](unsigned type, char const* text) {
        if ((key.type & type) != 0) forms.emplace_back(text);
    };
    add(type_number, "number");
    add(type_whole, "whole number");
    add(type_flag, "true or false");
    add(type_numbers, "list of numbers");
    add(type_rows, "list");
    add(type_words, "list of strings");
    add(type_text, "string");
    add(type_table, "table");
    add(type_tables, "list of tables");
    std::string text = fmt::format("{}", fmt::join(forms, " or "));
    if ((key.type & (type_number | type_whole | type_numbers)) != 0) {
        Range const range{key.minimum, key.maximum, key.open_minimum, {}, key.infinite};
        if (key.minimum > -infinite || key.maximum < infinite)
            text += ", " + range.describe().substr(8);  // without "must be "
        if (!key.unit.empty()) text += fmt::format(", unit {}", key.unit);
    }
    if (!key.relative.empty()) text += fmt::format(", or {{ {} = r }}", key.relative);
    return text;
}

}  // namespace kramers
