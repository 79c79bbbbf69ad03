// SPDX-License-Identifier: Apache-2.0
#include "experiments/query.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/kinds/stationary.hpp"
#include "experiments/matrix_step.hpp"
#include "experiments/suggest.hpp"

namespace kramers {
namespace {

/// Formulas for the SDE itself, without its time step.
bool is_of_the_limit(std::string_view name) {
    return one_of(name, {"gibbs", "quadrature", "kramers", "kramers_corrected", "eyring_kramers",
                         "committor", "ou_limit"});
}

bool covers(TheoryScope scope, std::string_view name) {
    switch (scope) {
        case TheoryScope::itself: return true;
        case TheoryScope::second_moments:
            return is_of_the_limit(name) || one_of(name, {"sgd_discrete", "modified_2"});
        case TheoryScope::continuous: return is_of_the_limit(name);
        case TheoryScope::linear:
            return one_of(name, {"ou_limit", "sgd_discrete", "euler_discrete", "modified_2"});
        case TheoryScope::gibbs: return name == "gibbs";
        case TheoryScope::nothing: return false;
    }
    return false;
}

void name_the_map(PredictionResult& result, Cell const& cell) {
    if (!result.prediction || cell.theory.map.empty()) return;
    result.prediction->domain +=
        fmt::format("; of {} by its limit \"{}\"", cell.dynamics, cell.theory.map);
}

/// Everything that a prediction can depend on, as text; nothing for what is not worth keeping. A
/// passage time of the limit does not see the time step, so that the cells of a sweep over dt share
/// it.
std::string memory_key(Cell const& cell, std::string_view name, Estimand const& estimand,
                       theory::Query const& query) {
    if (query.potential != cell.potential.get() || !query.bin_edges.empty()) return {};
    std::string key = fmt::format("{} {} {:a} {} {} {:a}", cell.landscape, cell.dim,
                                  fmt::join(cell.landscape_values, " "), name, describe(estimand),
                                  query.temperature);
    if (auto const* e = std::get_if<Autocovariance>(&estimand)) key += fmt::format(" {:a}", e->lag);
    if (!one_of(name, {"quadrature", "kramers", "kramers_corrected", "eyring_kramers"}))
        key += fmt::format(" {:a} {:a} {} {:a}", query.dt, query.coarsest_dt, query.scheme,
                           query.learning_rate);
    key += fmt::format(" {} {:a}", query.crossing, fmt::join(query.start, " "));
    for (Eigen::MatrixXd const* m : {&query.hessian, &query.diffusion})
        key += fmt::format(" {:a};", fmt::join(m->data(), m->data() + m->size(), " "));
    for (auto const& [region, r] : query.regions)
        key += fmt::format(" {} {} {:a} {:a} {:a} {}", region, static_cast<int>(r.kind),
                           fmt::join(r.a, " "), r.offset, fmt::join(r.extent, " "), r.complement);
    return key + fmt::format(" {}", fmt::join(query.other_stops, " "));
}

/// theory::predict, asked once per question: a cell's cost, its table and its claims ask the same.
PredictionResult remembered(Cell const& cell, std::string_view name, Estimand const& estimand,
                            theory::Query const& query) {
    constexpr std::size_t most = 4096;
    static std::mutex mutex;
    static std::unordered_map<std::string, PredictionResult> memory;
    std::string const key = memory_key(cell, name, estimand, query);
    if (key.empty()) return theory::predict(name, estimand, query);
    {
        std::lock_guard<std::mutex> const lock(mutex);
        if (auto const found = memory.find(key); found != memory.end()) return found->second;
    }
    PredictionResult const result = theory::predict(name, estimand, query);
    std::lock_guard<std::mutex> const lock(mutex);
    if (memory.size() >= most) memory.clear();
    memory.emplace(key, result);
    return result;
}

}  // namespace

theory::Query make_query(Cell const& cell) {
    theory::Query query;
    query.potential = cell.potential.get();
    query.temperature = cell.temperature;
    query.scheme = cell.scheme;
    query.crossing = cell.crossing == Crossing::bridge ? "bridge" : "endpoint";
    bool const linear = cell.theory.scope == TheoryScope::linear;
    bool const stepwise = cell.theory.scope == TheoryScope::itself ||
                          cell.theory.scope == TheoryScope::second_moments ||
                          (linear && cell.theory.map.empty());
    if (linear) {
        query.diffusion = cell.diffusion;
        query.hessian = constant_hessian(*cell.potential).value_or(Eigen::MatrixXd());
    }
    if (stepwise) {
        query.dt = cell.dt.front();
        query.coarsest_dt = cell.dt.back();
        query.learning_rate = cell.learning_rate;
    }
    if (cell.start.kind == StartKind::point)
        query.start.assign(cell.start_point.data(),
                           cell.start_point.data() + cell.start_point.size());
    for (NamedRegion const& r : cell.regions) query.regions[r.name] = r.region;
    if (cell.stop_at_first) query.other_stops = cell.targets;
    return query;
}

PredictionResult predict(Cell const& cell, std::string_view name, Estimand const& estimand,
                         theory::Query const& query) {
    if (!covers(cell.theory.scope, name)) return {std::nullopt, cell.theory.reason};
    PredictionResult result = remembered(cell, name, estimand, query);
    name_the_map(result, cell);
    return result;
}

theory::DensityPrediction predict_density(Cell const& cell, std::string_view name,
                                          StationaryDensity const& estimand,
                                          theory::Query const& query) {
    if (!covers(cell.theory.scope, name)) return {{std::nullopt, cell.theory.reason}, {}};
    theory::DensityPrediction result = theory::predict_density(name, estimand, query);
    name_the_map(result.summary, cell);
    return result;
}

std::vector<Estimand> natural_estimands(Cell const& cell, ExperimentKind kind) {
    std::vector<Estimand> list;
    if (kind == ExperimentKind::order || kind == ExperimentKind::race) return list;
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
