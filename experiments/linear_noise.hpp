// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "experiments/resolve_parts.hpp"

namespace kramers {

/// Where a quadratic and noise of one covariance C leave no temperature, the D of the linear SDE
/// (SGD ηC/2) goes into the cell, and its second moments are what theory is asked for.
void take_linear_noise(Draft& draft);

}  // namespace kramers
