// SPDX-License-Identifier: Apache-2.0
#include "experiments/calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/lane_schedule.hpp"
#include "gpu/dispatch.hpp"
#include "gpu/simulate_many.hpp"
#include "sde/random/fill.hpp"

namespace kramers {
namespace {

constexpr std::uint64_t long_enough =
    4000;  ///< steps of a trajectory, beside which its start is nothing
constexpr std::uint64_t pilot_trajectories = 64;

/// Of steps, in factors of 4; all that are long enough are one class.
int length_class(double steps) {
    double const most = static_cast<double>(long_enough);
    return static_cast<int>(std::floor(std::log2(std::clamp(steps, 1.0, most)) / 2.0));
}

/// The same snapshots as often, of a shorter trajectory.
void shorten(SnapshotPlan& plan) {
    std::uint64_t const observed = (plan.snapshots - 1) * plan.stride;
    double const share = static_cast<double>(long_enough) /
                         static_cast<double>(std::max(plan.burn_in + observed, long_enough));
    if (share >= 1.0) return;
    auto const part = [share](std::uint64_t n) {
        return static_cast<std::uint64_t>(std::ceil(static_cast<double>(n) * share));
    };
    plan.burn_in = part(plan.burn_in);
    plan.stride = std::min(plan.stride, long_enough);
    if (plan.snapshots > 1) plan.snapshots = 1 + part(plan.snapshots - 1);
}

/// Steps of the thread that made most of them.
double block_steps(Plan const& plan, Tallies const& tallies) {
    if (auto const* passages = std::get_if<PassageTally>(&tallies.tally))
        return busiest_lane(*passages, tallies.info.threads);
    auto const& seen = std::get<SnapshotPlan>(plan.observe);
    LaneLoad load;
    load.trajectories = static_cast<double>(plan.trajectories);
    load.mean = static_cast<double>(seen.burn_in + (seen.snapshots - 1) * seen.stride);
    load.alike = true;
    return time_alone(load, tallies.info.threads);
}

}  // namespace

std::string calibration_kind(Plan const& plan, double steps) {
    NoiseLaw const& law = plan.composition.noise;
    std::string kind = fmt::format(
        "{} {} {} {} {} {} {} {} {} {} {}", describe(plan.key), plan.noise_refinement,
        static_cast<int>(law.amplitude), static_cast<int>(law.shape), static_cast<int>(law.memory),
        law.samples, law.batch, is_silent(law), static_cast<int>(plan.composition.rate.kind),
        static_cast<int>(plan.composition.noise_schedule.kind), static_cast<int>(plan.start.kind));
    if (auto const* passage = std::get_if<PassagePlan>(&plan.observe))
        return kind + fmt::format(" to {} {} {}", passage->targets.size(),
                                  static_cast<int>(passage->crossing), length_class(steps));
    auto const& seen = std::get<SnapshotPlan>(plan.observe);
    return kind +
           fmt::format(" at {} {} {} {} {} {} {}", length_class(steps),
                       seen.snapshots > 1 ? length_class(static_cast<double>(seen.stride)) : -1,
                       seen.histograms.size(), seen.regions.size(), seen.observables.size(),
                       seen.lagged, seen.keep_final);
}

StepTime measured_step(Plan plan, Controls controls, double enough) {
    std::uint64_t const wanted = plan.trajectories;
    plan.trajectories = std::min<std::uint64_t>(wanted, 4096);
    if (auto* passage = std::get_if<PassagePlan>(&plan.observe))
        passage->max_steps = std::min(passage->max_steps, long_enough);
    else shorten(std::get<SnapshotPlan>(plan.observe));
    controls.progress = nullptr;
    simulate(plan, controls);  // code and memory are touched for the first time
    double seconds = 0.0, steps = 0.0, blocks = 0.0;
    while (true) {
        Tallies const tallies = simulate(plan, controls);
        RunInfo const& info = tallies.info;
        std::uint64_t const more = std::min(wanted, 4 * plan.trajectories);
        if (more > plan.trajectories && info.seconds < enough) {
            plan.trajectories = more;
            continue;
        }
        seconds += std::max(info.seconds, 1e-6);
        steps += static_cast<double>(info.particle_steps);
        if (info.backend == "cpu") blocks += block_steps(plan, tallies);
        if (seconds < enough) continue;
        if (info.backend != "cpu") return {seconds / std::max(steps, 1.0), 0.0};
        double const block = seconds / std::max(blocks, 1.0);
        return {block / (static_cast<double>(lane_count) * info.threads), block};
    }
}

std::vector<double> pilot_steps(std::vector<Plan> plans, Controls controls) {
    for (Plan& plan : plans) plan.trajectories = std::min(plan.trajectories, pilot_trajectories);
    std::vector<double> steps(plans.size());
    controls.progress = nullptr;
    simulate_many(plans, controls, [&](std::size_t i, Tallies const& tallies) {
        steps[i] = static_cast<double>(tallies.info.particle_steps) /
                   static_cast<double>(plans[i].trajectories);
    });
    return steps;
}

}  // namespace kramers
