// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

#include "gpu/draw_layout.hpp"
#include "gpu/targets.hpp"
#include "sde/random/fill.hpp"
#include "sde/random/philox.hpp"
#include "sde/random/streams.hpp"
#include "sde/vec.hpp"

/// The second phase of the host's two-phase block: a plain scalar step inlined into a loop over lanes
/// with a compile-time trip count, which the compiler vectorizes. Normals come ready in a buffer.
/// Everything here is inlined into the wrappers of gpu/isa_clones.hpp.
namespace kramers {

/// An integer as wide as the scalar of the state, so that masks and states vectorize alike.
template <class Real>
using LaneInt = std::conditional_t<sizeof(Real) == 4, std::int32_t, std::int64_t>;

inline constexpr int lanes_per_chunk = 16;
inline constexpr int chunk_count = lane_count / lanes_per_chunk;

/// States of lane_count trajectories, structure of arrays.
template <class Real, int Dim>
struct alignas(64) Lanes {
    using Int = LaneInt<Real>;
    Real x[Dim][lane_count];
    Int alive[lane_count];         ///< −1: running, 0: ended in this block or idle
    Int count[lane_count];         ///< steps made in this block
    Int code[lane_count];          ///< target that was hit, when there are several
    Int chunk_alive[chunk_count];  ///< AND of alive over a chunk: 0 where something ended
};

template <class L, class S, class Noise_>
struct LaneKernels {
    using Real = typename L::Real;
    using Noise = Noise_;
    static constexpr int dim = L::dim;
    using State = Vec<Real, dim>;
    using LaneArrays = Lanes<Real, dim>;
    using Int = typename LaneArrays::Int;
    using Layout = DrawLayout<S::template draws<L>().normals>;
    using TargetData = Targets<Real, dim>;

    struct Args {
        L landscape;
        S stepper;
        TargetData targets;
        Real bound;
        Noise const* normals = nullptr;        ///< rows of the first step to make
        std::uint32_t const* words = nullptr;  ///< bridge words: row step·word_rows + target
        int word_rows = 0;
        std::uint64_t seed = 0;
        std::uint64_t const* id = nullptr;    ///< of each lane
        std::uint64_t const* step = nullptr;  ///< of each lane at the start of the block
        int steps = 0;
        LaneArrays* lanes = nullptr;
    };

    KRAMERS_HD static State load(LaneArrays const& lanes, int i) {
        State x;
        for (int c = 0; c < dim; ++c) x[c] = lanes.x[c][i];
        return x;
    }
    KRAMERS_HD static Vec<Real, Layout::normals> load_normals(Noise const* row, int i) {
        Vec<Real, Layout::normals> z;
        for (int c = 0; c < Layout::normals; ++c) z[c] = static_cast<Real>(row[c * lane_count + i]);
        return z;
    }

    /// Steps without looking: snapshots.
    KRAMERS_HD static void advance(Args const& args) {
        L const landscape = args.landscape;
        S const stepper = args.stepper;
        LaneArrays& __restrict lanes = *args.lanes;
        for (int k = 0; k < args.steps; ++k) {
            Noise const* __restrict row = args.normals + k * Layout::rows_per_step * lane_count;
            for (int i = 0; i < lane_count; ++i) {
                State const x = stepper.step(landscape, load(lanes, i), load_normals(row, i));
                for (int c = 0; c < dim; ++c) lanes.x[c][i] = x[c];
            }
        }
    }

    /// First passage of one half-space, looked at on the grid: the fast path. A lane that has ended
    /// is frozen in the state in which it ended and stops counting.
    KRAMERS_HD static void half_space(Args const& args) {
        L const landscape = args.landscape;
        S const stepper = args.stepper;
        RegionData<Real, dim> const region = args.targets.region[0];
        LaneArrays& __restrict lanes = *args.lanes;
        for (int k = 0; k < args.steps; ++k) {
            Noise const* __restrict row = args.normals + k * Layout::rows_per_step * lane_count;
            for (int i = 0; i < lane_count; ++i) {
                State const before = load(lanes, i);
                State const after = stepper.step(landscape, before, load_normals(row, i));
                bool const event = crossed_endpoint(region.half_space_distance(after));
                Int const alive = lanes.alive[i];
                for (int c = 0; c < dim; ++c) lanes.x[c][i] = alive != 0 ? after[c] : before[c];
                lanes.count[i] -= alive;
                lanes.alive[i] = event ? Int(0) : alive;
            }
        }
        finish(args);
    }

