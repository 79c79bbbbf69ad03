// SPDX-License-Identifier: Apache-2.0
#include "experiments/race_edges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kramers {
namespace {

AxisPlace place(Spec const& spec, BestCell const& best, double RaceSetup::*axis, double limit) {
    auto const value = [&](int cell) {
        return spec.cells[static_cast<std::size_t>(cell)].race.*axis;
    };
    std::vector<double> values, not_worse;
    for (Cell const& cell : spec.cells)
        if (cell.race.entrant == best.entrant) values.push_back(cell.race.*axis);
    for (int const cell : best.not_worse) not_worse.push_back(value(cell));
    return place_on_axis(std::move(values), value(best.cell), not_worse, limit);
}

}  // namespace

char const* to_string(AxisPlace place) {
    switch (place) {
        case AxisPlace::single: return "single";
        case AxisPlace::inside: return "inside";
        case AxisPlace::plateau: return "plateau";
        case AxisPlace::limit: return "limit";
        case AxisPlace::lower: return "lower";
        case AxisPlace::upper: return "upper";
    }
    return "";
}

AxisPlace place_on_axis(std::vector<double> values, double best,
                        std::vector<double> const& not_worse, double limit) {
    if (std::isnan(best)) return AxisPlace::single;
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (values.size() < 3) return AxisPlace::single;
    double const low = values.front(), high = values.back();
    if (best > low && best < high) return AxisPlace::inside;
    for (double const other : not_worse)
        if (other > low && other < high) return AxisPlace::plateau;
    if (best == 0.0 || (limit > 0.0 && best >= 0.8 * limit)) return AxisPlace::limit;
    return best == low ? AxisPlace::lower : AxisPlace::upper;
}

BestPlace place_of_best(Spec const& spec, BestCell const& best) {
    double const limit = spec.cells[static_cast<std::size_t>(best.cell)].race.learning_rate_limit;
    return {place(spec, best, &RaceSetup::intensity, 0.0),
            place(spec, best, &RaceSetup::decay, 0.0),
            place(spec, best, &RaceSetup::learning_rate, limit)};
}

std::string marked(double value, AxisPlace place) {
    std::string const number = fmt::format("{:.3g}", value);
    if (place == AxisPlace::upper) return ">=" + number;
    if (place == AxisPlace::lower) return "<=" + number;
    if (place == AxisPlace::plateau) return "~" + number;
    if (place == AxisPlace::limit) return number + " (limit)";
    return number;
}

std::string explain_marks(std::string const& text) {
    std::string words;
    auto const add = [&](char const* mark, char const* meaning) {
        if (text.find(mark) != std::string::npos)
            words += fmt::format("{}{}", words.empty() ? "" : "; ", meaning);
    };
    add("~", "~ end of the axis, but cells inside are as good");
    add("(limit)", "(limit) nothing beyond: no noise, or a learning rate that needs none");
    add("<=", "<= lowest of the grid: the optimum may lie below");
    add(">=", ">= highest of the grid: the optimum may lie above");
    return words.empty() ? "" : words + "\n";
}

}  // namespace kramers
