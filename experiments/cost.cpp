// SPDX-License-Identifier: Apache-2.0
#include "experiments/cost.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "experiments/query.hpp"
#include "gpu/dispatch.hpp"

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

/// Particle-steps per second of the plan's method on a small copy of it, which grows until a
/// tenth of a second is measured: a shorter time is mostly that of starting.
double calibrated_rate(Plan plan, Controls controls) {
    std::uint64_t const wanted = plan.trajectories;
    plan.trajectories = std::min<std::uint64_t>(wanted, 4096);
    std::uint64_t const steps = 4000;
    if (auto* passage = std::get_if<PassagePlan>(&plan.observe)) {
        passage->max_steps = std::min(passage->max_steps, steps);
    } else {
        auto& snapshots = std::get<SnapshotPlan>(plan.observe);
        snapshots.burn_in = std::min(snapshots.burn_in, steps);
        snapshots.snapshots = 1;
        snapshots.lagged = false;
    }
    controls.progress = nullptr;
    while (true) {
        RunInfo const info = simulate(plan, controls).info;
        double const seconds = std::max(info.seconds, 1e-9);
        std::uint64_t const more = std::min<std::uint64_t>(wanted, 4 * plan.trajectories);
        if (seconds > 0.1 || more == plan.trajectories)
            return static_cast<double>(info.particle_steps) / seconds;
        plan.trajectories = more;
    }
}

/// The optimizer and every SDE it is compared with.
std::vector<Plan> order_plans(Cell const& cell) {
    std::vector<Plan> plans{make_plan(cell, 0, 0)};
    for (ComparedSde const& model : cell.order.models) plans.push_back(make_sde_plan(cell, model));
    return plans;
}

double snapshot_steps(Plan const& plan) {
    auto const& snapshots = std::get<SnapshotPlan>(plan.observe);
    return static_cast<double>(plan.trajectories) *
           static_cast<double>(snapshots.burn_in + (snapshots.snapshots - 1) * snapshots.stride);
}

}  // namespace

double expected_steps(Cell const& cell, int level, int target) {
    if (cell.order.substeps > 0) {
        double steps = 0.0;
        for (Plan const& plan : order_plans(cell)) steps += snapshot_steps(plan);
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
    std::map<std::string, double> rates;
    auto const add = [&](Plan const& plan, double steps) {
        cost.memory_bytes = std::max(cost.memory_bytes, memory_bytes(plan, controls));
        if (steps < 0.0) {
            cost.known = false;
            return;
        }
        cost.particle_steps += steps;
        auto const* passage = std::get_if<PassagePlan>(&plan.observe);
        std::string const kind = describe(plan.key) + std::to_string(plan.noise_refinement) +
                                 (passage == nullptr                      ? "snapshots"
                                  : passage->crossing == Crossing::bridge ? "bridge"
                                                                          : "endpoint");
        if (!rates.count(kind)) rates[kind] = calibrated_rate(plan, controls);
        cost.seconds += steps / rates[kind];
    };
    for (Cell const& cell : spec.cells) {
        if (cell.order.substeps > 0) {
            for (Plan const& plan : order_plans(cell)) add(plan, snapshot_steps(plan));
            continue;
        }
        for (std::size_t run = 0; run < runs_of(cell); ++run)
            for (std::size_t level = 0; level < cell.dt.size(); ++level)
                add(make_plan(cell, static_cast<int>(level), static_cast<int>(run)),
                    expected_steps(cell, static_cast<int>(level), static_cast<int>(run)));
    }
    return cost;
}

}  // namespace kramers
