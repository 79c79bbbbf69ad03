// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/tree.hpp"

namespace kramers {

/// The cells of a sweep, in a fixed order: [[case]] entries outermost, then the swept keys as they
/// are written, the last one running fastest. Each cell is a whole spec with plain values, or
/// { barrier_over = r }, { over_max_curvature = r }, at the swept keys. Without a sweep: one cell.
struct Sweep {
    std::vector<std::string> keys;
    std::vector<Table> cells;
};
Sweep expand_sweep(Table const& root, Problems& problems);

/// A list of values as written: [...], "log(a, b, n)", "lin(a, b, n)" or { barrier_over = [...] }.
/// `key`: its name in messages. Empty after a problem.
std::vector<Node> listed_values(std::string const& key, Node const& node, Problems& problems);

/// The sweep with its numbers in `root`: one list when a single key is swept, [[case]] entries
/// otherwise. `cells` are the resolved trees.
void write_sweep(Table& root, std::vector<std::string> const& keys,
                 std::vector<Table> const& cells);

}  // namespace kramers
