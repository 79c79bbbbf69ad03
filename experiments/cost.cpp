// SPDX-License-Identifier: Apache-2.0
#include "experiments/cost.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "experiments/calibration.hpp"
#include "experiments/cell_plans.hpp"
#include "experiments/kinds/race.hpp"
#include "experiments/query.hpp"

namespace kramers {
namespace {

double expected_time(Cell const& cell, Estimand const& estimand) {
    theory::Query const query = make_query(cell);
    for (char const* name : {"quadrature", "eyring_kramers", "kramers"}) {
        PredictionResult const result = predict(cell, name, estimand, query);
        if (result.prediction && std::isfinite(result.prediction->value))
            return result.prediction->value;
    }
    return -1.0;
}

std::size_t runs_of(Cell const& cell) {
    return cell.targets.empty() || cell.stop_at_first ? 1 : cell.targets.size();
}

/// One simulation of a run, and the particle-steps expected of it; negative: unknown.
struct Part {
    Plan plan;
    double steps = 0.0;
    std::string kind;
};

double snapshot_steps(Plan const& plan) {
    auto const& snapshots = std::get<SnapshotPlan>(plan.observe);
    return static_cast<double>(plan.trajectories) *
           static_cast<double>(snapshots.burn_in + (snapshots.snapshots - 1) * snapshots.stride);
}

std::vector<Part> cost_parts(Cell const& cell) {
    std::vector<Part> parts;
    if (cell.order.substeps > 0 || cell.race.evaluations > 0) {
        for (Plan& plan : cell_plans(cell)) {
            double const steps = std::holds_alternative<SnapshotPlan>(plan.observe)
                                     ? snapshot_steps(plan)
                                     : 0.5 * expected_steps(cell, 0, 0);
            parts.push_back({std::move(plan), steps, {}});
        }
        return parts;
    }
    for (std::size_t run = 0; run < runs_of(cell); ++run)
        for (std::size_t level = 0; level < cell.dt.size(); ++level)
            parts.push_back({make_plan(cell, static_cast<int>(level), static_cast<int>(run)),
                             expected_steps(cell, static_cast<int>(level), static_cast<int>(run)),
                             {}});
    return parts;
}

/// Trajectories of a race end when they diverge or, in one of two ensembles, at the goal: nobody predicts
/// when. The best cell of each entrant runs once more.
void measure_races(Spec const& spec, std::vector<Part>& parts, Controls const& controls) {
    std::vector<Plan> plans;
    for (Part const& part : parts) plans.push_back(part.plan);
    std::vector<double> const steps = pilot_steps(std::move(plans), controls);
    double const again = 1.0 + static_cast<double>(entrants_of(spec).size()) /
                                   static_cast<double>(spec.cells.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i].steps = steps[i] * static_cast<double>(parts[i].plan.trajectories) * again;
}

}  // namespace

double expected_steps(Cell const& cell, int level, int target) {
    if (cell.order.substeps > 0) {
        double steps = 0.0;
        for (Plan const& plan : cell_plans(cell)) steps += snapshot_steps(plan);
        return steps;
    }
    Plan const plan = make_plan(cell, level, target);
    // A race runs each ensemble twice, for the last states and for the times to the goal.
    if (cell.race.evaluations > 0) return 2.0 * snapshot_steps(plan);
    auto const count = static_cast<double>(plan.trajectories);
    if (std::holds_alternative<SnapshotPlan>(plan.observe)) return snapshot_steps(plan);
    auto const& passage = std::get<PassagePlan>(plan.observe);
    double const most = static_cast<double>(passage.max_steps);
    double shortest = -1.0;
    std::size_t const first = cell.stop_at_first ? 0 : static_cast<std::size_t>(target);
    std::size_t const last = cell.stop_at_first ? cell.targets.size() : first + 1;
    for (std::size_t t = first; t < last; ++t) {
        double const time = expected_time(cell, MeanFirstPassage{cell.targets[t]});
        if (time >= 0.0) shortest = shortest < 0.0 ? time : std::min(shortest, time);
    }
    double const dt = cell.dt[static_cast<std::size_t>(level)];
    if (shortest < 0.0) return std::isfinite(cell.max_time) ? count * most : -1.0;
    return count * std::min(most, shortest / dt);
}

Cost estimate_cost(Spec const& spec, Controls const& controls) {
    Cost cost;
    std::vector<Part> parts;
    for (Cell const& cell : spec.cells) {
        for (Part& part : cost_parts(cell)) {
            cost.memory_bytes = std::max(cost.memory_bytes, memory_bytes(part.plan, controls));
            if (part.steps < 0.0) cost.known = false;
            else parts.push_back(std::move(part));
        }
    }
    if (spec.kind == ExperimentKind::race) measure_races(spec, parts, controls);
    std::map<std::string, double> seconds_per_step;
    for (Part& part : parts) {
        part.kind =
            calibration_kind(part.plan, part.steps / static_cast<double>(part.plan.trajectories));
        seconds_per_step[part.kind] = 0.0;
    }
    double const enough =
        std::clamp(1.5 / static_cast<double>(seconds_per_step.size()), 0.03, 0.15);
    for (Part const& part : parts) {
        double& step = seconds_per_step[part.kind];
        if (step == 0.0) step = measured_step(part.plan, controls, enough);
        cost.particle_steps += part.steps;
        cost.seconds += part.steps * step;
    }
    return cost;
}

}  // namespace kramers
