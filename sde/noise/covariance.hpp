// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sde/noise/law.hpp"

namespace kramers {

/// C of one step where it is the same everywhere and finite, row-major dim × dim: of a covariance by
/// its factor, of a population by its samples (S1). Empty where variance_per_step has no values.
std::vector<double> covariance_per_step(NoiseLaw const& law, int dim);

/// True: some C_ij, i ≠ j, is not 0 (beyond rounding), so that no numbers per coordinate say what C is.
bool is_correlated(NoiseLaw const& law, int dim);

}  // namespace kramers
