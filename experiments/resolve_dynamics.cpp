// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"

namespace kramers {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Parameters of the noise are written in a table of their own.
bool belongs_to_noise(Parameter const& p) { return p.name == "gradient_variance"; }

/// { barrier_over = r } → barrier / r,  { over_max_curvature = r } → r / h_max.
void make_absolute(Draft& draft, std::string const& key, Node& node) {
    Table const* table = node.table();
    if (table == nullptr) return;
    auto const problem = [&](std::string const& what) {
        draft.problems.add(node.origin, fmt::format("{} = {} ({})", key, to_toml(node), what));
        node.value = 1.0;
    };
    auto const& entries = table->entries;
    if (entries.size() != 1 || !entries.front().second.is_number() ||
        !(entries.front().second.number() > 0.0))
        return problem(
            "must be a number, { barrier_over = r } or { over_max_curvature = r }, r > 0");
    double const ratio = entries.front().second.number();
    if (entries.front().first == "barrier_over" && key == "dynamics.temperature") {
        if (draft.climb) node.value = draft.climb->forward / ratio;
        else if (draft.has_landscape() && draft.well)
            problem(
                "no barrier: the landscape has no saddle on the way from the start to the target");
        else node.value = 1.0;
    } else if (entries.front().first == "over_max_curvature" && key != "dynamics.temperature") {
        if (draft.max_curvature > 0.0) node.value = ratio / draft.max_curvature;
        else if (draft.has_landscape() && draft.well)
            problem("the well of the start has no curvature");
        else node.value = 1.0;
    } else {
        problem(
            fmt::format("{} cannot be written so; barrier_over is for dynamics.temperature, "
                        "over_max_curvature for a learning rate or dt",
                        key));
    }
}

std::optional<double> default_of(Parameter const& p) {
    if (std::isnan(p.fallback)) return std::nullopt;
    return p.fallback;
}

/// Explicit steps multiply mode i by 1 − step·h_i: beyond step·h = 2 they grow.
void check_stability(Draft& draft, double step, std::string const& key, bool allowed) {
    if (!draft.has_landscape() || !draft.cell.potential->curvatures() || allowed) return;
    double const largest = draft.cell.potential->curvatures()->maxCoeff();
    if (step * largest < 2.0) return;
    draft.unstable = true;
    Node const* node = find_at(draft.tree, key);
    draft.problems.add(node != nullptr ? node->origin : Origin{},
                       fmt::format("{} = {:.6g} (must be < {:.6g} = 2 / max_curvature: on this "
                                   "quadratic larger steps diverge; dynamics.allow_unstable = true "
                                   "runs it anyway)",
                                   key, step, 2.0 / largest));
}

}  // namespace

double Draft::relaxation_steps() const {
    if (!(time_per_step > 0.0) || !(min_curvature > 0.0)) return 0.0;
    double slowest = 0.0;
    for (double const h : {min_curvature, max_curvature}) {
        double const factor = std::abs(1.0 - time_per_step * h);
        if (factor >= 1.0) return 0.0;
        if (factor > 0.0) slowest = std::max(slowest, -1.0 / std::log(factor));
    }
    return slowest;
}

void find_geometry(Draft& draft) {
    if (draft.has_landscape() && draft.well) {
        draft.max_curvature = draft.well->eigenvalues.maxCoeff();
        draft.min_curvature = draft.well->eigenvalues.minCoeff();
        Region const* target = nullptr;
        for (NamedRegion const& r : draft.cell.regions)
            if (!draft.cell.targets.empty() && r.name == draft.cell.targets.front())
                target = &r.region;
        draft.climb = climb_from(*draft.cell.potential, *draft.well, target);
    }
    for (char const* key : {"dynamics.temperature", "dynamics.learning_rate", "scheme.dt"})
        if (Node* node = find_at(draft.tree, key)) make_absolute(draft, key, *node);
}

