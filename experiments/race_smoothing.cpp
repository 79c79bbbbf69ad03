// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "experiments/race_line.hpp"
#include "experiments/race_theory.hpp"

namespace kramers {
namespace {

/// E V′(x + ζ), ζ ~ N(0, deviation²), by the trapezoidal rule.
double smoothed_slope(Potential const& potential, int i, double x, double deviation) {
    constexpr int nodes = 48;
    double sum = 0.0, weight = 0.0;
    for (int k = -nodes; k <= nodes; ++k) {
        double const z = 6.0 * k / nodes, w = std::exp(-0.5 * z * z);
        sum += w * potential.coordinate_slope(i, x + deviation * z);
        weight += w;
    }
    return sum / weight;
}

/// Descent leads from the start into the interval.
bool descends(Potential const& potential, int i, double start, theory::Interval1D const& goal,
              double deviation) {
    if (goal.lower <= start && start <= goal.upper) return true;
    double const end = start < goal.lower ? goal.lower : goal.upper;
    constexpr int points = 200;
    for (int k = 0; k <= points; ++k) {
        double const slope =
            smoothed_slope(potential, i, start + (end - start) * k / points, deviation);
        if (!(slope * (end - start) < 0.0)) return false;
    }
    return true;
}

}  // namespace

std::optional<double> kick_deviation(Cell const& cell) {
    if (cell.dynamics == "anti_pgd" && is_silent(cell.noise))
        return cell.facts.at("kick_deviation");
    NoiseLaw const& noise = cell.noise;
    bool const telescopes = noise.memory == coordinate::NoiseMemory::anticorrelated &&
                            noise.memory_data.past == -noise.memory_data.present;
    if (cell.dynamics != "sgd" || !telescopes || noise.variances.empty() ||
        noise.shape != coordinate::NoiseShape::gaussian ||
        noise.amplitude != coordinate::NoiseAmplitude::constant)
        return std::nullopt;
    return cell.learning_rate * std::sqrt(0.5 * noise.variances[0]);
}

std::optional<double> smoothed_arrival(Cell const& cell) {
    auto const kick = kick_deviation(cell);
    auto const goal = goal_intervals(cell);
    auto const curvature = cell.facts.find("max_curvature");
    if (!kick || !goal || curvature == cell.facts.end() || cell.start.kind != StartKind::point ||
        !coordinate::is_constant(cell.noise_schedule) ||
        !coordinate::is_constant(cell.rate_schedule))
        return std::nullopt;
    double const left = 2.0 - cell.learning_rate * curvature->second;
    if (!(left > 0.0)) return std::nullopt;
    double const deviation = *kick * std::sqrt(2.0 / left);
    for (int i = 0; i < cell.dim; ++i)
        if (!descends(*cell.potential, i, cell.start_point[i],
                      goal->axes[static_cast<std::size_t>(i)], deviation))
            return 0.0;
    return 1.0;
}

}  // namespace kramers
