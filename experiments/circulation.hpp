// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "experiments/resolve_parts.hpp"

namespace kramers {

/// dX = −(I + J)∇V dt + …, J antisymmetric: of the key circulation, a number α in two dimensions,
/// J = α [[0, −1], [1, 0]], or J by rows.
void read_circulation(Draft& draft, Reader& dynamics);

void note_circulation(Draft& draft);

/// Slowest rate of dX = −(I + J) H X dt around the well; 0: unknown.
double circulating_rate(Draft const& draft);

}  // namespace kramers
