// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/draw_rows.hpp"

#include <cmath>
#include <type_traits>

namespace kramers::composed {

DrawRows::DrawRows(Kind kind, Purpose purpose, int count, int steps, int refinement,
                   FillTable const& fill, std::uint64_t seed)
    : kind_(kind),
      purpose_(purpose),
      steps_(steps),
      refinement_(refinement),
      per_call_(steps_per_call(count)),
      blocks_(blocks_per_call(count)),
      rows_(count <= 2 ? count : 4 * blocks_),
      fill_(fill),
      seed_(seed) {
    auto const size = row(steps);
    auto const fine =
        static_cast<std::size_t>(4 * blocks_) * static_cast<unsigned>(refinement) * lane_count;
    if (kind == Kind::normals_f32) f32_.resize(size);
    if (kind == Kind::normals_f64) f64_.resize(size);
    if (kind == Kind::words) words_.resize(size);
    if (refinement > 1 && kind == Kind::normals_f32) fine32_.resize(fine);
    if (refinement > 1 && kind == Kind::normals_f64) fine64_.resize(fine);
}

void DrawRows::fill(std::uint64_t const* step, std::uint64_t const* id, bool uniform) {
    for (int i = 0; i < lane_count; ++i) {
        id_low_[i] = static_cast<std::uint32_t>(id[i]);
        id_high_[i] = static_cast<std::uint32_t>(id[i] >> 32);
    }
    if (kind_ == Kind::normals_f32) fill_as(f32_, fine32_, step, uniform);
    if (kind_ == Kind::normals_f64) fill_as(f64_, fine64_, step, uniform);
    if (kind_ == Kind::words) fill_as(words_, words_, step, uniform);
}

/// Sets every lane's call to that of its step plus offset; returns the largest low word.
std::uint64_t DrawRows::set_calls(std::uint64_t const* step, std::uint64_t offset) {
    std::uint32_t largest = 0;
    auto const fine = static_cast<std::uint64_t>(kind_ == Kind::words ? 1 : refinement_);
    int const shift = per_call_ / 2;  // per_call_ is 1, 2 or 4
    for (int i = 0; i < lane_count; ++i) {
        std::uint64_t const call = ((step[i] * fine) >> shift) + offset;
        call_low_[i] = static_cast<std::uint32_t>(call);
        call_high_[i] = static_cast<std::uint32_t>(call >> 32);
        largest = call_low_[i] > largest ? call_low_[i] : largest;
    }
    return largest;
}

template <class T>
void DrawRows::run(int calls, bool uniform, T* out) {
    LaneCounters const counters{call_low_, call_high_, id_low_, id_high_, uniform};
    auto const purpose = static_cast<std::uint32_t>(purpose_);
    if constexpr (std::is_same_v<T, float>)
        fill_.normals_f32(counters, seed_, purpose, calls, blocks_, out);
    else if constexpr (std::is_same_v<T, double>)
        fill_.normals_f64(counters, seed_, purpose, calls, blocks_, out);
    else fill_.words(counters, seed_, purpose, calls, blocks_, out);
}

template <class T>
void DrawRows::fill_as(Buffer<T>& out, Buffer<T>& fine, std::uint64_t const* step, bool uniform) {
    constexpr std::uint64_t wrap = std::uint64_t{1} << 32;
    int const calls = steps_ / per_call_;
    if (refinement_ > 1 && !std::is_same_v<T, std::uint32_t>) {
        T const scale = static_cast<T>(1.0 / std::sqrt(static_cast<double>(refinement_)));
        for (int c = 0; c < calls; ++c) {
            set_calls(step, static_cast<std::uint64_t>(c) * static_cast<unsigned>(refinement_));
            run(refinement_, uniform, fine.data());
            for (int s = 0; s < per_call_; ++s)
                for (int r = 0; r < rows_; ++r) {
                    T* to = out.data() + row(c * per_call_ + s) + r * lane_count;
                    T const* from = fine.data() + (s * refinement_ * rows_ + r) * lane_count;
                    for (int i = 0; i < lane_count; ++i) {
                        T sum = from[i];
                        for (int f = 1; f < refinement_; ++f)
                            sum += from[f * rows_ * lane_count + i];
                        to[i] = sum * scale;
                    }
                }
        }
    } else if (set_calls(step, 0) + static_cast<std::uint64_t>(calls) < wrap) {
        run(calls, uniform, out.data());
    } else {  // the low word of a counter wraps inside the block: one call at a time
        for (int c = 0; c < calls; ++c) {
            set_calls(step, static_cast<std::uint64_t>(c));
            run(1, uniform, out.data() + 4 * blocks_ * c * lane_count);
        }
    }
}

}  // namespace kramers::composed
