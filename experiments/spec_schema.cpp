// SPDX-License-Identifier: Apache-2.0
#include "experiments/spec_schema.hpp"

#include <cmath>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "experiments/components.hpp"
#include "experiments/spec_keys.hpp"
#include "sde/noise/catalogue.hpp"

namespace kramers {
namespace {

using Json = nlohmann::ordered_json;

Json number_schema(char const* type, double minimum, double maximum, bool open_minimum) {
    Json s{{"type", type}};
    if (std::isfinite(minimum)) s[open_minimum ? "exclusiveMinimum" : "minimum"] = minimum;
    if (std::isfinite(maximum)) s["maximum"] = maximum;
    return s;
}

Json relative_schema(std::string_view word) {
    Json inner{{std::string(word), {{"type", "number"}, {"exclusiveMinimum", 0}}}};
    return {{"type", "object"},
            {"properties", inner},
            {"required", {word}},
            {"additionalProperties", false}};
}

Json one_form_of(std::vector<Json> forms) {
    return forms.size() == 1 ? forms.front() : Json{{"anyOf", std::move(forms)}};
}

/// What a key may hold when it is no table.
Json value_schema(SpecKey const& key) {
    std::vector<Json> forms;
    auto const has = [&](unsigned type) { return (key.type & type) != 0; };
    Json const number = number_schema(has(type_whole) ? "integer" : "number", key.minimum,
                                      key.maximum, key.open_minimum);
    if (has(type_number) || has(type_whole)) forms.push_back(number);
    if (has(type_numbers)) forms.push_back({{"type", "array"}, {"items", number}, {"minItems", 1}});
    if (has(type_flag)) forms.push_back({{"type", "boolean"}});
    if (has(type_rows)) forms.push_back({{"type", "array"}, {"minItems", 1}});
    if (has(type_words)) forms.push_back({{"type", "array"}, {"items", {{"type", "string"}}}});
    if (has(type_text)) {
        Json text{{"type", "string"}};
        if (key.words != nullptr) {
            auto words = key.words();
            if (key.fallback == "\"\"" && !words.empty()) words.emplace_back();
            if (!words.empty()) text["enum"] = words;
        }
        forms.push_back(std::move(text));
    }
    if (!key.relative.empty()) forms.push_back(relative_schema(key.relative));
    return one_form_of(std::move(forms));
}

Json parameter_schema(Parameter const& p) {
    Json number = number_schema("number", p.minimum, p.maximum, p.open_minimum);
    if (p.whole) {
        number = {{"enum", Json::array()}};
        for (double v = p.minimum; v <= p.maximum; ++v) number["enum"].push_back(v);
    }
    std::vector<Json> forms;
    if (p.per_pair) {
        Json const row{{"type", "array"}, {"items", number}};
        forms.push_back({{"type", "array"}, {"items", row}, {"minItems", 1}});
    } else {
        forms.push_back(number);
    }
    if (p.per_coordinate) forms.push_back({{"type", "array"}, {"items", number}});
    if (p.name == "temperature") forms.push_back(relative_schema("barrier_over"));
    if (p.name == "learning_rate") forms.push_back(relative_schema("over_max_curvature"));
    Json s = one_form_of(std::move(forms));
    s["description"] = fmt::format("{} [{}]", p.doc, p.unit);
    if (!std::isnan(p.fallback) && !p.per_pair) s["default"] = p.fallback;
    return s;
}

std::string description(SpecKey const& key) {
    std::string text(key.doc);
    if (!key.unit.empty()) text += fmt::format("; unit {}", key.unit);
    if (!key.fallback.empty()) text += fmt::format("; default: {}", key.fallback);
    if (!key.kinds.empty()) text += fmt::format("; kind {}", key.kinds);
    return text;
}

/// The key of the table that names the component: "law" of noise, "kind" of a schedule.
std::string naming_key(std::string_view table) {
    return table == "noise" ? "law" : table == "schedule" ? "kind" : "name";
}

std::string table_of_components(std::string_view key) {
    if (key == "landscape" || key == "dynamics" || key == "noise") return std::string(key);
    return key == "schedule.learning_rate" || key == "schedule.noise" ? "schedule" : "";
}

/// Parameters of every component that the table may name; then, by name, which of them go with it.
void add_components(Json& object, std::string const& table) {
    Json& properties = object["properties"];
    std::vector<std::string> own;
    for (auto const& [name, value] : properties.items()) own.push_back(name);
    std::vector<std::pair<std::string, Json>> by_component;
    Json forms = Json::object();
    for (ComponentParameter const& c : component_parameters()) {
        if (c.table != table) continue;
        if (by_component.empty() || by_component.back().first != c.component)
            by_component.emplace_back(c.component, Json::object());
        std::string const name(c.parameter.name);
        by_component.back().second[name] = parameter_schema(c.parameter);
        forms[name].push_back(by_component.back().second[name]);
    }
    for (auto& [name, list] : forms.items())
        properties[name] =
            list.size() == 1 ? list[0] : Json{{"description", list[0]["description"]}};
    std::string const key = naming_key(table);
    Json rules = Json::array();
    for (auto const& [component, parameters] : by_component) {
        Json names = own;
        for (auto const& [name, value] : parameters.items()) names.push_back(name);
        Json called{component};
        if (NoiseLawEntry const* law = find_noise_law(component); table == "noise" && law)
            if (!law->alias.empty()) called.push_back(law->alias);
        Json condition{{"properties", {{key, {{"enum", called}}}}}};
        if (component != "gaussian") condition["required"] = {key};  // the law without a name
        rules.push_back(
            {{"if", condition},
             {"then", {{"properties", parameters}, {"propertyNames", {{"enum", names}}}}}});
    }
    object["allOf"] = std::move(rules);
}

Json key_schema(std::string const& prefix, SpecKey const* key);

/// Table of the keys directly below `prefix`. What an entrant of a race has is as elsewhere.
Json table_schema(std::string const& prefix) {
    for (char const* table : {"dynamics", "noise", "schedule"})
        if (prefix == std::string("entrant.") + table) return table_schema(table);
    Json object{{"type", "object"}, {"properties", Json::object()}};
    object["additionalProperties"] = false;
    std::size_t const depth = prefix.empty() ? 0 : prefix.size() + 1;
    for (SpecKey const& key : spec_keys()) {
        bool const below = prefix.empty() || key.key.starts_with(prefix + ".");
        if (!below || key.key.find('.', depth) != std::string_view::npos) continue;
        std::string const name(key.key.substr(depth));
        if (name == "<name>")
            object["additionalProperties"] = key_schema(std::string(key.key), &key);
        else if (name != "<key>")
            object["properties"][name] = key_schema(std::string(key.key), &key);
    }
    if (std::string const table = table_of_components(prefix); !table.empty())
        add_components(object, table);
    return object;
}

Json key_schema(std::string const& prefix, SpecKey const* key) {
    Json s;
    if ((key->type & type_tables) != 0) s = {{"type", "array"}, {"items", table_schema(prefix)}};
    else if (key->type == type_table) s = table_schema(prefix);
    else if ((key->type & type_table) != 0)
        s = one_form_of({table_schema(prefix), value_schema(*key)});
    else s = value_schema(*key);
    s["description"] = description(*key);
    if (Json const value = Json::parse(key->fallback, nullptr, false); !value.is_discarded())
        s["default"] = value;
    return s;
}

/// Tables of settings, whose keys are dotted or tables themselves.
void add_settings(Json& root) {
    std::string const tables = "landscape|dynamics|noise|schedule|scheme|ensemble";
    Json inner = Json::object();
    for (char const* name : {"landscape", "dynamics", "noise", "schedule", "scheme", "ensemble"})
        inner[name] = {{"type", "object"}};
    std::string const dotted = fmt::format("^({})\\.", tables);
    Json list{{"type", "array"}, {"minItems", 1}};
    Json relative{{"type", "object"},
                  {"propertyNames", {{"enum", {"barrier_over", "over_max_curvature"}}}},
                  {"minProperties", 1},
                  {"maxProperties", 1}};
    Json spaced{{"type", "string"}, {"pattern", "^(log|lin) *\\("}};
    Json& properties = root["properties"];
    properties["sweep"].update(
        {{"properties", inner},
         {"patternProperties", {{dotted, {{"anyOf", {list, spaced, relative}}}}}}});
    properties["case"]["items"].update(
        {{"properties", inner}, {"patternProperties", {{dotted, Json::object()}}}});
    Json changes = Json::object();
    for (auto const& [name, value] : properties.items())
        if (name != "quick" && name != "kind" && name != "claim") changes[name] = Json::object();
    properties["quick"].update(
        {{"properties", changes}, {"patternProperties", {{"^[a-z_]+\\.", Json::object()}}}});
}

/// Tables that hold exactly one of several keys.
void add_choices(Json& root) {
    Json& properties = root["properties"];
    auto const exactly_one = [](Json& table) {
        table["minProperties"] = 1;
        table["maxProperties"] = 1;
    };
    for (char const* table : {"start", "burn_in", "stride"}) exactly_one(properties[table]);
    exactly_one(properties["claim"]["items"]["properties"]["estimand"]);
    Json shapes = Json::array();
    for (char const* shape : {"half_space", "ball", "box", "lower", "basin"})
        shapes.push_back({{"required", {shape}}});
    properties["regions"]["additionalProperties"]["oneOf"] = shapes;
    properties["ensemble"]["not"] = {{"required", {"max_time", "max_steps"}}};
}

/// A rule for one place below the root: { properties: { ensemble: { properties: … } } }.
void put(Json& rule, std::string_view key, Json const& value) {
    std::size_t const dot = key.find('.');
    std::string const name(key.substr(0, dot));
    Json& here = rule["properties"][name];
    if (dot == std::string_view::npos) here = value;
    else if (name == "claim") put(here["items"], key.substr(dot + 1), value);
    else if (here != Json(false)) put(here, key.substr(dot + 1), value);
}

/// What belongs to another kind is refused, what belongs to this one may be required.
void add_kinds(Json& root) {
    Json rules = Json::array();
    for (std::string const kind : {"escape", "stationary", "order", "race"}) {
        Json then{{"required", Json::array()}};
        if (kind != "race") then["required"].push_back("dynamics");  // each entrant has its own
        for (SpecKey const& key : spec_keys()) {
            if (key.kinds.empty()) continue;
            bool const taken = key.kinds.find(kind) != std::string_view::npos;
            bool const top = key.key.find('.') == std::string_view::npos;
            if (taken && top && key.fallback == "required") then["required"].push_back(key.key);
            if (!taken) put(then, key.key, false);
        }
        rules.push_back(
            {{"if", {{"properties", {{"kind", {{"const", kind}}}}}, {"required", {"kind"}}}},
             {"then", then}});
    }
    root["allOf"] = std::move(rules);
}

}  // namespace

std::string spec_schema() {
    Json root{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "kramers spec"},
              {"description", "An experiment of kramers: kramers explain KEY says more"}};
    root.update(table_schema(""));
    root["required"] = {"kind", "landscape", "ensemble", "start"};
    for (char const* table : {"landscape", "dynamics"})
        root["properties"][table]["required"] = {"name"};
    root["properties"]["claim"]["items"]["required"] = {"sentence", "estimand"};
    add_settings(root);
    add_choices(root);
    add_kinds(root);
    return root.dump(1) + "\n";
}

}  // namespace kramers
