// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/spec.hpp"
#include "experiments/tree.hpp"

namespace kramers {

/// What the claims ask of every cell.
struct Asked {
    std::vector<std::string> targets;         ///< regions named by `to`
    std::vector<std::string> regions;         ///< regions whose weight is asked
    std::vector<std::vector<int>> densities;  ///< axes of the densities asked
    bool lagged = false;                      ///< an autocovariance is asked
    std::vector<double> horizons;             ///< of the restricted means asked
};

/// One point of a sweep: names → numbers. `tree` is a whole spec with plain values at the swept
/// keys; the defaults that apply are written into it. Problems are collected, those without a line
/// at `file`; a cell that has any is not to be used.
Cell resolve_cell(Table& tree, ExperimentKind kind, Asked const& asked, Origin const& file,
                  Problems& problems);

}  // namespace kramers
