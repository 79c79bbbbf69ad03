// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "gpu/simulate.hpp"

namespace kramers {

/// Runs several plans at once: each thread takes a whole plan, and threads without one help with those
/// that are not over. So a small plan costs no start of threads and no round of its own, and only the
/// last plans of a batch have a tail. On a GPU so many plans run side by side, each on its own stream, as
/// fill it.
///
/// `finished` gets the tallies of plan i, equal by their bits to those of simulate(plans[i]), in the
/// calling thread, between rounds, in no fixed order; their `seconds` are its share of the time by its
/// particle-steps. Returns false when the progress callback stopped it: plans that were not over by then
/// are not reported. Throws as simulate() does, before anything is run.
bool simulate_many(std::vector<Plan> const& plans, Controls const& controls,
                   std::function<void(std::size_t, Tallies)> const& finished);

}  // namespace kramers
