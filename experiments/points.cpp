// SPDX-License-Identifier: Apache-2.0
#include "experiments/points.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "experiments/suggest.hpp"

namespace kramers {
namespace {

/// Saddles of a one-dimensional landscape (its maxima), from left to right.
std::vector<CriticalPoint> ordered(Potential const& potential, int morse_index) {
    std::vector<CriticalPoint> found;
    for (CriticalPoint const& c : potential.critical_points())
        if (c.morse_index == morse_index) found.push_back(c);
    std::sort(found.begin(), found.end(), [](CriticalPoint const& a, CriticalPoint const& b) {
        return a.point[0] < b.point[0];
    });
    return found;
}

/// Position at which a walker from x on the line enters the region, or nothing.
std::optional<double> entry(Region const& region, double x) {
    RegionData<double, 1> const data = region_data<double, 1>(region);
    if (data.distance({{x}}) <= 0.0) return x;
    if (region.kind == RegionKind::half_space) return region.offset * region.a[0];
    double const low = region.a[0] - region.extent[0], high = region.a[0] + region.extent[0];
    return std::abs(x - low) < std::abs(x - high) ? low : high;
}

std::optional<Climb> climb_on_line(Potential const& potential, CriticalPoint const& well,
                                   Region const* target) {
    double const x = well.point[0];
    std::optional<CriticalPoint> left, right, best;
    for (CriticalPoint const& s : ordered(potential, 1)) {
        if (s.point[0] < x) left = s;
        if (s.point[0] > x && !right) right = s;
    }
    double direction = 0.0;
    if (target != nullptr) {
        double const end = entry(*target, x).value_or(x);
        direction = end > x ? 1.0 : end < x ? -1.0 : 0.0;
        for (CriticalPoint const& s : ordered(potential, 1)) {
            double const along = direction * (s.point[0] - x);
            bool const between = along > 0.0 && along <= direction * (end - x);
            if (between && (!best || s.value > best->value)) best = s;
        }
    }
    if (!best) best = direction > 0.0 ? right : direction < 0.0 ? left : std::nullopt;
    if (!best && direction == 0.0) {
        best = left;
        if (right && (!left || right->value < left->value)) best = right;
    }
    if (!best) return std::nullopt;
    Climb climb{*best, best->value - well.value, {}};
    double const side = best->point[0] > x ? 1.0 : -1.0;
    double nearest = std::numeric_limits<double>::infinity();
    for (CriticalPoint const& m : ordered(potential, 0)) {
        double const beyond = side * (m.point[0] - best->point[0]);
        if (beyond <= 0.0 || beyond >= nearest) continue;
        nearest = beyond;
        climb.backward = best->value - m.value;
    }
    return climb;
}

/// Smallest distance between two named critical points along coordinate i; 0 when there is none.
double spacing_along(Potential const& potential, int i) {
    double spacing = 0.0;
    for (CriticalPoint const& a : potential.critical_points())
        for (CriticalPoint const& b : potential.critical_points()) {
            double const distance = std::abs(a.point[i] - b.point[i]);
            if (distance > 1e-9 && (spacing == 0.0 || distance < spacing)) spacing = distance;
        }
    return spacing;
}

/// Where the slope of coordinate i first changes sign going from `from` in `direction`: the edge of
/// the well along that coordinate. Steps of 1/32 of the spacing of the critical points, refined by
/// bisection; nothing within 64 spacings.
std::optional<double> edge_along(Potential const& potential, int i, double from, double direction) {
    double const step = direction * spacing_along(potential, i) / 32.0;
    if (step == 0.0) return std::nullopt;
    auto const uphill = [&](double x) {
        return direction * potential.coordinate_slope(i, x) > 0.0;
    };
    double inside = from + step;
    for (int k = 2; k <= 64 * 32; ++k) {
        double outside = from + step * k;
        if (uphill(outside)) {
            inside = outside;
            continue;
        }
        for (int refine = 0; refine < 60; ++refine) {
            double const middle = 0.5 * (inside + outside);
            (uphill(middle) ? inside : outside) = middle;
        }
        return 0.5 * (inside + outside);
    }
    return std::nullopt;
}

}  // namespace

std::optional<CriticalPoint> point_named(Potential const& potential, std::string_view name) {
    for (std::string_view prefix : {"", "minimum.", "saddle."})
        if (auto c = potential.critical_point(std::string(prefix) + std::string(name))) return c;
    return std::nullopt;
}

std::string no_such_point(Potential const& potential, std::string_view name) {
    std::vector<std::string> names;
    for (CriticalPoint const& c : potential.critical_points()) names.push_back(c.name);
    std::string text = potential.why_absent(name);
    // Something else than the list of names: the landscape says why this one is gone.
    bool const listed = text.find("(have: ") != std::string::npos;
    std::string const meant = closest(name, names);
    if (listed && !meant.empty()) text += fmt::format(". Did you mean \"{}\"?", meant);
    return text;
}

std::optional<CriticalPoint> nearest_minimum(Potential const& potential, Eigen::VectorXd const& x) {
    std::optional<CriticalPoint> best;
    for (CriticalPoint const& c : potential.critical_points())
        if (c.morse_index == 0 && (!best || (c.point - x).norm() < (best->point - x).norm()))
            best = c;
    return best;
}

std::optional<Climb> climb_from(Potential const& potential, CriticalPoint const& well,
                                Region const* target) {
    if (potential.dim() == 1) return climb_on_line(potential, well, target);
    std::optional<Climb> best;
    auto const distance = [&](CriticalPoint const& c) { return (c.point - well.point).norm(); };
    for (CriticalPoint const& c : potential.critical_points()) {
        double const height = c.value - well.value;
        if (c.morse_index != 1 || height <= 0.0) continue;
        double const slack =
            best ? 1e-9 * best->forward : 0.0;  // equal by symmetry: the nearer one
        bool const lower = !best || height < best->forward - slack;
        bool const nearer =
            best && height <= best->forward + slack && distance(c) < distance(best->saddle);
        if (lower || nearer) best = Climb{c, height, {}};
    }
    return best;
}

std::optional<Region> basin_of(Potential const& potential, CriticalPoint const& minimum,
                               std::string& why) {
    if (!potential.separable()) {
        why = "its basin is not an interval or a box";
        return std::nullopt;
    }
    WellEdges const edges = well_edges(potential, minimum.point);
    auto const d = edges.lower.size();
    bool const low = std::isfinite(edges.lower[0]), high = std::isfinite(edges.upper[0]);
    if (d == 1 && !low && high)
        return Region{RegionKind::half_space, {-1.0}, -edges.upper[0], {}, false};
    if (d == 1 && low && !high)
        return Region{RegionKind::half_space, {1.0}, edges.lower[0], {}, false};
    Region box{RegionKind::box, std::vector<double>(d), 0.0, std::vector<double>(d), false};
    for (std::size_t i = 0; i < d; ++i) {
        box.a[i] = 0.5 * (edges.lower[i] + edges.upper[i]);
        box.extent[i] = 0.5 * (edges.upper[i] - edges.lower[i]);
        if (std::isfinite(box.a[i]) && std::isfinite(box.extent[i])) continue;
        why = d == 1 ? "there is no saddle beside it: its basin is the whole line"
                     : "its basin is unbounded along a coordinate";
        return std::nullopt;
    }
    return box;
}

WellEdges well_edges(Potential const& potential, Eigen::VectorXd const& minimum) {
    double constexpr open = std::numeric_limits<double>::infinity();
    WellEdges edges;
    for (int i = 0; i < potential.dim(); ++i) {
        edges.lower.push_back(edge_along(potential, i, minimum[i], -1.0).value_or(-open));
        edges.upper.push_back(edge_along(potential, i, minimum[i], 1.0).value_or(open));
    }
    return edges;
}

double distance_to(Region const& region, Eigen::VectorXd const& x) {
    Eigen::Map<Eigen::VectorXd const> const a(region.a.data(), x.size());
    double outside = 0.0;
    switch (region.kind) {
        case RegionKind::half_space: outside = region.offset - a.dot(x); break;
        case RegionKind::ball: outside = (x - a).norm() - region.extent[0]; break;
        case RegionKind::box: {
            Eigen::Map<Eigen::VectorXd const> const extent(region.extent.data(), x.size());
            outside = ((x - a).cwiseAbs() - extent).maxCoeff();
        }
    }
    return region.complement ? -outside : outside;
}

std::string point_text(Eigen::VectorXd const& x) {
    if (x.size() == 1) return fmt::format("{:.6g}", x[0]);
    std::string text;
    for (Eigen::Index i = 0; i < x.size(); ++i)
        text += fmt::format("{}{:.6g}", i == 0 ? "" : ", ", x[i]);
    return "(" + text + ")";
}

}  // namespace kramers
