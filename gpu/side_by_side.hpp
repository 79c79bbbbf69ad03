// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "gpu/simulate.hpp"

namespace kramers {

/// Runs whole plans on `width` threads, the next one by whoever is free: how a GPU gets enough small
/// plans to fill it, because each thread launches on a stream of its own.
///
/// simulate_one(plan, controls) is called in those threads; its controls carry a progress callback that
/// must be polled. `finished`, the return value and controls.progress (about every
/// controls.round_seconds, in the calling thread) are those of simulate_many(). What simulate_one or
/// finished throws stops the others and is thrown again once they have ended.
bool side_by_side(std::vector<Plan> const& plans, Controls const& controls, int width,
                  std::function<Tallies(Plan const&, Controls const&)> const& simulate_one,
                  std::function<void(std::size_t, Tallies)> const& finished);

}  // namespace kramers
