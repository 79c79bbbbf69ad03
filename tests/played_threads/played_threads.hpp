// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "estimators/tallies/passage.hpp"
#include "gpu/plan.hpp"

/// What one thread of a GPU does, done on the host. A library of its own: it takes half a minute to
/// compile, and only tests need it.
namespace kramers::testing {

/// The CUDA driver of composed methods, worker after worker: the reference that tests hold against
/// the lane blocks. `workers` must not change the result. steps, unless null: what was counted by
/// the end of each round of 64 iterations. Throws std::invalid_argument for a method without such
/// code.
void passage_by_threads(Plan const& plan, std::uint64_t workers, PassageSlot* slots,
                        std::vector<std::uint64_t>* steps = nullptr);

}  // namespace kramers::testing
