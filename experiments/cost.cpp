// SPDX-License-Identifier: Apache-2.0
#include "experiments/cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "experiments/batches.hpp"
#include "experiments/calibration.hpp"
#include "experiments/cell_plans.hpp"
#include "experiments/format_value.hpp"
#include "experiments/kinds/race.hpp"
#include "experiments/lane_schedule.hpp"
#include "experiments/passage_pilot.hpp"
#include "experiments/query.hpp"
#include "gpu/host_backend.hpp"

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

/// The shortest mean time to a target of one run; negative: unknown.
double shortest_time(Cell const& cell, int run) {
    double shortest = -1.0;
    std::size_t const first = cell.stop_at_first ? 0 : static_cast<std::size_t>(run);
    std::size_t const last = cell.stop_at_first ? cell.targets.size() : first + 1;
    for (std::size_t t = first; t < last; ++t) {
        double const time = expected_time(cell, MeanFirstPassage{cell.targets[t]});
        if (time >= 0.0) shortest = shortest < 0.0 ? time : std::min(shortest, time);
    }
    return shortest;
}

std::size_t runs_of(Cell const& cell) {
    return cell.targets.empty() || cell.stop_at_first ? 1 : cell.targets.size();
}

/// One simulation of a run, and the particle-steps expected of it; negative: unknown.
struct Part {
    Plan plan;
    double steps = 0.0;
    std::size_t cell = 0;
    bool at_most = false;  ///< the steps are the cap: no mean time is known
    std::string kind = {};
    StepTime step = {};
};

double snapshot_steps(Plan const& plan) {
    auto const& snapshots = std::get<SnapshotPlan>(plan.observe);
    return static_cast<double>(plan.trajectories) *
           static_cast<double>(snapshots.burn_in + (snapshots.snapshots - 1) * snapshots.stride);
}

std::vector<Part> cost_parts(Cell const& cell) {
    std::vector<Part> parts;
    auto const index = static_cast<std::size_t>(cell.index);
    if (cell.order.substeps > 0 || cell.race.evaluations > 0) {
        for (Plan& plan : cell_plans(cell)) {
            double const steps = std::holds_alternative<SnapshotPlan>(plan.observe)
                                     ? snapshot_steps(plan)
                                     : 0.5 * expected_steps(cell, 0, 0);
            parts.push_back({std::move(plan), steps, index});
        }
        return parts;
    }
    for (std::size_t run = 0; run < runs_of(cell); ++run)
        for (std::size_t level = 0; level < cell.dt.size(); ++level)
            parts.push_back({make_plan(cell, static_cast<int>(level), static_cast<int>(run)),
                             expected_steps(cell, static_cast<int>(level), static_cast<int>(run)),
                             index, is_at_most(cell, static_cast<int>(run))});
    return parts;
}

/// Trajectories of a race end when they diverge or, in one of two ensembles, at the goal: nobody
/// predicts when.
void measure_races(std::vector<Part>& parts, Controls const& controls) {
    std::vector<Plan> plans;
    for (Part const& part : parts) plans.push_back(part.plan);
    std::vector<double> const steps = pilot_steps(std::move(plans), controls);
    for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i].steps = steps[i] * static_cast<double>(parts[i].plan.trajectories);
}

/// Passages of which theory knows only that they are over at their cap.
void measure_passages(std::vector<Part>& parts, Controls const& controls) {
    std::vector<Plan> plans;
    std::vector<Part*> measured;
    for (Part& part : parts)
        if (part.at_most) {
            plans.push_back(part.plan);
            measured.push_back(&part);
        }
    auto const means = pilot_passages(std::move(plans), controls);
    for (std::size_t i = 0; i < measured.size(); ++i) {
        if (!means[i]) continue;
        measured[i]->steps = *means[i] * static_cast<double>(measured[i]->plan.trajectories);
        measured[i]->at_most = false;
    }
}

/// Lengths in seconds of a thread.
LaneLoad load_of(Part const& part) {
    LaneLoad load;
    load.trajectories = static_cast<double>(part.plan.trajectories);
    load.mean = part.step.block * part.steps / load.trajectories;
    if (auto const* passage = std::get_if<PassagePlan>(&part.plan.observe))
        load.longest = part.step.block * static_cast<double>(passage->max_steps);
    else load.alike = true;
    return load;
}

