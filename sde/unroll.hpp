// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a loop over coordinates whose length is known, in a function that lane loops call: GCC
/// gives up on a longer one, and the lane loop around it then stays scalar.
#if defined(__CUDACC__)
#define KRAMERS_UNROLL
#elif defined(__clang__)
#define KRAMERS_UNROLL _Pragma("unroll")
#else
#define KRAMERS_UNROLL _Pragma("GCC unroll 32")
#endif
