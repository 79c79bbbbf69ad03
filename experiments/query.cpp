// SPDX-License-Identifier: Apache-2.0
#include "experiments/query.hpp"

#include "experiments/kinds/stationary.hpp"

namespace kramers {

theory::Query make_query(Cell const& cell) {
    theory::Query query;
    query.potential = cell.potential.get();
    query.temperature = cell.temperature;
    query.dt = cell.dt.front();
    query.scheme = cell.scheme;
    query.crossing = cell.crossing == Crossing::bridge ? "bridge" : "endpoint";
    query.learning_rate = cell.learning_rate;
    if (cell.start.kind == StartKind::point)
        query.start.assign(cell.start_point.data(),
                           cell.start_point.data() + cell.start_point.size());
    for (NamedRegion const& r : cell.regions) query.regions[r.name] = r.region;
    if (cell.stop_at_first) query.other_stops = cell.targets;
    return query;
}

std::vector<Estimand> natural_estimands(Cell const& cell, ExperimentKind kind) {
    std::vector<Estimand> list;
    if (kind == ExperimentKind::escape) {
        for (std::string const& to : cell.targets) list.emplace_back(MeanFirstPassage{to});
        return list;
    }
    for (int i = 0; i < cell.dim; ++i) list.emplace_back(StationaryCovariance{i, i});
    for (NamedRegion const& r : cell.regions) list.emplace_back(RegionWeight{r.name});
    for (HistogramPlan const& h : cell.snapshots.histograms)
        list.emplace_back(StationaryDensity{h.bins_y > 0 ? std::vector<int>{h.axis_x, h.axis_y}
                                                         : std::vector<int>{h.axis_x}});
    return list;
}

theory::Query with_bins(theory::Query query, Cell const& cell, Estimand const& estimand) {
    if (auto const* e = std::get_if<StationaryDensity>(&estimand))
        if (HistogramPlan const* h = find_histogram(cell, e->axes)) query.bin_edges = bin_edges(*h);
    return query;
}

}  // namespace kramers
