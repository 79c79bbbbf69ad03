// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "gpu/simulate.hpp"

namespace kramers::bench {

/// One composed step and its parts, in nanoseconds per particle-step; medians of short windows that
/// alternate between the parts, on one core in one process.
struct PartsRow {
    std::string dynamics, scheme, law;
    std::string landscape;
    int dim = 1;
    double passage = 0.0;         ///< first-passage run, detection and refills included
    double snapshots = 0.0;       ///< snapshot run between snapshots
    double draws = 0.0;           ///< the random numbers of the step alone
    double arithmetic = 0.0;      ///< landscape and dynamics alone
    double ratio = 0.0;           ///< passage / (draws + arithmetic), of windows side by side
    double snapshot_ratio = 0.0;  ///< snapshots / (draws + arithmetic)
    double spread = 0.0;          ///< of ratio: (max − min)/median of the repeats
};

struct PartsOptions {
    std::vector<std::string> dynamics;  ///< names, or "all"
    std::vector<std::string> laws;      ///< on sgd: names, or "all"
    int repeats = 5;
    double seconds_per_row = 0.25;
    Controls controls;  ///< isa
};

struct PartsResult {
    std::vector<PartsRow> rows;
    std::vector<std::string> left_out;  ///< with the reason
    std::string isa, device;
    double gigahertz = 0.0;
};

/// Throws std::invalid_argument for a name that there is not.
PartsResult run_parts(PartsOptions const& options);

}  // namespace kramers::bench
