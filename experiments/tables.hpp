// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/comparison.hpp"
#include "experiments/csv.hpp"

/// The tables of a run folder. This header and tables.cpp are the only place where their columns
/// are named; plots/ reads them by these names.
namespace kramers::tables {

/// Empty tables, to be filled with CsvTable::add in the order of the columns.
CsvTable passage();    ///< one row per cell, target and rung ("extrapolated" for dt → 0)
CsvTable survival();   ///< P(τ > time) with a band
CsvTable density();    ///< 1-D marginals, one row per bin
CsvTable density2d();  ///< 2-D marginals, one row per bin
CsvTable regions();    ///< stationary weights of regions
/// One column per named prediction after the estimate, e.g. "sgd_discrete", "ou_limit".
CsvTable covariance(std::vector<std::string> const& predictions);

/// Weak errors: one row per cell, SDE and observable. step: time of an iteration on the SDE's clock;
/// mean: of the observable under the optimizer.
CsvTable weak_error();

/// One row per point of the sweep: its swept keys, then what every cell has.
CsvTable cells(std::vector<Cell> const& cells);

/// What theory says about one estimand in one cell.
struct PredictionRow {
    int cell = 0;
    std::string estimand;
    std::string name;         ///< asked for, e.g. "kramers"
    PredictionResult result;  ///< the prediction, or why there is none
};
CsvTable predictions(std::vector<PredictionRow> const& rows);

CsvTable claims(std::vector<Comparison> const& comparisons);

}  // namespace kramers::tables
