// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "gpu/called.hpp"
#include "gpu/draw_layout.hpp"
#include "sde/random/normal.hpp"
#include "sde/random/streams.hpp"
#include "sde/vec.hpp"

namespace kramers {

/// The normals of the steps_per_call steps that start at `step` of one trajectory: the same numbers
/// as LaneNoise puts into its buffer, drawn by one thread. fast: special-function units of a GPU.
template <class Noise, class Layout, bool fast>
KRAMERS_HD_CALLED void thread_normals(std::uint64_t seed, std::uint64_t step,
                                      std::uint64_t trajectory, int refinement,
                                      Vec<Noise, Layout::normals> (&z)[Layout::steps_per_call]) {
    constexpr int per_step = Layout::rows_per_step;
    Noise words[4 * Layout::blocks];
    int step_of_call = 0;  // coarse step that the current fine normal belongs to
    int filled = 0;        // fine normals already in it
    std::uint64_t call = first_call<Layout>(step, refinement);
    for (auto& zero : z) zero = Vec<Noise, Layout::normals>{};
    KRAMERS_UNROLL_NOT
    for (int e = 0; e < refinement; ++e, ++call) {
        for (int b = 0; b < Layout::blocks; ++b) {
            if constexpr (fast && sizeof(Noise) == sizeof(float))
                normals4_fast(seed, call, b, Purpose::increment, trajectory, words + 4 * b);
            else normals4(seed, call, b, Purpose::increment, trajectory, words + 4 * b);
        }
        if (refinement == 1) {
            for (int j = 0; j < Layout::steps_per_call; ++j)
                for (int c = 0; c < Layout::normals; ++c) z[j][c] = words[j * per_step + c];
            return;
        }
        for (int j = 0; j < Layout::steps_per_call; ++j) {
            for (int k = 0; k < Layout::steps_per_call; ++k)
                if (k == step_of_call)
                    for (int c = 0; c < Layout::normals; ++c)
                        z[k][c] = filled == 0 ? words[j * per_step + c]
                                              : z[k][c] + words[j * per_step + c];
            if (++filled == refinement) {
                filled = 0;
                ++step_of_call;
            }
        }
    }
    Noise const scale = static_cast<Noise>(1.0 / math::sqrt(static_cast<double>(refinement)));
    for (int j = 0; j < Layout::steps_per_call; ++j)
        for (int c = 0; c < Layout::normals; ++c) z[j][c] = z[j][c] * scale;
}

}  // namespace kramers
