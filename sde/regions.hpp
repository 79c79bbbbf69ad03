// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sde/math.hpp"
#include "sde/vec.hpp"

namespace kramers {

enum class RegionKind : std::int32_t { half_space, ball, box };

/// A set of states in which a trajectory arrives, as plain numbers (host view).
///
///   half_space  {x : a·x ≥ offset}, |a| = 1          a: unit normal, offset: length
///   ball        {x : |x − a| ≤ extent[0]}            a: centre
///   box         {x : |x_i − a_i| ≤ extent[i] ∀i}     a: centre (an interval when d = 1)
///   complement  the closure of the complement of the above
struct Region {
    RegionKind kind = RegionKind::half_space;
    std::vector<double> a;
    double offset = 0.0;
    std::vector<double> extent;
    bool complement = false;
    friend bool operator==(Region const&, Region const&) = default;
};

/// The same region in the scalar of the state, for use inside a trajectory.
template <class Real, int Dim>
struct RegionData {
    RegionKind kind;
    Real sign;  // −1: complement
    Real offset;
    Vec<Real, Dim> a;
    Vec<Real, Dim> extent;

    /// Signed distance to the region: > 0 outside, ≤ 0 once arrived. For a box: the largest
    /// distance to a face (exact near a face). NaN for a non-finite state.
    KRAMERS_HD Real distance(Vec<Real, Dim> const& x) const {
        if (kind == RegionKind::half_space) return half_space_distance(x);
        if (kind == RegionKind::ball) return ball_distance(x);
        return box_distance(x);
    }
    KRAMERS_HD Real half_space_distance(Vec<Real, Dim> const& x) const {
        return sign * (offset - dot(a, x));
    }
    KRAMERS_HD Real ball_distance(Vec<Real, Dim> const& x) const {
        Vec<Real, Dim> const r = x - a;
        return sign * (math::sqrt(dot(r, r)) - extent[0]);
    }
    KRAMERS_HD Real box_distance(Vec<Real, Dim> const& x) const {
        Real r = math::abs(x[0] - a[0]) - extent[0];
        for (int i = 1; i < Dim; ++i) {
            Real const face = math::abs(x[i] - a[i]) - extent[i];
            r = face > r ? face : r;
        }
        return sign * r;
    }
};

/// Converts the host view. Precondition: region.a has Dim entries (checked when a spec is resolved).
template <class Real, int Dim>
RegionData<Real, Dim> region_data(Region const& region) {
    RegionData<Real, Dim> r{};
    r.kind = region.kind;
    r.sign = region.complement ? Real(-1) : Real(1);
    r.offset = static_cast<Real>(region.offset);
    for (int i = 0; i < Dim; ++i) {
        r.a[i] = static_cast<Real>(region.a[static_cast<std::size_t>(i)]);
        std::size_t const e = region.kind == RegionKind::box ? static_cast<std::size_t>(i) : 0;
        r.extent[i] = e < region.extent.size() ? static_cast<Real>(region.extent[e]) : Real(0);
    }
    return r;
}

}  // namespace kramers
