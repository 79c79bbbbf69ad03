// SPDX-License-Identifier: Apache-2.0
#include "experiments/names.hpp"

#include <numbers>

#include <fmt/format.h>

#include "landscapes/make_potential.hpp"

namespace kramers {
namespace {

/// What theorists write, and the fact it stands for.
constexpr std::pair<char const*, char const*> aliases[] = {{"T", "temperature"},
                                                           {"eta", "learning_rate"},
                                                           {"B", "batch_size"},
                                                           {"mu", "momentum"},
                                                           {"gamma", "friction"},
                                                           {"d", "dim"},
                                                           {"c", "noise_variance"},
                                                           {"dV", "barrier"},
                                                           {"curvature_min", "min_curvature"},
                                                           {"curvature_max", "max_curvature"},
                                                           {"curvature_saddle", "saddle_curvature"},
                                                           {"barrier_back", "backward_barrier"}};

void add_coordinates(Names& names, Cell const& cell) {
    LandscapeInfo const* const info = find_landscape(cell.landscape);
    if (info == nullptr) return;
    std::size_t next = 0;
    for (Parameter const& p : info->parameters)
        for (std::size_t k = 0; k < count_of(p, cell.dim); ++k, ++next) {
            if (next >= cell.landscape_values.size()) return;
            auto const d = static_cast<std::size_t>(cell.dim);
            double const value = cell.landscape_values[next];
            if (p.per_coordinate) names.emplace(fmt::format("{}_{}", p.name, k), value);
            if (p.per_pair) names.emplace(fmt::format("{}_{}_{}", p.name, k / d, k % d), value);
        }
}

}  // namespace

Names names_of(Cell const& cell) {
    Names names(cell.facts.begin(), cell.facts.end());
    add_coordinates(names, cell);
    for (auto const& [alias, fact] : aliases)
        if (auto const found = names.find(fact); found != names.end())
            names.emplace(alias, found->second);
    if (auto const found = names.find("T"); found != names.end() && found->second > 0.0)
        names.emplace("beta", 1.0 / found->second);
    names.emplace("pi", std::numbers::pi);
    names.emplace("e", std::numbers::e);
    return names;
}

Names names_of(Cell const& cell, Estimand const& estimand) {
    Names names = names_of(cell);
    int i = -1;
    if (auto const* c = std::get_if<Autocovariance>(&estimand)) {
        names.emplace("lag", c->lag);
        i = c->i == c->j ? c->i : -1;
    }
    if (auto const* c = std::get_if<StationaryCovariance>(&estimand)) i = c->i == c->j ? c->i : -1;
    if (i < 0 || i >= cell.dim || !cell.potential) return names;
    Eigen::VectorXd origin = cell.start_point;
    if (cell.snapshots.origin.size() == static_cast<std::size_t>(cell.dim))
        origin = Eigen::Map<Eigen::VectorXd const>(cell.snapshots.origin.data(), cell.dim);
    if (origin.size() == cell.dim)
        names.emplace("curvature", cell.potential->hessian(origin)(i, i));
    return names;
}

}  // namespace kramers