void read_dynamics(Draft& draft) {
    auto reader = sub_reader(draft.top, "dynamics", false);
    if (draft.top.has("noise") && !reader) return;
    if (!reader) return;
    std::string const name = reader->choice("name", "dynamics", dynamics_names());
    draft.dynamics = find_dynamics(name);
    if (draft.dynamics == nullptr) {
        draft.top.take("noise");
        return;
    }
    bool const noisy = std::any_of(draft.dynamics->parameters.begin(),
                                   draft.dynamics->parameters.end(), belongs_to_noise);
    std::optional<Reader> noise;
    if (noisy) {
        noise = sub_reader(draft.top, "noise", false);
        if (noise) noise->choice("law", "law of the noise", {"gaussian"}, "gaussian");
    } else if (draft.top.has("noise")) {
        draft.top.problem("noise", fmt::format("noise belongs to an optimizer; {} has its noise in "
                                               "dynamics.temperature",
                                               name));
    }
    std::size_t const before = draft.problems.size();
    for (Parameter const& p : draft.dynamics->parameters) {
        if (belongs_to_noise(p) && reader->has(p.name))
            reader->problem(p.name,
                            fmt::format("dynamics.{} belongs in the table of the noise: noise "
                                        "= {{ law = \"gaussian\", {} = ... }}",
                                        p.name, p.name));
        Reader* from = belongs_to_noise(p) ? (noise ? &*noise : nullptr) : &*reader;
        draft.cell.dynamics_values.push_back(
            from != nullptr ? from->number(p.name, range_of(p), default_of(p)) : 1.0);
    }
    if (noise) noise->finish();
    bool const allow_unstable = reader->flag("allow_unstable", false);
    reader->finish();
    draft.cell.dynamics = name;
    if (draft.problems.size() > before) return;
    auto const clock = draft.dynamics->clock(draft.cell.dynamics_values.data());
    draft.cell.temperature = clock.temperature;
    if (!draft.dynamics->optimizer) return;
    draft.time_per_step = clock.time_per_step;
    draft.cell.learning_rate = clock.time_per_step;
    check_stability(draft, clock.time_per_step, "dynamics.learning_rate", allow_unstable);
}

void read_scheme(Draft& draft) {
    if (draft.dynamics == nullptr) {
        draft.top.take("scheme");
        return;
    }
    Cell& cell = draft.cell;
    auto const& schemes = draft.dynamics->schemes;
    auto reader = sub_reader(draft.top, "scheme", draft.dynamics->optimizer);
    if (!reader) return;
    cell.scheme = reader->choice("name", "scheme for " + std::string(draft.dynamics->name), schemes,
                                 schemes.front());
    bool const escape = draft.kind == ExperimentKind::escape;
    if (escape) {
        std::string const crossing =
            reader->choice("crossing", "crossing", {"endpoint", "bridge"}, "endpoint");
        cell.crossing = crossing == "bridge" ? Crossing::bridge : Crossing::endpoint;
    }
    if (draft.dynamics->optimizer) {
        if (cell.crossing == Crossing::bridge)
            reader->problem("crossing", fmt::format("scheme.crossing = \"bridge\" (must be "
                                                    "\"endpoint\": {} is discrete, nothing happens "
                                                    "between its iterations)",
                                                    cell.dynamics));
        for (char const* key : {"dt", "dt_ladder"})
            if (reader->has(key))
                reader->problem(key, fmt::format("scheme.{} has no meaning for {}: its step is "
                                                 "dynamics.learning_rate",
                                                 key, cell.dynamics));
        cell.dt = {draft.time_per_step};
        reader->finish();
        return;
    }
    double const dt = reader->number("dt", {0.0, infinite, true, "time"});
    std::uint64_t rungs = 1;
    if (escape) {
        rungs = reader->count("dt_ladder", 1, 4, 1);
    } else if (reader->has("dt_ladder")) {
        reader->problem("dt_ladder",
                        "scheme.dt_ladder belongs to kind = \"escape\"; a stationary "
                        "law is compared with gibbs_euler, which contains the bias of "
                        "the step");
    }
    reader->finish();
    for (std::uint64_t level = 0; level < rungs; ++level)
        cell.dt.push_back(dt * static_cast<double>(1U << level));
    draft.time_per_step = dt;
    Node const* flag = find_at(draft.tree, "dynamics.allow_unstable");
    bool const* allowed = flag != nullptr ? std::get_if<bool>(&flag->value) : nullptr;
    if (allowed == nullptr || !*allowed) {
        if (rungs == 1) {
            check_stability(draft, dt, "scheme.dt", false);
        } else if (draft.has_landscape() && draft.cell.potential->curvatures() &&
                   cell.dt.back() * draft.cell.potential->curvatures()->maxCoeff() >= 2.0) {
            draft.unstable = true;
            reader->problem("dt",
                            fmt::format("scheme.dt = {:.6g}: the coarsest of {} rungs, {:.6g}, "
                                        "must be < {:.6g} = 2 / max_curvature",
                                        dt, rungs, cell.dt.back(),
                                        2.0 / cell.potential->curvatures()->maxCoeff()));
        }
    }
}

}  // namespace kramers
