// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/kinds/race.hpp"
#include "experiments/numbers.hpp"
#include "experiments/race_edges.hpp"
#include "experiments/race_theory.hpp"

namespace kramers {
namespace {

void add_columns(std::vector<std::string>& columns, std::string const& name) {
    columns.insert(columns.end(), {name, name + "_lower", name + "_upper"});
}

/// What both tables say about an ensemble, after its counts.
constexpr char const* estimated[] = {"success",       "arrival",   "loss",
                                     "quenched_loss", "curvature", "mean_time"};

void add(std::vector<CsvField>& row, Estimate const& e) {
    row.insert(row.end(), {e.value, e.lower, e.upper});
}

void add(std::vector<CsvField>& row, EstimateResult const& e) {
    if (e.estimate) add(row, *e.estimate);
    else row.insert(row.end(), {missing, missing, missing});
}

void add(std::vector<CsvField>& row, Cell const& cell, RaceOutcome const& o) {
    row.insert(row.end(), {o.trajectories, o.diverged, o.lost, o.unsettled});
    add(row, o.success);
    add(row, o.arrival);
    for (EstimateResult const* e : {&o.loss, &o.quenched_loss, &o.curvature, &o.mean_time})
        add(row, *e);
    row.insert(row.end(), {o.median_time.value, o.median_time.lower, o.median_time.upper});
    double const relaxation =
        cell.race.relaxation_steps * static_cast<double>(cell.race.evaluations_per_step);
    bool const known = relaxation > 0.0;
    row.emplace_back(known ? relaxation : missing);
    auto const relative = [&](double time) { return known ? time / relaxation : missing; };
    row.emplace_back(o.mean_time.estimate ? relative(o.mean_time.estimate->value) : missing);
    row.emplace_back(relative(o.median_time.value));
}

void add_outcome_columns(std::vector<std::string>& columns) {
    columns.insert(columns.end(), {"trajectories", "diverged", "lost", "unsettled"});
    for (char const* name : estimated) add_columns(columns, name);
    add_columns(columns, "median_time");
    columns.insert(columns.end(),
                   {"relaxation_time", "mean_time_relaxations", "median_time_relaxations"});
}

void add_theory_columns(std::vector<std::string>& columns) {
    columns.insert(columns.end(), {"predicted_arrival", "predicted_mean_time", "predicted_weight",
                                   "predicted_success", "predicted_restricted_time"});
}

void add(std::vector<CsvField>& row, RaceTheory const& t) {
    for (auto const& value : {t.arrival, t.mean_time, t.weight, t.success, t.restricted_time})
        row.emplace_back(value.value_or(missing));
}

void add_setting(std::vector<CsvField>& row, Cell const& cell) {
    row.insert(row.end(), {cell.index, cell.race.entrant, cell.race.intensity, cell.race.decay,
                           cell.race.learning_rate, cell.race.evaluations});
}

std::vector<std::string> setting_columns() {
    return {"cell", "entrant", "intensity", "decay", "learning_rate", "evaluations"};
}

bool contains(std::vector<int> const& cells, int cell) {
    return std::find(cells.begin(), cells.end(), cell) != cells.end();
}

}  // namespace

CsvTable race_table(Spec const& spec, std::vector<RaceOutcome> const& outcomes,
                    std::vector<BestCell> const& best) {
    std::vector<std::string> columns = setting_columns();
    add_outcome_columns(columns);
    columns.insert(columns.end(), {"best", "not_worse"});
    add_theory_columns(columns);
    CsvTable table(columns);
    for (RaceOutcome const& o : outcomes) {
        Cell const& cell = spec.cells[static_cast<std::size_t>(o.cell)];
        std::vector<CsvField> row;
        add_setting(row, cell);
        add(row, cell, o);
        bool chosen = false, not_worse = false;
        for (BestCell const& b : best) {
            chosen = chosen || b.cell == o.cell;
            not_worse = not_worse || contains(b.not_worse, o.cell);
        }
        row.insert(row.end(), {chosen, not_worse});
        add(row, race_theory(cell));
        table.add(row);
    }
    return table;
}

CsvTable best_table(Spec const& spec, std::vector<BestCell> const& best) {
    std::vector<std::string> columns = setting_columns();
    columns.insert(columns.end(),
                   {"searched", "not_worse_cells", "intensity_from", "intensity_to", "decay_from",
                    "decay_to", "learning_rate_from", "learning_rate_to", "intensity_place",
                    "decay_place", "learning_rate_place"});
    add_columns(columns, "naive");
    add_outcome_columns(columns);
    add_theory_columns(columns);
    CsvTable table(columns);
    for (BestCell const& b : best) {
        Cell const& cell = spec.cells[static_cast<std::size_t>(b.cell)];
        std::vector<CsvField> row;
        add_setting(row, cell);
        row.insert(row.end(), {b.searched, b.not_worse.size()});
        for (double RaceSetup::*axis :
             {&RaceSetup::intensity, &RaceSetup::decay, &RaceSetup::learning_rate}) {
            double low = std::numeric_limits<double>::infinity(), high = -low;
            for (int const c : b.not_worse) {
                double const value = spec.cells[static_cast<std::size_t>(c)].race.*axis;
                low = std::min(low, value);
                high = std::max(high, value);
            }
            bool const has = low <= high && !std::isnan(cell.race.*axis);
            row.insert(row.end(), {has ? low : missing, has ? high : missing});
        }
        BestPlace const place = place_of_best(spec, b);
        for (AxisPlace const at : {place.intensity, place.decay, place.learning_rate})
            row.emplace_back(to_string(at));
        add(row, b.naive.success);
        add(row, cell, b.fresh);
        add(row, race_theory(cell));
        table.add(row);
    }
    return table;
}

}  // namespace kramers
