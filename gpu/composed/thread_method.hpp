// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "gpu/plan.hpp"
#include "gpu/start_state.hpp"
#include "sde/noise/law.hpp"
#include "sde/noise/schedule.hpp"
#include "sde/vec.hpp"

namespace kramers::composed {

/// Dimensions in which a composed method can run with one trajectory per thread.
inline constexpr int thread_dims[] = {1, 2, 8};

/// visit.template operator()<Dim>(); false when Dim is none of thread_dims.
template <class Visit>
bool with_dim(int dim, Visit&& visit) {
    static_assert(std::size(thread_dims) == 3);
    if (dim == thread_dims[0]) visit.template operator()<thread_dims[0]>();
    else if (dim == thread_dims[1]) visit.template operator()<thread_dims[1]>();
    else if (dim == thread_dims[2]) visit.template operator()<thread_dims[2]>();
    else return false;
    return true;
}

/// A composed method in Dim dimensions as plain numbers. Choices are made at run time, the same for
/// all threads.
template <int Dim>
struct ThreadMethod {
    static constexpr std::size_t landscape_bytes = 1024;
    static constexpr std::size_t program_bytes = 512;

    int landscape;  ///< its number in LandscapesOf<Dim>
    int program;    ///< its number in AllPrograms
    int entries;    ///< numbers per coordinate of its state
    int refinement;
    unsigned needs;      ///< coordinate::Needs, of program and law together
    bool separable;      ///< its Hessian is diagonal
    bool full;           ///< normals in double precision
    bool uses_second;    ///< a second draw per coordinate: a normal
    bool second_batch;   ///< … or a draw of the law
    bool slope;          ///< the program wants ∂_i C_ii
    bool keeps_clock;    ///< something depends on the number of the step
    bool looks_further;  ///< an evaluation is more than a gradient and a constant amplitude
    bool shapes;         ///< a draw is more than a normal
    bool mixes;          ///< noise of a Hessian that is not diagonal
    coordinate::NoiseShape shape;
    coordinate::NoiseAmplitude amplitude_kind;
    coordinate::NoiseMemory memory;
    std::uint64_t seed;
    coordinate::AmplitudeData amplitude_data;
    coordinate::MemoryData memory_data;
    coordinate::ShapeData shape_data;
    coordinate::ScheduleData rate;
    coordinate::ScheduleData noise;
    double iterations_per_step;
    double dt;           ///< 0 for an optimizer
    double point_shift;  ///< of the law
    Vec<double, Dim> variances;
    Vec<double, Dim> amplitude;  ///< where it is constant
    // memory of the device, or of the host when it plays the device; null: none
    double const* factor;     ///< Dim × Dim, lower triangular: mixes the draws
    double const* transform;  ///< Dim × Dim: ∇V becomes M ∇V
    coordinate::PopulationData population;
    alignas(16) unsigned char landscape_data[landscape_bytes];
    alignas(16) unsigned char program_data[program_bytes];

    /// Rows of doubles that a trajectory keeps: its state, then the memory of its noise.
    KRAMERS_HD int rows() const {
        return (entries + (coordinate::remembers(memory) ? 1 : 0)) * Dim;
    }
};

/// The method of a plan, with pointers into the plan; host only. Defined for the dimensions of
/// thread_dims. Throws std::invalid_argument when why_no_threads says something.
template <int Dim>
ThreadMethod<Dim> thread_method(Plan const& plan);

/// Where trajectories begin, with a pointer into the plan; host only.
template <int Dim>
StartData<Dim> thread_start(Plan const& plan) {
    StartData<Dim> data{};
    if (plan.start.kind == StartKind::quantile_table) {
        data.table = plan.start.table.data();
        data.entries = static_cast<int>(plan.start.table.size()) / Dim;
    } else {
        for (int i = 0; i < Dim; ++i) data.point[i] = plan.start.point[static_cast<std::size_t>(i)];
    }
    return data;
}

}  // namespace kramers::composed
