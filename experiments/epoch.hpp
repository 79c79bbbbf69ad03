// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "experiments/spec.hpp"

namespace kramers {

/// Steps of an epoch of a population in a new order each epoch; 0: the noise has no epochs.
int steps_per_epoch(NoiseLaw const& law);

/// Where in the epoch a stationary cell looks, as the variance depends on it (S3); empty: no epochs.
std::string epoch_note(Cell const& cell);

}  // namespace kramers
