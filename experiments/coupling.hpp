// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "experiments/resolve_parts.hpp"

namespace kramers {

/// Share of the variance of an iteration's noise that comes from the optimizer's second draws: kicks,
/// second batches. An SDE has no such draws, so that this share is never common to both.
///
///   sgld 2T/(2T + η c), perturbed_gd s²/(s² + η² c), anti_pgd 2s²/(2s² + η² c), svag r₂²/ℓ
///
/// 0 for an optimizer without second draws, NaN where C depends on the state beside a kick.
double own_noise_share(Draft const& draft);

}  // namespace kramers
