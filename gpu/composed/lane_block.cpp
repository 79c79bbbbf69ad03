// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/lane_block.hpp"

#include <stdexcept>

namespace kramers::composed {

Rows::Rows(int count) : storage_(static_cast<std::size_t>(count) * lane_count + 8, 0.0) {
    auto const address = reinterpret_cast<std::uintptr_t>(storage_.data());
    base_ = reinterpret_cast<double*>((address + 63) / 64 * 64);
}

namespace {

LandscapeEntry const& landscape_of(Plan const& plan) {
    LandscapeEntry const* entry = find_landscape(plan.key.landscape, plan.key.dim);
    if (entry == nullptr) throw std::invalid_argument("no such landscape: " + plan.key.landscape);
    return *entry;
}

ProgramEntry const& program_of(Plan const& plan) {
    ProgramEntry const* entry = find_program(plan.key.dynamics, plan.key.scheme);
    if (entry == nullptr)
        throw std::invalid_argument("no such method: " + plan.key.dynamics + ", " +
                                    plan.key.scheme);
    return *entry;
}

/// As many lanes as keep about 24 KiB of rows, a multiple of lane_quantum that divides lane_count.
int lanes_at_once(int rows) {
    for (int const lanes : {192, 96, 64, 48, 32})
        if (lanes * rows * 8 <= 24 * 1024) return lanes;
    return lane_quantum;
}

}  // namespace

LaneBlock::LaneBlock(Plan const& plan, Isa isa)
    : dim_(plan.key.dim),
      block_steps_(composed::block_steps(plan.key.dim)),
      isa_(isa),
      landscape_(landscape_of(plan)),
      program_(program_of(plan)),
      composition_(plan.composition),
      variances_(composition_.noise.variances) {
    variances_.resize(static_cast<std::size_t>(dim_), 0.0);
    NoiseLaw const& law = composition_.noise;
    landscape_.make(plan.landscape.data(), landscape_data_);
    program_.prepare(plan.dynamics.data(), plan.dt, program_data_);
    unsigned const own = program_.needs_for(plan.dynamics.data());
    unsigned const needs = needs_of(program_, composition_, plan.dynamics.data());
    int const entries = 1 + program_.memory;
    int rows = 0;
    auto const make = [&](Rows& target, int count) {
        target = Rows(count);
        rows += count;
    };
    make(state_, entries * dim_);
    make(point_, dim_);
    make(first_, dim_);
    if (program_.uses_second) make(second_, dim_);
    if (remembers(law.memory)) make(kept_, dim_);
    make(clock_, 4);
    slope_ = (own & coordinate::needs_variance_slope) != 0;
    constant_amplitude_ = !depends_on_place(law.amplitude);
    for (int e = 0; e < program_.evaluations; ++e) {
        make(gradient_[e], dim_);
        if (needs & coordinate::needs_hessian_gradient) make(hessian_gradient_[e], dim_);
        if (needs & coordinate::needs_hessian) make(hessian_[e], dim_);
        make(amplitude_[e], dim_);
        if (slope_) make(slope_rows_[e], dim_);
    }
    if (needs & coordinate::needs_third) make(third_, dim_);
    if (needs & coordinate::needs_value) make(value_, 1);
    if (needs & coordinate::needs_gradient_square) make(gradient_square_, 1);
    if (mixes_by_hessian(landscape_, law)) {
        hessian_noise_kernel_ = hessian_noise_kernel(dim_, isa);
        hessian_noise_args_.data = law.amplitude_data;
        hessian_noise_args_.dim = dim_;
        if (dim_ == 2) {
            make(cross_, 1);
        } else {
            int const packed = (dim_ * dim_ * lane_quantum + lane_count - 1) / lane_count;
            make(whole_, packed);
            make(vectors_, packed);
            hessian_noise_args_.whole = oracle_args_.whole = whole_.data();
            hessian_noise_args_.vectors = vectors_.data();
        }
        make(mixed_, dim_);
    }
    bool const rotated = !composition_.gradient_transform.empty();
    if (rotated) make(scratch_, dim_);
    make(zero_, dim_);
    lanes_at_once_ = whole_.data() == nullptr ? lanes_at_once(rows) : lane_quantum;
    row_bytes_ = static_cast<std::size_t>(rows) * lane_count * sizeof(double);

    oracle_ = landscape_.oracle(isa);
    amplitude_kernel_ = amplitude_kernel(law.amplitude, isa);
    memory_kernel_ = memory_kernel(law.memory, isa);
    clock_kernel_ = clock_kernel(isa);
    next_step_kernel_ = next_step_kernel(isa);
    if (law.point_shift != 0.0) shift_kernel_ = shift_kernel(isa);
    for (int phase = 0; phase <= program_.evaluations; ++phase)
        phases_.push_back(program_.kernel(isa, phase));

    oracle_args_.landscape = landscape_data_;
    oracle_args_.needs = needs & ~static_cast<unsigned>(coordinate::needs_variance_slope);
    amplitude_args_.data = law.amplitude_data;
    amplitude_args_.coordinate_variance = variances_.data();
    amplitude_args_.dim = dim_;
    memory_args_.data = law.memory_data;
    memory_args_.dim = dim_;
    program_args_.program = program_data_;
    program_args_.dim = dim_;
    shift_args_.shift = law.point_shift;
    shift_args_.dim = dim_;

    clock_args_.rate = composition_.rate;
    clock_args_.noise = composition_.noise_schedule;
    clock_args_.iterations_per_step = composition_.iterations_per_step;
    clock_args_.dt = program_.discrete ? 0.0 : plan.dt;
    keeps_clock_ = program_.uses_time || !is_constant(composition_.rate) ||
                   !is_constant(composition_.noise_schedule);
    counts_steps_ = keeps_clock_ || remembers(law.memory);
    for (int i = 0; i < lane_count; ++i) clock_.row(2)[i] = clock_.row(3)[i] = 1.0;
    if (constant_amplitude_) {
        amplitude_args_.lanes = lane_count;
        amplitude_args_.point = point_.data();
        amplitude_args_.gradient = gradient_[0].data();
        for (int e = 0; e < program_.evaluations; ++e) {
            amplitude_args_.amplitude = amplitude_[e].data();
            amplitude_args_.variance_slope = slope_ ? slope_rows_[e].data() : nullptr;
            amplitude_kernel_(amplitude_args_);
        }
    }

    draws_.emplace(law, first_batch(), plan, isa);
    static NoiseLaw const normal{};
    if (program_.uses_second)
        second_draws_.emplace(program_.second_batch ? law : normal, second_batch(), plan, isa);
}

std::size_t LaneBlock::bytes() const {
    std::size_t sum = sizeof(*this) + row_bytes_ + draws_->bytes();
    if (second_draws_) sum += second_draws_->bytes();
    return sum + composition_.noise.offsets.capacity() * sizeof(double);
}

void LaneBlock::start(int lane, double const* x, std::uint64_t step) {
    int const entries = (1 + program_.memory) * dim_;
    for (int r = 0; r < entries; ++r) state_.row(r)[lane] = r < dim_ ? x[r] : 0.0;
    if (memory_kernel_ != nullptr)
        for (int c = 0; c < dim_; ++c) kept_.row(c)[lane] = 0.0;
    clock_.row(0)[lane] = static_cast<double>(step);
}

void LaneBlock::draw(std::uint64_t const* step, std::uint64_t const* id, bool uniform) {
    draws_->fill(step, id, uniform);
    if (second_draws_) second_draws_->fill(step, id, uniform);
}

void LaneBlock::advance(int from, int to, StepObserver* observer) {
    for (int lane = 0; lane < lane_count; lane += lanes_at_once_)
        for (int k = from; k < to; ++k) {
            noise(k, lane, lanes_at_once_);
            move(lane, lanes_at_once_);
            if (observer != nullptr)
                observer->after_step(k, lane, lanes_at_once_, state_.data() + lane);
        }
}

void LaneBlock::draw_only(int from, int to) {
    for (int lane = 0; lane < lane_count; lane += lanes_at_once_)
        for (int k = from; k < to; ++k) noise(k, lane, lanes_at_once_);
}

void LaneBlock::move_only(int from, int to) {
    for (int lane = 0; lane < lane_count; lane += lanes_at_once_)
        for (int k = from; k < to; ++k) move(lane, lanes_at_once_);
}

/// The draws of one step: shape, mixing, memory.
void LaneBlock::noise(int step, int lane, int lanes) {
    double* const first = first_.data() + lane;
    draws_->draw(step, lane, lanes, first);
    if (memory_kernel_ != nullptr) {
        memory_args_.lanes = lanes;
        memory_args_.draw = first;
        memory_args_.kept = kept_.data() + lane;
        memory_args_.step = clock_.row(0) + lane;
        memory_kernel_(memory_args_);
    }
    if (second_draws_) second_draws_->draw(step, lane, lanes, second_.data() + lane);
}

void LaneBlock::evaluate(int e, int lane, int lanes) {
    auto const at = [&](Rows& rows) {
        return rows.data() == nullptr ? nullptr : rows.data() + lane;
    };
    oracle_args_.lanes = lanes;
    oracle_args_.point = at(point_);
    oracle_args_.gradient = at(gradient_[e]);
    oracle_args_.hessian_gradient = at(hessian_gradient_[e]);
    oracle_args_.hessian = at(hessian_[e]);
    oracle_args_.cross = at(cross_);
    oracle_args_.third = at(third_);
    oracle_args_.value = at(value_);
    oracle_args_.gradient_square = at(gradient_square_);
    oracle_(oracle_args_);
    if (hessian_noise_kernel_ != nullptr) {
        HessianNoiseArgs& h = hessian_noise_args_;
        h.lanes = lanes;
        h.hessian = oracle_args_.hessian;
        h.cross = oracle_args_.cross;
        h.draw = at(first_);
        h.amplitude = at(amplitude_[e]);
        h.mixed = at(mixed_);
        hessian_noise_kernel_(h);
        program_args_.first = h.mixed;
    } else if (!constant_amplitude_) {
        AmplitudeArgs& a = amplitude_args_;
        a.lanes = lanes;
        a.point = oracle_args_.point;
        a.gradient = oracle_args_.gradient;
        a.hessian_gradient = oracle_args_.hessian_gradient;
        a.hessian = oracle_args_.hessian;
        a.third = oracle_args_.third;
        a.value = oracle_args_.value;
        a.gradient_square = oracle_args_.gradient_square;
        a.amplitude = at(amplitude_[e]);
        a.variance_slope = slope_ ? at(slope_rows_[e]) : nullptr;
        amplitude_kernel_(a);
    }
    if (scratch_.data() != nullptr)
        transform(composition_.gradient_transform.data(), dim_, lanes, at(gradient_[e]),
                  at(scratch_), isa_);
    auto const or_zero = [&](Rows& rows) { return rows.data() == nullptr ? at(zero_) : at(rows); };
    SiteRows& site = program_args_.sites[e];
    site.gradient = at(gradient_[e]);
    site.hessian_gradient = or_zero(hessian_gradient_[e]);
    site.hessian = or_zero(hessian_[e]);
    site.amplitude = at(amplitude_[e]);
    site.variance_slope = or_zero(slope_rows_[e]);
}

/// The arithmetic of one step, on the draws that noise() left.
void LaneBlock::move(int lane, int lanes) {
    clock_args_.lanes = lanes;
    clock_args_.step = clock_.row(0) + lane;
    clock_args_.time = clock_.row(1) + lane;
    clock_args_.rate_row = clock_.row(2) + lane;
    clock_args_.noise_row = clock_.row(3) + lane;
    if (keeps_clock_) clock_kernel_(clock_args_);
    ProgramArgs& p = program_args_;
    p.lanes = lanes;
    p.state = state_.data() + lane;
    p.first = first_.data() + lane;
    p.second = second_.data() == nullptr ? nullptr : second_.data() + lane;
    p.step = clock_.row(0) + lane;
    p.time = clock_.row(1) + lane;
    p.rate = clock_.row(2) + lane;
    p.noise = clock_.row(3) + lane;
    p.point = point_.data() + lane;
    for (int e = 0; e < program_.evaluations; ++e) {
        phases_[static_cast<std::size_t>(e)](p);
        if (shift_kernel_ != nullptr) {
            shift_args_.lanes = lanes;
            shift_args_.point = p.point;
            shift_args_.draw = p.first;
            shift_args_.noise = p.noise;
            shift_kernel_(shift_args_);
        }
        evaluate(e, lane, lanes);
    }
    phases_[static_cast<std::size_t>(program_.evaluations)](p);
    if (counts_steps_) next_step_kernel_(clock_args_);
}

}  // namespace kramers::composed
