// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/isa_clones.hpp"
#include "sde/random/fill.hpp"

/// Lane arrays of a composed step. A row holds one number of every lane; rows follow each other at
/// a stride of lane_count. Kernels work on `lanes` lanes of each row from a given base, a multiple
/// of lane_quantum.
namespace kramers::composed {

inline constexpr int lane_quantum = 16;
inline constexpr int max_evaluations = 6;

/// Before a loop over lanes: no two rows overlap but where a lane reads and writes its own number.
#if defined(__clang__)
// It says so where it could not: no news for kernels that call a shuffle or a long series.
#pragma clang diagnostic ignored "-Wpass-failed"
#define KRAMERS_LANE_LOOP _Pragma("clang loop vectorize(assume_safety) interleave(enable)")
#else
#define KRAMERS_LANE_LOOP _Pragma("GCC ivdep")
#endif

/// F::run(args) compiled for every instruction set, as function pointers.
template <class F, class Args>
struct Clones {
    using Function = void (*)(Args const&);

    KRAMERS_TARGET_AVX512 static void avx512(Args const& args) { F::run(args); }
    KRAMERS_TARGET_AVX2 static void avx2(Args const& args) { F::run(args); }
    static void baseline(Args const& args) { F::run(args); }

    static Function select(Isa isa) {
        if (isa == Isa::avx512) return &avx512;
        if (isa == Isa::avx2) return &avx2;
        return &baseline;
    }
};

}  // namespace kramers::composed
