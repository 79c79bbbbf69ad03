// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "gpu/plan.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

/// One run on a GPU. Made by a generated unit; the host side of it sees no CUDA header.
class CudaRun {
  public:
    virtual ~CudaRun() = default;
    /// Works for about `seconds`; false once everything is done. Throws DeviceError.
    virtual bool round(double seconds) = 0;
    virtual void report(Progress&) = 0;
    /// What its kernel really computes with, whatever was asked for.
    virtual NoiseMath noise_math() const = 0;
    /// The tally so far; unfinished trajectories are censored at the step they have reached.
    virtual void collect(Tallies&) = 0;
};

/// Name and architecture of the current GPU; empty strings without one.
struct CudaDevice {
    std::string name;
    std::string architecture;  ///< "sm_90"
    int multiprocessors = 0;
    int threads_per_multiprocessor = 0;
};

/// False, with the reason, when no GPU can be used.
bool find_cuda_device(CudaDevice& device, std::string& reason);

/// Version of the compiler of the device code, e.g. "nvcc 13.0.88"; empty without CUDA. Versions
/// 12.8 to 13.2 miscompile nested divergent loops (the drivers have none).
std::string cuda_compiler();

}  // namespace kramers
