// SPDX-License-Identifier: Apache-2.0
#include "gpu/cuda_run.hpp"

namespace kramers {

bool find_cuda_device(CudaDevice&, std::string& reason) {
    reason = "this build has no CUDA code (no nvcc was found when it was configured)";
    return false;
}

std::string cuda_compiler() { return {}; }

}  // namespace kramers
