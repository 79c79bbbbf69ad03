// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"
#include "gpu/composed/composition.hpp"

namespace kramers {
namespace {

/// A region by its name, or written out (then it is called "goal").
void read_goal(Draft& draft) {
    Cell& cell = draft.cell;
    Node* node = draft.top.take("goal");
    if (node == nullptr)
        return draft.top.missing("goal",
                                 "where to end: a region's name or { basin = \"minimum.global\" }");
    if (!draft.has_landscape()) return;
    if (std::string const* name = node->text()) {
        std::vector<std::string> names;
        for (NamedRegion const& r : cell.regions) names.push_back(r.name);
        if (std::find(names.begin(), names.end(), *name) == names.end())
            draft.top.problem("goal", unknown_word("region", *name, names));
        cell.race.goal = *name;
        return;
    }
    auto reader = sub_reader(draft.top, "goal", false);
    if (!reader) return;
    auto region = read_region(*reader, *cell.potential);
    reader->finish();
    cell.race.goal = "goal";
    if (region) cell.regions.push_back({"goal", std::move(*region)});
}

}  // namespace

void read_race(Draft& draft) {
    if (draft.kind != ExperimentKind::race) return;
    Cell& cell = draft.cell;
    read_goal(draft);
    cell.race.evaluations = draft.top.count("evaluations", 1, 1e12);
    if (draft.dynamics == nullptr) return;
    if (!draft.dynamics->optimizer) {
        draft.problems.add(draft.top.origin_of("dynamics"),
                           fmt::format("{} is an SDE; the entrants of a race are optimizers, whose "
                                       "gradient evaluations can be counted",
                                       draft.dynamics->name));
        return;
    }
    auto const* program = composed::find_program(cell.dynamics, cell.scheme);
    // svag spends two batches on each step, though their mean gradient is the same here
    int const cost = program == nullptr ? 1 : program->evaluations + program->second_batch;
    cell.race.evaluations_per_step = cost;
    cell.snapshots.burn_in =
        std::max<std::uint64_t>(1, cell.race.evaluations / static_cast<unsigned>(cost));
    cell.snapshots.keep_final = true;
    cell.race.relaxation_steps = draft.relaxation_steps();
    if (auto const limit = stability_limit(draft); limit && draft.has_landscape()) {
        double largest = draft.max_curvature;
        for (CriticalPoint const& p : cell.potential->critical_points())
            if (p.morse_index == 0) largest = std::max(largest, p.eigenvalues.maxCoeff());
        if (largest > 0.0) cell.race.learning_rate_limit = limit->value / largest;
    }
    cell.notes.push_back(fmt::format("{} gradient evaluations are {} steps of {}",
                                     cell.race.evaluations, cell.snapshots.burn_in, cell.dynamics));
}

}  // namespace kramers
