// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/comparison.hpp"
#include "experiments/kinds/answers.hpp"
#include "experiments/race_estimates.hpp"

namespace kramers {

/// First passages into the goal within the evaluations of a race, on the trajectories whose last
/// states make_plan keeps.
Plan make_goal_plan(Cell const& cell);

/// Runs the ensemble of one cell twice, for its last states and for its times to the goal.
CellAnswers run_race(Cell const& cell, Simulate const& simulate, CellTables& tables,
                     std::vector<RaceOutcome>& outcomes);

/// The cell of an entrant with the highest success probability, among `searched` cells.
struct BestCell {
    std::string entrant;
    int cell = 0;
    int searched = 0;
    std::vector<int> not_worse;  ///< cells that a 95 % simultaneous test cannot tell from the best
    RaceOutcome naive;           ///< what it was chosen by: too good, as the luckiest of many
    RaceOutcome fresh;           ///< the same cell with other random numbers
};

/// Which cells of one entrant may be its best: those whose interval reaches up to the highest lower
/// end. Intervals are Clopper–Pearson at 1 − 0.05/m for m cells, so that the true best is among them
/// with probability ≥ 95 %, whatever the cells share.
std::vector<int> not_worse_than_best(std::vector<RaceOutcome const*> const& outcomes);

/// Chooses the best cell of every entrant (of equal ones that with the lowest quenched loss) and runs
/// it again with a seed of its own, so that the value reported has not been searched for.
std::vector<BestCell> find_best(Spec const& spec, std::vector<RaceOutcome> const& outcomes,
                                Simulate const& simulate);

/// The cell as find_best runs it again.
Cell fresh_cell(Cell const& cell, int entrant);

/// The entrants of a race in the order of the spec.
std::vector<std::string> entrants_of(Spec const& spec);

CsvTable race_table(Spec const& spec, std::vector<RaceOutcome> const& outcomes,
                    std::vector<BestCell> const& best);
CsvTable best_table(Spec const& spec, std::vector<BestCell> const& best);

/// "The best cell of this entrant succeeds more often than that of another one (or than a number),
/// by at least so much": on the fresh ensembles, whose Clopper–Pearson intervals share the error of
/// `level` between them.
Comparison compare_race(ClaimSpec const& claim, std::vector<BestCell> const& best, double level);

}  // namespace kramers
