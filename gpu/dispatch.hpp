// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "gpu/queues.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

class CudaRun;  // gpu/cuda_run.hpp
using MakeCudaRun = std::unique_ptr<CudaRun> (*)(Plan const&, NoiseMath);

/// One compiled method: everything that names lead to. Filled by the generated units.
struct MethodRow {
    MethodKey key;
    MakeHostWorker passage = nullptr;
    MakeHostWorker snapshots = nullptr;
    Replay (*replay)(Plan const&, std::uint64_t trajectory, std::uint64_t every,
                     std::uint64_t max_rows) = nullptr;
    void (*passage_by_threads)(Plan const&, std::uint64_t workers, PassageSlot*,
                               std::vector<std::uint64_t>* steps) = nullptr;
    std::uint64_t worker_bytes = 0;  ///< memory of one host worker, histograms apart
    MakeCudaRun cuda = nullptr;      ///< null without CUDA
};

using MethodTable = std::vector<MethodRow>;

/// All rows, built once by explicit calls of the generated units.
MethodTable const& method_table();

/// Adds the rows of a landscape compiled elsewhere (kramers_landscape(… TARGET …) of the package).
/// Call before the first simulation; not from several threads.
void register_methods(void (*add)(MethodTable&));

/// The row of a key; throws std::invalid_argument naming what is compiled when there is none.
MethodRow const& find_method(MethodKey const& key);

/// Text of a key: "double_well (d = 1), overdamped, euler_maruyama, mixed".
std::string describe(MethodKey const& key);
std::string_view to_string(Precision precision);

}  // namespace kramers
