// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "experiments/spec.hpp"

namespace kramers {

/// Time after which the hazard of an escape is taken as constant: ten times the slowest of the two
/// motions that must have settled, that in the well and that over the barrier.
///
///   t0 = 10 / min(V'' of the softest mode of the well, |V''| across the saddle)
///
/// Why not the well alone: whoever stands on the barrier leaves it at |V''(s)|, and until then counts
/// neither as home nor as arrived. What is left of the start in the rate is (c₂/c₁) e^{−(λ₂ − λ₁) t0}
/// of it (E63). In the double well with V'' = 2 and |V''(s)| = 1 the spectrum gives λ₂ − λ₁ = 1.15,
/// 0.83, 0.76, 0.76, 0.81, 0.90 and |c₂/c₁| ≤ 0.18 at barrier/T = 1, 2, 3, 4, 6, 10 (target: the other
/// well), which tends to 1: 0.76 · 10 leaves less than 1e-4. Three relaxation times of the well
/// (t0 = 1.5) left 3 % at barrier/T = 2.
///
/// Kinetic dynamics: the real parts of its rates in the well and at the saddle in place of V''.
///
/// Valid for   one well before the barrier, quadratic there and at the saddle; a well in between or a
///             flat one settles later, which test_exponentiality sees. 0 where no curvature is known
/// Source      bovier2004
double settling_time(Cell const& cell);

}  // namespace kramers
