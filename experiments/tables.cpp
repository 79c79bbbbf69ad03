// SPDX-License-Identifier: Apache-2.0
#include "experiments/tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <stdexcept>

#include "experiments/numbers.hpp"

namespace kramers::tables {

CsvTable passage() {
    return CsvTable({"cell",
                     "target",
                     "crossing",
                     "level",
                     "dt",
                     "temperature",
                     "barrier",
                     "barrier_over_temperature",
                     "value",
                     "standard_error",
                     "lower",
                     "upper",
                     "trajectories",
                     "arrived",
                     "censored",
                     "diverged",
                     "rate",
                     "rate_lower",
                     "rate_upper",
                     "shape",
                     "shape_lower",
                     "shape_upper",
                     "exponential_p",
                     "exit_share",
                     "exit_share_lower",
                     "exit_share_upper",
                     "restricted_mean",
                     "restricted_lower",
                     "restricted_upper",
                     "restricted_until"});
}

CsvTable survival() {
    return CsvTable({"cell", "target", "level", "time", "survival", "lower", "upper"});
}

CsvTable density() {
    return CsvTable({"cell", "axis", "lower", "upper", "density", "standard_error", "band_lower",
                     "band_upper", "prediction", "gibbs_euler"});
}

CsvTable density2d() {
    return CsvTable({"cell", "axis_x", "axis_y", "x_lower", "x_upper", "y_lower", "y_upper",
                     "density", "standard_error", "prediction", "gibbs_euler"});
}

CsvTable regions() {
    return CsvTable({"cell", "region", "value", "standard_error", "lower", "upper", "prediction"});
}

CsvTable covariance(std::vector<std::string> const& predictions) {
    std::vector<std::string> columns{"cell",
                                     "i",
                                     "j",
                                     "learning_rate",
                                     "learning_rate_times_curvature",
                                     "value",
                                     "standard_error",
                                     "lower",
                                     "upper"};
    columns.insert(columns.end(), predictions.begin(), predictions.end());
    return CsvTable(std::move(columns));
}

CsvTable weak_error() {
    return CsvTable({"cell", "learning_rate", "step", "model", "observable", "value",
                     "standard_error", "lower", "upper", "mean"});
}

CsvTable cells(std::vector<Cell> const& cells) {
    std::vector<std::string> columns{"cell"};
    std::set<std::string> seen;
    for (Cell const& cell : cells) {
        for (auto const& [key, value] : cell.swept) {
            if (seen.insert(key).second) columns.push_back(key);
        }
    }
    std::vector<std::string> const swept(columns.begin() + 1, columns.end());
    for (char const* name : {"temperature", "learning_rate", "dt", "barrier",
                             "barrier_over_temperature", "trajectories", "seed"}) {
        if (seen.insert(name).second) columns.emplace_back(name);
    }
    bool const swept_names_clash = columns.size() != swept.size() + 8;
    if (swept_names_clash) {
        throw std::logic_error(
            "a swept key has the name of a column of cells.csv; keys are "
            "written in full, e.g. dynamics.temperature");
    }
    CsvTable table(columns);
    for (Cell const& cell : cells) {
        std::vector<CsvField> row{cell.index};
        for (std::string const& name : swept) {
            CsvField field(missing);
            for (auto const& [key, value] : cell.swept) {
                if (key != name) continue;
                field = std::visit([](auto const& v) { return CsvField(v); }, value);
            }
            row.push_back(field);
        }
        double const barrier = fact(cell, "barrier");
        row.insert(row.end(), {cell.has_temperature ? cell.temperature : missing,
                               cell.learning_rate > 0.0 ? cell.learning_rate : missing,
                               cell.dt.empty() ? missing : cell.dt.front(), barrier,
                               cell.has_temperature ? barrier / cell.temperature : missing,
                               cell.trajectories, cell.seed});
        table.add(row);
    }
    return table;
}

CsvTable predictions(std::vector<PredictionRow> const& rows) {
    CsvTable table({"cell", "estimand", "name", "kind", "value", "error", "error_order",
                    "in_domain", "sources"});
    for (PredictionRow const& row : rows) {
        if (!row.result.prediction) {
            table.add({row.cell, row.estimand, row.name, "", missing, missing, "", false, ""});
            continue;
        }
        Prediction const& p = *row.result.prediction;
        table.add({row.cell, row.estimand, row.name, to_string(p.kind), p.value, p.error,
                   p.error_order, p.in_domain, fmt::format("{}", fmt::join(p.sources, "; "))});
    }
    return table;
}

CsvTable claims(std::vector<Comparison> const& comparisons) {
    CsvTable table({"id", "cell", "sentence", "estimand", "against", "source", "prediction",
                    "estimate", "standard_error", "lower", "upper", "tolerance", "detectable",
                    "verdict", "expect", "passed", "absolute_tolerance"});
    for (Comparison const& c : comparisons) {
        table.add({c.claim.id, c.cell, c.claim.sentence, describe(c.claim.estimand),
                   c.claim.against, fmt::format("{}", fmt::join(c.prediction.sources, "; ")),
                   c.prediction.value, c.estimate.value, c.estimate.standard_error,
                   c.family_interval.lower, c.family_interval.upper, c.claim.tolerance,
                   c.detectable, to_string(c.verdict), to_string(c.claim.expect), c.passed,
                   c.claim.absolute_tolerance});
    }
    return table;
}

}  // namespace kramers::tables
