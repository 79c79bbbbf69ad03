// SPDX-License-Identifier: Apache-2.0
#include "experiments/limit_map.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace kramers {
namespace {

/// The name of the momentum of an optimizer that tends to kinetic dynamics, or "".
std::string momentum_of(DynamicsInfo const& d) {
    for (char const* name : {"momentum", "beta"})
        if (d.index_of(name) >= 0) return name;
    return {};
}

bool is_momentum(DynamicsInfo const& d, std::string const& unknown) {
    return unknown == momentum_of(d);
}

void set(MapPoint& point, std::string const& unknown, double x) {
    if (unknown == "c") point.c = x;
    else if (unknown == "noise_scale") point.noise_scale = x;
    else point.values[static_cast<std::size_t>(point.dynamics->index_of(unknown))] = x;
}

std::optional<double> value_at(MapPoint const& point, std::string const& map,
                               std::string const& name) {
    for (SdeLimit const& limit : point.limits())
        if (limit.map == map && limit.not_here.empty()) {
            auto const value = value_in(limit, name);
            return value && std::isfinite(*value) ? value : std::nullopt;
        }
    return std::nullopt;
}

/// Zero of a function of log x that changes sign once in [low, high]; nothing if it does not.
template <class F>
std::optional<double> bisect(F const& f, double low, double high) {
    auto const at_low = f(std::exp(low)), at_high = f(std::exp(high));
    if (!at_low || !at_high || (*at_low > 0.0) == (*at_high > 0.0)) return std::nullopt;
    for (int k = 0; k < 200; ++k) {
        double const middle = 0.5 * (low + high);
        auto const value = f(std::exp(middle));
        if (!value) return std::nullopt;
        ((*value > 0.0) == (*at_low > 0.0) ? low : high) = middle;
    }
    return std::exp(0.5 * (low + high));
}

constexpr double widest = 40.0;  // e^40, far beyond any sensible number

std::optional<WayBack> both(MapPoint const& point, std::string const& map, double temperature,
                            double friction) {
    std::string const momentum = momentum_of(*point.dynamics);
    if (momentum.empty() || !point.c) return std::nullopt;
    auto const at = [&](double eta) {
        MapPoint p = point;
        set(p, "learning_rate", eta);
        auto const mu = solve_for(p, map, momentum, "friction", friction);
        if (mu) set(p, momentum, *mu);
        return std::pair(p, mu);
    };
    // friction bounds the learning rate: 1 - mu = gamma sqrt(eta) <= 1
    double high = widest;
    for (int k = 0; k < 200 && !at(std::exp(high)).second; ++k) high -= 0.5;
    for (double step = 0.25; step > 1e-15; step *= 0.5)
        if (at(std::exp(high + step)).second) high += step;
    auto const eta = bisect(
        [&](double x) -> std::optional<double> {
            auto const [p, mu] = at(x);
            auto const T = mu ? value_at(p, map, "temperature") : std::nullopt;
            return T ? std::optional(*T - temperature) : std::nullopt;
        },
        -25.0, high);  // below, 1 - momentum is lost to rounding
    if (!eta) return std::nullopt;
    return WayBack{{{"learning_rate", *eta}, {momentum, *at(*eta).second}}};
}

/// At a given learning rate the friction fixes the momentum, and then the temperature c.
std::optional<WayBack> at_learning_rate(MapPoint point, std::string const& map, double temperature,
                                        double friction) {
    std::string const momentum = momentum_of(*point.dynamics);
    if (momentum.empty()) return std::nullopt;
    auto const mu = solve_for(point, map, momentum, "friction", friction);
    if (!mu) return std::nullopt;
    set(point, momentum, *mu);
    auto const c = solve_for(point, map, "c", "temperature", temperature);
    if (!c) return std::nullopt;
    return WayBack{{{momentum, *mu}, {"c", *c}}};
}

}  // namespace

bool MapPoint::is_given(std::string_view parameter) const {
    return std::find(assumed.begin(), assumed.end(), parameter) == assumed.end();
}

StepNoise MapPoint::noise() const {
    if (law) return *law;
    StepNoise noise = c.value_or(0.0);
    if (!alpha) return noise;
    noise.no_covariance = fmt::format("noise with alpha = {:.6g} < 2 has none", *alpha);
    noise.tail = StableTail{*alpha, noise_scale.value_or(1.0)};
    return noise;
}

std::vector<SdeLimit> MapPoint::limits() const {
    std::vector<SdeLimit> all = dynamics->limits(values.data(), noise());
    if (cell == nullptr) return all;
    for (SdeLimit& limit : all)
        if (auto const why = cell->no_limits.find(limit.map); why != cell->no_limits.end())
            limit.not_here = why->second;
    return all;
}

std::optional<double> value_in(SdeLimit const& limit, std::string_view name) {
    for (SdeLimit::Value const& v : limit.parameters)
        if (v.name == name) return v.value;
    return std::nullopt;
}

std::optional<double> solve_for(MapPoint point, std::string const& map, std::string const& unknown,
                                std::string const& name, double target) {
    bool const momentum = is_momentum(*point.dynamics, unknown);
    auto const number = [&](double x) { return momentum ? 1.0 - x : x; };
    auto const distance = [&](double x) -> std::optional<double> {
        set(point, unknown, number(x));
        auto const value = value_at(point, map, name);
        return value ? std::optional(*value - target) : std::nullopt;
    };
    // 1 - e^-34 is the last momentum that is not rounded to 1
    auto const x = momentum ? bisect(distance, -34.0, 0.0) : bisect(distance, -widest, widest);
    return x ? std::optional(number(*x)) : std::nullopt;
}

std::map<std::string, double> targets_of(SdeLimit const& limit,
                                         std::map<std::string, double> const& targets) {
    std::map<std::string, double> own;
    for (auto const& [name, value] : targets)
        if (value_in(limit, name)) own.emplace(name, value);
    return own;
}

std::vector<WayBack> ways_back(MapPoint const& point, std::string const& map,
                               std::map<std::string, double> const& targets) {
    std::vector<WayBack> ways;
    auto const T = targets.find("temperature"), gamma = targets.find("friction");
    auto const sigma = targets.find("scale");
    bool const has_friction = value_at(point, map, "friction").has_value();
    if (T != targets.end() && gamma != targets.end() && has_friction) {
        auto const way = point.c ? both(point, map, T->second, gamma->second)
                         : point.is_given("learning_rate")
                             ? at_learning_rate(point, map, T->second, gamma->second)
                             : std::nullopt;
        if (way) ways.push_back(*way);
        return ways;
    }
    auto const add = [&](std::string const& unknown, std::string const& name, double target) {
        if (auto const x = solve_for(point, map, unknown, name, target))
            ways.push_back({{{unknown, *x}}});
    };
    if (sigma != targets.end()) {
        if (point.noise_scale) add("learning_rate", "scale", sigma->second);
        add("noise_scale", "scale", sigma->second);
    } else if (T != targets.end()) {
        if (point.c && *point.c > 0.0) add("learning_rate", "temperature", T->second);
        add("c", "temperature", T->second);
    } else if (gamma != targets.end() && has_friction) {
        add("learning_rate", "friction", gamma->second);
        if (std::string const mu = momentum_of(*point.dynamics); !mu.empty())
            add(mu, "friction", gamma->second);
    }
    return ways;
}

}  // namespace kramers
