// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "experiments/format_value.hpp"
#include "experiments/limit_map.hpp"
#include "experiments/numbers.hpp"
#include "experiments/reader.hpp"
#include "experiments/report.hpp"
#include "experiments/suggest.hpp"
#include "experiments/verbs/verbs.hpp"
#include "sde/noise/tail.hpp"

namespace kramers::verbs {
namespace {

using Json = nlohmann::ordered_json;
using Targets = std::map<std::string, double>;

constexpr char const* example = "kramers map heavy_ball learning_rate=0.01 momentum=0.9 c=1";

bool is_target(std::string_view key) {
    return key == "temperature" || key == "friction" || key == "scale";
}

std::optional<double> number_in(std::string const& text) {
    std::size_t end = 0;
    try {
        double const value = std::stod(text, &end);
        if (end == text.size() && std::isfinite(value)) return value;
    } catch (std::exception const&) {}
    return std::nullopt;
}

/// key=value words as numbers; what is none is a problem.
std::map<std::string, double> numbers_of(std::vector<std::string> const& words,
                                         std::vector<std::string>& problems) {
    std::map<std::string, double> given;
    for (std::string const& word : words) {
        std::size_t const at = word.find('=');
        auto const value = at == std::string::npos ? std::nullopt : number_in(word.substr(at + 1));
        if (value && !given.emplace(word.substr(0, at), *value).second)
            problems.push_back(fmt::format("{} is given twice", word.substr(0, at)));
        if (!value)
            problems.push_back(
                fmt::format("\"{}\" is not key=number, e.g. learning_rate=0.01", word));
    }
    return given;
}

std::string assignments(std::vector<std::pair<std::string, double>> const& values) {
    std::string text;
    for (auto const& [name, value] : values)
        text += fmt::format("{}{} = {:.6g}", text.empty() ? "" : ", ", name, value);
    return text;
}

std::string targets_text(Targets const& targets) {
    return assignments({targets.begin(), targets.end()});
}

std::string names_text(Targets const& targets) {
    std::string text;
    for (auto const& entry : targets) text += (text.empty() ? "" : " or ") + entry.first;
    return text;
}

/// Whether the value is one of a noise that is not given.
bool is_known(MapPoint const& point, SdeLimit const& limit, SdeLimit::Value const& v) {
    if (limit.sde == "levy_driven") return v.name != "scale" || point.noise_scale.has_value();
    return point.c || v.formula.find_first_of('c') == std::string::npos || v.name != "temperature";
}

/// One limit, forward and, where targets are given, back.
void print_limit(MapPoint const& point, SdeLimit const& limit, Targets const& all_targets) {
    Targets const targets = targets_of(limit, all_targets);
    DynamicsInfo const* sde = find_dynamics(limit.sde);
    if (!limit.not_here.empty()) {
        print_beside("", fmt::format("not \"{}\", {}: {}", limit.map, limit.sde, limit.not_here),
                     2);
        return;
    }
    print_beside("", fmt::format("limit \"{}\": {}", limit.map, limit.sde), 2);
    if (sde != nullptr) print_beside("    SDE", std::string(sde->equation), 14);
    fmt::print("    LaTeX     {}\n", limit.latex);  // not broken: it is for copying
    for (SdeLimit::Value const& v : limit.parameters) {
        bool const plain = v.formula == v.name || v.formula == fmt::format("{:.6g}", v.value);
        bool const needs = !is_known(point, limit, v);
        print_beside(fmt::format("    {}", v.name),
                     needs   ? fmt::format("= {}; give {} for its number", v.formula,
                                         point.alpha ? "noise_scale" : "c")
                     : plain ? fmt::format("= {:.6g}", v.value)
                             : fmt::format("= {} = {:.6g}", v.formula, v.value),
                     20);
    }
    print_beside("    clock",
                 fmt::format("{}: one iteration is {:.6g} of its time, time 1 is {:.6g} iterations",
                             limit.clock, limit.time_per_step, 1.0 / limit.time_per_step),
                 14);
    print_beside("    valid",
                 fmt::format("{}; {}; {}", limit.valid, weak_order_text(limit), limit.source), 14);
    if (targets.empty() && !all_targets.empty())
        print_beside("    back", fmt::format("it has no {}", names_text(all_targets)), 14);
    if (targets.empty()) return;
    auto const ways = ways_back(point, limit.map, targets);
    for (WayBack const& way : ways)
        print_beside("    back",
                     fmt::format("{} for {}", assignments(way.unknowns), targets_text(targets)),
                     14);
    if (ways.empty())
        print_beside("    back",
                     fmt::format("no parameters give {} by this limit{}", targets_text(targets),
                                 point.c || point.alpha            ? ""
                                 : point.is_given("learning_rate") ? " (c is not given)"
                                                                   : " (give c or learning_rate)"),
                     14);
}

Json limit_json(MapPoint const& point, SdeLimit const& limit, Targets const& targets) {
    DynamicsInfo const* sde = find_dynamics(limit.sde);
    Json out{{"map", limit.map},
             {"sde", limit.sde},
             {"equation", sde != nullptr ? std::string(sde->equation) : std::string()},
             {"latex", limit.latex},
             {"time_per_step", limit.time_per_step},
             {"clock", limit.clock},
             {"weak_order", std::isinf(limit.weak_order) ? Json() : Json(limit.weak_order)},
             {"weak_order_in", limit.small},
             {"steps_ahead", limit.steps_ahead},
             {"valid", limit.valid},
             {"source", limit.source}};
    if (!limit.not_here.empty()) {
        out["not_here"] = limit.not_here;
        return out;
    }
    out["parameters"] = Json::array();
    for (SdeLimit::Value const& v : limit.parameters) {
        bool const known = is_known(point, limit, v);
        out["parameters"].push_back(
            {{"name", v.name}, {"value", known ? Json(v.value) : Json()}, {"formula", v.formula}});
    }
    if (targets.empty()) return out;
    out["back"] = Json::array();
    for (WayBack const& way : ways_back(point, limit.map, targets_of(limit, targets))) {
        Json one = Json::object();
        for (auto const& [name, value] : way.unknowns) one[name] = value;
        out["back"].push_back(one);
    }
    return out;
}

std::vector<std::pair<std::string, double>> named_values(MapPoint const& point) {
    std::vector<std::pair<std::string, double>> list;
    for (std::size_t i = 0; i < point.dynamics->parameters.size(); ++i)
        list.emplace_back(point.dynamics->parameters[i].name, point.values[i]);
    return list;
}

/// The variance of one step where it is not the c of the limits: the noise of a spec has memory.
std::optional<double> one_step_variance(MapPoint const& point) {
    double const step = point.cell == nullptr ? missing : fact(*point.cell, "noise_variance");
    return point.c && std::isfinite(step) && step != *point.c ? std::optional(step) : std::nullopt;
}

std::string noise_text(MapPoint const& point) {
    if (point.alpha)
        return point.noise_scale
                   ? fmt::format("stable noise, alpha = {:.6g}, noise_scale = {:.6g}", *point.alpha,
                                 *point.noise_scale)
                   : fmt::format("stable noise, alpha = {:.6g}, noise_scale not given",
                                 *point.alpha);
    auto const step = one_step_variance(point);
    if (point.c && step)
        return fmt::format(
            "c of one step = sigma^2/B = {:.6g}; long-run c, summed over the "
            "memory of the noise, = {:.6g}: the c of the limits below",
            *step, *point.c);
    return point.c ? fmt::format("c = sigma^2/B = {:.6g}", *point.c)
                   : std::string("c = sigma^2/B not given");
}

/// Everything about one optimizer; only limits to `sde` unless that is empty.
void show(MapPoint const& point, std::string_view sde, std::string const& heading,
          Targets const& targets, bool json, Json& all) {
    Json limits = Json::array();
    auto const found = point.limits();
    bool first = true;
    for (SdeLimit const& limit : found) {
        if (!sde.empty() && (limit.sde != sde || !limit.not_here.empty())) continue;
        if (json) limits.push_back(limit_json(point, limit, targets));
        else {
            if (first) {
                print_beside("",
                             fmt::format("{}{}: {}", heading, point.dynamics->name,
                                         point.dynamics->equation),
                             0);
                if (!point.assumed.empty())
                    print_beside("",
                                 fmt::format("not given, 1 or the smallest allowed below: {}",
                                             fmt::join(point.assumed, ", ")),
                                 2);
                print_beside(
                    "", fmt::format("{}; {}", assignments(named_values(point)), noise_text(point)),
                    2);
            }
            print_limit(point, limit, targets);
        }
        first = false;
    }
    if (!json) {
        if (!first) fmt::print("\n");
        return;
    }
    if (limits.empty()) return;
    Json values = Json::object();
    for (auto const& [name, value] : named_values(point)) values[name] = value;
    all.push_back({{"where", heading},
                   {"dynamics", point.dynamics->name},
                   {"equation", point.dynamics->equation},
                   {"parameters", values},
                   {"c", point.c ? Json(*point.c) : Json()},
                   {"c_of_one_step", one_step_variance(point).value_or(point.c.value_or(missing))},
                   {"alpha", point.alpha ? Json(*point.alpha) : Json()},
                   {"noise_scale", point.noise_scale ? Json(*point.noise_scale) : Json()},
                   {"limits", limits}});
}

/// The number of that name, which is `given` no longer.
std::optional<double> take_out(std::map<std::string, double>& given, char const* key) {
    auto const found = given.extract(key);
    return found.empty() ? std::nullopt : std::optional(found.mapped());
}

/// alpha and noise_scale of stable noise; takes them out of `given`.
void take_stable(MapPoint& noise, std::map<std::string, double>& given,
                 std::vector<std::string>& problems) {
    auto const take = [&](char const* key) {
        std::optional<double> const value = take_out(given, key);
        if (value && !(*value > 0.0))
            problems.push_back(fmt::format("{} = {} (must be > 0)", key, *value));
        return value;
    };
    noise.alpha = take("alpha");
    noise.noise_scale = take("noise_scale");
    if (noise.alpha && *noise.alpha >= 2.0)
        problems.push_back(
            fmt::format("alpha = {} (must be < 2: at 2 the noise is normal, c = 2 "
                        "noise_scale^2)",
                        *noise.alpha));
    if (noise.alpha && noise.c)
        problems.push_back(
            "noise with alpha < 2 has no variance: give c, or alpha and noise_scale");
    if (!noise.alpha && (noise.noise_scale || given.contains("scale")))
        problems.push_back(
            fmt::format("missing alpha=, the index of the stable noise that {} is of",
                        noise.noise_scale ? "noise_scale" : "scale"));
}

/// The noise of a spec that has no variance c.
void take_noise(MapPoint& point, StepNoise const& noise) {
    if (noise.tail) {
        point.alpha = noise.tail->alpha;
        point.noise_scale = noise.tail->scale;
    } else if (!noise.no_covariance.empty()) {
        point.law = noise;
    }
}

/// c, or gradient_variance and batch_size; takes them out of `given`.
std::optional<double> take_variance(std::map<std::string, double>& given,
                                    std::vector<std::string>& problems) {
    auto const take = [&](char const* key) {
        std::optional<double> const value = take_out(given, key);
        if (value && (*value < 0.0 || (*value == 0.0 && std::string_view(key) == "batch_size")))
            problems.push_back(fmt::format("{} = {} (must be > 0)", key, *value));
        return value;
    };
    auto const c = take("c"), variance = take("gradient_variance"), size = take("batch_size");
    if (c && (variance || size))
        problems.push_back("c is gradient_variance / batch_size: give one or the other");
    if (size && !variance && !c)
        problems.push_back(
            "batch_size without gradient_variance: c = gradient_variance / "
            "batch_size");
    return c ? c : variance ? std::optional(*variance / size.value_or(1.0)) : std::nullopt;
}

/// The parameters of an optimizer from what is given. Without a learning rate the ways back take
/// any: 1 stands for it.
MapPoint point_of(DynamicsInfo const& d, std::map<std::string, double>& given,
                  MapPoint const& noise, bool strict, std::vector<std::string>& problems) {
    MapPoint point = noise;
    point.dynamics = &d;
    for (Parameter const& p : d.parameters) {
        auto const at = given.find(std::string(p.name));
        double value = std::isnan(p.fallback) ? std::max(p.minimum, 1.0) : p.fallback;
        if (at != given.end()) {
            value = at->second;
            if (!range_of(p).contains(value))
                problems.push_back(
                    fmt::format("{} = {} ({})", p.name, value, range_of(p).describe()));
        } else if (std::isnan(p.fallback) && strict) {
            problems.push_back(
                fmt::format("missing {}= ({}), e.g. {}", p.name, range_of(p).describe(), example));
        }
        if (at != given.end()) given.erase(at);
        else if (std::isnan(p.fallback)) point.assumed.emplace_back(p.name);
        point.values.push_back(value);
    }
    return point;
}

/// What must be given, so that some optimizer is shown to tend to this SDE with these numbers.
void check_sde(DynamicsInfo const& d, std::vector<MapPoint> const& points, Targets const& targets,
               MapPoint const& noise, std::vector<std::string>& problems) {
    if (!problems.empty()) return;
    bool const jumps = d.noise_use == NoiseUse::stable;
    bool maps = false, has_target = targets.empty(), could_have = false;
    for (MapPoint point : points) {
        if (jumps && !point.alpha) point.alpha = 1.5;
        for (SdeLimit const& limit : point.limits()) {
            if (limit.sde != d.name) continue;
            maps = true;
            for (char const* name : {"temperature", "friction", "scale"})
                could_have = could_have || value_in(limit, name).has_value();
            for (auto const& entry : targets)
                has_target = has_target || value_in(limit, entry.first).has_value();
        }
    }
    std::string const ask = jumps ? "scale and alpha" : "temperature (and friction)";
    std::string const numbers = jumps ? "scale=0.1 alpha=1.5 noise_scale=1" : "temperature=0.1 c=1";
    if (!maps)
        problems.push_back(
            fmt::format("no optimizer tends to {} (kramers list models, optimizers)", d.name));
    else if (jumps && (!noise.alpha || !targets.contains("scale")))
        problems.push_back(fmt::format(
            "{} is driven by jumps: it has no temperature and its noise no variance c; give the {} "
            "that it is to have, e.g. kramers map {} {}",
            d.name, ask, d.name, numbers));
    else if (!jumps && noise.alpha)
        problems.push_back(
            fmt::format("{} has normal increments: noise with alpha < 2 leads to "
                        "levy_driven",
                        d.name));
    else if (targets.empty() && could_have)
        problems.push_back(fmt::format(
            "{} is an SDE: give the {} that optimizers are to have, e.g. kramers map {} {}", d.name,
            ask, d.name, numbers));
    else if (!has_target)
        problems.push_back(fmt::format("no map to {} has a {}", d.name, targets.begin()->first));
}

int map_dynamics(DynamicsInfo const& d, std::vector<std::string> const& words,
                 Common const& common) {
    std::vector<std::string> problems;
    auto given = numbers_of(words, problems);
    MapPoint noise;
    noise.c = take_variance(given, problems);
    take_stable(noise, given, problems);
    Targets targets;
    for (auto at = given.begin(); at != given.end();) {
        bool const wanted = is_target(at->first) && !(d.optimizer && d.index_of(at->first) >= 0);
        if (wanted) targets[at->first] = at->second;
        at = wanted ? given.erase(at) : std::next(at);
    }
    std::vector<MapPoint> points;
    if (d.optimizer) {
        points.push_back(point_of(d, given, noise, targets.empty(), problems));
    } else {
        for (DynamicsInfo const& o : dynamics_components()) {
            if (!o.optimizer) continue;
            auto rest = given;
            std::vector<std::string> ignored;
            points.push_back(point_of(o, rest, noise, false, ignored));
        }
        given.clear();
        check_sde(d, points, targets, noise, problems);
    }
    std::vector<std::string> keys{
        "c", "gradient_variance", "batch_size", "temperature", "friction", "alpha", "noise_scale"};
    for (Parameter const& p : d.parameters) keys.emplace_back(p.name);
    for (auto const& entry : given)
        problems.push_back(unknown_word(fmt::format("key of {}", d.name), entry.first, keys));
    if (!problems.empty()) throw InputError(problems);
    Json all = Json::array();
    for (MapPoint const& point : points)
        show(point, d.optimizer ? std::string_view{} : d.name, "", targets, common.json, all);
    if (common.json) fmt::print("{}\n", all.dump(2));
    return done;
}

}  // namespace

int map(SpecArguments const& arguments, Common const& common) {
    if (DynamicsInfo const* d = find_dynamics(arguments.spec))
        return map_dynamics(*d, arguments.overrides, common);
    bool const spec_like = arguments.spec.find_first_of("./") != std::string::npos;
    std::vector<std::string> problems;
    SpecArguments rest = arguments;
    rest.overrides.clear();
    std::vector<std::string> words;
    for (std::string const& word : arguments.overrides)
        (is_target(word.substr(0, word.find('='))) ? words : rest.overrides).push_back(word);
    Targets const targets = numbers_of(words, problems);
    if (!problems.empty()) throw InputError(problems);
    Spec const spec = [&] {
        try {
            return open(rest, common);
        } catch (InputError const& error) {
            std::string const near = closest(arguments.spec, dynamics_names());
            if (spec_like || near.empty()) throw;
            auto all = error.problems;
            all.push_back(
                fmt::format("no dynamics of that name either. Did you mean \"{}\"?", near));
            throw InputError(all);
        }
    }();
    Json all = Json::array();
    for (Cell const& cell : spec.cells) {
        DynamicsInfo const& d = *find_dynamics(cell.dynamics);
        if (!d.optimizer)
            throw InputError(
                {fmt::format("{} runs {}, an SDE; kramers map {} temperature=... c=... "
                             "shows the optimizers that tend to it",
                             spec.name, d.name, d.name)});
        MapPoint point{&d, cell.dynamics_values, {}, {}};
        point.values.resize(d.parameters.size());
        point.cell = &cell;
        if (cell.noise_variance >= 0.0) point.c = cell.noise_variance;
        else take_noise(point, step_noise(cell.noise, cell.dim));
        std::string const heading =
            spec.cells.size() > 1 ? fmt::format("cell {} ({}): ", cell.index, cell_label(cell))
                                  : "";
        show(point, {}, heading, targets, common.json, all);
    }
    if (common.json) fmt::print("{}\n", all.dump(2));
    return done;
}

}  // namespace kramers::verbs
