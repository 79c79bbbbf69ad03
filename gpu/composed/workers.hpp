// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "gpu/queues.hpp"
#include "gpu/simulate.hpp"

namespace kramers::composed {

std::unique_ptr<HostWorker> make_passage(Plan const& plan, WorkQueue& queue, Isa isa);
std::unique_ptr<HostWorker> make_snapshots(Plan const& plan, WorkQueue& queue, Isa isa);
/// One trajectory alone: its lane block with one lane in use.
Replay replay(Plan const& plan, std::uint64_t trajectory, std::uint64_t every,
              std::uint64_t max_rows);
std::uint64_t worker_bytes(Plan const& plan);

}  // namespace kramers::composed
