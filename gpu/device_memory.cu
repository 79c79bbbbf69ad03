// SPDX-License-Identifier: Apache-2.0
#include "gpu/device_memory.hpp"

#include <cuda_runtime.h>

#include <string>

#include "gpu/cuda_run.hpp"

namespace kramers {
namespace {

cudaStream_t const stream = cudaStreamPerThread;

void require(cudaError_t status, std::string const& what) {
    if (status == cudaSuccess) return;
    cudaGetLastError();
    throw DeviceError(what + ": " + cudaGetErrorString(status));
}

/// Up to 64 MiB of freed memory stay with the program, so that the copies of drivers, made for each
/// launch, cost no system call. Threads that wait sleep instead of turning.
void keep_freed_memory() {
    static bool const done = [] {
        int device = 0;
        cudaMemPool_t pool{};
        std::uint64_t threshold = std::uint64_t{64} << 20;
        require(cudaGetDevice(&device), "choosing the GPU");
        if (cudaSetDeviceFlags(cudaDeviceScheduleBlockingSync) != cudaSuccess) cudaGetLastError();
        require(cudaDeviceGetDefaultMemPool(&pool, device), "finding the GPU's memory pool");
        require(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &threshold),
                "setting up the GPU's memory pool");
        return true;
    }();
    static_cast<void>(done);
}

}  // namespace

DeviceBytes::DeviceBytes(std::uint64_t bytes, unsigned char fill, char const* what) {
    if (bytes == 0) return;
    void* memory = nullptr;
    keep_freed_memory();
    cudaError_t const status = cudaMallocAsync(&memory, bytes, stream);
    if (status != cudaSuccess) {
        cudaGetLastError();
        throw DeviceError("allocating " + std::to_string(bytes) + " bytes of GPU memory for " +
                          what + ": " + cudaGetErrorString(status) +
                          "; use fewer trajectories or --backend cpu");
    }
    memory_.reset(memory);
    require(cudaMemsetAsync(memory, fill, bytes, stream),
            std::string("filling GPU memory for ") + what);
}

void DeviceBytes::Free::operator()(void* memory) const { cudaFreeAsync(memory, stream); }

void DeviceBytes::read(void* host, std::uint64_t bytes) const {
    if (bytes == 0) return;
    require(cudaMemcpyAsync(host, memory_.get(), bytes, cudaMemcpyDeviceToHost, stream),
            "reading from the GPU");
    require(cudaStreamSynchronize(stream), "reading from the GPU");
}

void DeviceBytes::write(void const* host, std::uint64_t bytes) {
    if (bytes == 0) return;
    require(cudaMemcpyAsync(memory_.get(), host, bytes, cudaMemcpyHostToDevice, stream),
            "writing to the GPU");
    require(cudaStreamSynchronize(stream), "writing to the GPU");  // host memory may go away
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
    require(cudaStreamSynchronize(stream), what);
}

}  // namespace kramers
