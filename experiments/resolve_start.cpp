// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <fmt/format.h>

#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"
#include "landscapes/gibbs_table.hpp"

namespace kramers {
namespace {

/// Entries per coordinate of a Gibbs start's quantile table: cells of probability 1/4096.
constexpr int table_entries = 4097;

void read_named_point(Draft& draft, Reader& reader, std::string const& name) {
    Potential const& potential = *draft.cell.potential;
    auto const c = point_named(potential, name);
    if (!c) {
        reader.problem("point", no_such_point(potential, name));
        return;
    }
    draft.cell.start_point = c->point;
    draft.cell.start_name = name;
}

void read_gibbs(Draft& draft, Reader& reader, std::string const& name) {
    Potential const& potential = *draft.cell.potential;
    if (!potential.separable()) {
        reader.problem("gibbs", fmt::format("start.gibbs needs a separable landscape, which {} is "
                                            "not; start at a point with a burn-in",
                                            potential.name()));
        return;
    }
    auto c = name == "all" ? nearest_minimum(potential, Eigen::VectorXd::Zero(potential.dim()))
                           : point_named(potential, name);
    std::vector<std::string> wells{"all"};
    for (CriticalPoint const& p : potential.critical_points())
        if (p.morse_index == 0) wells.push_back(p.name);
    if (!c || c->morse_index != 0) {
        reader.problem("gibbs", unknown_word("well", name, wells));
        return;
    }
    draft.cell.start_point = c->point;
    draft.cell.start_name = name == "all" ? "gibbs" : fmt::format("gibbs in {}", c->name);
    draft.gibbs = name == "all" ? name : c->name;
}

}  // namespace

void read_start(Draft& draft) {
    auto reader = sub_reader(draft.top, "start", false);
    if (!reader) return;
    Node* point = reader->take("point");
    Node* gibbs = reader->take("gibbs");
    if ((point == nullptr) == (gibbs == nullptr)) {
        draft.problems.add(reader->where(),
                           "start must have exactly one of point = [...], point = \"minimum.left\" "
                           "and gibbs = \"all\"");
        return;
    }
    reader->finish();
    if (!draft.has_landscape()) return;
    Potential const& potential = *draft.cell.potential;
    if (gibbs != nullptr) {
        std::string const name = reader->text("gibbs");
        if (gibbs->text() != nullptr) read_gibbs(draft, *reader, name);
    } else if (point->text() != nullptr) {
        read_named_point(draft, *reader, *point->text());
    } else {
        std::size_t const before = draft.problems.size();
        auto const x = reader->numbers("point", static_cast<std::size_t>(potential.dim()),
                                       {-1e6, 1e6, false, "length"});
        if (draft.problems.size() > before) return;
        draft.cell.start_point = Eigen::Map<Eigen::VectorXd const>(x.data(), potential.dim());
        draft.cell.start_name = point_text(draft.cell.start_point);
    }
    if (draft.cell.start_point.size() == 0) return;
    Eigen::VectorXd const& x = draft.cell.start_point;
    draft.cell.start = {StartKind::point, {x.data(), x.data() + x.size()}, {}};
    draft.well = nearest_minimum(potential, x);
}

void make_gibbs_start(Draft& draft) {
    if (draft.gibbs.empty() || !draft.has_landscape() || !draft.well) return;
    double const temperature = draft.cell.temperature;
    if (!(temperature > 0.0)) {
        draft.problems.add(draft.top.origin_of("start"),
                           "start.gibbs needs a temperature > 0 (at T = 0 start at a point)");
        return;
    }
    Potential const& potential = *draft.cell.potential;
    double constexpr open = std::numeric_limits<double>::infinity();
    auto const d = static_cast<std::size_t>(potential.dim());
    WellEdges edges{std::vector<double>(d, -open), std::vector<double>(d, open)};
    if (draft.gibbs != "all") edges = well_edges(potential, draft.well->point);
    Start start{StartKind::quantile_table, {}, {}};
    for (std::size_t i = 0; i < d; ++i) {
        auto const column = gibbs_quantiles(potential, static_cast<int>(i), temperature,
                                            edges.lower[i], edges.upper[i], table_entries);
        start.table.insert(start.table.end(), column.begin(), column.end());
    }
    draft.cell.start = std::move(start);
}

}  // namespace kramers
