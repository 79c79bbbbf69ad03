// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "experiments/csv.hpp"
#include "experiments/reader.hpp"
#include "experiments/spec.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

/// Reads save = ["arrivals", "paths:20", "paths:20:100"] of a whole spec.
SaveRequest read_save(Reader& top, ExperimentKind kind);

/// Refuses what would be too large to be useful; the cells are known.
void check_save(Spec const& spec, Origin const& where, Problems& problems);

/// One row per trajectory of one simulation of an escape cell: cell, target, level (rung), trajectory,
/// step, time, outcome. target: the one that was reached, or else the one that was aimed at (empty
/// when all are in one run). Time as the estimates take it: arrivals seen by the bridge test lie in
/// the middle of their step.
CsvTable arrivals_table();
void add_arrivals(CsvTable& table, Cell const& cell, int level, int target,
                  PassageTally const& tally);

struct SavedPaths {
    CsvTable paths;      ///< cell, trajectory, step, time, x0, x1, …
    CsvTable landscape;  ///< cell, x0 (, x1), value: V of the first cell where its paths went; no
                         ///< rows in three dimensions or more
};

/// Whole paths of the first trajectories of every cell, at the finest dt and towards the first
/// target. `warnings` gets a line when paths were thinned. Stops early when `interrupted` says so.
SavedPaths paths_tables(Spec const& spec, std::function<bool()> const& interrupted,
                        std::vector<std::string>& warnings);

/// Rows that a run folder takes at most.
inline constexpr std::uint64_t most_arrival_rows = 5'000'000;
inline constexpr std::uint64_t most_path_numbers = 4'000'000;  ///< times and coordinates
inline constexpr std::uint64_t most_paths = 10'000;

}  // namespace kramers
