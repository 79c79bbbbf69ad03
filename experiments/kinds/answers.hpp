// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "estimators/density.hpp"
#include "estimators/estimate.hpp"
#include "experiments/csv.hpp"
#include "experiments/spec.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

/// What the simulation of one cell says, in the terms of claims and tables.
struct CellAnswers {
    /// The estimate of an estimand of this cell, or the reason why there is none.
    std::function<EstimateResult(Estimand const&)> estimate;
    /// The histogram of a stationary_density estimand, or nothing.
    std::function<std::optional<Density>(StationaryDensity const&)> density;
    std::uint64_t trajectories = 0, arrived = 0, censored = 0, diverged = 0;  ///< the last three
                                                                              ///< are disjoint
    std::uint64_t diverged_later = 0;  ///< race: of those that had arrived
    std::vector<std::string> warnings;
    bool interrupted = false;  ///< a part of the cell: no claim is judged by it
};

/// Thrown by Simulate when an interrupt leaves nothing of a plan that could be used.
struct Interrupted {};

/// One estimate for the report.
struct LabelledEstimate {
    std::string estimand;
    std::string level;  ///< rung, "extrapolated" or empty
    Estimate estimate;
};

/// Tables that cells append to.
struct CellTables {
    CsvTable passage, survival, density, density2d, regions, covariance, weak_error;
    std::vector<LabelledEstimate> estimates;
    CsvTable* arrivals = nullptr;  ///< where every arrival is kept, if the spec asks for them
};

/// Runs one plan with the run's controls and books its counts; `label` feeds the progress bar. After an
/// interrupt an escape has the trajectories that had begun (info.interrupted); all else throws
/// Interrupted.
using Simulate = std::function<Tallies(Plan const&, std::string const& label)>;

}  // namespace kramers
