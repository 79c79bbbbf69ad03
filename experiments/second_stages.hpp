// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "experiments/spec.hpp"
#include "experiments/two_stage.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

/// What a machine grants the second stages of a sweep.
struct Allowance {
    double memory_bytes = 0.0;  ///< of one ensemble
    double seconds = 0.0;       ///< of all, where no --budget says how far they may go
};

/// Three quarters of the memory of this machine, and a day.
Allowance allowance_here();

/// Looks at the second stages before any is begun: `second` are the cells of `spec` with their sizes,
/// `first_steps` the particle-steps that the first stages took. Long ones are announced on
/// standard error. Throws InputError, naming trajectories, time and memory, where they go beyond the
/// allowance.
void admit_second_stages(Spec const& spec, std::vector<Cell> const& second,
                         std::vector<double> const& first_steps, TwoStage const& stages,
                         Controls const& controls, Allowance const& allowed = allowance_here());

}  // namespace kramers
