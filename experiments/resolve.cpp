// SPDX-License-Identifier: Apache-2.0
#include "experiments/resolve.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"

namespace kramers {
namespace {

/// A trajectory that starts in a target arrives at time 0: never what was meant.
void check_start_outside(Draft& draft) {
    Cell const& cell = draft.cell;
    for (NamedRegion const& r : cell.regions) {
        bool const target =
            std::find(cell.targets.begin(), cell.targets.end(), r.name) != cell.targets.end();
        if (!target || cell.start_point.size() == 0 ||
            distance_to(r.region, cell.start_point) > 0.0)
            continue;
        draft.problems.add(draft.top.origin_of("start"),
                           fmt::format("start at x = {} lies in the target {} already (a first "
                                       "passage needs a start outside)",
                                       point_text(cell.start_point), r.name));
    }
}

/// What the claims ask must be observed.
void check_asked(Draft& draft) {
    Cell const& cell = draft.cell;
    if (draft.kind != ExperimentKind::stationary || !draft.has_landscape()) return;
    for (std::vector<int> const& axes : draft.asked.densities) {
        bool found = false;
        for (HistogramPlan const& h : cell.snapshots.histograms)
            found =
                found || (h.axis_x == axes[0] &&
                          (axes.size() == 2 ? h.bins_y > 0 && h.axis_y == axes[1] : h.bins_y == 0));
        if (found) continue;
        std::string const text = axes.size() == 2 ? fmt::format("axes = [{}, {}]", axes[0], axes[1])
                                                  : fmt::format("axis = {}", axes[0]);
        draft.problems.add(
            draft.top.origin_of("histograms"),
            fmt::format("a claim asks for the density along {}, which no histogram "
                        "counts (add {{ {}, lower = ..., upper = ..., bins = ... }} to "
                        "histograms)",
                        text, text));
    }
}

void read_meaningless(Draft& draft) {
    auto const refuse = [&](std::vector<std::string> const& keys, ExperimentKind kind) {
        for (std::string const& key : keys)
            if (draft.kind != kind && draft.top.has(key))
                draft.top.problem(key,
                                  fmt::format("{} belongs to kind = \"{}\"", key, to_string(kind)));
    };
    refuse({"burn_in", "stride", "histograms"}, ExperimentKind::stationary);
    refuse({"targets", "stop_at_first"}, ExperimentKind::escape);
    refuse({"compare", "moments"}, ExperimentKind::order);
    refuse({"goal", "evaluations", "entrant", "grid"}, ExperimentKind::race);
}

}  // namespace

Cell resolve_cell(Table& tree, ExperimentKind kind, Asked const& asked, Origin const& file,
                  Problems& problems) {
    Draft draft(tree, kind, asked, file, problems);
    std::size_t const before = problems.size();
    for (char const* key : {"name", "title", "figure", "kind", "claim", "sweep", "case", "quick",
                            "save", "sweep_design", "sweep_seed"})
        draft.top.take(key);
    read_landscape(draft);
    read_start(draft);
    read_regions(draft);
    read_targets(draft);
    find_geometry(draft);
    read_dynamics(draft);
    read_scheme(draft);
    read_ensemble(draft);
    choose_method(draft);
    read_sampling(draft);
    read_order(draft);
    read_race(draft);
    read_meaningless(draft);
    draft.top.finish();
    if (problems.size() == before) make_gibbs_start(draft);
    check_start_outside(draft);
    check_asked(draft);
    if (problems.size() == before) {
        write_facts(draft);
        write_notes(draft);
        if (kind == ExperimentKind::order) note_order(draft);
    }
    return std::move(draft.cell);
}

}  // namespace kramers
