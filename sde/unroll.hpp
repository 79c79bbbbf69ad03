// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a loop over coordinates whose length is known, in a function that lane loops call: GCC
/// gives up on a longer one, and the lane loop around it then stays scalar. KRAMERS_UNROLL_SHORT is
/// for bodies so large (a sine, a whole row) that 32 copies in a lane loop compile for minutes:
/// beyond 8 coordinates the loop stays, and is vectorized itself where its steps are independent.
#if defined(__CUDACC__)
#define KRAMERS_UNROLL
#define KRAMERS_UNROLL_SHORT
#elif defined(__clang__)
#define KRAMERS_UNROLL _Pragma("unroll")
#define KRAMERS_UNROLL_SHORT _Pragma("unroll 8")
#else
#define KRAMERS_UNROLL _Pragma("GCC unroll 32")
#define KRAMERS_UNROLL_SHORT _Pragma("GCC unroll 8")
#endif
