// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gpu/composed/composition.hpp"
#include "gpu/composed/law_draws.hpp"
#include "gpu/composed/noise_kernels.hpp"

namespace kramers::composed {

/// 64-byte aligned rows of doubles, zero at first.
class Rows {
  public:
    Rows() = default;
    explicit Rows(int count);
    double* data() { return base_; }
    double const* data() const { return base_; }
    double* row(int r) { return base_ + r * lane_count; }
    double const* row(int r) const { return base_ + r * lane_count; }

  private:
    std::vector<double> storage_;
    double* base_ = nullptr;
};

/// Called after every step of a sub-block of lanes; `step` counts from the start of the block.
class StepObserver {
  public:
    virtual ~StepObserver() = default;
    virtual void after_step(int step, int first_lane, int lanes, double const* position) = 0;
};

/// lane_count trajectories of a composed method: their states, their noise and the phases of a step.
/// Lanes advance a few at a time, so that the rows of a step stay in L1 whatever the dimension.
class LaneBlock {
  public:
    LaneBlock(Plan const& plan, Isa isa);

    int dim() const { return dim_; }
    int block_steps() const { return block_steps_; }
    double position(int coordinate, int lane) const { return state_.row(coordinate)[lane]; }
    double const* positions() const { return state_.data(); }

    /// Puts a trajectory at `x` (dim numbers), at rest, before its step `step`.
    void start(int lane, double const* x, std::uint64_t step);
    /// Draws the noise of the next block_steps() steps of every lane, from each lane's own step on.
    void draw(std::uint64_t const* step, std::uint64_t const* id, bool uniform);
    /// Makes steps from … to − 1 of the block. The observer may be null.
    void advance(int from, int to, StepObserver* observer);
    /// The two halves of advance(), to time them: the draws of the steps from what draw() left, and
    /// the arithmetic on the draws of the last step made.
    void draw_only(int from, int to);
    void move_only(int from, int to);
    /// Memory of the block and of all that it keeps.
    std::size_t bytes() const;

  private:
    void noise(int step, int lane, int lanes);
    void evaluate(int evaluation, int lane, int lanes);
    void move(int lane, int lanes);

    int dim_;
    int block_steps_;
    int lanes_at_once_;
    Isa isa_;
    LandscapeEntry const& landscape_;
    ProgramEntry const& program_;
    alignas(16) unsigned char landscape_data_[max_landscape_bytes];
    alignas(16) unsigned char program_data_[max_program_bytes];

    Composition composition_;
    std::vector<double> variances_;
    bool constant_amplitude_, counts_steps_, keeps_clock_, slope_;
    OracleKernel oracle_;
    AmplitudeKernel amplitude_kernel_;
    HessianNoiseKernel hessian_noise_kernel_ = nullptr;  ///< where draws are mixed by the Hessian
    ShiftKernel shift_kernel_ = nullptr;                 ///< of weight noise
    MemoryKernel memory_kernel_;
    ClockKernel clock_kernel_, next_step_kernel_;
    std::vector<ProgramKernel> phases_;

    OracleArgs oracle_args_;
    AmplitudeArgs amplitude_args_;
    HessianNoiseArgs hessian_noise_args_;
    MemoryArgs memory_args_;
    ClockArgs clock_args_;
    ShiftArgs shift_args_;
    ProgramArgs program_args_;

    Rows state_, point_, first_, second_, kept_, clock_, scratch_, zero_;
    Rows gradient_[max_evaluations], hessian_gradient_[max_evaluations], hessian_[max_evaluations],
        amplitude_[max_evaluations], slope_rows_[max_evaluations];
    Rows third_, value_, gradient_square_, cross_, whole_, vectors_, mixed_;
    std::optional<LawDraws> draws_;
    std::optional<LawDraws> second_draws_;  ///< normals, or a second batch
    std::size_t row_bytes_ = 0;
};

}  // namespace kramers::composed
