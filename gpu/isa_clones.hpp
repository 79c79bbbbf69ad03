// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/hd.hpp"
#include "sde/random/isa.hpp"

/// One portable build, three instruction sets: the same inlined kernel is compiled inside three
/// wrappers and chosen through a function pointer when a run starts.
///
/// Not target_clones: clang rejects it on templates and clang 14 may silently run the slow clone.
#if defined(__x86_64__)
#define KRAMERS_TARGET_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")))
#define KRAMERS_TARGET_AVX2 __attribute__((target("avx2,fma")))
#else
#define KRAMERS_TARGET_AVX512
#define KRAMERS_TARGET_AVX2
#endif

namespace kramers {

enum class LaneKernel { advance, half_space, half_space_bridge, general, general_bridge };

template <class K, LaneKernel kernel>
KRAMERS_HD void run_lane_kernel(typename K::Args const& args) {
    if constexpr (kernel == LaneKernel::advance) K::advance(args);
    if constexpr (kernel == LaneKernel::half_space) K::half_space(args);
    if constexpr (kernel == LaneKernel::half_space_bridge) K::half_space_bridge(args);
    if constexpr (kernel == LaneKernel::general) K::template general<false>(args);
    if constexpr (kernel == LaneKernel::general_bridge) K::template general<true>(args);
}

template <class K, LaneKernel kernel>
struct IsaClones {
    using Function = void (*)(typename K::Args const&);

    KRAMERS_TARGET_AVX512 static void avx512(typename K::Args const& args) {
        run_lane_kernel<K, kernel>(args);
    }
    KRAMERS_TARGET_AVX2 static void avx2(typename K::Args const& args) {
        run_lane_kernel<K, kernel>(args);
    }
    static void baseline(typename K::Args const& args) { run_lane_kernel<K, kernel>(args); }

    static Function select(Isa isa) {
        if (isa == Isa::avx512) return &avx512;
        if (isa == Isa::avx2) return &avx2;
        return &baseline;
    }
};

}  // namespace kramers
