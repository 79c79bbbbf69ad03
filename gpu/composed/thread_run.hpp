// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "gpu/cuda_run.hpp"
#include "gpu/plan.hpp"

/// Composed methods with one trajectory per thread.
namespace kramers::composed {

/// Why there is no such code for a method ("… in 1, 2 and 8 dimensions only"); empty: there is.
std::string why_no_threads(MethodKey const& key);

/// With CUDA only.
std::unique_ptr<CudaRun> make_cuda_run(Plan const& plan, NoiseMath math);

}  // namespace kramers::composed
