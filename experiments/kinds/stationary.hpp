// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "experiments/kinds/answers.hpp"
#include "sde/theory/catalogue.hpp"

namespace kramers {

/// Predicted columns of covariance.csv.
inline char const* const covariance_predictions[] = {"sgd_discrete", "ou_limit", "gibbs"};

/// Simulates a stationary cell, writes the rows of density.csv, density2d.csv, regions.csv and
/// covariance.csv (with predictions of the query beside them), and returns the estimates that
/// claims may ask for.
CellAnswers run_stationary(Cell const& cell, theory::Query const& query, Simulate const& simulate,
                           CellTables& tables);

/// Ascending edges of a histogram's bins, per axis.
std::vector<std::vector<double>> bin_edges(HistogramPlan const& histogram);

/// The histogram of a cell over these axes, or null.
HistogramPlan const* find_histogram(Cell const& cell, std::vector<int> const& axes);

}  // namespace kramers
