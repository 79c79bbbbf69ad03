// SPDX-License-Identifier: Apache-2.0
#include "gpu/snapshot_sums.hpp"

namespace kramers {

SnapshotLayout SnapshotLayout::make(SnapshotPlan const& plan, int dim) {
    SnapshotLayout layout{};
    layout.dim = dim;
    layout.histogram_count = static_cast<int>(plan.histograms.size());
    layout.region_count = static_cast<int>(plan.regions.size());
    layout.observable_count = static_cast<int>(plan.observables.size());
    layout.lagged = plan.lagged;
    layout.inverse_scale = 1.0 / plan.moment_scale;
    for (int i = 0; i < dim; ++i)
        layout.origin[i] = plan.origin.empty() ? 0.0 : plan.origin[static_cast<std::size_t>(i)];
    std::uint32_t next = 0;
    auto const take = [&](std::uint64_t count) {
        std::uint32_t const offset = next;
        next += static_cast<std::uint32_t>(count);
        return offset;
    };
    auto const d = static_cast<std::uint64_t>(dim);
    layout.samples = take(1);
    layout.diverged = take(1);
    layout.overflowed = take(1);
    layout.first = take(2 * d);
    layout.second = take(d * (d + 1));
    layout.lag = take(plan.lagged ? 2 * plan.snapshots * d * d : 0);
    layout.lag_samples = take(plan.lagged ? plan.snapshots : 0);
    layout.regions = take(plan.regions.size());
    for (int h = 0; h < layout.histogram_count; ++h) {
        HistogramPlan const& from = plan.histograms[static_cast<std::size_t>(h)];
        Histogram& to = layout.histogram[h];
        to.axis_x = from.axis_x;
        to.bins_x = from.bins_x;
        to.axis_y = from.axis_y;
        to.bins_y = from.bins_y;
        to.lower_x = from.lower_x;
        to.scale_x = from.bins_x / (from.upper_x - from.lower_x);
        to.lower_y = from.lower_y;
        to.scale_y = from.bins_y > 0 ? from.bins_y / (from.upper_y - from.lower_y) : 0.0;
        to.offset = take(1 + from.cells());
    }
    for (int k = 0; k < layout.observable_count; ++k) {
        Observable const& o = plan.observables[static_cast<std::size_t>(k)];
        layout.observable[k] = {o.kind, o.exponent, o.axis, o.factor, take(3)};
    }
    layout.size = next;
    return layout;
}

SnapshotGroup SnapshotLayout::group(SnapshotPlan const& plan, std::uint64_t const* counters) const {
    SnapshotGroup g;
    auto const fixed = [&](std::uint32_t offset, std::uint64_t k) {
        return FixedSum{static_cast<std::int64_t>(counters[offset + 2 * k]),
                        counters[offset + 2 * k + 1]};
    };
    auto const d = static_cast<std::uint64_t>(dim);
    g.samples = counters[samples];
    g.diverged = counters[diverged];
    g.overflowed = counters[overflowed];
    for (std::uint64_t i = 0; i < d; ++i) g.first.push_back(fixed(first, i));
    for (std::uint64_t i = 0; i < d * (d + 1) / 2; ++i) g.second.push_back(fixed(second, i));
    if (lagged) {
        for (std::uint64_t i = 0; i < plan.snapshots * d * d; ++i)
            g.lagged.push_back(fixed(lag, i));
        g.lagged_samples.assign(counters + lag_samples, counters + lag_samples + plan.snapshots);
    }
    for (int h = 0; h < histogram_count; ++h) {
        std::uint64_t const* cells = counters + histogram[h].offset;
        g.outside.push_back(cells[0]);
        g.histograms.emplace_back(cells + 1,
                                  cells + 1 + plan.histograms[static_cast<std::size_t>(h)].cells());
    }
    g.regions.assign(counters + regions, counters + regions + region_count);
    for (int k = 0; k < observable_count; ++k) {
        g.observables.push_back(fixed(observable[k].offset, 0));
        g.beyond.push_back(counters[observable[k].offset + 2]);
    }
    return g;
}

}  // namespace kramers
