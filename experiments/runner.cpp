// SPDX-License-Identifier: Apache-2.0
#include "experiments/runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/band_comparison.hpp"
#include "experiments/claims_text.hpp"
#include "experiments/curves.hpp"
#include "experiments/given.hpp"
#include "experiments/host_reason.hpp"
#include "experiments/kinds/escape.hpp"
#include "experiments/kinds/order.hpp"
#include "experiments/kinds/race.hpp"
#include "experiments/kinds/stationary.hpp"
#include "experiments/missing_means.hpp"
#include "experiments/query.hpp"
#include "experiments/race_summary.hpp"
#include "experiments/save.hpp"
#include "experiments/second_stages.hpp"
#include "experiments/simulator.hpp"
#include "experiments/sizing.hpp"
#include "experiments/where.hpp"

namespace kramers {
namespace {

std::vector<double> probabilities(std::vector<double> const& density, Density const& estimated) {
    std::vector<double> p;
    for (std::size_t b = 0; b < density.size(); ++b) {
        DensityBin const& bin = estimated.bins[b];
        double const height = bin.upper_y > bin.lower_y ? bin.upper_y - bin.lower_y : 1.0;
        p.push_back(density[b] * (bin.upper_x - bin.lower_x) * height);
    }
    return p;
}

/// Why there is no estimate, what diverged first.
std::string with_divergence(CellAnswers const& answers, std::string const& reason) {
    if (answers.diverged == 0 || reason.find("diverged") != std::string::npos) return reason;
    return fmt::format("{} of {} trajectories diverged{}{}", answers.diverged, answers.trajectories,
                       reason.empty() ? "" : "; ", reason);
}

Comparison decide_density(ClaimSpec const& claim, Cell const& cell, CellAnswers const& answers,
                          theory::Query const& query, double level) {
    auto const& estimand = std::get<StationaryDensity>(claim.estimand);
    auto const estimated = answers.density(estimand);
    theory::Query const binned = with_bins(query, cell, claim.estimand);
    theory::DensityPrediction const predicted =
        claim.given ? predict_given_density(claim, cell, binned.bin_edges)
                    : predict_density(cell, claim.against, estimand, binned);
    auto const none = [&](std::string const& reason) {
        return compare_missing(claim, cell.index, with_divergence(answers, reason),
                               predicted.summary, level);
    };
    if (!estimated) return none("no histogram over these axes");
    if (estimated->bins.empty()) return none(estimated->warning);
    if (!predicted.summary.prediction)
        return compare_missing(claim, cell.index, "", predicted.summary, level);
    auto const bins = band_bins(*estimated, probabilities(predicted.density, *estimated),
                                cell.trajectories, cell.snapshots.snapshots);
    return compare_band(claim, cell.index, bins, *predicted.summary.prediction, level);
}

Comparison decide(ClaimSpec const& claim, Cell const& cell, CellAnswers const& answers,
                  theory::Query const& query, double level) {
    if (std::holds_alternative<StationaryDensity>(claim.estimand))
        return decide_density(claim, cell, answers, query, level);
    EstimateResult const estimate = answers.estimate(claim.estimand);
    PredictionResult const prediction = claim.given
                                            ? predict_given(claim, cell)
                                            : predict(cell, claim.against, claim.estimand, query);
    if (estimate.estimate) return compare(claim, cell.index, *estimate.estimate, prediction, level);
    return compare_missing(claim, cell.index, with_divergence(answers, estimate.reason), prediction,
                           level);
}

std::vector<tables::PredictionRow> predict_cell(Spec const& spec, Cell const& cell) {
    std::vector<tables::PredictionRow> rows;
    theory::Query const query = make_query(cell);
    auto const known = [&](Estimand const& estimand, std::string const& name) {
        return std::any_of(rows.begin(), rows.end(), [&](auto const& row) {
            return row.estimand == describe(estimand) && row.name == name;
        });
    };
    auto const add = [&](Estimand const& estimand, std::string const& name) {
        if (known(estimand, name)) return;
        std::string const text = describe(estimand);
        rows.push_back({cell.index, text, name,
                        predict(cell, name, estimand, with_bins(query, cell, estimand))});
    };
    for (Estimand const& estimand : natural_estimands(cell, spec.kind))
        for (std::string const& name : theory::names_for(estimand)) add(estimand, name);
    for (ClaimSpec const& claim : spec.claims)
        if (applies(claim, cell))
            for (std::string const& name : theory::names_for(claim.estimand))
                add(claim.estimand, name);
    for (ClaimSpec const& claim : spec.claims) {
        if (!claim.given || !applies(claim, cell) || known(claim.estimand, claim.against)) continue;
        bool const curve = std::holds_alternative<StationaryDensity>(claim.estimand);
        auto const edges = with_bins(query, cell, claim.estimand).bin_edges;
        rows.push_back({cell.index, describe(claim.estimand), claim.against,
                        curve ? predict_given_density(claim, cell, edges).summary
                              : predict_given(claim, cell)});
    }
    return rows;
}

void write_tables(Spec const& spec, std::vector<Cell> const& ran, CellTables const& tables,
                  CsvTable const& arrivals, std::function<bool()> const& interrupted,
                  RunOutput& output) {
    std::vector<Comparison> comparisons;
    for (ClaimRow const& row : output.report.claims) comparisons.push_back(row.comparison);
    output.files["spec.toml"] = spec.resolved;
    std::vector<Cell> cells = spec.cells;
    for (Cell const& cell : ran) cells[static_cast<std::size_t>(cell.index)] = cell;
    output.files["cells.csv"] = tables::cells(cells).text();
    output.files["predictions.csv"] = tables::predictions(output.report.predictions).text();
    output.files["claims.csv"] = tables::claims(comparisons).text();
    if (!spec.claims.empty()) output.files["claims.txt"] = claims_text(spec);
    auto const add = [&](char const* name, CsvTable const& table) {
        if (table.rows() > 0) output.files[name] = table.text();
    };
    add("passage.csv", tables.passage);
    add("survival.csv", tables.survival);
    add("density.csv", tables.density);
    add("density2d.csv", tables.density2d);
    add("regions.csv", tables.regions);
    add("covariance.csv", tables.covariance);
    add("weak_error.csv", tables.weak_error);
    add("curves.csv", theory_curves(spec));
    add("given_density.csv", given_densities(spec));
    add("arrivals.csv", arrivals);
    if (spec.save.paths > 0) {
        SavedPaths const saved = paths_tables(spec, interrupted, output.report.warnings);
        add("paths.csv", saved.paths);
        add("landscape.csv", saved.landscape);
    }
    output.files["report.json"] = report_json(output.report);
}

CellTables empty_tables() {
    std::vector<std::string> const columns(std::begin(covariance_predictions),
                                           std::end(covariance_predictions));
    return CellTables{
        tables::passage(), tables::survival(),          tables::density(),    tables::density2d(),
        tables::regions(), tables::covariance(columns), tables::weak_error(), {}};
}

}  // namespace

bool RunOutput::passed() const {
    return std::all_of(report.claims.begin(), report.claims.end(),
                       [](ClaimRow const& row) { return row.comparison.passed; });
}

std::size_t comparison_count(Spec const& spec) {
    std::size_t count = 0;
    if (spec.kind == ExperimentKind::order) {
        for (auto const& ladder : learning_rate_ladders(spec))
            for (ClaimSpec const& claim : spec.claims)
                count += claimed_cells(claim, ladder).empty() ? 0 : 1;
        return count;
    }
    if (spec.kind == ExperimentKind::race) return spec.claims.size();
    for (Cell const& cell : spec.cells)
        for (ClaimSpec const& claim : spec.claims) count += applies(claim, cell) ? 1 : 0;
    return count;
}

std::vector<tables::PredictionRow> predict_spec(Spec const& spec) {
    std::vector<tables::PredictionRow> rows;
    for (Cell const& cell : spec.cells) {
        auto const more = predict_cell(spec, cell);
        rows.insert(rows.end(), more.begin(), more.end());
    }
    return rows;
}

RunOutput run_spec(Spec const& spec, RunSettings const& settings) {
    RunOutput output;
    Report& report = output.report;
    report.spec = &spec;
    report.quick = settings.quick;
    report.seed = spec.cells.front().seed;
    report.arguments = settings.arguments;
    report.started = utc_now();
    double const level = settings.level > 0.0
                             ? settings.level
                             : family_level(std::max<std::size_t>(1, comparison_count(spec)));

    CellTables tables = empty_tables();
    CsvTable arrivals = arrivals_table();
    if (spec.save.arrivals) tables.arrivals = &arrivals;
    std::vector<Cell> ran;  ///< as they were run: a second stage has its own size
    std::vector<WeakErrors> weak_errors;
    std::vector<RaceOutcome> race;
    std::vector<BestCell> best;
    MissedTargets missed(settings.stages);
    Simulator simulator(spec, settings, report);
    bool const gpu = settings.controls.backend != Backend::cpu && cuda_available();
    for (Cell const& cell : spec.cells) {
        std::string const reason = host_reason(cell, settings.controls, gpu);
        auto& all = report.device_warnings;
        if (!reason.empty() && std::find(all.begin(), all.end(), reason) == all.end())
            all.push_back(reason);
    }
    Spec sized = spec;  // with the ensembles that are reported
    auto const answer = [&](Cell const& cell, theory::Query const& query, CellTables& to,
                            std::vector<WeakErrors>& errors, std::vector<RaceOutcome>& outcomes) {
        Simulate const simulate_plan = [&](Plan const& plan, std::string const& what) {
            return simulator(cell, plan, what);
        };
        return spec.kind == ExperimentKind::escape  ? run_escape(cell, simulate_plan, to)
               : spec.kind == ExperimentKind::order ? run_order(cell, simulate_plan, to, errors)
               : spec.kind == ExperimentKind::race  ? run_race(cell, simulate_plan, to, outcomes)
                                                   : run_stationary(cell, query, simulate_plan, to);
    };
    try {
        if (settings.stages.target > 0.0) {
            std::vector<double> first_steps;
            for (Cell& cell : sized.cells) {
                double const before = static_cast<double>(report.particle_steps);
                CellTables first = empty_tables();
                std::vector<WeakErrors> no_errors;
                std::vector<RaceOutcome> no_outcomes;
                CellAnswers const answers =
                    answer(cell, make_query(cell), first, no_errors, no_outcomes);
                first_steps.push_back(static_cast<double>(report.particle_steps) - before);
                Estimate const wide =
                    widest(sizing_estimates(spec, cell, answers, first.estimates));
                cell = second_stage(cell, wide, first_steps.back(), settings.stages);
            }
            admit_second_stages(spec, sized.cells, first_steps, settings.stages, settings.controls);
        }
        for (Cell const& cell : sized.cells) {
            theory::Query const query =
                make_query(spec.cells[static_cast<std::size_t>(cell.index)]);
            CellAnswers const answers = answer(cell, query, tables, weak_errors, race);
            ran.push_back(cell);
            report.trajectories += answers.trajectories;
            report.arrived += answers.arrived;
            report.censored += answers.censored;
            report.diverged += answers.diverged;
            report.diverged_later += answers.diverged_later;
            for (std::string const& warning : answers.warnings)
                if (auto& all = report.warnings;
                    std::find(all.begin(), all.end(), warning) == all.end())
                    all.push_back(warning);
            for (LabelledEstimate const& e : tables.estimates)
                report.estimates.push_back({cell.index, e.estimand, e.level, e.estimate});
            if (settings.stages.target > 0.0 && !answers.interrupted)
                missed.add(spec.cells[static_cast<std::size_t>(cell.index)], cell,
                           sizing_estimates(spec, cell, answers, tables.estimates));
            tables.estimates.clear();
            if (answers.interrupted) throw Interrupted{};
            auto const predictions = predict_cell(spec, cell);
            report.predictions.insert(report.predictions.end(), predictions.begin(),
                                      predictions.end());
            for (ClaimSpec const& claim : spec.claims)
                if (spec.kind != ExperimentKind::order && spec.kind != ExperimentKind::race &&
                    applies(claim, cell))
                    report.claims.push_back(
                        {decide(claim, cell, answers, query, level), cell_label(cell)});
        }
        if (spec.kind == ExperimentKind::order)
            for (auto const& ladder : learning_rate_ladders(spec))
                for (ClaimSpec const& claim : spec.claims)
                    if (auto const cells = claimed_cells(claim, ladder); !cells.empty())
                        report.claims.push_back(
                            {compare_order(claim, cells, weak_errors, level), ladder_label(cells)});
        if (spec.kind == ExperimentKind::race) {
            best = find_best(sized, race, [&](Plan const& plan, std::string const& what) {
                return simulator(spec.cells.back(), plan, "best of " + what);
            });
            for (ClaimSpec const& claim : spec.claims)
                report.claims.push_back({compare_race(claim, best, level),
                                         std::get<SuccessProbability>(claim.estimand).entrant});
        }
    } catch (Interrupted const&) { report.interrupted = true; }
    if (settings.progress != nullptr) settings.progress->finish();
    if (!report.interrupted)
        for (std::string& sentence : missing_means(report))
            report.warnings.push_back(std::move(sentence));
    for (std::string& sentence : missed.sentences()) report.warnings.push_back(std::move(sentence));
    if (spec.kind == ExperimentKind::race) {
        output.files["race.csv"] = race_table(spec, race, best).text();
        if (!best.empty()) {
            output.files["best.csv"] = best_table(spec, best).text();
            output.summary = race_summary(spec, best);
        }
    }
    // claims in the order of the spec, cells within a claim in the order of the sweep
    std::stable_sort(report.claims.begin(), report.claims.end(), [&](auto const& a, auto const& b) {
        auto const position = [&](ClaimRow const& row) {
            return std::find_if(spec.claims.begin(), spec.claims.end(),
                                [&](ClaimSpec const& claim) {
                                    return claim.id == row.comparison.claim.id;
                                }) -
                   spec.claims.begin();
        };
        return position(a) < position(b);
    });
    write_tables(spec, ran, tables, arrivals, settings.interrupted, output);
    return output;
}

}  // namespace kramers
