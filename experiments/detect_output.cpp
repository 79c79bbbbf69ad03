// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdlib>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "experiments/detect.hpp"
#include "experiments/format_value.hpp"
#include "experiments/input.hpp"

namespace kramers {
namespace {

std::string duration_text(double seconds) {
    if (!std::isfinite(seconds)) return "-";
    if (seconds < 120.0) return fmt::format("{:.2g} s", seconds);
    return seconds < 7200.0 ? fmt::format("{:.2g} min", seconds / 60.0)
                            : fmt::format("{:.3g} h", seconds / 3600.0);
}

}  // namespace

double parse_discrepancy(std::string const& text) {
    char* end = nullptr;
    double value = std::strtod(text.c_str(), &end);
    std::string const unit = end;
    if (unit == "%") value /= 100.0;
    if (end == text.c_str() || (!unit.empty() && unit != "%") || !(value > 0.0 && value < 10.0))
        throw InputError({fmt::format(
            "--detect {} (must be a relative discrepancy > 0, such as 1% or 0.01)", text)});
    return value;
}

std::string needs_json(std::vector<DetectionNeed> const& needs) {
    auto array = nlohmann::ordered_json::array();
    for (DetectionNeed const& n : needs)
        array.push_back({{"claim", n.claim},
                         {"cell", n.cell},
                         {"where", n.where},
                         {"estimand", n.estimand},
                         {"level", n.level},
                         {"power", 0.99},
                         {"trajectories", n.trajectories},
                         {"half_width", n.half_width},
                         {"dt", n.dt},
                         {"seconds", n.seconds},
                         {"basis", n.basis},
                         {"reason", n.reason.empty() ? nlohmann::ordered_json()
                                                     : nlohmann::ordered_json(n.reason)}});
    return array.dump(2);
}

std::string needs_text(std::vector<DetectionNeed> const& needs, double discrepancy) {
    std::string text;
    bool const race = !needs.empty() && needs.front().cell < 0;
    for (std::string const& line : wrapped(
             fmt::format(
                 fmt::runtime(race ? "to find a success probability that lies {:.4g} points beyond "
                                     "the bar, in 99 of 100 runs, in every cell:"
                                   : "to find a truth that lies {:.4g} % of the prediction beyond "
                                     "the tolerance, in 99 of 100 runs:"),
                 100.0 * discrepancy),
             100))
        text += line + "\n";
    text +=
        fmt::format("  {} {} {} {} {} {}\n", padded("claim", 24), padded("where", 20),
                    padded("trajectories", 13), padded("half-width", 11), padded("dt", 10), "time");
    std::set<std::string> said;
    for (DetectionNeed const& n : needs) {
        auto const number = [](double v, int digits) {
            return std::isfinite(v) ? fmt::format("{:.{}g}", v, digits) : std::string("-");
        };
        bool const known = n.reason.empty();
        text += fmt::format("  {} {} {} {} {} {}\n", padded(n.claim, 24), padded(n.where, 20),
                            padded(known ? fmt::format("{:.0f}", n.trajectories) : "-", 13),
                            padded(known ? fmt::format("{:.3g} %", 100.0 * n.half_width) : "-", 11),
                            padded(number(n.dt, 3), 10), duration_text(n.seconds));
        std::string const why = known ? n.basis : n.reason;
        if (said.insert(why).second)
            for (std::string const& line : wrapped(why, 94)) text += "      " + line + "\n";
    }
    return text;
}

}  // namespace kramers
