// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/law_draws.hpp"

#include "gpu/composed/composition.hpp"

namespace kramers::composed {

LawDraws::LawDraws(NoiseLaw const& law, LawStreams const& streams, Plan const& plan, Isa isa)
    : factor_(law.factor.empty() ? nullptr : law.factor.data()),
      dim_(plan.key.dim),
      seed_(plan.seed),
      isa_(isa),
      population_(population_data(law, dim_, streams.minibatch)),
      shape_kernel_(shape_kernel(law.shape, plan.key.precision == Precision::full, isa)),
      batch_kernel_(batch_kernel(law.order, isa)) {
    shape_args_.data = law.shape_data;
    shape_args_.dim = dim_;
    batch_args_.data = population_;

    FillTable const& fill = fill_table(isa);
    int const steps = block_steps(dim_);
    auto const kind = plan.key.precision == Precision::full ? DrawRows::Kind::normals_f64
                                                            : DrawRows::Kind::normals_f32;
    coordinate::DrawNeeds const needs = coordinate::draw_needs(law.shape);
    if (needs.normal)
        normals_.emplace(kind, streams.normals, dim_, steps, plan.noise_refinement, fill, seed_);
    if (int const words = needs.uniforms * dim_ + needs.shared; words > 0) {
        words_.emplace(DrawRows::Kind::words, streams.words, words, steps, 1, fill, seed_);
        low_words_.emplace(DrawRows::Kind::words, low_bits_of(streams.words), words, steps, 1, fill,
                           seed_);
    }
    bool const reshuffled = law.order == coordinate::PopulationOrder::reshuffled;
    if (needs.population && reshuffled) orders_.emplace(population_, seed_);
    if (needs.population && !reshuffled && law.batch <= most_words_ahead) {
        // Three words or more: a step then has its own call, as population_offsets counts them.
        int const words = law.batch < 3 ? 3 : law.batch;
        batches_.emplace(DrawRows::Kind::words, streams.minibatch, words, steps, 1, fill, seed_);
    }
}

std::size_t LawDraws::bytes() const {
    std::size_t sum = 0;
    for (auto const* const draws : {&normals_, &words_, &low_words_, &batches_})
        if (*draws) sum += (*draws)->bytes();
    if (orders_) sum += orders_->bytes();
    return sum;
}

void LawDraws::fill(std::uint64_t const* step, std::uint64_t const* id, bool uniform) {
    step_ = step;
    id_ = id;
    for (auto* const draws : {&normals_, &words_, &low_words_, &batches_})
        if (*draws) (*draws)->fill(step, id, uniform);
}

void LawDraws::draw(int step, int lane, int lanes, double* out) {
    if (batches_) {
        batch_args_.lanes = lanes;
        batch_args_.words = batches_->words(step) + lane;
        batch_args_.out = out;
        batch_kernel_(batch_args_);
    } else if (shape_kernel_ == nullptr) {
        population(step, lane, lanes, out);
    } else {
        shape(step, lane, lanes, out);
    }
    if (factor_ != nullptr) mix(factor_, dim_, lanes, out, isa_);
}

void LawDraws::shape(int step, int lane, int lanes, double* out) {
    shape_args_.lanes = lanes;
    shape_args_.out = out;
    if (normals_) {
        float const* const z32 = normals_->f32(step);
        double const* const z64 = normals_->f64(step);
        shape_args_.z32 = z32 == nullptr ? nullptr : z32 + lane;
        shape_args_.z64 = z64 == nullptr ? nullptr : z64 + lane;
    }
    if (words_) {
        shape_args_.high = words_->words(step) + lane;
        shape_args_.low = low_words_->words(step) + lane;
    }
    shape_kernel_(shape_args_);
}

void LawDraws::population(int step, int lane, int lanes, double* out) {
    for (int i = 0; i < lanes; ++i) {
        int const at_lane = lane + i;
        std::uint64_t const at = step_[at_lane] + static_cast<unsigned>(step);
        if (orders_) orders_->offsets(at_lane, id_[at_lane], at, out + i);
        else
            coordinate::population_offsets(population_, seed_, id_[at_lane], at, out + i,
                                           lane_count);
    }
}

}  // namespace kramers::composed