    /// The same with the bridge test. Most lanes are too far from the wall to cross inside a step:
    /// the block is made without looking, noting only who came so near that the smallest uniform
    /// would cross (which includes whoever passed a step end beyond the wall). Those few are made
    /// again, one by one, with the test.
    KRAMERS_HD static void half_space_bridge(Args const& args) {
        L const landscape = args.landscape;
        S const stepper = args.stepper;
        RegionData<Real, dim> const region = args.targets.region[0];
        Real const rate = args.targets.bridge_rate;
        Real const far = static_cast<Real>(sizeof(Noise) == 4 ? 17.5 : 23.0);  // > 25 or 33 ln 2
        LaneArrays& __restrict lanes = *args.lanes;
        alignas(64) Real origin[dim][lane_count];
        alignas(64) Int near[lane_count];
        for (int i = 0; i < lane_count; ++i) {
            for (int c = 0; c < dim; ++c) origin[c][i] = lanes.x[c][i];
            near[i] = 0;
        }
        for (int k = 0; k < args.steps; ++k) {
            Noise const* __restrict row = args.normals + k * Layout::rows_per_step * lane_count;
            for (int i = 0; i < lane_count; ++i) {
                State const before = load(lanes, i);
                State const after = stepper.step(landscape, before, load_normals(row, i));
                Real const exponent =
                    region.half_space_distance(before) * region.half_space_distance(after) * rate;
                near[i] = exponent > far ? near[i] : Int(-1);
                for (int c = 0; c < dim; ++c) lanes.x[c][i] = after[c];
            }
        }
        for (int chunk = 0; chunk < chunk_count; ++chunk) {
            Int any = 0;
            for (int j = 0; j < lanes_per_chunk; ++j) {
                int const i = chunk * lanes_per_chunk + j;
                lanes.count[i] = lanes.alive[i] != 0 ? Int(args.steps) : Int(0);
                near[i] &= lanes.alive[i];
                any |= near[i];
            }
            if (any == 0) continue;
            for (int j = 0; j < lanes_per_chunk; ++j) {
                int const i = chunk * lanes_per_chunk + j;
                if (near[i] == 0) continue;
                State x;
                for (int c = 0; c < dim; ++c) x[c] = origin[c][i];
                repeat_with_bridge(args, i, x);
            }
        }
        finish(args);
    }

    /// First passage of any regions: one pass for the step, one per target, one to commit.
    template <bool bridge>
    KRAMERS_HD static void general(Args const& args) {
        L const landscape = args.landscape;
        S const stepper = args.stepper;
        LaneArrays& __restrict lanes = *args.lanes;
        alignas(64) Real after[dim][lane_count];
        alignas(64) Int event[lane_count];
        for (int k = 0; k < args.steps; ++k) {
            Noise const* __restrict row = args.normals + k * Layout::rows_per_step * lane_count;
            for (int i = 0; i < lane_count; ++i) {
                State const x = stepper.step(landscape, load(lanes, i), load_normals(row, i));
                for (int c = 0; c < dim; ++c) after[c][i] = x[c];
                event[i] = 0;
            }
            for (int t = args.targets.count - 1; t >= 0; --t) {  // the first target wins
                RegionData<Real, dim> const region = args.targets.region[t];
                std::uint32_t const* words =
                    bridge ? args.words + (k * args.word_rows + t) * lane_count : nullptr;
                Int const code = t + 1;
                if (region.kind == RegionKind::half_space)
                    detect<bridge, RegionKind::half_space>(args, region, code, words, after, event);
                else if (region.kind == RegionKind::ball)
                    detect<bridge, RegionKind::ball>(args, region, code, words, after, event);
                else detect<bridge, RegionKind::box>(args, region, code, words, after, event);
            }
            for (int i = 0; i < lane_count; ++i) {
                Int const alive = lanes.alive[i];
                for (int c = 0; c < dim; ++c)
                    lanes.x[c][i] = alive != 0 ? after[c][i] : lanes.x[c][i];
                lanes.count[i] -= alive;
                lanes.code[i] = alive != 0 ? event[i] : lanes.code[i];
                lanes.alive[i] = event[i] != 0 ? Int(0) : alive;
            }
        }
        finish(args);
    }

