// SPDX-License-Identifier: Apache-2.0
#include "experiments/two_stage.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "experiments/hash.hpp"

namespace kramers {
namespace {

constexpr double allowance = 1.38;  // 63 / χ²₆₃(0.05) = 63 / 45.74
constexpr double fewest_trajectories = 128.0, most_trajectories = 1.0e12;  // trajectories
constexpr std::uint64_t second_seed = 0x7374616765203221u;                 // "stage 2!"

}  // namespace

Cell second_stage(Cell const& cell, Estimate const& first, double first_steps,
                  TwoStage const& plan) {
    auto const n = static_cast<double>(cell.trajectories);
    double const width = (first.upper - first.lower) / 2.0 / std::abs(first.value);
    double wanted = n * (width / plan.target) * (width / plan.target) * allowance;
    if (!std::isfinite(wanted))
        wanted = plan.budget > 0.0 ? most_trajectories : n;  // a value of 0, no interval
    wanted = std::max(wanted, n);  // the spec's own number is asked for as well
    if (plan.budget > 0.0 && first_steps > 0.0)
        wanted = std::min(wanted, (plan.budget - first_steps) / (first_steps / n));
    Cell second = cell;
    second.trajectories = static_cast<std::uint64_t>(
        std::ceil(std::clamp(wanted, fewest_trajectories, most_trajectories)));
    char bytes[sizeof cell.seed];
    std::memcpy(bytes, &cell.seed, sizeof bytes);
    second.seed = xxh64({bytes, sizeof bytes}, second_seed);
    return second;
}

}  // namespace kramers
