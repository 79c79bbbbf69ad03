// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sde/noise/population.hpp"
#include "sde/random/fill.hpp"

namespace kramers::composed {

/// The reshuffled order of every lane's epoch, made once per epoch: population_offsets with the same
/// bits, without a shuffle in every step.
class EpochOrders {
  public:
    EpochOrders(coordinate::PopulationData const& data, std::uint64_t seed)
        : data_(data), whole_(data), seed_(seed), keys_(lane_count) {
        whole_.order = coordinate::PopulationOrder::without_replacement;
        whole_.batch = data.samples;
        orders_.resize(static_cast<std::size_t>(lane_count) * static_cast<unsigned>(data.samples));
    }

    /// Mean offset of the batch of this step, out[i·lane_count].
    void offsets(int lane, std::uint64_t trajectory, std::uint64_t step, double* out) {
        auto const steps = static_cast<std::uint64_t>(data_.samples / data_.batch);
        std::uint8_t const* const order =
            order_of(lane, trajectory, step / steps) + static_cast<int>(step % steps) * data_.batch;
        double const share = 1.0 / data_.batch;
        for (int c = 0; c < data_.dim; ++c) {
            double sum = 0.0;
            for (int j = 0; j < data_.batch; ++j)
                sum += share * data_.offsets[static_cast<long>(order[j]) * data_.dim + c];
            out[c * lane_count] = sum;
        }
    }

    std::size_t bytes() const { return orders_.capacity() + keys_.capacity() * sizeof(Key); }

  private:
    struct Key {
        std::uint64_t trajectory = 0, epoch = 0;
        bool set = false;
    };

    std::uint8_t const* order_of(int lane, std::uint64_t trajectory, std::uint64_t epoch) {
        std::uint8_t* const order = orders_.data() + static_cast<long>(lane) * data_.samples;
        Key& key = keys_[static_cast<std::size_t>(lane)];
        if (key.set && key.trajectory == trajectory && key.epoch == epoch) return order;
        coordinate::detail::Batch const all(whole_, seed_, trajectory, epoch);
        for (int j = 0; j < data_.samples; ++j) order[j] = static_cast<std::uint8_t>(all[j]);
        key = {trajectory, epoch, true};
        return order;
    }

    coordinate::PopulationData data_, whole_;
    std::uint64_t seed_;
    std::vector<std::uint8_t> orders_;
    std::vector<Key> keys_;
};

}  // namespace kramers::composed
