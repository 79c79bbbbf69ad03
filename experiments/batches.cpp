// SPDX-License-Identifier: Apache-2.0
#include "experiments/batches.hpp"

#include <algorithm>
#include <cstdint>

#include "experiments/cell_plans.hpp"
#include "experiments/cost.hpp"

namespace kramers {
namespace {

constexpr double batch_steps = 4e9;                     ///< predicted, of all plans of a batch
constexpr std::uint64_t batch_trajectories = 16 << 20;  ///< 128 MiB of passage slots
constexpr std::size_t batch_plans = 512;

}  // namespace

double cell_cost(Cell const& cell) {
    double cost = 1.0;
    if (cell.order.substeps > 0) return cost + expected_steps(cell, 0, 0);
    std::size_t const runs = cell.targets.empty() || cell.stop_at_first ? 1 : cell.targets.size();
    for (std::size_t run = 0; run < runs; ++run)
        for (std::size_t level = 0; level < cell.dt.size(); ++level)
            cost +=
                std::max(0.0, expected_steps(cell, static_cast<int>(level), static_cast<int>(run)));
    return cost;
}

std::size_t batch_end(std::vector<Cell> const& cells, std::vector<double> const& costs,
                      std::size_t first) {
    std::size_t plans = 0, c = first;
    double steps = 0.0;
    std::uint64_t trajectories = 0;
    for (; c < cells.size() && plans < batch_plans; ++c) {
        Cell const& cell = cells[c];
        if (costs[c] >= batch_steps / 4.0 || cell.trajectories >= batch_trajectories / 4) break;
        std::size_t const own = cell_plans(cell).size();
        std::uint64_t const more = own * cell.trajectories;
        if (c > first &&
            (steps + costs[c] > batch_steps || trajectories + more > batch_trajectories))
            break;
        plans += own;
        steps += costs[c];
        trajectories += more;
    }
    return c;
}

}  // namespace kramers
