// SPDX-License-Identifier: Apache-2.0
#include "experiments/weak_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "estimators/intervals.hpp"
#include "experiments/format_value.hpp"
#include "experiments/numbers.hpp"
#include "experiments/same_law.hpp"
#include "experiments/where.hpp"

namespace kramers {
namespace {

constexpr char const* rate_key = "dynamics.learning_rate";

using Swept = decltype(Cell::swept);

/// Whether an order counts powers of what this key sets: the word ell of "eta / ell".
bool sets_the_step(std::string const& key, std::string const& small) {
    std::string const name = key.substr(key.rfind('.') + 1);
    return (" " + small + " ").find(" " + name + " ") != std::string::npos;
}

/// True where the value strictly rises or strictly falls with the learning rate: what a limit ties to
/// it, such as 1 - beta ~ eta, is swept that way (side by side). A grid repeats values. So does a key
/// that itself makes the step small, with the time of an iteration.
bool tied_to_rate(std::string const& key, std::vector<Cell> const& cells) {
    bool const step = sets_the_step(key, cells.front().order.small);
    std::vector<std::pair<double, double>> pairs;
    for (Cell const& cell : cells)
        for (auto const& [name, value] : cell.swept)
            if (double const* number = std::get_if<double>(&value); number && name == key)
                pairs.emplace_back(step ? cell.order.time_per_step : cell.learning_rate, *number);
    std::sort(pairs.begin(), pairs.end());
    bool rises = pairs.size() > 1, falls = rises;
    for (std::size_t k = 1; k < pairs.size(); ++k) {
        bool const next = pairs[k].first > pairs[k - 1].first;
        rises = rises && next && pairs[k].second > pairs[k - 1].second;
        falls = falls && next && pairs[k].second < pairs[k - 1].second;
    }
    return rises || falls;
}

std::set<std::string> keys_of_ladder(std::vector<Cell> const& cells) {
    std::set<std::string> keys{rate_key};
    if (!cells.empty())
        for (auto const& entry : cells.front().swept)
            if (tied_to_rate(entry.first, cells)) keys.insert(entry.first);
    return keys;
}

Swept others(Cell const& cell, std::set<std::string> const& tied) {
    Swept swept = cell.swept;
    std::erase_if(swept, [&](auto const& entry) { return tied.contains(entry.first); });
    return swept;
}

std::string model_of(ClaimSpec const& claim) { return std::get<WeakError>(claim.estimand).of; }

WeakErrors const* errors_of(std::vector<WeakErrors> const& errors, int cell,
                            std::string const& model) {
    for (WeakErrors const& e : errors)
        if (e.cell == cell && e.model == model) return &e;
    return nullptr;
}

/// Fewer than two times of an iteration: nothing that an error could fall with.
bool has_one_step(std::vector<Cell const*> const& cells) {
    return std::all_of(cells.begin(), cells.end(), [&](Cell const* cell) {
        return cell->order.time_per_step == cells.front()->order.time_per_step;
    });
}

std::string one_step_note(Cell const& cell) {
    bool const ell = cell.order.small.find("ell") != std::string::npos;
    return fmt::format("one step size, tau = {:.6g}: an order needs two (sweep over {})",
                       cell.order.time_per_step,
                       ell ? "dynamics.ell or dynamics.learning_rate" : rate_key);
}

/// Why the errors of these cells are not to be had; empty: they are.
std::string why_missing(ClaimSpec const& claim, std::vector<Cell const*> const& cells,
                        std::vector<WeakErrors> const& errors) {
    for (Cell const* cell : cells) {
        WeakErrors const* e = errors_of(errors, cell->index, model_of(claim));
        if (e == nullptr) return "not simulated";
        for (std::size_t k = 0; k < e->errors.size(); ++k)
            if (!e->errors[k].estimate)
                return fmt::format("{} at learning rate {:.6g}: {}", cell->order.observables[k],
                                   cell->learning_rate, e->errors[k].reason);
    }
    return {};
}

std::string fit_note(OrderFit const& fit, std::size_t rates) {
    std::string text =
        fmt::format("{} significant errors of {} observables", fit.points, fit.ladders.size());
    if (fit.steps.size() < rates) text += fmt::format(", the {} smallest steps", fit.steps.size());
    text += fmt::format("; lack of fit p = {:.2g}", fit.lack_of_fit_p);
    if (fit.systematic > 0.0)
        text += fmt::format("; interval wider by {:.2g} on both sides, what the {} changes",
                            fit.systematic,
                            fit.systematic_known ? "coarsest learning rate" : "next term");
    if (!fit.systematic_known)
        text += fmt::format("; too few learning rates to tell what the coarsest hides{}",
                            fit.systematic > 0.0 ? "" : ", which counts as 0");
    return text;
}

}  // namespace

std::vector<std::vector<Cell const*>> learning_rate_ladders(Spec const& spec) {
    std::vector<std::vector<Cell const*>> ladders;
    std::set<std::string> const tied = keys_of_ladder(spec.cells);
    for (Cell const& cell : spec.cells) {
        auto at = std::find_if(ladders.begin(), ladders.end(), [&](auto const& ladder) {
            return others(*ladder.front(), tied) == others(cell, tied);
        });
        if (at == ladders.end()) at = ladders.emplace(ladders.end());
        at->push_back(&cell);
    }
    return ladders;
}

std::vector<Cell const*> claimed_cells(ClaimSpec const& claim,
                                       std::vector<Cell const*> const& ladder) {
    std::vector<Cell const*> cells;
    for (Cell const* cell : ladder)
        if (applies(claim, *cell)) cells.push_back(cell);
    return cells;
}

OrderFit measure_order(ClaimSpec const& claim, std::vector<Cell const*> const& cells,
                       std::vector<WeakErrors> const& errors) {
    OrderFit fit;
    fit.order.reason = why_missing(claim, cells, errors);
    if (cells.empty() || !fit.order.reason.empty()) return fit;
    std::vector<ErrorLadder> ladders(cells.front()->order.observables.size());
    for (Cell const* cell : cells) {
        WeakErrors const& e = *errors_of(errors, cell->index, model_of(claim));
        for (std::size_t k = 0; k < ladders.size(); ++k) {
            ladders[k].steps.push_back(e.step);
            ladders[k].errors.push_back(*e.errors[k].estimate);
        }
    }
    return fit_order(ladders, {claim.order, claim.next_term});
}

Comparison compare_order(ClaimSpec const& claim, std::vector<Cell const*> const& cells,
                         std::vector<WeakErrors> const& errors, double level) {
    if (std::isinf(claim.order)) return compare_law(claim, cells, errors, level);
    Comparison c;
    c.claim = claim;
    c.cell = cells.front()->index;
    c.family_level = level;
    c.detectable = infinite;
    Prediction& p = c.prediction;
    p.name = "order";
    p.estimand = describe(claim.estimand);
    p.value = claim.order;
    // Steps are SDE times of an iteration, of momentum and adaptive methods not eta itself.
    Cell const& first = *cells.front();
    std::string const small = first.order.time_per_step == first.learning_rate ? "eta" : "tau";
    p.error_order = fmt::format("O({}^{})", small, claim.order + 1.0);
    p.domain = "smooth functions of polynomial growth at finite times, eta to 0";
    p.formula = fmt::format("error = C{1} {0}^{1}", small, claim.order);
    if (claim.next_term) p.formula += fmt::format(" + C{1} {0}^{1}", small, claim.order + 1.0);
    if (small == "tau") p.formula += ", tau: SDE time of an iteration";
    for (ComparedSde const& model : cells.front()->order.models)
        if (model.name == model_of(claim)) p.sources = {model.source};

    std::string const reason = why_missing(claim, cells, errors);
    OrderFit const fit = measure_order(claim, cells, errors);
    double const nan = std::numeric_limits<double>::quiet_NaN();
    if (!fit.order.estimate) {
        c.verdict = Verdict::undecided;
        c.note = !reason.empty()       ? "the simulation gave no estimate: " + reason
                 : has_one_step(cells) ? one_step_note(first)
                                       : fit.order.reason;
        c.more_trajectories = infinite;
        c.estimate.value = c.estimate.standard_error = nan;
        c.family_interval = c.pointwise_interval = {nan, nan};
    } else {
        c.estimate = *fit.order.estimate;
        auto const wider = [&](Interval i) {
            return Interval{i.lower - fit.systematic, i.upper + fit.systematic};
        };
        c.family_interval = wider(interval_at(c.estimate, level));
        c.pointwise_interval = wider({c.estimate.lower, c.estimate.upper});
        c.verdict = order_verdict(c.family_interval, claim.order);
        c.note = fit_note(fit, cells.size());
        double const half_width = c.family_interval.upper - c.estimate.value;
        c.detectable = detail::detectable_distance(half_width, c.estimate.standard_error,
                                                   c.estimate.degrees_of_freedom) /
                       claim.order;
        if (c.verdict == Verdict::undecided)
            c.more_trajectories = detail::trajectories_to_decide(
                c.estimate.value, c.family_interval, claim.order - 1.0, claim.order + 1.0,
                static_cast<double>(c.estimate.trajectories));
    }
    c.passed = c.verdict == claim.expect;
    return c;
}

Verdict order_verdict(Interval interval, double claimed) {
    if (interval.upper < claimed || interval.lower > claimed) return Verdict::disagree;
    bool const sharp = interval.lower > claimed - 1.0 && interval.upper < claimed + 1.0;
    return sharp ? Verdict::agree : Verdict::undecided;  // also when an end is not a number
}

namespace {

/// "ell=2..16"
std::string range_label(std::string const& key, std::vector<Cell const*> const& cells) {
    double low = infinite, high = -infinite;
    for (Cell const* cell : cells)
        for (auto const& [name, value] : cell->swept)
            if (double const* number = std::get_if<double>(&value); number && name == key) {
                low = std::min(low, *number);
                high = std::max(high, *number);
            }
    return fmt::format("{}={}..{}", key.substr(key.rfind('.') + 1), format_label(low),
                       format_label(high));
}

}  // namespace

std::string ladder_label(std::vector<Cell const*> const& cells) {
    double low = infinite, high = 0.0;
    for (Cell const* cell : cells) {
        low = std::min(low, cell->learning_rate);
        high = std::max(high, cell->learning_rate);
    }
    std::string label = low == high
                            ? fmt::format("eta={}", format_label(low))
                            : fmt::format("eta={}..{}", format_label(low), format_label(high));
    for (auto const& [key, value] : cells.front()->swept) {
        if (low == high && cells.size() > 1 && sets_the_step(key, cells.front()->order.small))
            label += " " + range_label(key, cells);
        auto const same = [&, &k = key, &v = value](Cell const* cell) {
            return std::find(cell->swept.begin(), cell->swept.end(), std::pair(k, v)) !=
                   cell->swept.end();
        };
        if (key == rate_key || !std::all_of(cells.begin(), cells.end(), same)) continue;
        std::string const name = key.substr(key.rfind('.') + 1);
        label += std::holds_alternative<double>(value)
                     ? fmt::format(" {}={}", name, format_label(std::get<double>(value)))
                     : " " + std::get<std::string>(value);
    }
    return label;
}

}  // namespace kramers
