// SPDX-License-Identifier: Apache-2.0
#include "experiments/kinds/escape.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "estimators/exponentiality.hpp"
#include "estimators/extrapolate.hpp"
#include "estimators/intervals.hpp"
#include "estimators/mean_passage.hpp"
#include "estimators/passage_rate.hpp"
#include "estimators/survival.hpp"
#include "experiments/kinds/censored.hpp"
#include "experiments/numbers.hpp"
#include "experiments/save.hpp"
#include "experiments/settling.hpp"

namespace kramers {
namespace {

/// All that is known about the passage to one target.
struct Passage {
    std::vector<Rung> rungs;  ///< those with a mean
    EstimateResult mean;      ///< extrapolated when there is a ladder
    EstimateResult rate;
    std::optional<Extrapolation> extrapolation;
    Censored censored;
};

/// A rate whose law is not exponential says so: p-values below this.
constexpr double not_exponential = 1e-3;

void warn_unless_exponential(EstimateResult& rate, Exponentiality const& law, double after) {
    if (!rate.estimate || !law.reason.empty() || !(law.p_value < not_exponential)) return;
    std::string& warning = rate.estimate->warning;
    warning += fmt::format(
        "{}the arrivals after t0 = {:.4g} are not exponential (p = {:.1e}, Weibull shape {:.3f} "
        "[{:.3f}, {:.3f}]): the hazard changes with time, so this is its average and neither the "
        "escape rate nor 1/mean",
        warning.empty() ? "" : "; ", after, law.p_value, law.shape, law.shape_lower,
        law.shape_upper);
}

/// Orders of the bias in dt: grid detection starts at ½, the bridge test at 1 (E47, E51).
std::vector<double> bias_orders(Cell const& cell, std::size_t rungs) {
    if (cell.crossing == Crossing::bridge) return {1.0};
    return rungs >= 3 ? std::vector<double>{0.5, 1.0} : std::vector<double>{0.5};
}

/// Ratio of a coefficient or of a rung to the limit, less `shift`, jackknifed with both.
Estimate relative(Estimate const& coefficient, Estimate const& limit, double shift,
                  std::string method) {
    Estimate r = coefficient;
    r.value = coefficient.value / limit.value - shift;
    double mean = 0.0, square = 0.0;
    auto const groups = static_cast<double>(coefficient.leave_one_out.size());
    for (std::size_t g = 0; g < coefficient.leave_one_out.size(); ++g) {
        r.leave_one_out[g] = coefficient.leave_one_out[g] / limit.leave_one_out[g] - shift;
        mean += r.leave_one_out[g] / groups;
    }
    for (double v : r.leave_one_out) square += (v - mean) * (v - mean);
    r.standard_error = std::sqrt(square * (groups - 1.0) / groups);
    r.method = std::move(method) + ", jackknife over 64 groups";
    r.warning = limit.warning;
    set_interval(r);
    return r;
}

void add_row(CellTables& tables, Cell const& cell, std::string const& target,
             std::string const& level, double dt, EstimateResult const& mean,
             Estimate const& counts, EstimateResult const& rate, Exponentiality const* law,
             Censored const& censored) {
    Estimate const none;
    Estimate const& m = mean.estimate ? *mean.estimate : none;
    double const barrier = fact(cell, "barrier");
    auto const number = [](bool known, double v) { return known ? v : missing; };
    bool const known = mean.estimate.has_value();
    bool const tested = law != nullptr && law->reason.empty();
    bool const rated = rate.estimate.has_value();
    bool const shared = censored.share.estimate.has_value();
    Estimate const& share = shared ? *censored.share.estimate : none;
    bool const capped =
        !censored.restricted.empty() && censored.restricted.back().mean.estimate.has_value();
    Estimate const& cap = capped ? *censored.restricted.back().mean.estimate : none;
    tables.passage.add({cell.index,
                        target,
                        cell.crossing == Crossing::bridge ? "bridge" : "endpoint",
                        level,
                        dt,
                        number(cell.has_temperature, cell.temperature),
                        barrier,
                        number(cell.has_temperature, barrier / cell.temperature),
                        number(known, m.value),
                        number(known, m.standard_error),
                        number(known, m.lower),
                        number(known, m.upper),
                        counts.trajectories,
                        counts.arrived,
                        counts.censored,
                        counts.diverged,
                        number(rated, rated ? rate.estimate->value : 0.0),
                        number(rated, rated ? rate.estimate->lower : 0.0),
                        number(rated, rated ? rate.estimate->upper : 0.0),
                        number(tested, tested ? law->shape : 0.0),
                        number(tested, tested ? law->shape_lower : 0.0),
                        number(tested, tested ? law->shape_upper : 0.0),
                        number(tested, tested ? law->p_value : 0.0),
                        number(shared, share.value),
                        number(shared, share.lower),
                        number(shared, share.upper),
                        number(capped, cap.value),
                        number(capped, cap.lower),
                        number(capped, cap.upper),
                        number(capped, capped ? censored.restricted.back().until : 0.0)});
    Estimate absent = counts;  // no mean: what there was, without a value
    absent.value = absent.standard_error = absent.lower = absent.upper = missing;
    absent.warning = mean.reason;
    tables.estimates.push_back(
        {describe(MeanFirstPassage{target}), level, known ? m : std::move(absent)});
    if (rated) tables.estimates.push_back({describe(EscapeRate{target}), level, *rate.estimate});
}

void add_survival(CellTables& tables, Cell const& cell, std::string const& target,
                  PassageTally const& tally, PassageQuery const& query) {
    for (SurvivalPoint const& p : survival_curve(tally, query, survival_times(tally, query, 60)))
        tables.survival.add({cell.index, target, 0, p.time, p.survival, p.lower, p.upper});
}

void extrapolate_mean(Cell const& cell, Passage& passage) {
    std::vector<double> const orders = bias_orders(cell, passage.rungs.size());
    if (passage.rungs.size() < cell.dt.size() || passage.rungs.size() <= orders.size()) return;
    passage.extrapolation = extrapolate(passage.rungs, orders);
    passage.mean = {passage.extrapolation->limit, {}};
    if (passage.extrapolation->lack_of_fit_p < 1e-3)
        passage.mean.estimate->warning += fmt::format(
            "the rungs of the dt ladder do not follow the expected order (p = {:.1e}); use a "
            "smaller dt. ",
            passage.extrapolation->lack_of_fit_p);
}

}  // namespace

CellAnswers run_escape(Cell const& cell, Simulate const& simulate, CellTables& tables) {
    CellAnswers answers;
    std::map<std::string, Passage> passages;
    std::size_t const runs = cell.stop_at_first ? 1 : cell.targets.size();
    for (std::size_t run = 0; run < runs && !answers.interrupted; ++run) {
        for (std::size_t level = 0; level < cell.dt.size() && !answers.interrupted; ++level) {
            Plan const plan = make_plan(cell, static_cast<int>(level), static_cast<int>(run));
            Tallies const tallies =
                simulate(plan, cell.stop_at_first ? "first target" : "to " + cell.targets[run]);
            auto const& tally = std::get<PassageTally>(tallies.tally);
            answers.interrupted = tallies.info.interrupted;
            if (tables.arrivals != nullptr)
                add_arrivals(*tables.arrivals, cell, static_cast<int>(level), static_cast<int>(run),
                             tally);
            OutcomeCounts const counts = count_outcomes(tally);
            answers.trajectories += tally.trajectories;
            answers.arrived += counts.arrived;
            answers.censored += counts.censored;
            answers.diverged += counts.diverged;
            for (std::size_t t = 0; t < (cell.stop_at_first ? cell.targets.size() : 1); ++t) {
                std::string const& target = cell.targets[cell.stop_at_first ? t : run];
                PassageQuery query;
                query.dt = cell.dt[level];
                query.target = cell.stop_at_first ? static_cast<int>(t) : any_target;
                if (cell.crossing == Crossing::bridge) query.stamp = Stamp::middle_of_step;
                EstimateResult const mean = mean_passage(tally, query);
                double const settled = settling_time(cell);
                EstimateResult rate = passage_rate(tally, query, settled);
                Estimate booked;
                booked.trajectories = tally.trajectories;
                booked.arrived = count_outcomes(tally, query.target).events;
                booked.censored = counts.censored;
                booked.diverged = counts.diverged;
                Passage& passage = passages[target];
                if (mean.estimate) passage.rungs.push_back({cell.dt[level], *mean.estimate});
                if (level == 0) {
                    Exponentiality const law = test_exponentiality(tally, query, settled);
                    warn_unless_exponential(rate, law, settled);
                    passage.mean = mean;
                    passage.rate = rate;
                    bool const known = mean.estimate.has_value();
                    passage.censored = censored_answers(cell, tally, query, known);
                    add_row(tables, cell, target, "0", cell.dt[level], mean, booked, rate, &law,
                            passage.censored);
                    if (!known && !rate.estimate)
                        answers.warnings.push_back(
                            fmt::format("no {}: {}", describe(EscapeRate{target}), rate.reason));
                    report_censored(tables.estimates, target, passage.censored, known);
                    add_survival(tables, cell, target, tally, query);
                } else {
                    add_row(tables, cell, target, std::to_string(level), cell.dt[level], mean,
                            booked, rate, nullptr, {});
                }
            }
        }
    }
    for (auto& [target, passage] : passages) {
        extrapolate_mean(cell, passage);
        if (!passage.extrapolation) continue;
        add_row(tables, cell, target, "extrapolated", 0.0, passage.mean,
                passage.extrapolation->limit, {}, nullptr, {});
        tables.estimates.push_back(
            {fmt::format("step_bias(to = {})", target), "0", passage.extrapolation->bias});
    }
    answers.density = [](StationaryDensity const&) { return std::optional<Density>(); };
    answers.estimate = [passages](Estimand const& estimand) -> EstimateResult {
        auto const find = [&](std::string const& to) {
            auto const found = passages.find(to);
            return found == passages.end() ? nullptr : &found->second;
        };
        if (auto const* e = std::get_if<MeanFirstPassage>(&estimand))
            if (Passage const* p = find(e->to)) return p->mean;
        if (auto const* e = std::get_if<EscapeRate>(&estimand))
            if (Passage const* p = find(e->to)) return p->rate;
        if (auto const* e = std::get_if<ExitShare>(&estimand))
            if (Passage const* p = find(e->to)) return p->censored.share;
        if (auto const* e = std::get_if<RestrictedMean>(&estimand)) {
            Passage const* p = find(e->to);
            if (p != nullptr && p->censored.at(e->until) != nullptr)
                return p->censored.at(e->until)->mean;
        }
        if (auto const* e = std::get_if<PassageBias>(&estimand)) {
            Passage const* p = find(e->to);
            if (p == nullptr || p->rungs.size() < 3)
                return {{},
                        "a passage_bias needs a ladder of at least three rungs without censoring "
                        "(scheme.dt_ladder = 3)"};
            Extrapolation const fit = extrapolate(p->rungs, {0.5, 1.0});
            return {relative(fit.coefficients[0], fit.limit, 0.0,
                             "coefficient of sqrt(dt) over the limit"),
                    {}};
        }
        if (auto const* e = std::get_if<RungBias>(&estimand)) {
            Passage const* p = find(e->to);
            if (p == nullptr || !p->extrapolation)
                return {{},
                        "a rung_bias needs a ladder that is extrapolated, without censoring "
                        "(scheme.dt_ladder = 3)"};
            Rung const& rung = e->rung == "coarsest" ? p->rungs.back() : p->rungs.front();
            return {relative(rung.estimate, *p->mean.estimate, 1.0,
                             fmt::format("mean at dt = {:.4g} over the limit dt -> 0, less 1, on "
                                         "common random numbers",
                                         rung.dt)),
                    {}};
        }
        return {{}, fmt::format("an escape experiment does not estimate {}", describe(estimand))};
    };
    return answers;
}

}  // namespace kramers
