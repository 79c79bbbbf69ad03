// SPDX-License-Identifier: Apache-2.0
#include "experiments/host_reason.hpp"

#include <fmt/format.h>

#include "gpu/composed/thread_run.hpp"

namespace kramers {

std::string host_reason(MethodKey const& key, Controls const& controls, bool gpu) {
    if (controls.backend == Backend::cpu || !key.composed) return {};
    bool const asked = controls.backend == Backend::cuda;
    std::string const reason = composed::why_no_threads(key);
    if (reason.empty() || !(asked || gpu)) return {};
    return asked ? fmt::format("--backend cuda cannot run this: {}; use --backend auto or cpu",
                               reason)
                 : fmt::format("runs on host threads, the GPU is idle: {}", reason);
}

std::string host_reason(Cell const& cell, Controls const& controls, bool gpu) {
    std::string text = host_reason(make_plan(cell, 0, 0).key, controls, gpu);
    for (ComparedSde const& model : cell.order.models)
        if (text.empty()) text = host_reason(make_sde_plan(cell, model).key, controls, gpu);
    return text;
}

}  // namespace kramers
