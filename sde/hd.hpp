// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Qualifiers of code that runs inside a trajectory, on host lanes and on CUDA threads alike.
///
/// KRAMERS_HD marks a function that is compiled for both and must be inlined: the host's lane loops
/// are only vectorized when everything in them is visible (see gpu/README.md).
#if defined(__CUDACC__)
#define KRAMERS_HD __host__ __device__ __forceinline__
#define KRAMERS_HOST_DEVICE __host__ __device__
#else
#define KRAMERS_HD inline __attribute__((always_inline))
#define KRAMERS_HOST_DEVICE
#endif

/// Before a loop whose body must be compiled once: unrolling it would only cost compile time.
#if defined(__CUDACC__)
#define KRAMERS_UNROLL_NOT _Pragma("unroll 1")
#else
#define KRAMERS_UNROLL_NOT
#endif

/// 1 in the device pass of nvcc, 0 everywhere else.
#if defined(__CUDA_ARCH__)
#define KRAMERS_DEVICE_PASS 1
#else
#define KRAMERS_DEVICE_PASS 0
#endif
