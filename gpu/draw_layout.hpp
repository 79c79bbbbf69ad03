// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/hd.hpp"
#include "sde/vec.hpp"

namespace kramers {

/// How the M normals of a step are cut out of Philox calls of four words (version 1 of the stream).
///
///   steps_per_call  4, 2, 1 for M = 1, 2, ≥ 3: short steps share a call
///   blocks          calls per step when M > 4: draw block b holds components 4b … 4b+3
///   rows_per_step   rows of a lane block's buffer that belong to one step
///   block_steps     steps of a lane block; also the grid on which divergence is tested, so that
///                   every backend finds it at the same step
template <int M>
struct DrawLayout {
    static_assert(M >= 1);
    static constexpr int normals = M;
    static constexpr int steps_per_call = M == 1 ? 4 : M == 2 ? 2 : 1;
    static constexpr int blocks = M <= 4 ? 1 : (M + 3) / 4;
    static constexpr int rows_per_step = M <= 2 ? M : 4 * blocks;
    // sized so that the buffer of normals stays in a 32 KiB L1 cache (float): 15, 18, 12, 24 KiB
    static constexpr int block_steps = M == 1 ? 20 : M == 2 ? 12 : 4;
    static_assert(block_steps % steps_per_call == 0);
};

/// The call that holds step `step` of a trajectory whose normals are sums of `refinement` fine ones.
template <class Layout>
KRAMERS_HD std::uint64_t first_call(std::uint64_t step, int refinement) {
    return step * static_cast<std::uint64_t>(refinement) / Layout::steps_per_call;
}

}  // namespace kramers
