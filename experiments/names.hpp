// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "experiments/formula.hpp"
#include "experiments/spec.hpp"

namespace kramers {

/// What `where` and formulas may name in a cell: its facts; what theorists call them (T, beta = 1/T,
/// eta, B, mu, gamma, d, c, dV, curvature_min, curvature_saddle, …) where no fact has that name;
/// parameters of one coordinate ("curvatures_0"); pi and e.
Names names_of(Cell const& cell);

/// The same with what an estimand adds: lag, and of a coordinate's covariance `curvature`, the
/// second derivative along it at the minimum of the start.
Names names_of(Cell const& cell, Estimand const& estimand);

}  // namespace kramers
