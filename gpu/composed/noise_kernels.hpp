// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "gpu/composed/rows.hpp"
#include "sde/noise/amplitude.hpp"
#include "sde/noise/law.hpp"
#include "sde/noise/memory.hpp"
#include "sde/noise/population.hpp"
#include "sde/noise/schedule.hpp"
#include "sde/noise/shape.hpp"

/// The phases of a composed step that belong to its noise law: shape of the draws, their mixing by a
/// full covariance, their memory, the amplitude at an evaluation point, and the schedules. One loop
/// over lanes each, chosen by the law's enums.
namespace kramers::composed {

struct ShapeArgs {
    coordinate::ShapeData data;
    int dim = 0;
    int lanes = 0;
    float const* z32 = nullptr;  ///< dim rows of normals in one of the two precisions
    double const* z64 = nullptr;
    std::uint32_t const* high = nullptr;  ///< uniforms·dim rows of words, then the shared ones
    std::uint32_t const* low = nullptr;
    double* out = nullptr;  ///< dim rows
};
using ShapeKernel = void (*)(ShapeArgs const&);

struct AmplitudeArgs {
    coordinate::AmplitudeData data;
    double const* coordinate_variance = nullptr;  ///< dim numbers
    int dim = 0;
    int lanes = 0;
    double const* point = nullptr;  ///< dim rows, as gradient … third
    double const* gradient = nullptr;
    double const* hessian_gradient = nullptr;
    double const* hessian = nullptr;
    double const* third = nullptr;
    double const* value = nullptr;  ///< one row
    double const* gradient_square = nullptr;
    double* amplitude = nullptr;
    double* variance_slope = nullptr;  ///< null: not wanted
};
using AmplitudeKernel = void (*)(AmplitudeArgs const&);

/// Noise of the whole Hessian (sde/noise/hessian_root.hpp).
struct HessianNoiseArgs {
    coordinate::AmplitudeData data;
    int dim = 0;
    int lanes = 0;                    ///< lane_quantum beyond a plane
    double const* hessian = nullptr;  ///< dim rows, as draw, amplitude and mixed
    double const* cross = nullptr;    ///< of a plane: one row, H_01
    double* whole = nullptr;    ///< beyond: dim × dim packed rows of lane_quantum numbers, used up
    double* vectors = nullptr;  ///< the same
    double const* draw = nullptr;
    double* amplitude = nullptr;
    double* mixed = nullptr;
};
using HessianNoiseKernel = void (*)(HessianNoiseArgs const&);

struct MemoryArgs {
    coordinate::MemoryData data;
    int dim = 0;
    int lanes = 0;
    double* draw = nullptr;  ///< dim rows: ζ in, ξ out
    double* kept = nullptr;  ///< dim rows
    double const* step = nullptr;
};
using MemoryKernel = void (*)(MemoryArgs const&);

struct ClockArgs {
    coordinate::ScheduleData rate;
    coordinate::ScheduleData noise;
    double iterations_per_step = 1.0;
    double dt = 0.0;
    int lanes = 0;
    double* step = nullptr;
    double* time = nullptr;
    double* rate_row = nullptr;
    double* noise_row = nullptr;
};
using ClockKernel = void (*)(ClockArgs const&);

/// Batches whose words a block draws ahead; those of larger ones would not stay in L2.
inline constexpr int most_words_ahead = 16;

/// Mean offset of a batch of at most most_words_ahead, drawn anew in each step:
/// population_offsets from words that are there.
struct BatchArgs {
    coordinate::PopulationData data;
    int lanes = 0;
    std::uint32_t const* words = nullptr;  ///< data.batch rows
    double* out = nullptr;                 ///< data.dim rows
};
using BatchKernel = void (*)(BatchArgs const&);

/// point += shift · noise · draw
struct ShiftArgs {
    double shift = 0.0;
    int dim = 0;
    int lanes = 0;
    double* point = nullptr;       ///< dim rows
    double const* draw = nullptr;  ///< dim rows
    double const* noise = nullptr;
};
using ShiftKernel = void (*)(ShiftArgs const&);

ShapeKernel shape_kernel(coordinate::NoiseShape shape, bool double_normals, Isa isa);
AmplitudeKernel amplitude_kernel(coordinate::NoiseAmplitude kind, Isa isa);
HessianNoiseKernel hessian_noise_kernel(int dim, Isa isa);
MemoryKernel memory_kernel(coordinate::NoiseMemory memory, Isa isa);
/// Sets time and the schedules' factors from the step; rows of constant factors keep their 1.
ClockKernel clock_kernel(Isa isa);
/// step += 1
ClockKernel next_step_kernel(Isa isa);
ShiftKernel shift_kernel(Isa isa);
/// With or without replacement.
BatchKernel batch_kernel(coordinate::PopulationOrder order, Isa isa);

/// out rows = lower · in rows, in place; lower: dim × dim, row-major. out_i needs in_0 … in_i only.
void mix(double const* lower, int dim, int lanes, double* rows, Isa isa);
/// rows = matrix · rows, any matrix; scratch: dim rows.
void transform(double const* matrix, int dim, int lanes, double* rows, double* scratch, Isa isa);

}  // namespace kramers::composed
