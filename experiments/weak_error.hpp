// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "estimators/paired.hpp"
#include "experiments/comparison.hpp"
#include "experiments/spec.hpp"

namespace kramers {

/// Weak errors of one SDE in one cell, one per observable of the spec.
struct WeakErrors {
    int cell = 0;
    std::string model;
    double step = 0.0;  ///< what the order counts powers of: the time of an iteration
    std::vector<EstimateResult> errors;
};

/// Cells that differ in nothing but the learning rate and the keys that strictly rise or fall with it,
/// or in a key that makes the step small at fixed learning rate (ell of svag): what an order is
/// measured on.
std::vector<std::vector<Cell const*>> learning_rate_ladders(Spec const& spec);

/// The cells of a ladder that a claim is about.
std::vector<Cell const*> claimed_cells(ClaimSpec const& claim,
                                       std::vector<Cell const*> const& ladder);

/// How the errors of the claim's SDE fall with the time of an iteration, over these cells.
OrderFit measure_order(ClaimSpec const& claim, std::vector<Cell const*> const& cells,
                       std::vector<WeakErrors> const& errors);

/// The verdict on a claimed order p from the interval of the measured one:
///   agree      it contains p and neither p − 1 nor p + 1
///   disagree   it does not contain p
///   undecided  it contains p and a neighbour
Verdict order_verdict(Interval interval, double claimed);

/// That verdict, at `level`; undecided also where too few errors are significant or an ensemble
/// diverged.
Comparison compare_order(ClaimSpec const& claim, std::vector<Cell const*> const& cells,
                         std::vector<WeakErrors> const& errors, double level);

/// "eta=0.025..0.2", with what else is swept over.
std::string ladder_label(std::vector<Cell const*> const& cells);

}  // namespace kramers
