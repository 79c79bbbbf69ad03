// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/detector.hpp"

#include <cmath>
#include <limits>

#include "gpu/targets.hpp"

namespace kramers::composed {
namespace {

/// The arithmetic of RegionData::distance, coordinate after coordinate; the last one also compares.
/// hit(i, r): arrived, from what the coordinates before left in r.
template <class Hit>
KRAMERS_HD void look(DistanceArgs const& args, double const* x, double const* r, Hit const& hit) {
    std::int64_t const* const alive = args.alive;
    std::int64_t* const event = args.event;
    std::int64_t some = 0;
    KRAMERS_LANE_LOOP
    for (int i = 0; i < args.lanes; ++i) {
        std::int64_t const e = hit(x[i], r[i]) ? alive[i] : std::int64_t{0};
        event[i] = e;
        some |= e;
    }
    *args.some = some;
}

template <RegionKind kind>
struct Distance {
    /// r after one more coordinate.
    KRAMERS_HD static double add(bool first, double r, double a, double extent, double x) {
        if constexpr (kind == RegionKind::half_space) {
            return first ? a * x : r + a * x;
        } else if constexpr (kind == RegionKind::ball) {
            double const d = x - a;
            return first ? d * d : r + d * d;
        } else {
            double const face = math::abs(x - a) - extent;
            return first ? face : face > r ? face : r;
        }
    }
    /// distance > 0, or its negation for a complement. Not so for NaN.
    KRAMERS_HD static bool away(bool complement, double sign, double offset, double r) {
        if constexpr (kind == RegionKind::half_space) return sign * (offset - r) > 0.0;
        else if constexpr (kind == RegionKind::ball) return complement ? r < offset : r > offset;
        else return sign * r > 0.0;
    }
    template <bool complement>
    KRAMERS_HD static void last(DistanceArgs const& args, double const* r) {
        int const c = args.dim - 1;
        bool const first = c == 0;
        double const a = args.a[c], extent = kind == RegionKind::box ? args.extent[c] : 0.0;
        double const sign = args.sign, offset = args.offset;
        double const* const x = args.position + c * lane_count;
        auto const arrived = [=](bool only, double xi, double ri) {
            return !away(complement, sign, offset, add(only, ri, a, extent, xi));
        };
        if (first) look(args, x, x, [=](double xi, double) { return arrived(true, xi, 0.0); });
        else look(args, x, r, [=](double xi, double ri) { return arrived(false, xi, ri); });
    }
    static KRAMERS_HD void run(DistanceArgs const& args) {
        alignas(64) double r[lane_count];
        for (int c = 0; c < args.dim - 1; ++c) {
            double const a = args.a[c], extent = kind == RegionKind::box ? args.extent[c] : 0.0;
            double const* const x = args.position + c * lane_count;
            if (c == 0) {
                KRAMERS_LANE_LOOP
                for (int i = 0; i < args.lanes; ++i) r[i] = add(true, 0.0, a, extent, x[i]);
            } else {
                KRAMERS_LANE_LOOP
                for (int i = 0; i < args.lanes; ++i) r[i] = add(false, r[i], a, extent, x[i]);
            }
        }
        if (kind == RegionKind::ball && args.sign < 0.0) last<true>(args, r);
        else last<false>(args, r);
    }
};

/// some: any lane with a coordinate beyond the bound `offset`, or with a NaN.
struct Bound {
    static KRAMERS_HD void run(DistanceArgs const& args) {
        double const bound = args.offset;
        std::int64_t some = 0;
        for (int c = 0; c < args.dim; ++c) {
            double const* const x = args.position + c * lane_count;
            KRAMERS_LANE_LOOP
            for (int i = 0; i < lane_count; ++i)
                some |= math::abs(x[i]) <= bound ? std::int64_t{0} : std::int64_t{-1};
        }
        *args.some = some;
    }
};

DistanceKernel kernel_of(RegionKind kind, Isa isa) {
    switch (kind) {
        case RegionKind::half_space:
            return Clones<Distance<RegionKind::half_space>, DistanceArgs>::select(isa);
        case RegionKind::ball: return Clones<Distance<RegionKind::ball>, DistanceArgs>::select(isa);
        case RegionKind::box: return Clones<Distance<RegionKind::box>, DistanceArgs>::select(isa);
    }
    return nullptr;
}

/// What q is compared with in place of √q with `radius`, exactly: the largest q whose root, rounded,
/// is not above it; for a complement, the smallest whose root is not below it.
double square_threshold(double radius, bool complement) {
    constexpr double end = std::numeric_limits<double>::infinity();
    double q = radius * radius;
    if (radius < 0.0) return complement ? 0.0 : -end;
    if (complement) {
        while (q < end && std::sqrt(q) < radius) q = std::nextafter(q, end);
        while (q > 0.0 && std::sqrt(std::nextafter(q, 0.0)) >= radius) q = std::nextafter(q, 0.0);
    } else {
        while (q > 0.0 && std::sqrt(q) > radius) q = std::nextafter(q, 0.0);
        while (q < end && std::sqrt(std::nextafter(q, end)) <= radius) q = std::nextafter(q, end);
    }
    return q;
}

}  // namespace

Detector::Detector(PassagePlan const& passage, int dim, double bound, Isa isa)
    : dim_(dim), bound_(bound), bound_kernel_(Clones<Bound, DistanceArgs>::select(isa)) {
    for (Region const& region : passage.targets) {
        double const threshold = region.kind == RegionKind::ball
                                     ? square_threshold(region.extent[0], region.complement)
                                     : region.offset;
        targets_.push_back({region.kind, region.complement ? -1.0 : 1.0, region.offset, region.a,
                            region.extent, threshold, kernel_of(region.kind, isa)});
    }
    for (int i = 0; i < lane_count; ++i) watched[i] = false;
    begin_block();
}

void Detector::begin_block() {
    any_ = false;
    for (int i = 0; i < lane_count; ++i) {
        count[i] = -1;
        alive_[i] = watched[i] ? -1 : 0;
    }
}

double Detector::distance(Target const& t, double const* x, int stride) const {
    if (t.kind == RegionKind::half_space) {
        double r = t.a[0] * x[0];
        for (int c = 1; c < dim_; ++c) r = r + t.a[static_cast<std::size_t>(c)] * x[c * stride];
        return t.sign * (t.offset - r);
    }
    double r = 0.0;
    for (int c = 0; c < dim_; ++c) {
        auto const k = static_cast<std::size_t>(c);
        double const d = x[c * stride] - t.a[k];
        if (t.kind == RegionKind::ball) {
            r = c == 0 ? d * d : r + d * d;
        } else {
            double const face = math::abs(d) - t.extent[k];
            r = c == 0 ? face : face > r ? face : r;
        }
    }
    if (t.kind == RegionKind::ball) r = math::sqrt(r) - t.extent[0];
    return t.sign * r;
}

int Detector::target_at(double const* x, int stride) const {
    for (std::size_t t = 0; t < targets_.size(); ++t)
        if (crossed_endpoint(distance(targets_[t], x, stride))) return static_cast<int>(t);
    return -1;
}

bool Detector::inside_bound(double const* x, int stride) const {
    bool inside = true;
    for (int c = 0; c < dim_; ++c) inside = inside && math::abs(x[c * stride]) <= bound_;
    return inside;
}

bool Detector::all_inside(double const* positions) const {
    std::int64_t some = 0;
    DistanceArgs args{};
    args.offset = bound_;
    args.dim = dim_;
    args.position = positions;
    args.some = &some;
    bound_kernel_(args);
    return some == 0;
}

void Detector::after_step(int step, int first_lane, int lanes, double const* position) {
    alignas(64) std::int64_t event[lane_count];
    std::int64_t some = 0;
    for (Target const& t : targets_) {
        t.kernel({t.sign, t.threshold, t.a.data(), t.extent.data(), dim_, lanes, position,
                  alive_ + first_lane, event, &some});
        if (some == 0) continue;
        for (int i = 0; i < lanes; ++i) {
            if (event[i] == 0) continue;
            int const lane = first_lane + i;
            count[lane] = step + 1;
            target[lane] = target_at(position + i, lane_count);
            outside[lane] = !inside_bound(position + i, lane_count);
            alive_[lane] = 0;
            any_ = true;
        }
    }
}

}  // namespace kramers::composed
