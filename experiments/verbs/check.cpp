// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "experiments/cost.hpp"
#include "experiments/format_value.hpp"
#include "experiments/runner.hpp"
#include "experiments/verbs/verbs.hpp"
#include "gpu/dispatch.hpp"

namespace kramers::verbs {

int check(SpecArguments const& arguments, Common const& common) {
    Spec const spec = open(arguments, common);
    Cost const cost = estimate_cost(spec, common.controls);
    std::size_t const comparisons = comparison_count(spec);
    if (common.json) {
        nlohmann::ordered_json out;
        out["name"] = spec.name;
        out["cells"] = nlohmann::ordered_json::array();
        for (Cell const& cell : spec.cells) {
            Plan const plan = make_plan(cell, 0, 0);
            nlohmann::ordered_json facts;
            for (auto const& [name, value] : cell.facts)
                facts[name] =
                    std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
            out["cells"].push_back({{"cell", cell.index},
                                    {"where", cell_label(cell)},
                                    {"method", describe(plan.key)},
                                    {"trajectories", cell.trajectories},
                                    {"seed", cell.seed},
                                    {"dt", cell.dt},
                                    {"facts", facts},
                                    {"notes", cell.notes}});
        }
        out["comparisons"] = comparisons;
        out["particle_steps"] =
            cost.known ? nlohmann::ordered_json(cost.particle_steps) : nlohmann::ordered_json();
        out["seconds"] =
            cost.known ? nlohmann::ordered_json(cost.seconds) : nlohmann::ordered_json();
        out["memory_bytes"] = cost.memory_bytes;
        out["resolved"] = spec.resolved;
        fmt::print("{}\n", out.dump(2));
        return done;
    }
    fmt::print("{}\n", spec.resolved);
    std::vector<std::string> shown;
    for (Cell const& cell : spec.cells) {
        Plan const plan = make_plan(cell, 0, 0);
        if (spec.cells.size() > 1) fmt::print("cell {} ({})\n", cell.index, cell_label(cell));
        if (cell.index == 0)
            fmt::print("  {}, {} trajectories, seed {}\n", describe(plan.key), cell.trajectories,
                       cell.seed);
        for (std::string const& note : cell.notes) {
            if (std::find(shown.begin(), shown.end(), note) != shown.end()) continue;
            shown.push_back(note);  // what earlier cells said already holds here too
            fmt::print("  {}\n", note);
        }
    }
    fmt::print("\n{} cells, {} comparisons\n", spec.cells.size(), comparisons);
    if (cost.known)
        fmt::print("predicted cost: {:.3g} particle-steps, about {} on this machine\n",
                   cost.particle_steps, clock_text(std::ceil(cost.seconds)));
    else
        fmt::print(
            "predicted cost: at least {:.3g} particle-steps; some mean times have no prediction "
            "(set ensemble.max_time to bound them)\n",
            cost.particle_steps);
    fmt::print("memory: {:.1f} MiB\n", static_cast<double>(cost.memory_bytes) / (1024.0 * 1024.0));
    return done;
}

int predict(SpecArguments const& arguments, Common const& common) {
    Spec const spec = open(arguments, common);
    auto const rows = predict_spec(spec);
    if (common.json) {
        fmt::print("{}\n", predictions_json(rows));
        return done;
    }
    int cell = -1;
    for (auto const& row : rows) {
        if (row.cell != cell && spec.cells.size() > 1)
            fmt::print("{}cell {} ({})\n", cell < 0 ? "" : "\n", row.cell,
                       cell_label(spec.cells[static_cast<std::size_t>(row.cell)]));
        cell = row.cell;
        if (!row.result.prediction) {
            fmt::print("  {:<38} {:<18} none: {}\n", row.estimand, row.name, row.result.reason);
            continue;
        }
        Prediction const& p = *row.result.prediction;
        fmt::print("  {:<38} {:<18} {:<14.9g} {}, error {}{}\n", row.estimand, row.name, p.value,
                   to_string(p.kind), p.error_order,
                   p.in_domain ? "" : "; out of domain: " + p.domain_note);
    }
    return done;
}

}  // namespace kramers::verbs
