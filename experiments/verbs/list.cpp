// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "experiments/catalogue.hpp"
#include "experiments/components.hpp"
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

template <class Parameters>
std::string parameter_lines(Parameters const& parameters) {
    std::string text;
    for (Parameter const& p : parameters)
        text += fmt::format(
            "    {:<18} {} [{}]{}{}{}\n", p.name, p.doc, p.unit,
            p.per_coordinate ? ", one per coordinate" : "",
            std::isnan(p.fallback) ? ", required" : fmt::format(", default {}", p.fallback),
            range(p).empty() ? "" : ", " + range(p));
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
             fmt::format("  {:<20} {}\n    d = {}; source {}\n{}", l.name, l.formula,
                         fmt::join(l.dims, ", "), l.source, parameter_lines(l.parameters)),
             {{"formula", l.formula},
              {"dims", l.dims},
              {"source", l.source},
              {"parameters", parameter_json(l.parameters)}}});
    return items;
}

std::vector<Item> dynamics() {
    std::vector<Item> items;
    for (DynamicsInfo const& d : dynamics_components())
        items.push_back({"dynamics",
                         std::string(d.name),
                         fmt::format("  {:<20} {}\n    {}; schemes: {}\n{}", d.name, d.equation,
                                     d.optimizer ? "discrete optimizer" : "SDE",
                                     fmt::join(d.schemes, ", "), parameter_lines(d.parameters)),
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
                         fmt::format("  {:<20} for {}; {}\n", M::scheme, M::dynamics, orders),
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
             fmt::format("  {:<20} {}\n    of {}; {}, error {}; valid for {}; source {} ({})\n",
                         p.name, p.formula, fmt::join(p.estimands, ", "), to_string(p.kind),
                         p.error_order, p.domain, fmt::join(p.sources, ", "), p.label),
             {{"formula", p.formula},
              {"estimands", p.estimands},
              {"kind", to_string(p.kind)},
              {"error_order", p.error_order},
              {"domain", p.domain},
              {"source", p.sources},
              {"label", p.label}}});
    return items;
}

std::vector<Item> experiments() {
    std::vector<Item> items;
    for (CatalogueEntry const& e : catalogue()) {
        Spec const spec =
            load_spec({std::string(e.text), std::string(e.name) + ".toml", std::string(e.name)});
        items.push_back({"experiments",
                         spec.name,
                         fmt::format("  {:<26} {} ({} cells, {} claims)\n", spec.name, spec.title,
                                     spec.cells.size(), spec.claims.size()),
                         {{"title", spec.title},
                          {"cells", spec.cells.size()},
                          {"claims", spec.claims.size()}}});
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
    for (auto make : {&landscapes, &dynamics, &schemes, &predictions, &experiments, &methods}) {
        auto const more = make();
        all.insert(all.end(), more.begin(), more.end());
    }
    std::vector<std::string> words = kinds;
    Json out = Json::array();
    std::string text, heading;
    for (Item const& item : all) {
        words.push_back(item.name);
        bool const named = what == item.name || what == item.kind;
        if (!named && !(what.empty() && item.kind != "methods")) continue;
        if (heading != item.kind)
            text += fmt::format("{}{}\n", text.empty() ? "" : "\n", item.kind);
        heading = item.kind;
        text += item.text;
        Json entry{{"kind", item.kind}, {"name", item.name}};
        entry.update(item.details);
        out.push_back(entry);
    }
    if (text.empty()) throw InputError({unknown_word("component", what, words)});
    fmt::print("{}", common.json ? out.dump(2) + "\n" : text);
    return done;
}

}  // namespace kramers::verbs
