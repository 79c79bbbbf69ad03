// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "gpu/simulate.hpp"

namespace kramers {

/// Mean steps per trajectory of passages that theory says nothing about, measured by 128 trajectories
/// each, all in one batch and no longer than `particle_steps` together. Where these were cut short of
/// their cap: (1 − exp(−k m))/k with the hazard k of what was seen and the cap m. Nothing where fewer
/// than eight arrived of a pilot that was cut short.
std::vector<std::optional<double>> pilot_passages(std::vector<Plan> plans, Controls controls,
                                                  double particle_steps = 1e8);

}  // namespace kramers
