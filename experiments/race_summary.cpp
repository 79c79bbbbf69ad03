// SPDX-License-Identifier: Apache-2.0
#include "experiments/race_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/race_edges.hpp"

namespace kramers {
namespace {

std::string number(EstimateResult const& e) {
    return e.estimate ? fmt::format("{:.3g}", e.estimate->value) : "-";
}

std::string where(RaceSetup const& r, BestPlace const& place) {
    std::string text;
    auto const add = [&](char const* word, double value, AxisPlace at) {
        if (!std::isnan(value))
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", word, marked(value, at));
    };
    add("intensity", r.intensity, place.intensity);
    if (r.decay > 0.0) add("decay", r.decay, place.decay);
    add("learning rate", r.learning_rate, place.learning_rate);
    return text;
}

/// Median time in relaxation times of the start's slowest mode.
std::string relaxations(RaceSetup const& r, double evaluations) {
    double const one = r.relaxation_steps * static_cast<double>(r.evaluations_per_step);
    if (!(one > 0.0) || !std::isfinite(evaluations)) return "-";
    return fmt::format("{:.3g}", evaluations / one);
}

}  // namespace

std::string race_summary(Spec const& spec, std::vector<BestCell> const& best) {
    std::vector<BestCell const*> order;
    std::size_t width = 7;
    for (BestCell const& b : best) {
        order.push_back(&b);
        width = std::max(width, b.entrant.size());
    }
    std::stable_sort(order.begin(), order.end(), [](BestCell const* a, BestCell const* b) {
        return a->fresh.success.value > b->fresh.success.value;
    });
    std::string text =
        fmt::format("{:<{}} {:<20} {:>8} {:>9} {:>8} {:>7}  best cell (of, not told from it)\n",
                    "entrant", width, "success [95 %]", "loss", "quenched", "median t", "/relax.");
    std::string rows;
    for (BestCell const* b : order) {
        RaceOutcome const& o = b->fresh;
        RaceSetup const& r = spec.cells[static_cast<std::size_t>(b->cell)].race;
        double const median = o.median_time.value;
        rows += fmt::format(
            "{:<{}} {:<20} {:>8} {:>9} {:>8} {:>7}  {} ({}, {})\n", b->entrant, width,
            fmt::format("{:.3f} [{:.3f}, {:.3f}]", o.success.value, o.success.lower,
                        o.success.upper),
            number(o.loss), number(o.quenched_loss),
            std::isfinite(median) ? fmt::format("{:.0f}", median) : "-", relaxations(r, median),
            where(r, place_of_best(spec, *b)), b->searched, b->not_worse.size());
    }
    return text + rows + explain_marks(rows);
}

}  // namespace kramers
