// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "experiments/matrix_step.hpp"
#include "experiments/numbers.hpp"
#include "experiments/spec.hpp"
#include "sde/contracts.hpp"

namespace kramers {
namespace {

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

/// x' = x − (M ∇V + ξ) is gradient descent with rate 1, its gradient transformed.
void as_descent(Plan& plan, LinearStepResult const& result) {
    KRAMERS_EXPECTS(result.step.has_value());
    plan.key.dynamics = "sgd";
    plan.key.scheme = "iterate";
    plan.dynamics = {1.0};
    plan.composition.noise = result.step->noise;
    plan.composition.gradient_transform = result.step->transform;
}

}  // namespace

double fact(Cell const& cell, std::string const& name) {
    auto const found = cell.facts.find(name);
    return found == cell.facts.end() ? missing : found->second;
}

Region const& region_named(Cell const& cell, std::string_view name) {
    std::size_t k = 0;
    while (k < cell.regions.size() && cell.regions[k].name != name) ++k;
    KRAMERS_EXPECTS(k < cell.regions.size());
    return cell.regions[k].region;
}

Plan make_plan(Cell const& cell, int level, int target) {
    KRAMERS_EXPECTS(level >= 0 && static_cast<std::size_t>(level) < cell.dt.size());
    Plan plan;
    plan.key = {cell.landscape, cell.dim,       cell.dynamics,
                cell.scheme,    cell.precision, cell.composed};
    plan.landscape = cell.landscape_values;
    plan.dynamics = cell.dynamics_values;
    plan.dt = cell.dt[static_cast<std::size_t>(level)];
    if (cell.composed) {
        plan.composition.noise = cell.noise;
        plan.composition.rate = cell.rate_schedule;
        plan.composition.noise_schedule = cell.noise_schedule;
        plan.composition.gradient_transform = cell.gradient_transform;
        if (cell.iteration_time > 0.0)
            plan.composition.iterations_per_step = plan.dt / cell.iteration_time;
    }
    if (takes_matrix_step(cell)) as_descent(plan, matrix_step(cell, plan.dt));
    plan.start = cell.start;
    plan.trajectories = cell.trajectories;
    plan.seed = cell.seed;
    plan.divergence_bound = cell.divergence_bound;
    plan.noise_refinement = 1 << level;
    if (cell.order.substeps > 0 && cell.order.common_noise)
        plan.noise_refinement = cell.order.substeps;
    if (cell.targets.empty()) plan.observe = cell.snapshots;
    else plan.observe = passage_plan(cell, level, target);
    return plan;
}

Plan make_sde_plan(Cell const& cell, ComparedSde const& model) {
    KRAMERS_EXPECTS(cell.order.substeps > 0);
    Plan plan = make_plan(cell, 0, 0);
    plan.key.dynamics = model.dynamics;
    plan.key.scheme = cell.order.scheme;
    plan.dynamics = model.values;
    plan.noise_refinement = 1;
    plan.dt = cell.order.time_per_step / cell.order.substeps;
    plan.composition.noise = cell.order.noise;
    plan.composition.iterations_per_step = 1.0 / cell.order.substeps;
    auto const dim = static_cast<std::size_t>(cell.dim);
    if (model.opposite) {  // its draws times -1
        std::vector<double>& factor = plan.composition.noise.factor;
        if (factor.empty()) {
            factor.assign(dim * dim, 0.0);
            for (std::size_t i = 0; i < dim; ++i) factor[i * dim + i] = 1.0;
        }
        for (double& f : factor) f = -f;
    }
    if (!cell.order.common_noise) plan.seed += 0x9e3779b97f4a7c15u;
    std::uint64_t& burn_in = std::get<SnapshotPlan>(plan.observe).burn_in;
    double const ahead = model.steps_ahead * cell.order.substeps;
    KRAMERS_EXPECTS(ahead == std::floor(ahead));  // resolve_order asks for a power of two >= 4
    burn_in = burn_in * static_cast<std::uint64_t>(cell.order.substeps) +
              static_cast<std::uint64_t>(ahead);
    return plan;
}

char const* to_string(ExperimentKind kind) {
    switch (kind) {
        case ExperimentKind::escape: return "escape";
        case ExperimentKind::stationary: return "stationary";
        case ExperimentKind::order: return "order";
        case ExperimentKind::race: return "race";
    }
    return "escape";
}

}  // namespace kramers
