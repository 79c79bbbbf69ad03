// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sde/random/fill.hpp"
#include "sde/random/streams.hpp"

namespace kramers::composed {

/// A few steps of one stream of random numbers for all lanes, `count` per step: the numbers that
/// address_of (sde/random/streams.hpp) names, in single or double precision or as words.
/// Row step·rows_per_step + component.
class DrawRows {
  public:
    enum class Kind { normals_f32, normals_f64, words };

    /// steps: capacity, a multiple of steps_per_call(count). refinement: a normal is the sum of that
    /// many fine ones over the root of their number (normals only).
    DrawRows(Kind kind, Purpose purpose, int count, int steps, int refinement,
             FillTable const& fill, std::uint64_t seed);

    /// Fills all steps from each lane's own step on, a multiple of steps_per_call(count).
    void fill(std::uint64_t const* step, std::uint64_t const* id, bool uniform);

    /// The rows of one step; null where the kind is another.
    float const* f32(int step) const { return f32_.at(row(step)); }
    double const* f64(int step) const { return f64_.at(row(step)); }
    std::uint32_t const* words(int step) const { return words_.at(row(step)); }

    /// Memory beside the object itself.
    std::size_t bytes() const {
        return f32_.bytes() + fine32_.bytes() + f64_.bytes() + fine64_.bytes() + words_.bytes();
    }

  private:
    /// 64-byte aligned storage.
    template <class T>
    struct Buffer {
        std::vector<T> storage;
        T* base = nullptr;
        void resize(std::size_t n) {
            storage.assign(n + 64 / sizeof(T), T{});
            auto const address = reinterpret_cast<std::uintptr_t>(storage.data());
            base = reinterpret_cast<T*>((address + 63) / 64 * 64);
        }
        T* data() { return base; }
        std::size_t bytes() const { return storage.capacity() * sizeof(T); }
        T const* at(std::size_t i) const { return base == nullptr ? nullptr : base + i; }
    };
    template <class T>
    void fill_as(Buffer<T>& out, Buffer<T>& fine, std::uint64_t const* step, bool uniform);
    template <class T>
    void run(int calls, bool uniform, T* out);
    std::uint64_t set_calls(std::uint64_t const* step, std::uint64_t offset);
    std::size_t row(int step) const {
        return static_cast<std::size_t>(step) * static_cast<std::size_t>(rows_) * lane_count;
    }

    Kind kind_;
    Purpose purpose_;
    int steps_, refinement_, per_call_, blocks_, rows_;
    FillTable const& fill_;
    std::uint64_t seed_;
    Buffer<float> f32_, fine32_;
    Buffer<double> f64_, fine64_;
    Buffer<std::uint32_t> words_;
    alignas(64) std::uint32_t call_low_[lane_count], call_high_[lane_count];
    alignas(64) std::uint32_t id_low_[lane_count], id_high_[lane_count];
};

}  // namespace kramers::composed
