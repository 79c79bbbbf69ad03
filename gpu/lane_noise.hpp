// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>

#include "gpu/draw_layout.hpp"
#include "gpu/plan.hpp"
#include "sde/random/fill.hpp"
#include "sde/random/streams.hpp"

namespace kramers {

/// The first phase of the two-phase block: a buffer of normals (and bridge words) for all lanes,
/// filled by the per-ISA routines of sde/random.
template <class Noise, class Layout>
class LaneNoise {
  public:
    LaneNoise(Plan const& plan, Isa isa)
        : fill_(fill_table(isa)),
          seed_(plan.seed),
          refinement_(plan.noise_refinement),
          storage_(std::make_unique<Storage>()) {
        if (refinement_ > 1) fine_ = std::make_unique<Fine>();
    }

    /// Fills `steps` steps (a multiple of steps_per_call) from each lane's own step on.
    /// Precondition: every step[i] is a multiple of steps_per_call. uniform: all steps are equal.
    void fill(std::uint64_t const* step, std::uint64_t const* id, int steps, bool uniform) {
        set_ids(id);
        int const calls = steps / Layout::steps_per_call;
        auto const call_of = [&](int i) { return first_call<Layout>(step[i], refinement_); };
        if (refinement_ > 1) {
            for (int c = 0; c < calls; ++c) {
                set_calls(call_of,
                          static_cast<std::uint64_t>(c) * static_cast<unsigned>(refinement_));
                normals(refinement_, uniform, fine_->normals);
                combine(c);
            }
        } else if (set_calls(call_of, 0) + static_cast<std::uint64_t>(calls) < wrap) {
            normals(calls, uniform, storage_->normals);
        } else {  // the low word of a counter wraps inside the block: one call at a time
            for (int c = 0; c < calls; ++c) {
                set_calls(call_of, static_cast<std::uint64_t>(c));
                normals(1, uniform, storage_->normals + 4 * Layout::blocks * c * lane_count);
            }
        }
    }

    /// Bridge words for the same lanes: row step·word_rows(targets) + target.
    void fill_words(std::uint64_t const* step, int steps, int targets, bool uniform) {
        int const per_call = 4 / word_rows(targets);
        auto const call_of = [&](int i) { return step[i] / static_cast<unsigned>(per_call); };
        for (int c = 0; c < steps / per_call; ++c) {
            bool const whole = c == 0 && set_calls(call_of, 0) + 64 < wrap;
            if (!whole) set_calls(call_of, static_cast<std::uint64_t>(c));
            fill_.words(counters(uniform), seed_, static_cast<std::uint32_t>(Purpose::bridge),
                        whole ? steps / per_call : 1, 1, storage_->words + 4 * c * lane_count);
            if (whole) break;
        }
    }
    static constexpr int word_rows(int targets) { return targets <= 1 ? 1 : targets == 2 ? 2 : 4; }

    Noise const* normals() const { return storage_->normals; }
    std::uint32_t const* words() const { return storage_->words; }

  private:
    static constexpr int rows = Layout::block_steps * Layout::rows_per_step;
    static constexpr int max_refinement = 8;
    static constexpr std::uint64_t wrap = std::uint64_t{1} << 32;
    struct alignas(64) Storage {
        Noise normals[rows * lane_count];
        std::uint32_t words[4 * Layout::block_steps * lane_count];
        std::uint32_t call_low[lane_count], call_high[lane_count];
        std::uint32_t id_low[lane_count], id_high[lane_count];
    };
    struct alignas(64) Fine {
        Noise normals[4 * Layout::blocks * max_refinement * lane_count];
    };

    void set_ids(std::uint64_t const* id) {
        Storage& s = *storage_;
        for (int i = 0; i < lane_count; ++i) {
            s.id_low[i] = static_cast<std::uint32_t>(id[i]);
            s.id_high[i] = static_cast<std::uint32_t>(id[i] >> 32);
        }
    }
    /// Sets every lane's call; returns the largest low word.
    template <class CallOf>
    std::uint64_t set_calls(CallOf const& call_of, std::uint64_t offset) {
        Storage& s = *storage_;
        std::uint32_t largest = 0;
        for (int i = 0; i < lane_count; ++i) {
            std::uint64_t const call = call_of(i) + offset;
            s.call_low[i] = static_cast<std::uint32_t>(call);
            s.call_high[i] = static_cast<std::uint32_t>(call >> 32);
            largest = s.call_low[i] > largest ? s.call_low[i] : largest;
        }
        return largest;
    }
    LaneCounters counters(bool uniform) const {
        Storage const& s = *storage_;
        return {s.call_low, s.call_high, s.id_low, s.id_high, uniform};
    }
    void normals(int calls, bool uniform, Noise* out) {
        auto const purpose = static_cast<std::uint32_t>(Purpose::increment);
        if constexpr (sizeof(Noise) == 4)
            fill_.normals_f32(counters(uniform), seed_, purpose, calls, Layout::blocks, out);
        else fill_.normals_f64(counters(uniform), seed_, purpose, calls, Layout::blocks, out);
    }

    /// A coarse normal is the sum of `refinement_` fine ones over the square root of their number:
    /// the rungs of a dt ladder then see the same Brownian path.
    void combine(int call) {
        constexpr int per_step = Layout::rows_per_step;
        Noise const scale = static_cast<Noise>(1.0 / std::sqrt(static_cast<double>(refinement_)));
        for (int step = 0; step < Layout::steps_per_call; ++step)
            for (int c = 0; c < per_step; ++c) {
                int const row = (call * Layout::steps_per_call + step) * per_step + c;
                Noise* __restrict out = storage_->normals + row * lane_count;
                Noise const* __restrict in =
                    fine_->normals + (step * refinement_ * per_step + c) * lane_count;
                for (int i = 0; i < lane_count; ++i) {
                    Noise sum = in[i];
                    for (int r = 1; r < refinement_; ++r) sum += in[r * per_step * lane_count + i];
                    out[i] = sum * scale;
                }
            }
    }

    FillTable const& fill_;
    std::uint64_t seed_;
    int refinement_;
    std::unique_ptr<Storage> storage_;
    std::unique_ptr<Fine> fine_;
};

}  // namespace kramers
