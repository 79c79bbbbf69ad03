// SPDX-License-Identifier: Apache-2.0
#include <cuda_runtime.h>

#include "gpu/cuda_run.hpp"

namespace kramers {

bool find_cuda_device(CudaDevice& device, std::string& reason) {
    int count = 0;
    cudaError_t const status = cudaGetDeviceCount(&count);
    if (status != cudaSuccess || count == 0) {
        reason = status != cudaSuccess
                     ? std::string("cudaGetDeviceCount: ") + cudaGetErrorString(status)
                     : std::string("no CUDA device is visible");
        cudaGetLastError();
        return false;
    }
    cudaDeviceProp properties{};
    int id = 0;
    cudaError_t const got = cudaGetDevice(&id);
    cudaError_t const read = got == cudaSuccess ? cudaGetDeviceProperties(&properties, id) : got;
    if (read != cudaSuccess) {
        reason = std::string("cudaGetDeviceProperties: ") + cudaGetErrorString(read);
        return false;
    }
    device.name = properties.name;
    device.architecture =
        "sm_" + std::to_string(properties.major) + std::to_string(properties.minor);
    device.multiprocessors = properties.multiProcessorCount;
    device.threads_per_multiprocessor = properties.maxThreadsPerMultiProcessor;
    return true;
}

std::string cuda_compiler() {
    return "nvcc " + std::to_string(__CUDACC_VER_MAJOR__) + "." +
           std::to_string(__CUDACC_VER_MINOR__) + "." + std::to_string(__CUDACC_VER_BUILD__);
}

}  // namespace kramers
