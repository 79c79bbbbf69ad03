// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "estimators/tallies/snapshots.hpp"
#include "gpu/plan.hpp"
#include "sde/hd.hpp"
#include "sde/math.hpp"

namespace kramers {

/// Where the integers of one group stand in a flat array of 64-bit counters, so that host threads
/// add to them directly and a GPU by atomics.
struct SnapshotLayout {
    struct Histogram {
        int axis_x, bins_x, axis_y, bins_y;  // bins_y = 0: one coordinate
        double lower_x, scale_x, lower_y, scale_y;
        std::uint32_t offset;  // [outside, cells…]
    };
    struct Summed {
        Observable::Kind kind;
        int exponent, axis;
        double factor;
        std::uint32_t offset;  // [high, low, beyond]
    };
    static constexpr int max_histograms = 40;
    static constexpr int max_regions = 32;

    int dim;
    int histogram_count;
    int region_count;
    int observable_count;
    bool lagged;
    double inverse_scale;
    double origin[max_dim];
    Histogram histogram[max_histograms];
    Summed observable[max_observables];
    std::uint32_t samples, diverged, overflowed;  // offsets
    std::uint32_t first, second, lag, lag_samples, regions, size;

    /// Precondition: at most max_histograms histograms, max_regions regions and max_observables
    /// observables.
    static SnapshotLayout make(SnapshotPlan const& plan, int dim);
    /// The tally of one group from its counters.
    SnapshotGroup group(SnapshotPlan const& plan, std::uint64_t const* counters) const;
};

namespace detail {

KRAMERS_HD void add_counter(std::uint64_t* counter, std::uint64_t amount) {
#if KRAMERS_DEVICE_PASS
    atomicAdd(reinterpret_cast<unsigned long long*>(counter),
              static_cast<unsigned long long>(amount));
#else
    *counter += amount;
#endif
}

/// Adds round(v·2^40) to a FixedSum stored as [high, low].
KRAMERS_HD void add_fixed(std::uint64_t* sum, double v) {
    double const scaled = v * FixedSum::scale;
    auto const units = static_cast<std::int64_t>(scaled + (scaled < 0.0 ? -0.5 : 0.5));
    add_counter(sum, static_cast<std::uint64_t>(units >> 32));
    add_counter(sum + 1, static_cast<std::uint64_t>(units) & 0xffffffffu);
}

/// φ(x) of an observable.
KRAMERS_HD double observed(SnapshotLayout::Summed const& o, double x) {
    double const y = o.factor * x;
    if (o.kind == Observable::Kind::cosine) return math::cos(y);
    if (o.kind == Observable::Kind::sine) return math::sin(y);
    double power = y;
    for (int k = 1; k < o.exponent; ++k) power *= y;
    return power;
}

/// Bin of x, or −1 when out of range. The last edge belongs to no bin.
KRAMERS_HD int bin_of(double x, double lower, double scale, int bins) {
    double const position = (x - lower) * scale;
    if (!(position >= 0.0) || !(position < bins)) return -1;
    return static_cast<int>(position);
}

}  // namespace detail

/// Largest |y| that enters the moments; beyond it a sample is counted as overflowed.
inline constexpr double moment_limit = 1024.0;
/// Largest |φ| that enters the sum of an observable.
inline constexpr double observable_limit = 1048576.0;

/// Adds snapshot number `index` of one trajectory, in double whatever the precision of its state.
/// first: the trajectory's standardised first snapshot (dim values), written when index = 0.
template <int Dim>
KRAMERS_HD void add_snapshot(SnapshotLayout const& layout, RegionData<double, Dim> const* regions,
                             std::uint64_t* counters, Vec<double, Dim> const& x,
                             std::uint64_t index, double* first) {
    detail::add_counter(counters + layout.samples, 1);
    Vec<double, Dim> y;
    bool fits = true;
    for (int i = 0; i < Dim; ++i) {
        y[i] = (x[i] - layout.origin[i]) * layout.inverse_scale;
        fits = fits & (math::abs(y[i]) <= moment_limit);
    }
    if (!fits) detail::add_counter(counters + layout.overflowed, 1);
    if (fits) {
        for (int i = 0; i < Dim; ++i) {
            detail::add_fixed(counters + layout.first + 2 * i, y[i]);
            for (int j = 0; j <= i; ++j)
                detail::add_fixed(counters + layout.second + 2 * (i * (i + 1) / 2 + j),
                                  y[i] * y[j]);
        }
    }
    if (layout.lagged) {
        if (index == 0)
            for (int i = 0; i < Dim; ++i) first[i] = fits ? y[i] : 2.0 * moment_limit;
        if (fits && math::abs(first[0]) <= moment_limit) {
            detail::add_counter(counters + layout.lag_samples + index, 1);
            for (int i = 0; i < Dim; ++i)
                for (int j = 0; j < Dim; ++j)
                    detail::add_fixed(counters + layout.lag + 2 * ((index * Dim + i) * Dim + j),
                                      first[i] * y[j]);
        }
    }
    for (int h = 0; h < layout.histogram_count; ++h) {
        SnapshotLayout::Histogram const& hist = layout.histogram[h];
        int cell = detail::bin_of(x[hist.axis_x], hist.lower_x, hist.scale_x, hist.bins_x);
        if (hist.bins_y > 0 && cell >= 0) {
            int const column =
                detail::bin_of(x[hist.axis_y], hist.lower_y, hist.scale_y, hist.bins_y);
            cell = column < 0 ? -1 : cell * hist.bins_y + column;
        }
        detail::add_counter(counters + hist.offset + 1 + cell, 1);  // cell −1: outside
    }
    for (int r = 0; r < layout.region_count; ++r)
        if (regions[r].distance(x) <= 0.0) detail::add_counter(counters + layout.regions + r, 1);
    for (int k = 0; k < layout.observable_count; ++k) {
        SnapshotLayout::Summed const& o = layout.observable[k];
        double const value = detail::observed(o, x[o.axis]);
        bool const within = math::abs(value) <= observable_limit;
        if (within) detail::add_fixed(counters + o.offset, value);
        else detail::add_counter(counters + o.offset + 2, 1);
    }
}

}  // namespace kramers
