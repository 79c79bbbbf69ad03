// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "experiments/input.hpp"
#include "experiments/query.hpp"
#include "experiments/suggest.hpp"
#include "experiments/verbs/verbs.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/theory/references.hpp"

namespace kramers::verbs {
namespace {

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::arrived: return "arrived";
        case Outcome::censored: return "censored";
        case Outcome::diverged: return "diverged";
        case Outcome::running: return "finished";
    }
    return "?";
}

}  // namespace

int replay(SpecArguments const& arguments, int cell_index, int level, std::string const& target,
           std::uint64_t trajectory, std::uint64_t every, std::uint64_t rows,
           Common const& common) {
    Spec const spec = open(arguments, common);
    std::vector<std::string> problems;
    if (cell_index < 0 || cell_index >= static_cast<int>(spec.cells.size()))
        problems.push_back(fmt::format("--cell {}: {} has cells 0 to {}", cell_index, spec.name,
                                       spec.cells.size() - 1));
    Cell const& cell = spec.cells[problems.empty() ? static_cast<std::size_t>(cell_index) : 0];
    if (level < 0 || level >= static_cast<int>(cell.dt.size()))
        problems.push_back(
            fmt::format("--rung {}: the dt ladder has rungs 0 to {}", level, cell.dt.size() - 1));
    int index = 0;
    if (!target.empty()) {
        auto const found = std::find(cell.targets.begin(), cell.targets.end(), target);
        if (found == cell.targets.end())
            problems.push_back(unknown_word("target", target, cell.targets));
        else index = static_cast<int>(found - cell.targets.begin());
    }
    if (trajectory >= cell.trajectories)
        problems.push_back(fmt::format("--trajectory {}: the ensemble has ids 0 to {}", trajectory,
                                       cell.trajectories - 1));
    if (!problems.empty()) throw InputError(problems);

    Replay const path = kramers::replay(make_plan(cell, level, index), trajectory, every, rows);
    double const dt = cell.dt[static_cast<std::size_t>(level)];
    if (common.json) {
        nlohmann::ordered_json out{{"trajectory", trajectory},
                                   {"dt", dt},
                                   {"outcome", to_string(path.outcome)},
                                   {"final_step", path.final_step},
                                   {"target", path.target}};
        out["step"] = path.steps;
        out["x"] = nlohmann::ordered_json::array();
        for (std::size_t k = 0; k < path.steps.size(); ++k)
            out["x"].push_back(std::vector<double>(
                path.states.begin() + static_cast<std::ptrdiff_t>(k) * path.dim,
                path.states.begin() + static_cast<std::ptrdiff_t>(k + 1) * path.dim));
        fmt::print("{}\n", out.dump(2));
        return done;
    }
    fmt::print("step,time");
    for (int c = 0; c < path.dim; ++c) fmt::print(",x{}", c);
    fmt::print("\n");
    for (std::size_t k = 0; k < path.steps.size(); ++k) {
        fmt::print("{},{:.17g}", path.steps[k], static_cast<double>(path.steps[k]) * dt);
        for (int c = 0; c < path.dim; ++c)
            fmt::print(
                ",{:.17g}",
                path.states[k * static_cast<std::size_t>(path.dim) + static_cast<std::size_t>(c)]);
        fmt::print("\n");
    }
    std::fflush(stdout);
    fmt::print(stderr, "trajectory {}: {} after {} steps{}\n", trajectory, to_string(path.outcome),
               path.final_step,
               path.steps.size() >= rows
                   ? fmt::format(" (only {} rows shown; raise --rows or --every)", rows)
                   : std::string());
    return done;
}

int cite(SpecArguments const& arguments, Common const& common) {
    Spec const spec = open(arguments, common);
    std::set<std::string> keys{"salmon2011", "box1958"};
    keys.insert(spec.cells.front().learning_rate > 0.0 ? "li2017" : "maruyama1955");
    for (LandscapeInfo const& l : landscape_catalogue())
        for (Cell const& cell : spec.cells)
            if (l.name == cell.landscape) keys.insert(std::string(l.source));
    for (ClaimSpec const& claim : spec.claims)
        for (theory::PredictionInfo const& p : theory::predictions())
            if (p.name == claim.against) keys.insert(p.sources.begin(), p.sources.end());
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (std::string const& key : theory::bibtex_keys()) {
        if (!keys.count(key)) continue;
        std::string const entry = *theory::bibtex(key);
        out.push_back({{"key", key}, {"bibtex", entry}});
        if (!common.json) fmt::print("{}\n\n", entry);
    }
    if (common.json) fmt::print("{}\n", out.dump(2));
    return done;
}

}  // namespace kramers::verbs