  private:
    /// Lane i from its state at the start of the block, step by step with the bridge test.
    KRAMERS_HD static void repeat_with_bridge(Args const& args, int i, State x) {
        RegionData<Real, dim> const& region = args.targets.region[0];
        LaneArrays& lanes = *args.lanes;
        Words4 words{};
        int count = 0;
        bool event = false;
        for (int k = 0; k < args.steps && !event; ++k) {
            std::uint64_t const step = args.step[i] + static_cast<unsigned>(k);
            if (k % 4 == 0) words = words4(args.seed, step / 4, 0, Purpose::bridge, args.id[i]);
            Noise const* row = args.normals + k * Layout::rows_per_step * lane_count;
            State const after = args.stepper.step(args.landscape, x, load_normals(row, i));
            event = crossed_bridge<Noise>(region.half_space_distance(x),
                                          region.half_space_distance(after),
                                          args.targets.bridge_rate, words.w[step % 4]);
            x = after;
            ++count;
        }
        for (int c = 0; c < dim; ++c) lanes.x[c][i] = x[c];
        lanes.count[i] = Int(count);
        lanes.alive[i] = event ? Int(0) : lanes.alive[i];
    }

    template <RegionKind kind>
    KRAMERS_HD static Real distance(RegionData<Real, dim> const& region, State const& x) {
        if constexpr (kind == RegionKind::half_space) return region.half_space_distance(x);
        if constexpr (kind == RegionKind::ball) return region.ball_distance(x);
        if constexpr (kind == RegionKind::box) return region.box_distance(x);
    }

    template <bool bridge, RegionKind kind>
    KRAMERS_HD static void detect(Args const& args, RegionData<Real, dim> const& region, Int code,
                                  std::uint32_t const* __restrict words,
                                  Real const (&after)[dim][lane_count], Int (&event)[lane_count]) {
        LaneArrays const& lanes = *args.lanes;
        Real const rate = args.targets.bridge_rate;
        for (int i = 0; i < lane_count; ++i) {
            State x;
            for (int c = 0; c < dim; ++c) x[c] = after[c][i];
            Real const d = distance<kind>(region, x);
            bool hit;
            if constexpr (bridge)
                hit = crossed_bridge<Noise>(distance<kind>(region, load(lanes, i)), d, rate,
                                            words[i]);
            else hit = crossed_endpoint(d);
            event[i] = hit ? code : event[i];
        }
    }

    /// Marks lanes that left the bound and summarises each chunk, so that the caller only looks at
    /// chunks in which something ended.
    KRAMERS_HD static void finish(Args const& args) {
        LaneArrays& __restrict lanes = *args.lanes;
        for (int i = 0; i < lane_count; ++i) {
            bool inside = true;
            for (int c = 0; c < dim; ++c)
                inside = inside & (math::abs(lanes.x[c][i]) <= args.bound);
            lanes.alive[i] = inside ? lanes.alive[i] : Int(0);
        }
        for (int c = 0; c < chunk_count; ++c) {
            Int all = -1;
            for (int j = 0; j < lanes_per_chunk; ++j) all &= lanes.alive[c * lanes_per_chunk + j];
            lanes.chunk_alive[c] = all;
        }
    }
};

}  // namespace kramers
