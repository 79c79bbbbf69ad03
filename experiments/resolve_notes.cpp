// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/epoch.hpp"
#include "experiments/resolve_parts.hpp"
#include "landscapes/make_potential.hpp"

namespace kramers {
namespace {

void note_landscape(Draft& draft) {
    Cell& cell = draft.cell;
    LandscapeInfo const& info = *find_landscape(cell.landscape);
    cell.notes.push_back(
        fmt::format("landscape {}, dim {}: {}; {}", info.name, cell.dim, info.formula,
                    parameter_text(info.parameters, cell.landscape_values, cell.dim)));
    for (CriticalPoint const& c : cell.potential->critical_points())
        cell.notes.push_back(fmt::format("{} at x = {}, V = {:.6g}, curvatures {}", c.name,
                                         point_text(c.point), c.value, point_text(c.eigenvalues)));
    if (draft.climb && draft.well) {
        std::string text = fmt::format("barrier = V({}) - V({}) = {:.6g}", draft.climb->saddle.name,
                                       draft.well->name, draft.climb->forward);
        if (draft.climb->backward)
            text += fmt::format("; seen from the other well {:.6g}", *draft.climb->backward);
        if (cell.has_temperature && cell.temperature > 0.0)
            text += fmt::format("; barrier/T = {:.6g}", draft.climb->forward / cell.temperature);
        cell.notes.push_back(text);
    }
}

/// E12: a target whose boundary is y past the saddle takes Φ(y √(|V''|/T)) of the time to the
/// other well.
void note_targets(Draft& draft) {
    Cell& cell = draft.cell;
    for (NamedRegion const& r : cell.regions) {
        Region const& g = r.region;
        Eigen::Map<Eigen::VectorXd const> const a(g.a.data(),
                                                  static_cast<Eigen::Index>(g.a.size()));
        std::string text = fmt::format("region {}: ", r.name);
        if (g.kind == RegionKind::half_space)
            text += fmt::format("n.x >= {:.6g}, n = {}", g.offset, point_text(a));
        else if (g.kind == RegionKind::ball)
            text += fmt::format("|x - {}| <= {:.6g}", point_text(a), g.extent[0]);
        else
            for (std::size_t i = 0; i < g.a.size(); ++i)
                text += fmt::format("{}{:.6g} <= x_{} <= {:.6g}", i == 0 ? "" : ", ",
                                    g.a[i] - g.extent[i], i, g.a[i] + g.extent[i]);
        if (g.complement) text = text + " (its complement)";
        cell.notes.push_back(text);
        bool const line = cell.dim == 1 && g.kind == RegionKind::half_space && draft.climb;
        bool const plain = cell.theory.scope == TheoryScope::itself;  // E12 is overdamped
        if (draft.kind != ExperimentKind::escape || !line || !plain || !(cell.temperature > 0.0))
            continue;
        CriticalPoint const& saddle = draft.climb->saddle;
        double const y = g.a[0] * saddle.point[0] - g.offset;  // > 0: the boundary lies before it
        double const z = -y * std::sqrt(std::abs(saddle.eigenvalues[0]) / cell.temperature);
        double const factor = 0.5 * std::erfc(-z / std::sqrt(2.0));
        if (factor < 0.99)
            cell.notes.push_back(
                fmt::format("region {}: its boundary is near {}: about {:.3g} of the "
                            "time to the other well (E12)",
                            r.name, saddle.name, factor));
    }
}

/// A region that neither a claim nor `targets` names is seen by nothing.
void note_unasked(Draft& draft) {
    if (draft.kind != ExperimentKind::escape) return;
    std::vector<std::string> const& targets = draft.cell.targets;
    for (NamedRegion const& r : draft.cell.regions)
        if (std::find(targets.begin(), targets.end(), r.name) == targets.end())
            draft.cell.notes.push_back(fmt::format(
                "region {}: not among the targets, trajectories pass through it (targets = "
                "[\"{}\", \"{}\"] adds it)",
                r.name, fmt::join(targets, "\", \""), r.name));
}

void note_sampling(Draft& draft) {
    Cell& cell = draft.cell;
    if (draft.kind == ExperimentKind::escape) {
        cell.notes.push_back(std::isinf(cell.max_time)
                                 ? std::string("no censoring time")
                                 : fmt::format("censored at time {:.6g}", cell.max_time));
        return;
    }
    if (draft.kind == ExperimentKind::order || draft.kind == ExperimentKind::race) return;
    double const step = draft.time_per_step;
    cell.notes.push_back(
        fmt::format("burn-in {} steps = time {:.6g}, then {} snapshot(s) per "
                    "trajectory, {} steps apart",
                    cell.snapshots.burn_in, static_cast<double>(cell.snapshots.burn_in) * step,
                    cell.snapshots.snapshots, cell.snapshots.stride));
    if (std::string const note = epoch_note(cell); !note.empty()) cell.notes.push_back(note);
    double const relaxation = draft.relaxation_steps();
    if (relaxation > 0.0)
        cell.notes.push_back(fmt::format("slowest mode of {} relaxes in {:.6g} steps{}",
                                         draft.well->name, relaxation,
                                         draft.climb ? "; passages between wells are slower" : ""));
}

}  // namespace

void write_facts(Draft& draft) {
    Cell& cell = draft.cell;
    auto& facts = cell.facts;
    facts["dim"] = cell.dim;
    if (cell.has_temperature) facts["temperature"] = cell.temperature;
    facts["dt"] = cell.dt.empty() ? 0.0 : cell.dt.front();
    facts["trajectories"] = static_cast<double>(cell.trajectories);
    if (cell.learning_rate > 0.0) facts["learning_rate"] = cell.learning_rate;
    if (draft.max_curvature > 0.0) {
        facts["max_curvature"] = draft.max_curvature;
        facts["min_curvature"] = draft.min_curvature;
    }
    if (draft.climb) {
        facts["barrier"] = draft.climb->forward;
        facts["saddle_curvature"] = -draft.climb->saddle.eigenvalues.minCoeff();
        facts["saddle_determinant"] = std::abs(draft.climb->saddle.eigenvalues.prod());
        if (draft.well) facts["minimum_determinant"] = draft.well->eigenvalues.prod();
        if (draft.climb->backward) facts["backward_barrier"] = *draft.climb->backward;
    }
    if (draft.kind == ExperimentKind::escape) {
        facts["bridge"] = cell.crossing == Crossing::bridge ? 1.0 : 0.0;
        facts["endpoint"] = 1.0 - facts["bridge"];
    }
    auto const add = [&facts](std::string_view name, double value) {
        facts.emplace(std::string(name), value);  // a computed fact wins over a parameter
    };
    if (draft.law != nullptr) {
        add("batch_size", draft.batch_size);
        for (auto const& [name, value] : draft.noise_settings) add(name, value);
        if (auto const c = common_value(draft.variance)) add("noise_variance", *c);
    }
    for (std::size_t i = 0; i < draft.values.size(); ++i)
        add(draft.dynamics->parameters[i].name, draft.values[i]);
    if (draft.circulation != 0.0) add("circulation", draft.circulation);
    if (LandscapeInfo const* info = find_landscape(cell.landscape)) {
        std::size_t next = 0;
        for (Parameter const& p : info->parameters) {
            if (!p.per_coordinate && !p.per_pair) add(p.name, cell.landscape_values[next]);
            next += count_of(p, cell.dim);
        }
    }
}

void write_notes(Draft& draft) {
    note_landscape(draft);
    note_dynamics(draft);
    draft.cell.notes.push_back(fmt::format("start {} at x = {}", draft.cell.start_name,
                                           point_text(draft.cell.start_point)));
    note_targets(draft);
    note_unasked(draft);
    note_sampling(draft);
}

}  // namespace kramers
