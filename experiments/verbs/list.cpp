// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "experiments/catalogue.hpp"
#include "experiments/components.hpp"
#include "experiments/format_value.hpp"
#include "experiments/reader.hpp"
#include "experiments/suggest.hpp"
#include "experiments/verbs/verbs.hpp"
#include "gpu/dispatch.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/noise/catalogue.hpp"
#include "sde/noise/schedule.hpp"
#include "sde/theory/catalogue.hpp"

namespace kramers::verbs {
namespace {

using Json = nlohmann::ordered_json;

struct Item {
    std::string kind, name, text;
    Json details;
};

std::string range(Parameter const& p) {
    if (p.whole) return range_of(p).describe().substr(8);
    std::string const low =
        std::isinf(p.minimum) ? "" : fmt::format("{}{}", p.open_minimum ? "> " : ">= ", p.minimum);
    std::string const high = std::isinf(p.maximum) ? "" : fmt::format("<= {}", p.maximum);
    std::string const why = p.why.empty() ? "" : fmt::format(" ({})", p.why);
    return (low.empty() || high.empty() ? low + high : low + ", " + high) + why;
}

/// A name and a text beside it, in lines of at most 100 columns.
std::string entry_text(std::size_t indent, std::string_view name, std::size_t width,
                       std::string const& text) {
    std::string out, left = std::string(indent, ' ') + padded(name, width) + " ";
    for (std::string const& line : wrapped(text, 100 - left.size())) {
        out += left + line + "\n";
        left.assign(left.size(), ' ');
    }
    return out;
}

/// A component: name and formula, then what else there is to say.
std::string component(std::string_view name, std::string_view formula, std::string const& more) {
    return entry_text(2, name, 24, std::string(formula)) + entry_text(4, "", 0, more);
}

template <class Parameters>
std::string parameter_lines(Parameters const& parameters) {
    std::string text;
    for (Parameter const& p : parameters)
        text +=
            entry_text(5, p.name, 18,
                       fmt::format("{} [{}]{}{}{}", p.doc, p.unit,
                                   p.per_pair         ? ", dim rows of dim numbers"
                                   : p.per_coordinate ? ", one per coordinate"
                                                      : "",
                                   std::isnan(p.fallback) ? ", required"
                                                          : fmt::format(", default {}", p.fallback),
                                   range(p).empty() ? "" : ", " + range(p)));
    return text;
}

template <class Parameters>
Json parameter_json(Parameters const& parameters) {
    Json list = Json::array();
    for (Parameter const& p : parameters)
        list.push_back({{"name", p.name},
                        {"unit", p.unit},
                        {"default", std::isnan(p.fallback) ? Json() : Json(p.fallback)},
                        {"range", range(p)},
                        {"per_coordinate", p.per_coordinate},
                        {"per_pair", p.per_pair},
                        {"doc", p.doc}});
    return list;
}

std::string bridge_text(LandscapeInfo const& l) {
    std::vector<int> const dims = bridge_dims(l.name);
    if (dims.empty()) return "";
    if (dims.size() == l.dims.size()) return "; crossing = \"bridge\"";
    return fmt::format("; crossing = \"bridge\" in d = {}", fmt::join(dims, ", "));
}

std::vector<Item> landscapes() {
    std::vector<Item> items;
    for (LandscapeInfo const& l : landscape_catalogue())
        items.push_back({"landscapes",
                         std::string(l.name),
                         component(l.name, l.formula,
                                   fmt::format("d = {}; source {}{}", fmt::join(l.dims, ", "),
                                               l.source, bridge_text(l))) +
                             parameter_lines(l.parameters),
                         {{"formula", l.formula},
                          {"dims", l.dims},
                          {"bridge_dims", bridge_dims(l.name)},
                          {"source", l.source},
                          {"parameters", parameter_json(l.parameters)}}});
    return items;
}

std::string_view noise_text(DynamicsInfo const& d) {
    switch (d.noise_use) {
        case NoiseUse::needed:
            return d.optimizer ? "noise of the gradient: [noise]"
                               : "covariance of its noise: [noise]";
        case NoiseUse::possible: return "its own kick; noise of the gradient: [noise]";
        case NoiseUse::own: return "its own noise";
        case NoiseUse::stable: return "its own stable noise";
    }
    return "";
}

std::vector<Item> dynamics(bool optimizers) {
    std::vector<Item> items;
    for (DynamicsInfo const& d : dynamics_components()) {
        if (d.optimizer != optimizers) continue;
        std::vector<std::string> limits;
        if (d.limits != nullptr) {
            std::vector<double> values;
            for (Parameter const& p : d.parameters)
                values.push_back(std::isnan(p.fallback) ? 1.0 : p.fallback);
            StepNoise any = 1.0;  // both kinds at once
            any.tail = StableTail{1.5, 1.0};
            for (SdeLimit const& limit : d.limits(values.data(), any))
                limits.push_back(fmt::format("{} ({})", limit.sde, limit.map));
        }
        std::string more =
            fmt::format("{}; schemes: {}; {}", d.optimizer ? "discrete optimizer" : "SDE",
                        fmt::join(d.schemes, ", "), noise_text(d));
        if (!limits.empty()) more += fmt::format("; limits: {}", fmt::join(limits, ", "));
        items.push_back({optimizers ? "optimizers" : "models",
                         std::string(d.name),
                         component(d.name, d.equation, more) + parameter_lines(d.parameters),
                         {{"equation", d.equation},
                          {"latex", d.latex},
                          {"optimizer", d.optimizer},
                          {"schemes", d.schemes},
                          {"limits", limits},
                          {"parameters", parameter_json(d.parameters)}}});
    }
    return items;
}

std::vector<Item> noise() {
    std::vector<Item> items;
    for (NoiseLawEntry const& law : noise_laws()) {
        std::string more = fmt::format("C = {}; source {}", law.covariance, law.source);
        if (!law.alias.empty()) more = fmt::format("also called {}; {}", law.alias, more);
        if (law.mixes_draws)
            more += "; with off-diagonal entries of H for schemes of one evaluation";
        std::string table;
        if (!law.table.empty())
            table = entry_text(5, law.table, 18, fmt::format("{}, required", law.table_doc));
        items.push_back(
            {"noise",
             std::string(law.name),
             component(law.name, law.equation, more) + parameter_lines(law.parameters) + table,
             {{"equation", law.equation},
              {"covariance", law.covariance},
              {"alias", law.alias},
              {"table", law.table},
              {"source", law.source},
              {"parameters", parameter_json(law.parameters)}}});
    }
    return items;
}

std::vector<Item> schedules() {
    std::vector<Item> items;
    for (auto const& s : coordinate::schedule_catalogue)
        items.push_back(
            {"schedules",
             std::string(s.name),
             component(s.name, s.equation, "of the learning rate or of the noise amplitude") +
                 parameter_lines(s.parameters),
             {{"equation", s.equation}, {"parameters", parameter_json(s.parameters)}}});
    return items;
}

struct NamedStructure {
    char const* name;
    NoiseStructure structure;
};
constexpr NamedStructure structures[] = {{"additive", NoiseStructure::additive},
                                         {"diagonal", NoiseStructure::diagonal},
                                         {"general", NoiseStructure::general}};

std::string order_text(double claimed, MeasuredOrder const& measured) {
    if (claimed == 0.0) return "-";
    if (measured.half_width == 0.0) return fmt::format("{}", claimed);
    return fmt::format("{} ({:.2f} ± {:.2f} measured)", claimed, measured.value,
                       measured.half_width);
}

/// Claimed orders by the structure of the noise, the best that any of its dynamics allows, and what
/// the convergence tests measured.
std::string orders_text(std::vector<SchemeInfo> const& uses, Json& details) {
    std::string text;
    for (auto const& [name, structure] : structures) {
        Orders claimed{0.0, 0.0};
        for (SchemeInfo const& s : uses) {
            Orders const o = s.for_noise(structure);
            claimed.strong = std::max(claimed.strong, o.strong);
            claimed.weak = std::max(claimed.weak, o.weak);
        }
        auto const [strong, weak] = uses.front().measured(structure);
        details[name] = {{"strong", claimed.strong}, {"weak", claimed.weak}};
        for (auto const& [key, order] : {std::pair{"strong", strong}, std::pair{"weak", weak}})
            if (order.half_width > 0.0) {
                details[name][std::string(key) + "_measured"] = order.value;
                details[name][std::string(key) + "_half_width"] = order.half_width;
            }
        if (claimed.strong == 0.0 && claimed.weak == 0.0) continue;
        text += fmt::format("{}{} noise: strong {}, weak {}", text.empty() ? "" : "; ", name,
                            order_text(claimed.strong, strong), order_text(claimed.weak, weak));
    }
    return text.empty() ? "claims no orders" : text;
}

std::vector<Item> schemes() {
    std::vector<std::string_view> names;
    for (SchemeInfo const& s : scheme_components())
        if (std::find(names.begin(), names.end(), s.name) == names.end()) names.push_back(s.name);
    std::vector<Item> items;
    for (std::string_view const name : names) {
        std::vector<SchemeInfo> uses;
        std::vector<std::string> dynamics;
        for (SchemeInfo const& s : scheme_components())
            if (s.name == name) {
                uses.push_back(s);
                dynamics.emplace_back(s.dynamics);
            }
        Json details{{"dynamics", dynamics}, {"valid_for", uses.front().valid_for}};
        bool const exact = !uses.front().claims_orders;
        std::string const orders =
            exact ? "exact: one step is one iteration" : orders_text(uses, details);
        std::string const valid = exact ? "every optimizer" : std::string(uses.front().valid_for);
        items.push_back(
            {"schemes", std::string(name),
             component(name, orders,
                       fmt::format("for {}{}", valid,
                                   exact ? std::string()
                                         : fmt::format("; here: {}", fmt::join(dynamics, ", ")))),
             details});
    }
    return items;
}

std::vector<Item> predictions() {
    std::vector<Item> items;
    for (theory::PredictionInfo const& p : theory::predictions())
        items.push_back(
            {"predictions",
             p.name,
             component(p.name, p.formula,
                       fmt::format("of {}; {}, error {}; valid for {}; source {} ({})",
                                   fmt::join(p.estimands, ", "), to_string(p.kind), p.error_order,
                                   p.domain, fmt::join(p.sources, ", "), p.label)),
             {{"formula", p.formula},
              {"estimands", p.estimands},
              {"prediction_kind", to_string(p.kind)},
              {"error_order", p.error_order},
              {"domain", p.domain},
              {"source", p.sources},
              {"label", p.label}}});
    return items;
}

std::string counted(std::size_t n, char const* noun) {
    return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

/// The claims of an experiment that is asked for by name.
std::string claims_of(Spec const& spec) {
    std::string text;
    for (ClaimSpec const& claim : spec.claims)
        text += entry_text(5, "-", 1,
                           fmt::format("{} (against {}{})", claim.sentence, claim.against,
                                       claim.expect == Verdict::disagree ? ", to refute it" : ""));
    return text +
           fmt::format("     kramers check {} --quick shows the spec, its facts and its cost\n",
                       spec.name);
}

std::vector<Item> experiments(std::string const& asked) {
    std::vector<Item> items;
    for (CatalogueEntry const& e : catalogue()) {
        Spec const spec =
            load_spec({std::string(e.text), std::string(e.name) + ".toml", std::string(e.name)});
        std::string const title =
            fmt::format("{} ({}, {})", spec.title, counted(spec.cells.size(), "cell"),
                        counted(spec.claims.size(), "claim"));
        Json sentences = Json::array();
        for (ClaimSpec const& claim : spec.claims) sentences.push_back(claim.sentence);
        items.push_back(
            {"experiments",
             spec.name,
             entry_text(2, spec.name, 24, title) + (asked == spec.name ? claims_of(spec) : ""),
             {{"title", spec.title},
              {"cells", spec.cells.size()},
              {"claims", spec.claims.size()},
              {"sentences", sentences}}});
    }
    return items;
}

std::vector<Item> methods() {
    std::vector<Item> items;
    for (MethodKey const& key : compiled_methods())
        items.push_back({"methods",
                         describe(key),
                         fmt::format("  {}\n", describe(key)),
                         {{"landscape", key.landscape},
                          {"dim", key.dim},
                          {"dynamics", key.dynamics},
                          {"scheme", key.scheme},
                          {"precision", to_string(key.precision)}}});
    return items;
}

}  // namespace

namespace {

std::vector<Item> component_items() {
    std::vector<Item> all;
    for (auto const& some : {landscapes(), dynamics(false), dynamics(true), noise(), schedules(),
                             schemes(), predictions()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

std::vector<Item> all_items(std::string const& asked) {
    std::vector<Item> all = component_items();
    for (auto const& some : {experiments(asked), methods()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

std::vector<std::string> kind_names() {
    return {"landscapes", "dynamics", "models",      "optimizers",  "noise",
            "schedules",  "schemes",  "predictions", "experiments", "methods"};
}

}  // namespace

std::vector<std::string> listed_words() {
    std::vector<std::string> words = kind_names();
    for (Item const& item : component_items()) words.push_back(item.name);
    for (CatalogueEntry const& entry : catalogue()) words.emplace_back(entry.name);
    return words;
}

int list(std::string const& what, Common const& common) {
    std::vector<Item> const all = all_items(what);
    std::vector<std::string> words = kind_names();
    Json out = Json::array();
    std::string text, heading;
    for (Item const& item : all) {
        if (item.kind != "methods") words.push_back(item.name);
        bool const moves = item.kind == "models" || item.kind == "optimizers";
        bool const named = what == item.name || what == item.kind || (what == "dynamics" && moves);
        if (!named && !(what.empty() && item.kind != "methods")) continue;
        if (heading != item.kind)
            text += fmt::format("{}{}\n", text.empty() ? "" : "\n", item.kind);
        heading = item.kind;
        text += item.text;
        Json object{{"kind", item.kind}, {"name", item.name}};
        object.update(item.details);
        out.push_back(object);
    }
    if (text.empty()) throw InputError({unknown_word("component", what, words)});
    fmt::print("{}", common.json ? out.dump(2) + "\n" : text);
    return done;
}

}  // namespace kramers::verbs
