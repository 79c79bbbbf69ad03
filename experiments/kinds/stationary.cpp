// SPDX-License-Identifier: Apache-2.0
#include "experiments/kinds/stationary.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "estimators/covariance.hpp"
#include "experiments/epoch.hpp"
#include "experiments/numbers.hpp"
#include "experiments/query.hpp"

namespace kramers {
namespace {

std::vector<int> axes_of(HistogramPlan const& h) {
    return h.bins_y > 0 ? std::vector<int>{h.axis_x, h.axis_y} : std::vector<int>{h.axis_x};
}

Density density_of(SnapshotTally const& tally, std::size_t index, HistogramPlan const& h) {
    BinAxis const x{h.lower_x, h.upper_x, h.bins_x};
    if (h.bins_y == 0) return density(tally, index, x);
    return density(tally, index, x, BinAxis{h.lower_y, h.upper_y, h.bins_y});
}

void add_density(CellTables& tables, Cell const& cell, HistogramPlan const& h, Density const& d,
                 std::vector<double> const& predicted, std::vector<double> const& with_step_bias) {
    for (std::size_t b = 0; b < d.bins.size(); ++b) {
        DensityBin const& bin = d.bins[b];
        double const prediction = b < predicted.size() ? predicted[b] : missing;
        double const biased = b < with_step_bias.size() ? with_step_bias[b] : missing;
        if (h.bins_y == 0)
            tables.density.add({cell.index, h.axis_x, bin.lower_x, bin.upper_x, bin.density,
                                bin.standard_error, bin.band_lower, bin.band_upper, prediction,
                                biased});
        else
            tables.density2d.add({cell.index, h.axis_x, h.axis_y, bin.lower_x, bin.upper_x,
                                  bin.lower_y, bin.upper_y, bin.density, bin.standard_error,
                                  prediction, biased});
    }
}

double predicted(Cell const& cell, std::string_view name, Estimand const& estimand,
                 theory::Query const& query) {
    PredictionResult const result = predict(cell, name, estimand, query);
    return result.prediction ? result.prediction->value : missing;
}

void add_covariances(CellTables& tables, Cell const& cell, SnapshotTally const& tally,
                     theory::Query const& query) {
    auto const curvatures = cell.potential->curvatures();
    for (int i = 0; i < cell.dim; ++i)
        for (int j = 0; j <= i; ++j) {
            EstimateResult const c = covariance(tally, i, j);
            if (!c.estimate) continue;
            Estimand const estimand = StationaryCovariance{i, j};
            tables.estimates.push_back({describe(estimand), "", *c.estimate});
            double const eta = cell.learning_rate > 0.0 ? cell.learning_rate : missing;
            std::vector<CsvField> row{cell.index,
                                      i,
                                      j,
                                      eta,
                                      curvatures && i == j ? eta * (*curvatures)(i) : missing,
                                      c.estimate->value,
                                      c.estimate->standard_error,
                                      c.estimate->lower,
                                      c.estimate->upper};
            for (char const* name : covariance_predictions)
                row.emplace_back(predicted(cell, name, estimand, query));
            tables.covariance.add(row);
        }
}

void add_regions(CellTables& tables, Cell const& cell, SnapshotTally const& tally,
                 theory::Query const& query) {
    for (std::size_t r = 0; r < cell.regions.size(); ++r) {
        EstimateResult const w = region_weight(tally, r);
        if (!w.estimate) continue;
        Estimand const estimand = RegionWeight{cell.regions[r].name};
        tables.estimates.push_back({describe(estimand), "", *w.estimate});
        tables.regions.add({cell.index, cell.regions[r].name, w.estimate->value,
                            w.estimate->standard_error, w.estimate->lower, w.estimate->upper,
                            predicted(cell, "gibbs", estimand, query)});
    }
}

/// Which snapshot is `lag` after the first, or nothing.
std::optional<std::size_t> snapshot_at(Cell const& cell, double lag) {
    double const k = lag / (static_cast<double>(cell.snapshots.stride) * cell.dt.front());
    double const nearest = std::round(k);
    if (std::abs(k - nearest) > 1e-6 || nearest < 0.0 ||
        nearest >= static_cast<double>(cell.snapshots.snapshots))
        return std::nullopt;
    return static_cast<std::size_t>(nearest);
}

}  // namespace

std::vector<std::vector<double>> bin_edges(HistogramPlan const& h) {
    auto const edges = [](double lower, double upper, int bins) {
        std::vector<double> e;
        for (int k = 0; k <= bins; ++k) e.push_back(lower + (upper - lower) * k / bins);
        return e;
    };
    std::vector<std::vector<double>> all{edges(h.lower_x, h.upper_x, h.bins_x)};
    if (h.bins_y > 0) all.push_back(edges(h.lower_y, h.upper_y, h.bins_y));
    return all;
}

HistogramPlan const* find_histogram(Cell const& cell, std::vector<int> const& axes) {
    for (HistogramPlan const& h : cell.snapshots.histograms)
        if (axes_of(h) == axes) return &h;
    return nullptr;
}

CellAnswers run_stationary(Cell const& cell, theory::Query const& query, Simulate const& simulate,
                           CellTables& tables) {
    Plan const plan = make_plan(cell, 0, 0);
    Tallies const tallies = simulate(plan, "snapshots");
    auto const tally =
        std::make_shared<SnapshotTally const>(std::get<SnapshotTally>(tallies.tally));
    CellAnswers answers;
    answers.trajectories = plan.trajectories;
    for (SnapshotGroup const& g : tally->groups) {
        answers.diverged += g.diverged;
        if (g.overflowed > 0 && answers.warnings.empty())
            answers.warnings.push_back(
                "some snapshots are too far out for the moments and are left "
                "out of them: raise the length of the moments");
    }
    add_covariances(tables, cell, *tally, query);
    add_regions(tables, cell, *tally, query);
    for (std::size_t h = 0; h < cell.snapshots.histograms.size(); ++h) {
        HistogramPlan const& histogram = cell.snapshots.histograms[h];
        theory::Query binned = query;
        binned.bin_edges = bin_edges(histogram);
        StationaryDensity const estimand{axes_of(histogram)};
        add_density(tables, cell, histogram, density_of(*tally, h, histogram),
                    predict_density(cell, "gibbs", estimand, binned).density,
                    predict_density(cell, "gibbs_euler", estimand, binned).density);
    }
    answers.density = [tally, cell](StationaryDensity const& e) -> std::optional<Density> {
        for (std::size_t h = 0; h < cell.snapshots.histograms.size(); ++h)
            if (axes_of(cell.snapshots.histograms[h]) == e.axes)
                return density_of(*tally, h, cell.snapshots.histograms[h]);
        return std::nullopt;
    };
    auto const estimate = [tally, cell](Estimand const& estimand) -> EstimateResult {
        if (auto const* e = std::get_if<StationaryCovariance>(&estimand))
            return covariance(*tally, e->i, e->j);
        if (auto const* e = std::get_if<Autocovariance>(&estimand)) {
            auto const k = snapshot_at(cell, e->lag);
            if (!k)
                return {{},
                        fmt::format("no snapshot lies {} after the first; choose snapshots and "
                                    "stride so that one does",
                                    e->lag)};
            return autocovariance(*tally, e->i, e->j, *k);
        }
        if (auto const* e = std::get_if<RegionWeight>(&estimand))
            for (std::size_t r = 0; r < cell.regions.size(); ++r)
                if (cell.regions[r].name == e->region) return region_weight(*tally, r);
        return {{},
                fmt::format("a stationary experiment does not estimate {}", describe(estimand))};
    };
    answers.estimate = [estimate, note = epoch_note(cell)](Estimand const& estimand) {
        EstimateResult result = estimate(estimand);
        if (result.estimate && !note.empty())
            result.estimate->warning += (result.estimate->warning.empty() ? "" : "; ") + note;
        return result;
    };
    return answers;
}

}  // namespace kramers
