// SPDX-License-Identifier: Apache-2.0
#include "experiments/kinds/race.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "estimators/intervals.hpp"

namespace kramers {
namespace {

RaceOutcome run_ensemble(Cell const& cell, Simulate const& simulate) {
    Tallies ends = simulate(make_plan(cell, 0, 0), cell.race.entrant);
    Tallies const ways = simulate(make_goal_plan(cell), cell.race.entrant);
    auto const& tally = std::get<SnapshotTally>(ends.tally);
    return race_outcome(cell, tally.final_states, std::get<PassageTally>(ways.tally),
                        ends.info.threads);
}

double quenched_loss(RaceOutcome const& o) {
    return o.quenched_loss.estimate ? o.quenched_loss.estimate->value
                                    : std::numeric_limits<double>::infinity();
}

bool better(RaceOutcome const& a, RaceOutcome const& b) {
    if (a.success.value != b.success.value) return a.success.value > b.success.value;
    return quenched_loss(a) < quenched_loss(b);
}

BestCell const* of_entrant(std::vector<BestCell> const& best, std::string const& entrant) {
    for (BestCell const& b : best)
        if (b.entrant == entrant) return &b;
    return nullptr;
}

}  // namespace

Plan make_goal_plan(Cell const& cell) {
    Plan plan = make_plan(cell, 0, 0);
    PassagePlan passage;
    passage.targets = {region_named(cell, cell.race.goal)};
    passage.max_steps = cell.snapshots.burn_in;
    plan.observe = std::move(passage);
    return plan;
}

CellAnswers run_race(Cell const& cell, Simulate const& simulate, CellTables& tables,
                     std::vector<RaceOutcome>& outcomes) {
    CellAnswers answers;
    RaceOutcome const out = run_ensemble(cell, simulate);
    answers.trajectories = out.trajectories;
    answers.arrived = out.arrival.arrived;
    answers.diverged = out.lost;
    answers.diverged_later = out.diverged - out.lost;
    answers.censored = out.trajectories - out.arrival.arrived - out.lost;
    if (out.unsettled > 0)
        answers.warnings.push_back(
            fmt::format("cell {}: {} of {} trajectories ended on a saddle, not above a minimum",
                        cell.index, out.unsettled, out.trajectories));
    tables.estimates.push_back({"success_probability", "", out.success});
    if (out.quenched_loss.estimate)
        tables.estimates.push_back({"quenched_loss", "", *out.quenched_loss.estimate});
    outcomes.push_back(out);
    answers.estimate = [](Estimand const& estimand) -> EstimateResult {
        return {{}, fmt::format("{} is a statement about a whole grid", describe(estimand))};
    };
    answers.density = [](StationaryDensity const&) { return std::nullopt; };
    return answers;
}

std::vector<std::string> entrants_of(Spec const& spec) {
    std::vector<std::string> names;
    for (Cell const& cell : spec.cells)
        if (std::find(names.begin(), names.end(), cell.race.entrant) == names.end())
            names.push_back(cell.race.entrant);
    return names;
}

std::vector<int> not_worse_than_best(std::vector<RaceOutcome const*> const& outcomes) {
    double const level =
        1.0 - 0.05 / static_cast<double>(std::max<std::size_t>(1, outcomes.size()));
    double highest = 0.0;
    std::vector<double> upper;
    for (RaceOutcome const* o : outcomes) {
        Interval const interval = interval_at(o->success, level);
        highest = std::max(highest, interval.lower);
        upper.push_back(interval.upper);
    }
    std::vector<int> cells;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (upper[i] >= highest) cells.push_back(outcomes[i]->cell);
    return cells;
}

Cell fresh_cell(Cell const& cell, int entrant) {
    Cell fresh = cell;
    fresh.seed += 0x9e3779b97f4a7c15u * (static_cast<std::uint64_t>(entrant) + 1);
    return fresh;
}

std::vector<BestCell> find_best(Spec const& spec, std::vector<RaceOutcome> const& outcomes,
                                Simulate const& simulate) {
    std::vector<BestCell> best;
    for (std::string const& entrant : entrants_of(spec)) {
        std::vector<RaceOutcome const*> own;
        for (RaceOutcome const& o : outcomes)
            if (spec.cells[static_cast<std::size_t>(o.cell)].race.entrant == entrant)
                own.push_back(&o);
        RaceOutcome const* winner = own.front();
        for (RaceOutcome const* o : own)
            if (better(*o, *winner)) winner = o;
        Cell const& cell = spec.cells[static_cast<std::size_t>(winner->cell)];
        BestCell b{
            entrant, winner->cell, static_cast<int>(own.size()), not_worse_than_best(own), *winner,
            {}};
        b.fresh = run_ensemble(fresh_cell(cell, static_cast<int>(best.size())), simulate);
        best.push_back(std::move(b));
    }
    return best;
}

Comparison compare_race(ClaimSpec const& claim, std::vector<BestCell> const& best, double level) {
    Comparison c;
    c.claim = claim;
    c.family_level = level;
    BestCell const* own = of_entrant(best, std::get<SuccessProbability>(claim.estimand).entrant);
    BestCell const* other = of_entrant(best, claim.against);
    if (own == nullptr) return c;
    c.cell = own->cell;
    // Two intervals: each has half of the error.
    double const each = other != nullptr ? 0.5 * (1.0 + level) : level;
    Estimate const& mine = own->fresh.success;
    c.estimate = mine;
    c.family_interval = interval_at(mine, each);
    c.pointwise_interval = {mine.lower, mine.upper};
    Interval theirs{claim.exceeds, claim.exceeds};
    double value = claim.exceeds;
    if (other != nullptr) {
        theirs = interval_at(other->fresh.success, each);
        value = other->fresh.success.value;
    }
    Interval const difference{c.family_interval.lower - theirs.upper,
                              c.family_interval.upper - theirs.lower};
    Prediction& p = c.prediction;
    p.name = "exceeds";
    p.estimand = describe(claim.estimand);
    p.value = value + claim.by;
    p.domain = "the best cell of each entrant on a fresh ensemble";
    p.formula = claim.by > 0.0 ? fmt::format("more than {} by {}", claim.against, claim.by)
                               : fmt::format("more than {}", claim.against);
    c.verdict = p.value >= 1.0                 ? Verdict::out_of_domain
                : difference.lower > claim.by  ? Verdict::agree
                : difference.upper <= claim.by ? Verdict::disagree
                                               : Verdict::undecided;
    // The truth at which the lower end clears the bar with 99 % power, on either side's spread.
    double const deviation = std::hypot(
        mine.standard_error, other != nullptr ? other->fresh.success.standard_error : 0.0);
    c.detectable = value > 0.0
                       ? (0.5 * (difference.upper - difference.lower) + 2.33 * deviation) / value
                       : std::numeric_limits<double>::infinity();
    if (c.verdict == Verdict::out_of_domain) {
        c.note = fmt::format(
            "{} has {:.4g}: no probability is higher by {}, so nothing could agree (take by < "
            "{:.2g})",
            claim.against, value, claim.by, 1.0 - value);
        c.passed = c.verdict == claim.expect;
        return c;
    }
    if (c.verdict == Verdict::undecided)
        c.more_trajectories = detail::trajectories_to_decide(
            mine.value - value, difference, claim.by, 2.0, static_cast<double>(mine.trajectories));
    c.note = fmt::format("difference in [{:.4g}, {:.4g}]; naive {:.4g}, corrected {:.4g}",
                         difference.lower, difference.upper, own->naive.success.value, mine.value);
    c.passed = c.verdict == claim.expect;
    return c;
}

}  // namespace kramers
