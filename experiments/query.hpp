// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "experiments/spec.hpp"
#include "sde/theory/catalogue.hpp"

namespace kramers {

/// What theory is told about a cell: the same numbers the simulation gets, by another road.
/// Continuous time: dt is that of the finest rung and only predictions of a step bias read it. Where
/// only a limit of the dynamics is known, the query is that of the limit: no dt, no learning rate.
theory::Query make_query(Cell const& cell);

/// What theory says, unless the dynamics of the cell is none that the formula is for: then the
/// reason. A prediction through a limit says in its domain which map was used.
PredictionResult predict(Cell const& cell, std::string_view name, Estimand const& estimand,
                         theory::Query const& query);
theory::DensityPrediction predict_density(Cell const& cell, std::string_view name,
                                          StationaryDensity const& estimand,
                                          theory::Query const& query);

/// Every estimand that a cell can be asked for without naming a histogram twice: passage times to
/// its targets, covariances, region weights, densities of its histograms.
std::vector<Estimand> natural_estimands(Cell const& cell, ExperimentKind kind);

/// The query with the bins of the histogram over these axes (unchanged for other estimands).
theory::Query with_bins(theory::Query query, Cell const& cell, Estimand const& estimand);

}  // namespace kramers
