// SPDX-License-Identifier: Apache-2.0
#include "experiments/race_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kramers {
namespace {

std::string number(EstimateResult const& e) {
    return e.estimate ? fmt::format("{:.3g}", e.estimate->value) : "-";
}

std::string where(RaceSetup const& r) {
    std::string text;
    auto const add = [&](char const* word, double value) {
        if (!std::isnan(value))
            text += fmt::format("{}{} {:.3g}", text.empty() ? "" : ", ", word, value);
    };
    add("intensity", r.intensity);
    if (r.decay > 0.0) add("decay", r.decay);
    add("learning rate", r.learning_rate);
    return text;
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
        fmt::format("{:<{}} {:<20} {:>8} {:>9} {:>8}  best cell (of, not told from it)\n",
                    "entrant", width, "success [95 %]", "loss", "quenched", "median t");
    for (BestCell const* b : order) {
        RaceOutcome const& o = b->fresh;
        RaceSetup const& r = spec.cells[static_cast<std::size_t>(b->cell)].race;
        text += fmt::format(
            "{:<{}} {:<20} {:>8} {:>9} {:>8}  {} ({}, {})\n", b->entrant, width,
            fmt::format("{:.3f} [{:.3f}, {:.3f}]", o.success.value, o.success.lower,
                        o.success.upper),
            number(o.loss), number(o.quenched_loss),
            std::isfinite(o.median_time.value) ? fmt::format("{:.0f}", o.median_time.value) : "-",
            where(r), b->searched, b->not_worse.size());
    }
    return text;
}

}  // namespace kramers
