// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/limits.hpp"
#include "sde/noise/law.hpp"

namespace kramers {

/// c_α of the stable law with E exp(iωξ) = exp(−|ω|^α): its density falls like c_α |x|^{−1−α} (E41).
double stable_tail_constant(double alpha);

/// The tail of one step's noise where it has no variance: of a stable law the law itself, of Student's
/// with ν < 2 the stable law that sums of its draws tend to, α = ν. Nothing where there is a variance,
/// and for ν = 2, whose sums are normal at the rate √(n ln n).
std::optional<StableTail> stable_tail(NoiseLaw const& law, int dim);

/// The noise as limits see it: summed over its memory, where that is one number for all coordinates.
StepNoise step_noise(NoiseLaw const& law, int dim);

}  // namespace kramers
