// SPDX-License-Identifier: Apache-2.0
#include "experiments/second_stages.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "experiments/cell_plans.hpp"
#include "experiments/cost.hpp"
#include "experiments/format_value.hpp"
#include "experiments/input.hpp"
#include "experiments/validation_table.hpp"

namespace kramers {
namespace {

constexpr double worth_measuring = 1e9;    ///< particle-steps: seconds on any machine
constexpr double worth_announcing = 60.0;  ///< seconds

double memory_of(Cell const& cell, Controls const& controls) {
    double most = 0.0;
    for (Plan const& plan : cell_plans(cell))
        most = std::max(most, static_cast<double>(bytes_with_estimates(plan, controls)));
    return most;
}

/// Seconds of a particle-step of a cell, from a short calibration; 0: unknown.
double step_seconds(Spec const& spec, Cell const& cell, Controls const& controls) {
    Spec one = spec;
    one.cells = {cell};
    one.cells.front().index = 0;
    Cost const cost = estimate_cost(one, controls);
    return cost.known && cost.particle_steps > 0.0 ? cost.busy_seconds / cost.particle_steps : 0.0;
}

std::string gib(double bytes) {
    double const value = bytes / (1024.0 * 1024.0 * 1024.0);
    return fmt::format("{} GiB",
                       value < 1000.0 ? fmt::format("{:.3g}", value) : format_number(value, 2));
}

}  // namespace

Allowance allowance_here() {
    double const all =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    return {0.75 * all, 86400.0};
}

void admit_second_stages(Spec const& spec, std::vector<Cell> const& second,
                         std::vector<double> const& first_steps, TwoStage const& stages,
                         Controls const& controls, Allowance const& allowed) {
    double all_steps = 0.0, all_trajectories = 0.0, most = -1.0, memory = 0.0;
    std::size_t largest = 0;
    for (std::size_t i = 0; i < second.size(); ++i) {
        auto const n = static_cast<double>(second[i].trajectories);
        double const steps = first_steps[i] / static_cast<double>(spec.cells[i].trajectories) * n;
        all_steps += steps;
        all_trajectories += n;
        memory = std::max(memory, memory_of(second[i], controls));
        if (steps > most) {
            most = steps;
            largest = i;
        }
    }
    bool const too_large = memory > allowed.memory_bytes;
    if (all_steps < worth_measuring && !too_large) return;
    double const per_step = step_seconds(spec, spec.cells[largest], controls);
    double const seconds = all_steps * per_step;
    bool const too_long = stages.budget == 0.0 && seconds > allowed.seconds;
    auto const size = [&](double trajectories, double steps) {
        std::string text = fmt::format("{} trajectories, {} particle-steps",
                                       format_count(trajectories), format_count(steps));
        if (per_step > 0.0) text += ", about " + format_duration(steps * per_step);
        return text;
    };
    if (too_large || too_long)
        throw InputError({fmt::format(
            "--target-ci {:.4g} %: the second stages take {}; the largest, cell {} ({}), {} and {} "
            "of memory (must be at most {} of memory{}). Take a wider --target-ci, or bound "
            "the particle-steps of a cell by --budget: the first stages are kept and serve it",
            100.0 * stages.target, size(all_trajectories, all_steps), second[largest].index,
            cell_label(second[largest]),
            size(static_cast<double>(second[largest].trajectories), most), gib(memory),
            gib(allowed.memory_bytes),
            stages.budget > 0.0
                ? ""
                : fmt::format(" and, without --budget, {}", format_duration(allowed.seconds)))});
    if (seconds >= worth_announcing)
        fmt::print(stderr, "second stages: {}\n", size(all_trajectories, all_steps));
}

}  // namespace kramers
