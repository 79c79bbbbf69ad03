// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/numbers.hpp"
#include "gpu/simulate.hpp"

namespace kramers::bench {

/// One measured line. Ratios compare rows of the same run on the same core.
struct Row {
    std::string name;  ///< "no_exits", "early_exits", "bridge", "scalar", "naive"
    std::string precision;
    std::string backend;
    std::string isa;
    int threads = 1;
    double particle_steps_per_second = 0.0;  ///< useful steps
    double nanoseconds_per_step = 0.0;       ///< per useful step
    double ratio_to_scalar = 0.0;            ///< speed over the scalar loop of the same state type
    double ratio_to_naive = 0.0;
    double share_of_bound = missing;  ///< of the issue bound of this ISA; NaN: no bound known
    /// early_exits: rate over no_exits; threads > 1: speed-up / threads; NaN: nothing to compare with
    double efficiency = missing;
    double spread = 0.0;  ///< (max − min)/median of the repeats
    double bytes_per_trajectory = 0.0;
};

struct Options {
    int repeats = 5;
    double seconds_per_measurement = 0.25;
    Controls controls;  ///< backend, isa, threads
};

struct Result {
    std::vector<Row> rows;
    double gigahertz = 0.0;  ///< clock of the core during the run
    std::string device;
};

/// Interleaved repeats in one process; medians are reported.
Result run(Options const& options);

}  // namespace kramers::bench
