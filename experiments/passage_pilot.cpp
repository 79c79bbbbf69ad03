// SPDX-License-Identifier: Apache-2.0
#include "experiments/passage_pilot.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include "estimators/passage_query.hpp"
#include "gpu/simulate_many.hpp"

namespace kramers {
namespace {

constexpr std::uint64_t most_in_pilot = 128;
constexpr std::uint64_t fewest_arrivals = 8;  ///< of which a hazard is known to a factor 1.5

}  // namespace

std::vector<std::optional<double>> pilot_passages(std::vector<Plan> plans, Controls controls,
                                                  double particle_steps) {
    std::vector<std::optional<double>> means(plans.size());
    if (plans.empty()) return means;
    double const own = particle_steps / static_cast<double>(plans.size());
    std::vector<std::uint64_t> caps;
    for (Plan& plan : plans) {
        auto& passage = std::get<PassagePlan>(plan.observe);
        caps.push_back(passage.max_steps);
        plan.trajectories = std::min(plan.trajectories, most_in_pilot);
        auto const longest = std::max(1.0, own / static_cast<double>(plan.trajectories));
        if (static_cast<double>(passage.max_steps) > longest)
            passage.max_steps = static_cast<std::uint64_t>(longest);
    }
    controls.progress = nullptr;
    simulate_many(plans, controls, [&](std::size_t i, Tallies const& tallies) {
        auto const& tally = std::get<PassageTally>(tallies.tally);
        double steps = 0.0;
        for (auto const slot : tally.slots) steps += static_cast<double>(slot.step());
        OutcomeCounts const counts = count_outcomes(tally);
        auto const n = static_cast<double>(tally.slots.size());
        bool const whole =
            counts.censored == 0 || std::get<PassagePlan>(plans[i].observe).max_steps == caps[i];
        if (whole) {
            means[i] = steps / n;
        } else if (counts.arrived + counts.diverged >= fewest_arrivals) {
            double const hazard = static_cast<double>(counts.arrived + counts.diverged) / steps;
            means[i] = -std::expm1(-hazard * static_cast<double>(caps[i])) / hazard;
        }
    });
    return means;
}

}  // namespace kramers
