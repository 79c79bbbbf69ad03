// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "experiments/race_theory.hpp"
#include "sde/theory/line_diffusion.hpp"

namespace kramers {
namespace {

/// V(u, v) = ½h(u)v²: its value and its slope along u at v = 1 are h/2 and h′/2.
struct Valley {
    Potential const& potential;
    double wall(double u) const { return 2.0 * potential.value(Eigen::Vector2d(u, 1.0)); }
    double slope(double u) const { return 2.0 * potential.gradient(Eigen::Vector2d(u, 1.0))[0]; }
};

/// ⟨v²⟩ = numerator/(h^power (2 − step h)) and D, in the clock of the cell.
struct Across {
    double numerator, step;
    int power;
    double diffusion;
    double kick = 0.0;  ///< standard deviation of one that is taken back
    double square(double h) const {
        return numerator / ((power == 1 ? h : 1.0) * (2.0 - step * h));
    }
};

std::optional<Across> across_of(Cell const& cell) {
    double const eta = cell.learning_rate;
    if (auto const s = kick_deviation(cell)) return Across{2.0 * *s * *s, eta, 0, 0.0, *s};
    if (cell.dynamics == "perturbed_gd" && is_silent(cell.noise)) {
        double const s = cell.facts.at("kick_deviation");
        return Across{s * s / eta, eta, 1, 0.5 * s * s / eta};
    }
    NoiseLaw const& noise = cell.noise;
    bool const normal = noise.shape == coordinate::NoiseShape::gaussian && !is_silent(noise) &&
                        noise.point_shift == 0.0;
    bool const white = noise.memory == coordinate::NoiseMemory::white;
    bool const flat = noise.amplitude == coordinate::NoiseAmplitude::constant;
    if (!normal) return std::nullopt;
    if (cell.dynamics == "heavy_ball" && flat && white && cell.has_temperature)
        return Across{2.0 * cell.temperature, 0.0, 1, cell.temperature};
    if (cell.dynamics != "sgd") return std::nullopt;
    if (noise.amplitude == coordinate::NoiseAmplitude::hessian && white)
        return Across{eta * noise.amplitude_data.factor, eta, 0,
                      0.5 * eta * noise.amplitude_data.factor * noise.amplitude_data.floor};
    if (!flat || noise.variances.size() != 2) return std::nullopt;
    double const c = noise.variances[1];
    if (white) return Across{eta * c, eta, 1, 0.5 * eta * noise.variances[0]};
    return std::nullopt;
}

/// Kicks that are taken back: u_k = z_k + ζ_k, a steady drift and an independent kick at each step.
void drift_along(Cell const& cell, Valley const& valley, Across const& across, double to,
                 RaceTheory& out) {
    double const dt = cell.dt.front();
    double z = cell.start_point[0], alive = 1.0, sum = 0.0, beyond = 0.0;
    for (std::uint64_t k = 0; k < cell.snapshots.burn_in; ++k) {
        double const u = coordinate::schedule_factor(cell.noise_schedule, static_cast<double>(k));
        z -= 0.5 * dt * u * u * valley.slope(z) * across.square(valley.wall(z));
        beyond = 0.5 * std::erfc((to - z) / (std::sqrt(2.0) * u * across.kick));
        sum += alive * (1.0 - 0.5 * beyond);
        alive *= 1.0 - beyond;
    }
    out.arrival = 1.0 - alive;
    out.success = beyond;
    out.restricted_time = sum * cell.race.evaluations_per_step;
}

}  // namespace

RaceTheory valley_theory(Cell const& cell) {
    RaceTheory out;
    bool const level =
        cell.landscape == "widening_valley" && cell.landscape_values[0] == 0.0;  // floor_curvature
    if (!level || !coordinate::is_constant(cell.rate_schedule) ||
        cell.start.kind != StartKind::point)
        return out;
    Valley const valley{*cell.potential};
    Region const& r = region_named(cell, cell.race.goal);
    double const from = cell.start_point[0], to = r.offset;
    auto const across = across_of(cell);
    bool const along = r.kind == RegionKind::half_space && !r.complement && r.a[0] == 1.0;
    if (!along || !(to > from) || !across || !(across->numerator > 0.0)) return out;
    double const steepest = valley.wall(from);
    if (across->step * steepest >= 2.0 || !(valley.slope(from) < 0.0)) return out;
    if (across->diffusion == 0.0) {
        drift_along(cell, valley, *across, to, out);
        return out;
    }
    // Drift and diffusion follow the schedule alike, so that time may be stretched instead.
    double const dt = cell.dt.front();
    auto const step = [&](std::uint64_t k) {
        double const u = coordinate::schedule_factor(cell.noise_schedule, static_cast<double>(k));
        return theory::LineStep{dt * u * u, across->diffusion};
    };
    double total = 0.0;
    for (std::uint64_t k = 0; k < cell.snapshots.burn_in; ++k) total += step(k).dt;
    double const reach = 5.0 * std::sqrt(2.0 * across->diffusion * total) + (to - from);
    theory::LineMotion const motion{
        [&](double u) { return -0.5 * valley.slope(u) * across->square(valley.wall(u)); },
        from,
        from - reach,
        to,
        false,
        true};
    theory::LineLaw const law = theory::evolve(motion, cell.snapshots.burn_in, step, 1000);
    out.arrival = law.arrived;
    out.restricted_time = law.mean_steps * cell.race.evaluations_per_step;
    return out;
}

}  // namespace kramers
