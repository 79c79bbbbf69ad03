// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sde/regions.hpp"
#include "sde/theory/potential.hpp"

namespace kramers {

/// The critical point a user means: its full name, or the part after "minimum." or "saddle.".
std::optional<CriticalPoint> point_named(Potential const& potential, std::string_view name);
/// Why there is no such point, and what may have been meant.
std::string no_such_point(Potential const& potential, std::string_view name);

/// The named minimum nearest to x.
std::optional<CriticalPoint> nearest_minimum(Potential const& potential, Eigen::VectorXd const& x);

/// What there is to climb between a well and a region.
struct Climb {
    CriticalPoint saddle;
    double forward = 0.0;            ///< V(saddle) − V(well), energy
    std::optional<double> backward;  ///< V(saddle) − V(well behind it), where one is named (d = 1)
};

/// One dimension: the highest saddle between the well and the target (or, when the target begins
/// before it, the next one in its direction; without a target the lower neighbour). More
/// dimensions: the lowest named saddle above the well, of equal ones the nearest. Nothing when no
/// saddle is named.
std::optional<Climb> climb_from(Potential const& potential, CriticalPoint const& well,
                                Region const* target);

/// Where the walls of a well of a separable landscape are, coordinate by coordinate; ±∞ where it
/// has none.
struct WellEdges {
    std::vector<double> lower, upper;
};
WellEdges well_edges(Potential const& potential, Eigen::VectorXd const& minimum);

/// The basin of a minimum where it is an interval, a half-line or (separable V) a box; otherwise
/// nothing and `why` says so.
std::optional<Region> basin_of(Potential const& potential, CriticalPoint const& minimum,
                               std::string& why);

/// Signed distance of a point to a region, negative inside; any dimension (regions.hpp has the
/// fixed-size one that runs inside a trajectory).
double distance_to(Region const& region, Eigen::VectorXd const& x);

/// "(-1.0467, 0)" or "-1.0467" with 6 digits.
std::string point_text(Eigen::VectorXd const& x);

}  // namespace kramers
