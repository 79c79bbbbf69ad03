// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "gpu/composed/draw_rows.hpp"
#include "gpu/composed/epoch_orders.hpp"
#include "gpu/composed/noise_kernels.hpp"
#include "gpu/plan.hpp"

namespace kramers::composed {

/// The draws ζ of a noise law for all lanes and a few steps: the raw numbers of its streams, and the
/// phases that shape and mix them. Memory is not their business: a second batch has none.
class LawDraws {
  public:
    /// The law outlives it.
    LawDraws(NoiseLaw const& law, LawStreams const& streams, Plan const& plan, Isa isa);

    /// Fills the steps of a block from each lane's own step on. Both arrays outlive the block.
    void fill(std::uint64_t const* step, std::uint64_t const* id, bool uniform);
    /// Step `step` of the block for lanes from `lane` on; out: dim rows, at that lane.
    void draw(int step, int lane, int lanes, double* out);
    /// Memory beside the object itself.
    std::size_t bytes() const;

  private:
    void shape(int step, int lane, int lanes, double* out);
    void population(int step, int lane, int lanes, double* out);

    double const* factor_;  ///< mixes the draws; null: it does not
    int dim_;
    std::uint64_t seed_;
    Isa isa_;
    coordinate::PopulationData population_;
    ShapeKernel shape_kernel_;
    BatchKernel batch_kernel_;
    ShapeArgs shape_args_;
    BatchArgs batch_args_;
    std::optional<DrawRows> normals_, words_, low_words_, batches_;
    std::optional<EpochOrders> orders_;
    std::uint64_t const* step_ = nullptr;  ///< of each lane, at the start of the block
    std::uint64_t const* id_ = nullptr;
};

}  // namespace kramers::composed
