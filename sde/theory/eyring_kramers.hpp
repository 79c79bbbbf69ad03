// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sde/regions.hpp"
#include "sde/theory/kramers.hpp"

namespace kramers::theory {

/// Eyring–Kramers mean time from a well to a target that holds the wells next to it.
///
///   1/τ = Σ_s |λ₋(s)|/(2π) · √(det H_a / |det H_s|) · e^{−(V(s) − V(a))/T}
///
/// Shape       x ∈ R^d, not necessarily separable
/// Facts       the saddles of the well are found by following the gradient flow down both sides of
///             every listed index-1 point; only direct neighbours count
/// Valid for   ΔV/T ≥ 2; all saddles within 3T of the lowest lead to minima inside the target; the
///             target starts at least 3 thermal widths √(T/|λ₋|) beyond them (E12's Φ)
/// Error       O(T); `error` = T/ΔV, the size of that term for a quartic well within a factor 3
/// Source      bovier2004; berglund2013 (E15, E16)
Asymptotic eyring_kramers_time(Potential const& potential, double temperature,
                               std::vector<double> const& start, Region const& target);

/// Signed distance to a region, > 0 outside: RegionData::distance for any dimension.
double region_distance(Region const& region, Eigen::VectorXd const& x);

}  // namespace kramers::theory
