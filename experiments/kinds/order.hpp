// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/kinds/answers.hpp"
#include "experiments/weak_error.hpp"

namespace kramers {

/// Runs the optimizer of an order cell and every SDE it is compared with, and writes the rows of
/// weak_error.csv. `errors` gets one entry per SDE; claims are about several cells together, so the
/// answers of one cell hold none.
CellAnswers run_order(Cell const& cell, Simulate const& simulate, CellTables& tables,
                      std::vector<WeakErrors>& errors);

/// Why the theorems on weak errors do not cover a landscape whose gradient is not Lipschitz; empty
/// where it is.
std::string lipschitz_warning(Cell const& cell);

}  // namespace kramers
