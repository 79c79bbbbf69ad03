// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/absorbing.hpp"

#include <cmath>
#include <cstdio>

namespace kramers::theory {
namespace {

std::string number(double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", x);
    return text;
}

}  // namespace

std::vector<Interval1D> intervals_of(Region const& region) {
    double const infinity = INFINITY;
    if (region.kind == RegionKind::half_space) {
        double const edge = region.offset / region.a[0];
        bool const above = (region.a[0] > 0.0) != region.complement;
        return {above ? Interval1D{edge, infinity} : Interval1D{-infinity, edge}};
    }
    Interval1D const inner{region.a[0] - region.extent[0], region.a[0] + region.extent[0]};
    if (!region.complement) return {inner};
    return {{-infinity, inner.lower}, {inner.upper, infinity}};
}

AbsorbingEnds absorbing_ends(std::vector<Region> const& regions, double start) {
    AbsorbingEnds ends;
    for (Region const& region : regions)
        for (Interval1D const& target : intervals_of(region)) {
            if (target.lower <= start && start <= target.upper) {
                ends.reason = "the start " + number(start) + " is inside the target [" +
                              number(target.lower) + ", " + number(target.upper) +
                              "]: the passage time is 0";
                return ends;
            }
            if (target.upper < start && (!ends.lower || target.upper > *ends.lower))
                ends.lower = target.upper;
            if (target.lower > start && (!ends.upper || target.lower < *ends.upper))
                ends.upper = target.lower;
        }
    if (!ends.lower && !ends.upper) ends.reason = "no target region";
    return ends;
}

AxisTargets axis_targets(Region const& region, std::vector<double> const& start) {
    AxisTargets result;
    std::size_t const d = start.size();
    auto const add = [&](std::size_t axis, Region const& line) {
        AbsorbingEnds const ends = absorbing_ends({line}, start[axis]);
        if (!ends.reason.empty()) result.reason = ends.reason;
        result.axes.push_back({static_cast<int>(axis), ends});
    };
    if (d == 1) {
        add(0, region);
        return result;
    }
    if (region.kind == RegionKind::half_space) {
        for (std::size_t i = 0; i < d; ++i)
            if (std::abs(std::abs(region.a[i]) - 1.0) < 1e-12)
                add(i, Region{RegionKind::half_space,
                              {region.a[i]},
                              region.offset,
                              {},
                              region.complement});
        if (result.axes.empty())
            result.reason = "the half-space is not parallel to the axes of the separable potential";
        return result;
    }
    if (region.kind == RegionKind::box && region.complement) {
        for (std::size_t i = 0; i < d; ++i)
            add(i, Region{RegionKind::box, {region.a[i]}, 0.0, {region.extent[i]}, true});
        return result;
    }
    result.reason =
        "in more than one dimension only an axis-parallel half-space or the complement of a box "
        "splits into coordinates";
    return result;
}

}  // namespace kramers::theory
