// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "experiments/spec.hpp"
#include "sde/contracts.hpp"

namespace kramers {
namespace {

Region const& region_named(Cell const& cell, std::string const& name) {
    std::size_t k = 0;
    while (k < cell.regions.size() && cell.regions[k].name != name) ++k;
    KRAMERS_EXPECTS(k < cell.regions.size());
    return cell.regions[k].region;
}

PassagePlan passage_plan(Cell const& cell, int level, int target) {
    PassagePlan plan;
    if (cell.stop_at_first)
        for (std::string const& name : cell.targets)
            plan.targets.push_back(region_named(cell, name));
    else plan.targets = {region_named(cell, cell.targets[static_cast<std::size_t>(target)])};
    plan.crossing = cell.crossing;
    // A rung of the ladder makes as many steps as fit into the same time.
    std::uint64_t const ratio = std::uint64_t{1} << level;
    plan.max_steps = (cell.max_steps + ratio - 1) / ratio;
    plan.noise_amplitude = std::sqrt(2.0 * cell.temperature);
    return plan;
}

}  // namespace

Plan make_plan(Cell const& cell, int level, int target) {
    KRAMERS_EXPECTS(level >= 0 && static_cast<std::size_t>(level) < cell.dt.size());
    Plan plan;
    plan.key = {cell.landscape, cell.dim, cell.dynamics, cell.scheme, cell.precision};
    plan.landscape = cell.landscape_values;
    plan.dynamics = cell.dynamics_values;
    plan.dt = cell.dt[static_cast<std::size_t>(level)];
    plan.start = cell.start;
    plan.trajectories = cell.trajectories;
    plan.seed = cell.seed;
    plan.divergence_bound = cell.divergence_bound;
    plan.noise_refinement = 1 << level;
    if (cell.targets.empty()) plan.observe = cell.snapshots;
    else plan.observe = passage_plan(cell, level, target);
    return plan;
}

}  // namespace kramers
