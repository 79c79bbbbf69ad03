// SPDX-License-Identifier: Apache-2.0
#include "experiments/cell_plans.hpp"

#include "experiments/kinds/race.hpp"

namespace kramers {

std::vector<Plan> cell_plans(Cell const& cell) {
    if (cell.targets.empty()) {
        std::vector<Plan> plans{make_plan(cell, 0, 0)};
        for (ComparedSde const& model : cell.order.models)
            plans.push_back(make_sde_plan(cell, model));
        if (!cell.race.entrant.empty()) plans.push_back(make_goal_plan(cell));
        return plans;
    }
    std::vector<Plan> plans;
    int const runs = cell.stop_at_first ? 1 : static_cast<int>(cell.targets.size());
    for (int run = 0; run < runs; ++run)
        for (int level = 0; level < static_cast<int>(cell.dt.size()); ++level)
            plans.push_back(make_plan(cell, level, run));
    return plans;
}

}  // namespace kramers
