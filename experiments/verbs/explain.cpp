// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "experiments/components.hpp"
#include "experiments/format_value.hpp"
#include "experiments/key_hints.hpp"
#include "experiments/reader.hpp"
#include "experiments/spec_keys.hpp"
#include "experiments/suggest.hpp"
#include "experiments/verbs/verbs.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/noise/catalogue.hpp"
#include "sde/noise/schedule.hpp"
#include "sde/theory/catalogue.hpp"

namespace kramers::verbs {
namespace {

using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

std::string beside(std::string const& label, std::string const& text) {
    std::string out, left = "  " + padded(label, 9);
    for (std::string const& line : wrapped(text, 100 - left.size())) {
        out += left + line + "\n";
        left.assign(left.size(), ' ');
    }
    return out;
}

Words words_of(SpecKey const& key) { return key.words != nullptr ? key.words() : Words{}; }

std::string quoted_words(Words const& words) {
    std::string text;
    for (std::string const& word : words) text += (text.empty() ? "\"" : ", \"") + word + '"';
    return text;
}

std::string described_key(SpecKey const& key) {
    std::string text = fmt::format("{}\n", key.key) + beside("", std::string(key.doc));
    text += beside("value", value_text(key));
    if (Words const words = words_of(key); !words.empty())
        text += beside("allowed", quoted_words(words));
    if (!key.fallback.empty())
        text += beside(key.fallback == "required" ? "" : "default", std::string(key.fallback));
    if (!key.kinds.empty()) text += beside("kind", std::string(key.kinds));
    std::string label = "example", example(key.example);
    for (std::size_t begin = 0; begin <= example.size();) {
        std::size_t const end = std::min(example.find('\n', begin), example.size());
        text += "  " + padded(label, 9) + example.substr(begin, end - begin) + "\n";
        label.clear();
        begin = end + 1;
    }
    return text;
}

/// A key and the beginning of what it means, on one line.
std::string key_line(std::size_t indent, SpecKey const& key, std::size_t width) {
    auto const lines = wrapped(key.doc, 100 - indent - width - 4);
    return fmt::format("{}{} {}{}\n", std::string(indent, ' '), padded(key.key, width),
                       lines.front(), lines.size() > 1 ? "..." : "");
}

/// The keys of a table, one line each.
std::string inner_keys(SpecKey const& table) {
    if ((table.type & (type_table | type_tables)) == 0) return {};
    std::string const prefix = std::string(table.key) + ".";
    std::string text;
    for (SpecKey const& key : spec_keys())
        if (key.key.starts_with(prefix) &&
            key.key.find('.', prefix.size()) == std::string_view::npos)
            text += key_line(4, key, 34);
    for (ComponentParameter const& c : component_parameters())
        if (table.key == c.table || (c.table == "schedule" && prefix.starts_with("schedule."))) {
            text +=
                "    and the parameters of the component that it names (kramers explain NAME)\n";
            break;
        }
    return text.empty() ? text : "  keys\n" + text;
}

Json key_json(SpecKey const& key) {
    return {{"key", key.key},     {"doc", key.doc},          {"value", value_text(key)},
            {"unit", key.unit},   {"default", key.fallback}, {"allowed", words_of(key)},
            {"kinds", key.kinds}, {"example", key.example}};
}

bool same_parameter(Parameter const& a, Parameter const& b) {
    bool const fallback =
        a.fallback == b.fallback || (std::isnan(a.fallback) && std::isnan(b.fallback));
    return fallback && a.unit == b.unit && a.doc == b.doc && a.minimum == b.minimum &&
           a.maximum == b.maximum && a.per_coordinate == b.per_coordinate &&
           a.per_pair == b.per_pair && a.whole == b.whole;
}

/// Parameters that a word means, those that are alike together.
struct ParameterGroup {
    std::string key;  ///< "dynamics.temperature"
    Parameter parameter;
    Words components;
};

std::vector<ParameterGroup> parameters_named(std::string const& word) {
    std::vector<ParameterGroup> groups;
    for (ComponentParameter const& c : component_parameters()) {
        std::string const name(c.parameter.name);
        std::string const key =
            (c.table == "schedule" ? "schedule.learning_rate" : c.table) + "." + name;
        bool const in_noise = c.table == "schedule" && word == "schedule.noise." + name;
        if (word != name && word != key && !in_noise) continue;
        auto const found = std::find_if(groups.begin(), groups.end(), [&](ParameterGroup const& g) {
            return g.key == key && same_parameter(g.parameter, c.parameter);
        });
        if (found != groups.end()) found->components.push_back(c.component);
        else groups.push_back({key, c.parameter, {c.component}});
    }
    return groups;
}

std::string parameter_value(Parameter const& p) {
    std::string text = p.per_pair         ? "dim rows of dim numbers"
                       : p.per_coordinate ? "number, or one per coordinate"
                                          : "number";
    Range const range{p.minimum, p.maximum, p.open_minimum, {}, false, p.why, p.whole};
    if (std::isfinite(p.minimum) || std::isfinite(p.maximum))
        text += ", " + range.describe().substr(8);
    if (!p.unit.empty()) text += fmt::format(", unit {}", p.unit);
    if (p.name == "temperature") text += ", or { barrier_over = r }";
    if (p.name == "learning_rate") text += ", or { over_max_curvature = r }";
    return text;
}

std::string fallback_text(Parameter const& p) {
    return std::isnan(p.fallback) ? "required" : fmt::format("{}", p.fallback);
}

std::string group_text(ParameterGroup const& g) {
    std::string text = g.key + "\n" + beside("", std::string(g.parameter.doc));
    text += beside("value", parameter_value(g.parameter));
    text += beside(std::isnan(g.parameter.fallback) ? "" : "default", fallback_text(g.parameter));
    text += beside("of", fmt::format("{}", fmt::join(g.components, ", ")));
    double const shown =
        std::isnan(g.parameter.fallback) ? g.parameter.minimum + 0.5 : g.parameter.fallback;
    return text +
           beside("example", fmt::format("{} = {}", g.key, std::isfinite(shown) ? shown : 1.0));
}

Json group_json(ParameterGroup const& g) {
    return {{"key", g.key},
            {"doc", g.parameter.doc},
            {"value", parameter_value(g.parameter)},
            {"unit", g.parameter.unit},
            {"default", fallback_text(g.parameter)},
            {"of", g.components}};
}

Words component_names() {
    Words names;
    for (LandscapeInfo const& l : landscape_catalogue()) names.emplace_back(l.name);
    for (DynamicsInfo const& d : dynamics_components()) names.emplace_back(d.name);
    for (NoiseLawEntry const& law : noise_laws()) names.emplace_back(law.name);
    for (auto const& s : coordinate::schedule_catalogue) names.emplace_back(s.name);
    for (SchemeInfo const& s : scheme_components()) names.emplace_back(s.name);
    for (theory::PredictionInfo const& p : theory::predictions()) names.emplace_back(p.name);
    return names;
}

/// Keys that a word means: the key itself, else by its last part, by an allowed word, by a part of
/// the key or of its sentence.
std::vector<SpecKey const*> keys_named(std::string const& word, bool found_elsewhere) {
    std::vector<SpecKey const*> keys;
    if (SpecKey const* key = find_spec_key(word)) return {key};
    auto const collect = [&](auto const& matches) {
        if (keys.empty())
            for (SpecKey const& key : spec_keys())
                if (matches(key)) keys.push_back(&key);
    };
    collect([&](SpecKey const& key) { return last_part(key.key) == word; });
    if (found_elsewhere) return keys;
    collect([&](SpecKey const& key) {
        Words const words = words_of(key);
        return key.relative == word || std::find(words.begin(), words.end(), word) != words.end();
    });
    auto const within = [&](std::string_view text) {
        return word.size() >= 3 && text.find(word) != std::string_view::npos;
    };
    collect([&](SpecKey const& key) { return within(key.key); });
    collect([&](SpecKey const& key) { return within(key.doc); });
    return keys;
}

[[noreturn]] void refuse_word(std::string const& word) {
    Words candidates = component_names();
    for (SpecKey const& key : spec_keys()) {
        candidates.emplace_back(key.key);
        candidates.emplace_back(last_part(key.key));
    }
    for (ComponentParameter const& c : component_parameters()) {
        candidates.emplace_back(c.parameter.name);
        candidates.push_back(c.table + "." + std::string(c.parameter.name));
    }
    std::string const meant = closest(word, candidates);
    throw InputError(
        {fmt::format("unknown key or component \"{}\" (kramers explain lists the keys, "
                     "kramers list the components){}",
                     word, meant.empty() ? "" : fmt::format(". Did you mean \"{}\"?", meant))});
}

}  // namespace

Words explained_words() {
    Words words = component_names();
    for (SpecKey const& key : spec_keys())
        if (key.key.find('<') == std::string_view::npos) words.emplace_back(key.key);
    for (ComponentParameter const& c : component_parameters())
        if (c.table != "schedule") words.push_back(c.table + "." + std::string(c.parameter.name));
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

int explain(std::string const& word, Common const& common) {
    Json out = Json::array();
    std::string text;
    if (word.empty()) {
        for (SpecKey const& key : spec_keys()) {
            out.push_back(key_json(key));
            text += key_line(0, key, 38);
        }
        text += "\nkramers explain KEY says what a key may hold; a part of it will do.\n";
    } else {
        Words const names = component_names();
        bool const component = std::find(names.begin(), names.end(), word) != names.end();
        auto const groups = parameters_named(word);
        auto const keys = keys_named(word, component || !groups.empty());
        if (component && groups.empty() && keys.empty()) return list(word, common);
        bool const exact = std::any_of(keys.begin(), keys.end(), [&](SpecKey const* key) {
            return key->key == word || last_part(key->key) == word;
        });
        if (auto const own = own_words(word); !own.empty() && groups.empty() && !exact) {
            fmt::print(stderr, "{} is called {} here\n", word, fmt::join(own, " or "));
            return explain(own.front(), common);
        }
        if (keys.empty() && groups.empty()) refuse_word(word);
        auto const add = [&](std::string const& block, Json const& object) {
            text += (text.empty() ? "" : "\n") + block;
            out.push_back(object);
        };
        for (SpecKey const* key : keys)
            add(described_key(*key) + (keys.size() == 1 ? inner_keys(*key) : ""), key_json(*key));
        for (ParameterGroup const& g : groups) add(group_text(g), group_json(g));
        if (component)
            text += fmt::format("\n{} is a component too: kramers list {}\n", word, word);
    }
    fmt::print("{}", common.json ? out.dump(2) + "\n" : text);
    return done;
}

}  // namespace kramers::verbs
