// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "experiments/catalogue.hpp"
#include "experiments/components.hpp"
#include "experiments/format_value.hpp"
#include "experiments/suggest.hpp"
#include "experiments/verbs/verbs.hpp"
#include "gpu/dispatch.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/methods.hpp"
#include "sde/theory/catalogue.hpp"

namespace kramers::verbs {
namespace {

using Json = nlohmann::ordered_json;

struct Item {
    std::string kind, name, text;
    Json details;
};

std::string range(Parameter const& p) {
    std::string const low =
        std::isinf(p.minimum) ? "" : fmt::format("{}{}", p.open_minimum ? "> " : ">= ", p.minimum);
    std::string const high = std::isinf(p.maximum) ? "" : fmt::format("<= {}", p.maximum);
    return low.empty() || high.empty() ? low + high : low + ", " + high;
}

/// A name and a text beside it, in lines of at most 100 columns.
std::string entry(std::size_t indent, std::string_view name, std::size_t width,
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
    return entry(2, name, 24, std::string(formula)) + entry(4, "", 0, more);
}

template <class Parameters>
std::string parameter_lines(Parameters const& parameters) {
    std::string text;
    for (Parameter const& p : parameters)
        text += entry(
            5, p.name, 18,
            fmt::format(
                "{} [{}]{}{}{}", p.doc, p.unit, p.per_coordinate ? ", one per coordinate" : "",
                std::isnan(p.fallback) ? ", required" : fmt::format(", default {}", p.fallback),
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
                        {"doc", p.doc}});
    return list;
}

std::vector<Item> landscapes() {
    std::vector<Item> items;
    for (LandscapeInfo const& l : landscape_catalogue())
        items.push_back(
            {"landscapes",
             std::string(l.name),
             component(l.name, l.formula,
                       fmt::format("d = {}; source {}", fmt::join(l.dims, ", "), l.source)) +
                 parameter_lines(l.parameters),
             {{"formula", l.formula},
              {"dims", l.dims},
              {"source", l.source},
              {"parameters", parameter_json(l.parameters)}}});
    return items;
}

std::vector<Item> dynamics() {
    std::vector<Item> items;
    for (DynamicsInfo const& d : dynamics_components())
        items.push_back(
            {"dynamics",
             std::string(d.name),
             component(d.name, d.equation,
                       fmt::format("{}; schemes: {}", d.optimizer ? "discrete optimizer" : "SDE",
                                   fmt::join(d.schemes, ", "))) +
                 parameter_lines(d.parameters),
             {{"equation", d.equation},
              {"optimizer", d.optimizer},
              {"schemes", d.schemes},
              {"parameters", parameter_json(d.parameters)}}});
    return items;
}

template <class Scheme>
concept ClaimsOrders = requires {
    Scheme::orders(NoiseStructure::additive);
};

std::vector<Item> schemes() {
    std::vector<Item> items;
    for_each_method(Methods{}, [&]<class M>() {
        using S = typename M::template Stepper<double>;
        std::string orders = "exact: one step is one iteration";
        Json details{{"dynamics", M::dynamics}};
        if constexpr (ClaimsOrders<S>) {
            Orders const additive = S::orders(NoiseStructure::additive);
            Orders const general = S::orders(NoiseStructure::general);
            orders =
                fmt::format("additive noise: strong {}, weak {}; other noise: strong {}, weak {}",
                            additive.strong, additive.weak, general.strong, general.weak);
            details["strong_additive"] = additive.strong;
            details["weak_additive"] = additive.weak;
            details["strong_general"] = general.strong;
            details["weak_general"] = general.weak;
        }
        items.push_back({"schemes", std::string(M::scheme),
                         entry(2, M::scheme, 24, fmt::format("for {}; {}", M::dynamics, orders)),
                         details});
    });
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
std::string claim_lines(Spec const& spec) {
    std::string text;
    for (ClaimSpec const& claim : spec.claims)
        text += entry(5, "-", 1,
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
             entry(2, spec.name, 24, title) + (asked == spec.name ? claim_lines(spec) : ""),
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

int list(std::string const& what, Common const& common) {
    std::vector<std::string> const kinds{"landscapes",  "dynamics",    "schemes",
                                         "predictions", "experiments", "methods"};
    std::vector<Item> all;
    for (auto const& some :
         {landscapes(), dynamics(), schemes(), predictions(), experiments(what), methods()})
        all.insert(all.end(), some.begin(), some.end());
    std::vector<std::string> words = kinds;
    Json out = Json::array();
    std::string text, heading;
    for (Item const& item : all) {
        if (item.kind != "methods") words.push_back(item.name);
        bool const named = what == item.name || what == item.kind;
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
