// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/random/philox.hpp"

/// Gradient noise of a data set: N samples whose gradients differ from the mean gradient by fixed
/// offsets, of which a step sees a batch of B.
namespace kramers::coordinate {

enum class PopulationOrder {
    with_replacement,     ///< C = Σ/B
    without_replacement,  ///< a fresh batch each step: C = (Σ/B)(N − B)/(N − 1)
    reshuffled            ///< a fresh order each epoch of M = N/B steps
};

/// Largest N of an order without replacement: its shuffle is done anew in every step.
inline constexpr int largest_shuffle = 256;
inline constexpr int largest_population = 65536;
inline constexpr int largest_batch = 1024;

struct PopulationData {
    double const* offsets = nullptr;  ///< row-major N × dim, in units of √C_ii; columns sum to 0
    int samples = 0;                  ///< N
    int batch = 1;                    ///< B
    int dim = 1;
    PopulationOrder order = PopulationOrder::with_replacement;
    Purpose stream = Purpose::minibatch;
};

namespace detail {

/// 0 … n − 1, equally likely to n/2^32.
KRAMERS_HD constexpr int below(std::uint32_t word, int n) {
    return static_cast<int>((static_cast<std::uint64_t>(word) * static_cast<std::uint64_t>(n)) >>
                            32);
}

/// The samples of one step. Words: call = step (or epoch), word j for the j-th sample drawn.
class Batch {
  public:
    KRAMERS_HD Batch(PopulationData const& data, std::uint64_t seed, std::uint64_t trajectory,
                     std::uint64_t step)
        : data_(data), seed_(seed), trajectory_(trajectory), call_(step) {
        if (data.order == PopulationOrder::with_replacement) return;
        int count = data.batch;
        if (data.order == PopulationOrder::reshuffled) {
            auto const steps = static_cast<std::uint64_t>(data.samples / data.batch);
            call_ = step / steps;
            begin_ = static_cast<int>(step % steps) * data.batch;
            count += begin_;
        }
        shuffle(count);
    }
    KRAMERS_HD int operator[](int j) const {
        if (data_.order == PopulationOrder::with_replacement) return below(word(j), data_.samples);
        return order_[begin_ + j];
    }

  private:
    KRAMERS_HD std::uint32_t word(int j) const {
        return words4(seed_, call_, j / 4, data_.stream, trajectory_).w[j % 4];
    }
    /// The first `count` places of a uniform permutation (Fisher–Yates): the same for every count.
    KRAMERS_HD void shuffle(int count) {
        for (int j = 0; j < data_.samples; ++j) order_[j] = static_cast<std::uint8_t>(j);
        Words4 words{};
        for (int j = 0; j < count; ++j) {
            if (j % 4 == 0) words = words4(seed_, call_, j / 4, data_.stream, trajectory_);
            int const other = j + below(words.w[j % 4], data_.samples - j);
            std::uint8_t const sample = order_[other];
            order_[other] = order_[j];
            order_[j] = sample;
        }
    }

    PopulationData data_;
    std::uint64_t seed_;
    std::uint64_t trajectory_;
    std::uint64_t call_;
    int begin_ = 0;
    std::uint8_t order_[largest_shuffle];
};

}  // namespace detail

/// Mean offset of the batch that step `step` of this trajectory sees, for all coordinates:
/// out[i·stride], i < dim. Mean 0 and variance 1 each.
///
/// Facts       reshuffled: with M = N/B, R_j = −(1 − j/M) Σ/(N − 1) at lag 1 ≤ j < M of a uniformly
///             chosen position, R_0 + 2 Σ_j R_j = 0: a slow motion feels no noise
/// Cost        O(B), without replacement O(N)
/// Source      kuhn2023; S1, S2
KRAMERS_HD void population_offsets(PopulationData const& data, std::uint64_t seed,
                                   std::uint64_t trajectory, std::uint64_t step, double* out,
                                   int stride) {
    detail::Batch const batch(data, seed, trajectory, step);
    double const share = 1.0 / data.batch;
    for (int i = 0; i < data.dim; ++i) out[i * stride] = 0.0;
    for (int j = 0; j < data.batch; ++j) {
        double const* const row = data.offsets + static_cast<long>(batch[j]) * data.dim;
        for (int i = 0; i < data.dim; ++i) out[i * stride] += share * row[i];
    }
}

/// The same for one coordinate.
KRAMERS_HD double population_offset(PopulationData const& data, std::uint64_t seed,
                                    std::uint64_t trajectory, std::uint64_t step, int coordinate) {
    detail::Batch const batch(data, seed, trajectory, step);
    double const share = 1.0 / data.batch;
    double sum = 0.0;
    for (int j = 0; j < data.batch; ++j) {
        sum += share * data.offsets[static_cast<long>(batch[j]) * data.dim + coordinate];
    }
    return sum;
}

}  // namespace kramers::coordinate
