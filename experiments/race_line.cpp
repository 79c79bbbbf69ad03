// SPDX-License-Identifier: Apache-2.0
#include "experiments/race_line.hpp"

#include <algorithm>
#include <cmath>

#include "sde/theory/line_diffusion.hpp"

namespace kramers {
namespace {

bool is_stationary(Potential const& potential, int i, double x) {
    if (!std::isfinite(x)) return true;
    double const h = 1e-4, here = std::abs(potential.coordinate_slope(i, x));
    return here <= 1e-2 * h *
                       (1.0 + std::abs(potential.coordinate_slope(i, x + h) -
                                       potential.coordinate_slope(i, x - h)) /
                                  (2.0 * h));
}

/// Beyond this end of the line Gibbs' law has no weight at the temperature.
double end_of_line(Potential const& potential, int i, double from, double sign,
                   double temperature) {
    double const floor = potential.coordinate_value(i, from);
    double x = from, step = 0.05;
    for (int n = 0; n < 400 && potential.coordinate_value(i, x) - floor < 40.0 * temperature; ++n) {
        x += sign * step;
        step *= 1.02;
    }
    return x;
}

bool alike(Cell const& cell, GoalIntervals const& goal, int i) {
    auto const& [lower, upper] = goal.axes[static_cast<std::size_t>(i)];
    if (cell.start_point[i] != cell.start_point[0] ||
        std::abs(lower - goal.axes[0].lower) + std::abs(upper - goal.axes[0].upper) > 1e-9)
        return false;
    for (double x = -2.0; x <= 2.0; x += 0.37)
        if (cell.potential->coordinate_slope(i, x) != cell.potential->coordinate_slope(0, x))
            return false;
    return true;
}

double coordinate_success(Cell const& cell, GoalIntervals const& goal, int i) {
    Potential const& potential = *cell.potential;
    auto const& [lower, upper] = goal.axes[static_cast<std::size_t>(i)];
    double const start = cell.start_point[i];
    double const low = std::isfinite(lower) ? std::min(lower, start) : start;
    double const high = std::isfinite(upper) ? std::max(upper, start) : start;
    theory::LineMotion const motion{[&](double x) { return -potential.coordinate_slope(i, x); },
                                    start, end_of_line(potential, i, low, -1.0, cell.temperature),
                                    end_of_line(potential, i, high, 1.0, cell.temperature)};
    auto const step = [&](std::uint64_t k) {
        double const u = coordinate::schedule_factor(cell.noise_schedule, static_cast<double>(k));
        return theory::LineStep{cell.dt.front(), cell.temperature * u * u};
    };
    return theory::evolve(motion, cell.snapshots.burn_in, step)
        .weight(goal.axes[static_cast<std::size_t>(i)]);
}

}  // namespace

std::optional<GoalIntervals> goal_intervals(Cell const& cell) {
    Region const& r = region_named(cell, cell.race.goal);
    GoalIntervals goal;
    if (cell.dim == 1) goal.axes = theory::intervals_of(r);
    else if (r.kind == RegionKind::box && !r.complement)
        for (std::size_t i = 0; i < r.a.size(); ++i)
            goal.axes.push_back({r.a[i] - r.extent[i], r.a[i] + r.extent[i]});
    bool const separable = cell.dim == 1 || cell.potential->separable();
    if (!separable || goal.axes.size() != static_cast<std::size_t>(cell.dim)) return std::nullopt;
    goal.basin = true;
    for (int i = 0; i < cell.dim; ++i) {
        auto const& [lower, upper] = goal.axes[static_cast<std::size_t>(i)];
        goal.basin = goal.basin && is_stationary(*cell.potential, i, lower) &&
                     is_stationary(*cell.potential, i, upper);
    }
    return goal;
}

std::optional<double> fokker_planck_success(Cell const& cell) {
    auto const goal = goal_intervals(cell);
    if (!goal || !goal->basin || cell.start.kind != StartKind::point) return std::nullopt;
    double const first = coordinate_success(cell, *goal, 0);
    double product = first;
    for (int i = 1; i < cell.dim; ++i)
        product *= alike(cell, *goal, i) ? first : coordinate_success(cell, *goal, i);
    return product;
}

}  // namespace kramers
