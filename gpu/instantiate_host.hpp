// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "gpu/dispatch.hpp"
#include "gpu/passage_worker.hpp"
#include "gpu/replay.hpp"
#include "gpu/snapshot_worker.hpp"
#include "sde/methods.hpp"

namespace kramers {

template <template <class> class Worker, class B>
std::unique_ptr<HostWorker> make_host_worker(Plan const& plan, WorkQueue& queue, Isa isa) {
    return std::make_unique<Worker<B>>(plan, queue, isa);
}

template <class B, class M>
void add_host_method(MethodTable& table, Precision precision) {
    static_assert(Landscape<typename B::Landscape>);
    MethodRow row;
    row.key = {std::string(B::Landscape::name), B::dim, std::string(M::dynamics),
               std::string(M::scheme), precision};
    row.passage = &make_host_worker<PassageWorker, B>;
    row.snapshots = &make_host_worker<SnapshotWorker, B>;
    row.replay = &replay_trajectory<B>;
    row.passage_by_threads = &passage_by_threads<B>;
    row.worker_bytes = sizeof(PassageWorker<B>) +
                       sizeof(LaneNoise<typename B::Noise, typename B::Layout>) + 64u * 1024u;
    table.push_back(row);
}

/// Every method on one landscape and dimension, in the three precisions.
template <class LSingle, class LDouble>
void add_host_methods(MethodTable& table) {
    for_each_method(Methods{}, [&]<class M>() {
        add_host_method<LoopsOf<LSingle, M, float>, M>(table, Precision::single);
        add_host_method<LoopsOf<LDouble, M, float>, M>(table, Precision::mixed);
        add_host_method<LoopsOf<LDouble, M, double>, M>(table, Precision::full);
    });
}

}  // namespace kramers
