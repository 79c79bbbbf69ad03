// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "experiments/claims_text.hpp"
#include "experiments/cost.hpp"
#include "experiments/detect.hpp"
#include "experiments/format_value.hpp"
#include "experiments/host_reason.hpp"
#include "experiments/runner.hpp"
#include "experiments/verbs/verbs.hpp"
#include "gpu/dispatch.hpp"

namespace kramers::verbs {
namespace {

/// The note without its numbers: cells whose notes differ only in numbers say the same.
std::string shape_of(std::string const& note) {
    std::string shape;
    for (char c : note) {
        bool const digit = (c >= '0' && c <= '9') || c == '.';
        if (!digit) shape += c;
        else if (shape.empty() || shape.back() != '#') shape += '#';
    }
    return shape;
}

/// As the spec names it; the plan of a coupled interpolant is that of an iteration.
std::string method_of(Cell const& cell) {
    return describe(
        {cell.landscape, cell.dim, cell.dynamics, cell.scheme, cell.precision, cell.composed});
}

/// The first cell in full; of the others only what is new in kind. Their numbers are in the sweep.
void print_notes(Spec const& spec) {
    std::set<std::string> shown;
    for (Cell const& cell : spec.cells) {
        bool headed = spec.cells.size() == 1;
        auto const head = [&] {
            if (!headed) fmt::print("cell {} ({})\n", cell.index, cell_label(cell));
            headed = true;
        };
        if (cell.index == 0) {
            head();
            fmt::print("  {}, {} trajectories, seed {}\n", method_of(cell), cell.trajectories,
                       cell.seed);
        }
        for (std::string const& note : cell.notes) {
            bool const new_kind = shown.insert(shape_of(note)).second;
            if (!new_kind && cell.index > 0) continue;
            head();
            print_beside("", note, 2);
        }
    }
}

constexpr std::size_t most_rows = 20;  ///< of a table of cells

/// One line per cell: the facts that differ between cells, and the predicted steps. Of a large sweep
/// its first and its last cells.
void print_sweep(Spec const& spec) {
    using Column = std::pair<std::string, std::vector<std::string>>;
    std::vector<Column> columns;
    std::vector<Cell const*> shown;
    std::size_t const left_out =
        spec.cells.size() > most_rows ? spec.cells.size() - (most_rows - 1) : 0;
    std::size_t const before = left_out > 0 ? most_rows - 2 : spec.cells.size();
    for (std::size_t i = 0; i < spec.cells.size(); ++i)
        if (i < before || i >= before + left_out) shown.push_back(&spec.cells[i]);
    auto const add = [&](std::string const& name, auto const& text_of) {
        columns.emplace_back(name, std::vector<std::string>());
        for (Cell const* cell : shown) columns.back().second.push_back(text_of(*cell));
    };
    add("cell", [](Cell const& cell) { return std::to_string(cell.index); });
    add("where", [](Cell const& cell) { return cell_label(cell); });
    bool const optimizer = spec.cells.front().learning_rate > 0.0;
    for (auto const& [name, first] : spec.cells.front().facts) {
        if (name == "bridge" || name == "endpoint" || (optimizer && name == "dt")) continue;
        auto const value_in = [&name = name](Cell const& cell) {
            auto const found = cell.facts.find(name);
            return found == cell.facts.end() ? std::nan("") : found->second;
        };
        double const value = first;
        if (std::any_of(spec.cells.begin(), spec.cells.end(),
                        [&](Cell const& cell) { return value_in(cell) != value; }))
            add(name, [&](Cell const& cell) { return format_label(value_in(cell)); });
    }
    add("particle-steps", [](Cell const& cell) {
        double const steps = predicted_steps(cell);
        std::size_t const runs =
            cell.targets.empty() || cell.stop_at_first ? 1 : cell.targets.size();
        bool at_most = false;
        for (std::size_t run = 0; run < runs; ++run)
            at_most = at_most || is_at_most(cell, static_cast<int>(run));
        return steps < 0.0
                   ? std::string("unknown")
                   : fmt::format("{}{}", at_most ? "at most " : "", format_number(steps, 3));
    });
    fmt::print("\n");
    for (std::size_t row = 0; row <= shown.size(); ++row) {
        if (left_out > 0 && row == before + 1)
            fmt::print("  … {} more cells, all of them with --json\n", left_out);
        std::string line = "  ";
        for (auto const& [name, values] : columns) {
            std::size_t width = columns_of(name);
            for (std::string const& value : values) width = std::max(width, columns_of(value));
            line += padded(row == 0 ? name : values[row - 1], width + 2);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        fmt::print("{}\n", line);
    }
}

void print_prediction(tables::PredictionRow const& row) {
    if (!row.result.prediction) {
        print_beside(fmt::format("    {}", row.name), "declines: " + row.result.reason, 30);
        return;
    }
    Prediction const& p = *row.result.prediction;
    bool const curve = row.estimand.rfind("stationary_density", 0) == 0;
    std::string const text = curve ? fmt::format("a curve; the histogram holds {} of its mass",
                                                 fmt::format("{:.8g}", p.value))
                                   : fmt::format("{:.8g}", p.value);
    std::string const left = padded("    " + row.name, 30) + padded(text, 15);
    if (p.in_domain) fmt::print("{}\n", left.substr(0, left.find_last_not_of(' ') + 1));
    else print_beside(left, "out of domain: " + p.domain_note, columns_of(left));
}

/// Of each formula once: how good it is and where it comes from.
void print_legend(std::vector<tables::PredictionRow> const& rows) {
    std::set<std::string> shown;
    for (tables::PredictionRow const& row : rows) {
        if (!row.result.prediction || !shown.insert(row.name).second) continue;
        if (shown.size() == 1) fmt::print("\n");
        Prediction const& p = *row.result.prediction;
        print_beside(row.name,
                     fmt::format("{}, error {}; valid for {}; {} ({})", to_string(p.kind),
                                 p.error_order, p.domain, fmt::join(p.sources, ", "), p.formula),
                     25);
    }
}

}  // namespace

double predicted_steps(Cell const& cell) {
    std::size_t const runs = cell.targets.empty() || cell.stop_at_first ? 1 : cell.targets.size();
    double sum = 0.0;
    for (std::size_t run = 0; run < runs; ++run)
        for (std::size_t rung = 0; rung < cell.dt.size(); ++rung) {
            double const steps =
                expected_steps(cell, static_cast<int>(rung), static_cast<int>(run));
            if (steps < 0.0) return steps;
            sum += steps;
        }
    return sum;
}

int check(SpecArguments const& arguments, SweepArguments const& sweep, std::string const& detect,
          Common const& common) {
    double const discrepancy = detect.empty() ? 0.0 : parse_discrepancy(detect);
    Spec const spec = open(with_axes(arguments, sweep), common);
    bool const gpu = common.controls.backend != Backend::cpu && cuda_available();
    auto const host_note = [&](Cell const& cell) {
        return host_reason(cell, common.controls, gpu);
    };
    if (std::string const refused = host_note(spec.cells.front());
        common.controls.backend == Backend::cuda && !refused.empty())
        throw DeviceError(refused);
    Cost const cost = estimate_cost(spec, common.controls);
    std::vector<DetectionNeed> needs;
    if (discrepancy > 0.0) needs = detection_needs(spec, discrepancy, cost);
    std::size_t const comparisons = comparison_count(spec);
    if (common.json) {
        nlohmann::ordered_json out;
        out["name"] = spec.name;
        out["cells"] = nlohmann::ordered_json::array();
        for (Cell const& cell : spec.cells) {
            nlohmann::ordered_json facts;
            for (auto const& [name, value] : cell.facts)
                facts[name] =
                    std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
            out["cells"].push_back({{"cell", cell.index},
                                    {"where", cell_label(cell)},
                                    {"method", method_of(cell)},
                                    {"trajectories", cell.trajectories},
                                    {"seed", cell.seed},
                                    {"dt", cell.dt},
                                    {"facts", facts},
                                    {"host_reason", host_note(cell)},
                                    {"notes", cell.notes}});
        }
        out["comparisons"] = comparisons;
        out["particle_steps"] =
            cost.known ? nlohmann::ordered_json(cost.particle_steps) : nlohmann::ordered_json();
        out["seconds"] =
            cost.known ? nlohmann::ordered_json(cost.seconds) : nlohmann::ordered_json();
        out["at_most"] = cost.at_most;
        out["memory_bytes"] = cost.memory_bytes;
        out["claims_sha256"] = claims_sha256(spec);
        out["claims_text"] = claims_text(spec);
        out["resolved"] = spec.resolved;
        if (discrepancy > 0.0) out["detect"] = nlohmann::ordered_json::parse(needs_json(needs));
        fmt::print("{}\n", out.dump(2));
        return done;
    }
    fmt::print("{}\n", spec.resolved);
    print_notes(spec);
    if (std::string const note = host_note(spec.cells.front()); !note.empty())
        print_beside("", note, 2);
    if (spec.cells.size() > 1) print_sweep(spec);
    auto const counted = [](std::size_t n, char const* noun) {
        return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
    };
    fmt::print("\n{}, {}, {}\n", counted(spec.cells.size(), "cell"),
               counted(spec.claims.size(), "claim"), counted(comparisons, "comparison"));
    if (!spec.claims.empty()) fmt::print("claims, SHA-256: {}\n", claims_sha256(spec));
    if (cost.known)
        fmt::print("predicted cost: {0}{1} particle-steps, {2}{3} on this machine\n",
                   cost.at_most ? "at most " : "", format_number(cost.particle_steps, 3),
                   cost.at_most ? "at most " : "about ", format_duration(cost.seconds));
    else
        fmt::print(
            "predicted cost: at least {} particle-steps; some mean times have no prediction\n"
            "(set ensemble.max_time to bound them)\n",
            format_number(cost.particle_steps, 3));
    fmt::print("memory: {:.1f} MiB\n", static_cast<double>(cost.memory_bytes) / (1024.0 * 1024.0));
    if (discrepancy > 0.0) fmt::print("\n{}", needs_text(needs, discrepancy));
    return done;
}

int predict(SpecArguments const& arguments, Common const& common) {
    Spec const spec = open(arguments, common);
    auto const rows = predict_spec(spec);
    if (common.json) {
        fmt::print("{}", predictions_json(rows));
        return done;
    }
    for (std::size_t k = 0; k < rows.size(); ++k) {
        auto const& row = rows[k];
        bool const new_cell = k == 0 || rows[k - 1].cell != row.cell;
        if (new_cell && spec.cells.size() > 1)
            fmt::print("{}cell {} ({})\n", k == 0 ? "" : "\n", row.cell,
                       cell_label(spec.cells[static_cast<std::size_t>(row.cell)]));
        if (new_cell || rows[k - 1].estimand != row.estimand) fmt::print("  {}\n", row.estimand);
        print_prediction(row);
    }
    print_legend(rows);
    return done;
}

}  // namespace kramers::verbs
