// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/hd.hpp"

/// KRAMERS_HD_CALLED marks a function that a GPU thread needs inlined and that host threads call
/// rarely, or only to play the GPU: there one copy is compiled for all callers.
#if defined(__CUDACC__)
#define KRAMERS_HD_CALLED KRAMERS_HD
#else
#define KRAMERS_HD_CALLED inline __attribute__((noinline))
#endif
