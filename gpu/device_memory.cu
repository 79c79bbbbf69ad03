// SPDX-License-Identifier: Apache-2.0
#include "gpu/device_memory.hpp"

#include <cuda_runtime.h>

#include <string>

#include "gpu/cuda_run.hpp"

namespace kramers {
namespace {

void require(cudaError_t status, std::string const& what) {
    if (status == cudaSuccess) return;
    cudaGetLastError();
    throw DeviceError(what + ": " + cudaGetErrorString(status));
}

}  // namespace

DeviceBytes::DeviceBytes(std::uint64_t bytes, unsigned char fill, char const* what) {
    if (bytes == 0) return;
    void* memory = nullptr;
    cudaError_t const status = cudaMalloc(&memory, bytes);
    if (status != cudaSuccess) {
        cudaGetLastError();
        throw DeviceError("allocating " + std::to_string(bytes) + " bytes of GPU memory for " +
                          what + ": " + cudaGetErrorString(status) +
                          "; use fewer trajectories or --backend cpu");
    }
    memory_.reset(memory);
    require(cudaMemset(memory, fill, bytes), std::string("filling GPU memory for ") + what);
}

void DeviceBytes::Free::operator()(void* memory) const { cudaFree(memory); }

void DeviceBytes::read(void* host, std::uint64_t bytes) const {
    if (bytes > 0)
        require(cudaMemcpy(host, memory_.get(), bytes, cudaMemcpyDeviceToHost),
                "reading from the GPU");
}

void DeviceBytes::write(void const* host, std::uint64_t bytes) {
    if (bytes > 0)
        require(cudaMemcpy(memory_.get(), host, bytes, cudaMemcpyHostToDevice),
                "writing to the GPU");
}

std::uint64_t resident_threads() {
    CudaDevice device;
    std::string reason;
    if (!find_cuda_device(device, reason)) throw DeviceError("no GPU: " + reason);
    return static_cast<std::uint64_t>(device.multiprocessors) *
           static_cast<std::uint64_t>(device.threads_per_multiprocessor);
}

void throw_device_error(char const* what, std::exception const& error) {
    cudaGetLastError();
    throw DeviceError(std::string(what) + ": " + error.what());
}

void finish_kernel(char const* what) {
    require(cudaGetLastError(), what);
    require(cudaDeviceSynchronize(), what);
}

}  // namespace kramers