/// Seconds of all parts, which are in the order of their cells.
double scheduled_seconds(Spec const& spec, std::vector<Part> const& parts, int threads) {
    std::vector<double> costs;
    for (Cell const& cell : spec.cells) costs.push_back(cell_cost(cell));
    double seconds = 0.0;
    for (auto part = parts.begin(); part != parts.end();) {
        std::size_t const first = part->cell, batched = batch_end(spec.cells, costs, first);
        auto const end = std::find_if(part, parts.end(), [&](Part const& p) {
            return p.cell >= std::max(batched, first + 1);
        });
        bool const together = batched > first && end - part > 1;
        std::vector<LaneLoad> loads;
        for (; part != end; ++part) {
            if (part->step.block == 0.0) seconds += part->steps * part->step.particle;  // a GPU
            else if (together) loads.push_back(load_of(*part));
            else seconds += time_alone(load_of(*part), threads);
        }
        seconds += time_together(loads, threads);
    }
    return seconds;
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
    double const shortest = shortest_time(cell, target);
    double const dt = cell.dt[static_cast<std::size_t>(level)];
    if (shortest < 0.0) return std::isfinite(cell.max_time) ? count * most : -1.0;
    return count * std::min(most, shortest / dt);
}

std::uint64_t bytes_with_estimates(Plan const& plan, Controls const& controls) {
    // Of a passage: its slot once more for the tally store; times after t0 of 16 bytes, sorted into
    // as many others, or beside the two sums at each event (estimators/exponentiality.cpp).
    constexpr std::uint64_t per_passage = sizeof(PassageSlot) + 2 * 16;
    // Of a last state: loss before and after the quench, and the curvature there.
    constexpr std::uint64_t per_last_state = 3 * sizeof(double);
    std::uint64_t per_trajectory = 0;
    if (std::holds_alternative<PassagePlan>(plan.observe)) per_trajectory = per_passage;
    else if (std::get<SnapshotPlan>(plan.observe).keep_final) per_trajectory = per_last_state;
    return memory_bytes(plan, controls) + plan.trajectories * per_trajectory;
}

bool is_at_most(Cell const& cell, int target) {
    bool const passage = cell.order.substeps == 0 && cell.race.evaluations == 0 &&
                         !cell.targets.empty() && std::isfinite(cell.max_time);
    return passage && shortest_time(cell, target) < 0.0;
}

Cost estimate_cost(Spec const& spec, Controls const& controls) {
    Cost cost;
    std::vector<Part> parts;
    for (Cell const& cell : spec.cells) {
        for (Part& part : cost_parts(cell)) {
            cost.memory_bytes =
                std::max(cost.memory_bytes, bytes_with_estimates(part.plan, controls));
            if (part.steps < 0.0) cost.known = false;
            else parts.push_back(std::move(part));
        }
    }
    if (spec.kind == ExperimentKind::race) measure_races(parts, controls);
    measure_passages(parts, controls);
    for (Part const& part : parts) cost.at_most = cost.at_most || part.at_most;
    std::map<std::string, StepTime> step_times;
    for (Part& part : parts) {
        part.kind =
            calibration_kind(part.plan, part.steps / static_cast<double>(part.plan.trajectories));
        step_times[part.kind] = {};
    }
    double const enough = std::clamp(1.5 / static_cast<double>(step_times.size()), 0.03, 0.15);
    for (Part& part : parts) {
        StepTime& step = step_times[part.kind];
        if (step.particle == 0.0) step = measured_step(part.plan, controls, enough);
        part.step = step;
        cost.particle_steps += part.steps;
        cost.busy_seconds += part.steps * step.particle;
    }
    int const threads = controls.threads > 0 ? controls.threads : available_threads();
    cost.seconds = scheduled_seconds(spec, parts, threads);
    if (spec.kind == ExperimentKind::race) {  // the best cell of each entrant runs once more
        double const again = 1.0 + static_cast<double>(entrants_of(spec).size()) /
                                       static_cast<double>(spec.cells.size());
        cost.particle_steps *= again;
        cost.busy_seconds *= again;
        cost.seconds *= again;
    }
    return cost;
}

std::string format_duration(double seconds) {
    if (seconds > 3.6e7) return format_number(seconds / 3600.0, 2) + " h";
    auto const s = static_cast<long>(std::ceil(seconds));
    if (s < 60) return fmt::format("{} s", s);
    return s < 3600 ? fmt::format("{}:{:02} min", s / 60, s % 60)
                    : fmt::format("{}:{:02} h", s / 3600, s / 60 % 60);
}

}  // namespace kramers
