// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sde/regions.hpp"

namespace kramers::theory {

/// A closed interval of the line; an end may be infinite.
struct Interval1D {
    double lower = 0.0;
    double upper = 0.0;
};

/// The same region as at most two intervals. Precondition: region.a has one entry.
std::vector<Interval1D> intervals_of(Region const& region);

/// The points at which a 1-D motion from `start` first meets a target: one or both ends of the
/// interval around the start that the target leaves free.
struct AbsorbingEnds {
    std::optional<double> lower;
    std::optional<double> upper;
    std::string
        reason;  ///< non-empty: no passage problem (the start is inside, nothing is absorbing)
};
AbsorbingEnds absorbing_ends(std::vector<Region> const& regions, double start);

/// How a region in R^d reads for a separable potential, whose coordinates move independently.
struct AxisTarget {
    int axis = 0;
    AbsorbingEnds ends;
};
/// The coordinates that end the passage, with their ends: an axis-parallel half-space (one axis) or
/// the complement of a box (every axis, whichever leaves first). Empty with a reason for others.
struct AxisTargets {
    std::vector<AxisTarget> axes;
    std::string reason;
};
AxisTargets axis_targets(Region const& region, std::vector<double> const& start);

}  // namespace kramers::theory
