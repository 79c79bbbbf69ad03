// SPDX-License-Identifier: Apache-2.0
#include "experiments/save.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <Eigen/Core>

#include "estimators/estimate.hpp"
#include "experiments/numbers.hpp"
#include "experiments/suggest.hpp"

namespace kramers {
namespace {

bool read_count(std::string_view text, std::uint64_t& value) {
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value > 0;
}

/// "paths:20" or "paths:20:100".
bool read_paths(std::string_view word, SaveRequest& save) {
    std::string_view rest = word.substr(6);
    std::size_t const colon = rest.find(':');
    if (!read_count(rest.substr(0, colon), save.paths)) return false;
    return colon == std::string_view::npos || read_count(rest.substr(colon + 1), save.every);
}

char const* outcome_text(Outcome outcome) {
    switch (outcome) {
        case Outcome::arrived: return "arrived";
        case Outcome::censored: return "censored";
        case Outcome::diverged: return "diverged";
        case Outcome::running: break;
    }
    return "running";
}

std::uint64_t arrival_rows(Spec const& spec) {
    std::uint64_t rows = 0;
    for (Cell const& cell : spec.cells)
        rows += cell.trajectories * cell.dt.size() * (cell.stop_at_first ? 1 : cell.targets.size());
    return rows;
}

std::uint64_t paths_of(Spec const& spec, Cell const& cell) {
    return std::min(spec.save.paths, cell.trajectories);
}

std::uint64_t path_count(Spec const& spec) {
    std::uint64_t count = 0;
    for (Cell const& cell : spec.cells) count += paths_of(spec, cell);
    return count;
}

/// A path with at most `most` rows: every step where they fit, else evenly thinned.
Replay fitting(Plan const& plan, std::uint64_t trajectory, std::uint64_t every, std::uint64_t most,
               std::uint64_t& used) {
    used = std::max<std::uint64_t>(every, 1);
    Replay path = replay(plan, trajectory, used, most);
    if (path.final_step / used + 2 <= most) return path;
    used = path.final_step / (most - 2) + 1;
    return replay(plan, trajectory, used, most);
}

/// What the coordinate c of the paths covers, and a tenth more on either side.
Interval covered(std::vector<Replay> const& paths, int c) {
    Interval range{std::numeric_limits<double>::infinity(),
                   -std::numeric_limits<double>::infinity()};
    for (Replay const& path : paths)
        for (std::size_t k = static_cast<std::size_t>(c); k < path.states.size();
             k += static_cast<std::size_t>(path.dim)) {
            if (!std::isfinite(path.states[k])) continue;
            range.lower = std::min(range.lower, path.states[k]);
            range.upper = std::max(range.upper, path.states[k]);
        }
    double const more = std::max(0.1 * (range.upper - range.lower), 1e-3);
    return {range.lower - more, range.upper + more};
}

/// V on an even grid over the first one or two coordinates of the paths, which are all there are.
CsvTable landscape_table(Cell const& cell, std::vector<Replay> const& paths) {
    int const points = cell.dim == 1 ? 241 : 81;
    CsvTable table(cell.dim == 1 ? std::vector<std::string>{"cell", "x0", "value"}
                                 : std::vector<std::string>{"cell", "x0", "x1", "value"});
    if (cell.dim > 2 || paths.empty()) return table;
    auto const at = [&](Interval const& range, int i) {
        return range.lower + (range.upper - range.lower) * i / (points - 1);
    };
    Interval const x = covered(paths, 0), y = covered(paths, cell.dim - 1);
    Eigen::VectorXd place(cell.dim);
    for (int i = 0; i < points; ++i)
        for (int j = 0; j < (cell.dim == 1 ? 1 : points); ++j) {
            place(0) = at(x, i);
            if (cell.dim == 1) {
                table.add({cell.index, place(0), cell.potential->value(place)});
                continue;
            }
            place(1) = at(y, j);
            table.add({cell.index, place(0), place(1), cell.potential->value(place)});
        }
    return table;
}

}  // namespace

SaveRequest read_save(Reader& top, ExperimentKind kind) {
    SaveRequest save;
    for (std::string const& word : top.words("save")) {
        if (word == "arrivals" && kind == ExperimentKind::escape) save.arrivals = true;
        else if (word == "arrivals")
            top.problem("save", "save = \"arrivals\" belongs to kind = \"escape\"");
        else if (word.rfind("paths:", 0) != 0)
            top.problem("save", unknown_word("word in save", word, {"arrivals", "paths:20"}));
        else if (!read_paths(word, save))
            top.problem("save", fmt::format("save = \"{}\" (must be \"paths:N\", the first N "
                                            "trajectories, or \"paths:N:K\", every K-th step)",
                                            word));
    }
    return save;
}

void check_save(Spec const& spec, Origin const& where, Problems& problems) {
    if (spec.save.arrivals && arrival_rows(spec) > most_arrival_rows)
        problems.add(where, fmt::format("save = \"arrivals\" would write {} rows (at most {}, some "
                                        "300 MB): fewer trajectories, cells, targets or rungs",
                                        arrival_rows(spec), most_arrival_rows));
    if (path_count(spec) > most_paths)
        problems.add(where,
                     fmt::format("save = \"paths:{}\" would write {} paths of {} cells (at "
                                 "most {} in all): fewer paths or cells",
                                 spec.save.paths, path_count(spec), spec.cells.size(), most_paths));
}

CsvTable arrivals_table() {
    return CsvTable({"cell", "target", "level", "trajectory", "step", "time", "outcome"});
}

void add_arrivals(CsvTable& table, Cell const& cell, int level, int target,
                  PassageTally const& tally) {
    double const dt = cell.dt[static_cast<std::size_t>(level)];
    for (std::size_t id = 0; id < tally.slots.size(); ++id) {
        PassageSlot const& slot = tally.slots[id];
        bool const arrived = slot.outcome() == Outcome::arrived;
        std::size_t const reached =
            static_cast<std::size_t>(cell.stop_at_first ? slot.target() : target);
        bool const named = !cell.stop_at_first || arrived;
        double const shift = arrived && cell.crossing == Crossing::bridge ? 0.5 : 0.0;
        table.add({cell.index, named ? cell.targets[reached] : std::string(), level, id,
                   slot.step(), (static_cast<double>(slot.step()) - shift) * dt,
                   outcome_text(slot.outcome())});
    }
}

SavedPaths paths_tables(Spec const& spec, std::function<bool()> const& interrupted,
                        std::vector<std::string>& warnings) {
    int dim = 1;
    for (Cell const& cell : spec.cells) dim = std::max(dim, cell.dim);
    std::uint64_t const numbers = path_count(spec) * (static_cast<std::uint64_t>(dim) + 1);
    std::uint64_t const most = std::max<std::uint64_t>(8, most_path_numbers / numbers);
    std::uint64_t thinned = 0, coarsest = 0;
    std::vector<std::pair<Cell const*, Replay>> paths;
    std::vector<std::uint64_t> ids;
    for (Cell const& cell : spec.cells) {
        Plan const plan = make_plan(cell, 0, 0);
        for (std::uint64_t id = 0; id < paths_of(spec, cell); ++id) {
            if (interrupted && interrupted()) break;
            std::uint64_t every = 0;
            paths.emplace_back(&cell, fitting(plan, id, spec.save.every, most, every));
            ids.push_back(id);
            dim = std::max(dim, paths.back().second.dim);
            bool const less = every > std::max<std::uint64_t>(1, spec.save.every);
            thinned += less ? 1 : 0;
            if (less) coarsest = std::max(coarsest, every);
        }
    }
    std::vector<std::string> columns{"cell", "trajectory", "step", "time"};
    for (int c = 0; c < dim; ++c) columns.push_back(fmt::format("x{}", c));
    CsvTable table(columns);
    for (std::size_t p = 0; p < paths.size(); ++p) {
        auto const& [cell, path] = paths[p];
        for (std::size_t row = 0; row < path.steps.size(); ++row) {
            std::vector<CsvField> fields{cell->index, ids[p], path.steps[row],
                                         static_cast<double>(path.steps[row]) * cell->dt.front()};
            std::size_t const begin = row * static_cast<std::size_t>(path.dim);
            for (int c = 0; c < dim; ++c)
                fields.emplace_back(c < path.dim ? path.states[begin + static_cast<std::size_t>(c)]
                                                 : missing);
            table.add(fields);
        }
    }
    if (thinned > 0)
        warnings.push_back(
            fmt::format("paths.csv holds at most {} rows of a path: {} of {} paths "
                        "are thinned, down to every {}th step",
                        most, thinned, paths.size(), coarsest));
    std::vector<Replay> first;
    for (auto const& [cell, path] : paths)
        if (cell == &spec.cells.front()) first.push_back(path);
    return {std::move(table), landscape_table(spec.cells.front(), first)};
}

}  // namespace kramers
