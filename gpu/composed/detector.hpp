// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "gpu/composed/lane_block.hpp"
#include "gpu/plan.hpp"

namespace kramers::composed {

struct DistanceArgs {
    double sign, offset;  ///< of a half-space; of a ball, offset bounds the squared distance
    double const* a;
    double const* extent;
    int dim;
    int lanes;
    double const* position;
    std::int64_t const* alive;  ///< −1: looked at, 0: not
    std::int64_t* event;        ///< −1 where a lane that is looked at arrived, else 0
    std::int64_t* some;         ///< any of them
};
using DistanceKernel = void (*)(DistanceArgs const&);

/// Looks for arrivals after each step, at the step end. Most steps of most lanes have none, so one
/// loop over lanes says whether anything happened; only then is it looked at who it was.
class Detector final : public StepObserver {
  public:
    Detector(PassagePlan const& passage, int dim, double bound, Isa isa);

    void after_step(int step, int first_lane, int lanes, double const* position) override;

    /// Index of the first target that holds x (dim numbers at `stride`), or −1. NaN counts as in it.
    int target_at(double const* x, int stride) const;
    bool inside_bound(double const* x, int stride) const;
    /// Every lane of a block is inside the bound; one loop.
    bool all_inside(double const* positions) const;

    void begin_block();
    bool any() const { return any_; }

    // per lane, valid for the block
    bool watched[lane_count];  ///< set by the owner: a trajectory runs here
    int count[lane_count];     ///< steps made before it ended; −1: it has not
    int target[lane_count];    ///< where it ended
    bool outside[lane_count];  ///< it had left the bound when it ended

  private:
    struct Target {
        RegionKind kind;
        double sign, offset;
        std::vector<double> a, extent;
        double threshold;  ///< half-space: offset; ball: what the squared distance is compared with
        DistanceKernel kernel;
    };
    double distance(Target const& t, double const* x, int stride) const;

    std::vector<Target> targets_;
    int dim_;
    double bound_;
    void (*bound_kernel_)(DistanceArgs const&);
    bool any_ = false;
    alignas(64) std::int64_t alive_[lane_count];
};

}  // namespace kramers::composed
