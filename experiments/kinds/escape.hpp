// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "experiments/kinds/answers.hpp"

namespace kramers {

/// Simulates every target of an escape cell at every rung of its ladder, writes the rows of
/// passage.csv and survival.csv, and returns the estimates that claims may ask for:
/// mean_first_passage (extrapolated to dt → 0 when there is a ladder), escape_rate,
/// restricted_mean and exit_share (of the finest rung), passage_bias, rung_bias.
CellAnswers run_escape(Cell const& cell, Simulate const& simulate, CellTables& tables);

}  // namespace kramers
