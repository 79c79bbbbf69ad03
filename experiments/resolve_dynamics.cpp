// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/bridge_reason.hpp"
#include "experiments/circulation.hpp"
#include "experiments/components.hpp"
#include "experiments/matrix_step.hpp"
#include "experiments/numbers.hpp"
#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"
#include "gpu/composed/composition.hpp"
#include "sde/noise/shape.hpp"

namespace kramers {
namespace {

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

/// A step times the largest curvature of a quadratic must be below this.
void check_stability(Draft& draft, double step, std::string const& key, bool allowed,
                     StabilityLimit const& limit = {2.0, "2"}) {
    if (!draft.has_landscape() || !draft.cell.potential->curvatures() || allowed) return;
    double const largest = draft.cell.potential->curvatures()->maxCoeff();
    if (step * largest < limit.value) return;
    draft.unstable = true;
    Node const* node = find_at(draft.tree, key);
    draft.problems.add(node != nullptr ? node->origin : Origin{},
                       fmt::format("{} = {:.6g} (must be < {:.6g} = {} / max_curvature: on this "
                                   "quadratic larger steps diverge; dynamics.allow_unstable = true "
                                   "runs it anyway)",
                                   key, step, limit.value / largest, limit.text));
}

/// What belongs in the table of the noise, written in that of the dynamics.
void refuse_noise_settings(Draft& draft, Reader& reader) {
    Table const& table = *draft.tree.find("dynamics")->table();
    for (NoiseLawEntry const& law : noise_laws())
        for (Parameter const& p : law.parameters) {
            if (draft.dynamics->index_of(p.name) >= 0 || table.find(p.name) == nullptr ||
                draft.dynamics->noise_use == NoiseUse::own ||
                draft.dynamics->noise_use == NoiseUse::stable || reader.knows(p.name))
                continue;
            reader.take(p.name);
            reader.problem(p.name,
                           fmt::format("dynamics.{} belongs in the table of the noise: noise "
                                       "= {{ law = \"{}\", {} = ... }}",
                                       p.name, law.name, p.name));
        }
}

bool is_white_gaussian(Draft const& draft) {
    return draft.law != nullptr && draft.law->name == "gaussian";
}

}  // namespace

double Draft::relaxation_steps() const {
    if (!(time_per_step > 0.0) || !(min_curvature > 0.0)) return 0.0;
    double slowest = 0.0;
    for (double const h : {min_curvature, max_curvature}) {
        auto const factor = decay_per_step(*this, h);
        if (!factor || *factor >= 1.0) return 0.0;
        if (*factor > 0.0) slowest = std::max(slowest, -1.0 / std::log(*factor));
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
    if (!reader) {
        for (char const* key : {"noise", "schedule"}) draft.top.take(key);
        return;
    }
    std::string const name = reader->choice("name", "dynamics", dynamics_names());
    draft.dynamics = find_dynamics(name);
    if (draft.dynamics == nullptr) {
        for (char const* key : {"noise", "schedule"}) draft.top.take(key);
        return;
    }
    DynamicsInfo const& d = *draft.dynamics;
    std::size_t const before = draft.problems.size();
    std::vector<double> values;
    for (Parameter const& p : d.parameters)
        values.push_back(reader->number(p.name, range_of(p), default_of(p)));
    if (draft.problems.size() == before) draft.values = values;
    Table const& table = *draft.tree.find("dynamics")->table();
    if (d.name == "sgd" || (d.optimizer && table.find("batch_size") != nullptr))
        reader->take("batch_size");
    refuse_noise_settings(draft, *reader);
    read_noise(draft);
    read_circulation(draft, *reader);
    bool const allow_unstable = reader->flag("allow_unstable", false);
    reader->finish();
    draft.cell.dynamics = name;
    if (draft.problems.size() > before) {
        draft.values.clear();
        return;
    }
    draft.cell.dynamics_values = values;
    find_limit(draft);
    if (auto const limit = stability_limit(draft); limit && d.optimizer)
        check_stability(draft, draft.cell.learning_rate, "dynamics.learning_rate", allow_unstable,
                        *limit);
}

namespace {

/// A scheme that would do.
std::string not_compiled(UnlistedScheme const& scheme, DynamicsInfo const& dynamics) {
    std::string const have = fmt::format("(have: {})", fmt::join(dynamics.schemes, ", "));
    auto const& schemes = dynamics.schemes;
    if (std::find(schemes.begin(), schemes.end(), scheme.same_as) != schemes.end())
        return fmt::format(
            "{} is not compiled for {}, whose noise is additive: its step would be "
            "that of {} {}",
            scheme.name, dynamics.name, scheme.same_as, have);
    return fmt::format(
        "{} would be valid for {} but is not compiled for it: sde/methods.hpp does "
        "not list the pair {}",
        scheme.name, dynamics.name, have);
}

}  // namespace

/// The schemes of this dynamics; why not, if it names another one's.
void read_scheme_name(Draft& draft, Reader& reader) {
    auto const& schemes = draft.dynamics->schemes;
    if (Node const* node = reader.take("name"); node != nullptr && node->text() != nullptr)
        for (SchemeInfo const& s : scheme_components()) {
            bool const valid =
                std::find(schemes.begin(), schemes.end(), *node->text()) != schemes.end();
            if (valid || s.name != *node->text() || s.valid_for.empty()) continue;
            for (UnlistedScheme const& u : draft.dynamics->unlisted)
                if (u.name == s.name)
                    return reader.problem("name", not_compiled(u, *draft.dynamics));
            reader.problem(
                "name", fmt::format("{} is no scheme for {}: it is for {} (have: {})", s.name,
                                    draft.dynamics->name, s.valid_for, fmt::join(schemes, ", ")));
            return;
        }
    draft.cell.scheme = reader.choice("name", "scheme for " + std::string(draft.dynamics->name),
                                      schemes, schemes.front());
}

/// A jump that is infinite must lie beyond any ensemble.divergence_bound.
void check_jumps(Draft const& draft, double dt, Reader& reader) {
    if (draft.dynamics->noise_use != NoiseUse::stable || draft.values.empty()) return;
    double const alpha = draft.dynamics->value_of("alpha", draft.values);
    double const scale = draft.dynamics->value_of("scale", draft.values);
    double const least = std::pow(1e12 / (scale * std::numeric_limits<double>::max()), alpha);
    if (scale > 0.0 && dt < least)
        reader.problem(
            "dt", fmt::format("scheme.dt = {:.6g} (must be >= {:.6g} for alpha = {:.6g}: {})", dt,
                              least, alpha, coordinate::why_smallest_alpha));
}

void read_scheme(Draft& draft) {
    if (draft.dynamics == nullptr) {
        draft.top.take("scheme");
        return;
    }
    Cell& cell = draft.cell;
    auto reader = sub_reader(draft.top, "scheme", draft.dynamics->optimizer);
    if (!reader) return;
    read_scheme_name(draft, *reader);
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
    check_jumps(draft, dt, *reader);
    reader->finish();
    for (std::uint64_t level = 0; level < rungs; ++level)
        cell.dt.push_back(dt * static_cast<double>(1U << level));
    draft.time_per_step = dt;
    Node const* flag = find_at(draft.tree, "dynamics.allow_unstable");
    bool const* allowed = flag != nullptr ? std::get_if<bool>(&flag->value) : nullptr;
    bool const explicit_step =
        draft.dynamics->gradient_flow && !draft.circulates && cell.scheme == "euler_maruyama";
    if (explicit_step && (allowed == nullptr || !*allowed)) {
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

namespace {

/// The program that a composed method runs must fit landscape, law and what is asked of it.
void check_composition(Draft& draft) {
    Cell const& cell = draft.cell;
    auto const* landscape = composed::find_landscape(cell.landscape, cell.dim);
    auto const* program = composed::find_program(cell.dynamics, cell.scheme);
    if (landscape == nullptr || program == nullptr) {
        draft.problems.add(draft.top.origin_of("landscape"),
                           fmt::format("{} in {} dimensions is not compiled for {} with {}",
                                       cell.landscape, cell.dim, cell.dynamics, cell.scheme));
        return;
    }
    Composition composition;
    composition.noise = cell.noise;
    std::string const reason = takes_matrix_step(cell)
                                   ? matrix_step(cell, cell.dt.front()).reason
                                   : composed::why_not(*landscape, *program, composition);
    if (!reason.empty())
        draft.problems.add(draft.top.origin_of(draft.law != nullptr ? "noise" : "dynamics"),
                           reason);
    unsigned const curvatures = coordinate::needs_hessian | coordinate::needs_hessian_gradient;
    if (!cell.gradient_transform.empty() && (program->needs & curvatures) != 0)
        draft.problems.add(draft.top.origin_of("dynamics"),
                           fmt::format("dynamics.circulation turns the gradient only: {} with {} "
                                       "reads the Hessian too",
                                       cell.dynamics, cell.scheme));
}

}  // namespace

void choose_method(Draft& draft) {
    Cell& cell = draft.cell;
    if (draft.dynamics == nullptr || draft.values.empty() || !draft.has_landscape() ||
        cell.scheme.empty())
        return;
    bool const sgd = cell.dynamics == "sgd" && is_white_gaussian(draft);
    bool const plain = (sgd || cell.dynamics == "overdamped") && !draft.scheduled &&
                       !draft.circulates && draft.kind != ExperimentKind::order;
    cell.composed = !plain || !is_compiled(cell.landscape, cell.dim, cell.dynamics, cell.scheme);
    if (!cell.composed) {
        cell.noise = {};
        if (sgd)  // in the order of Sgd::parameters()
            cell.dynamics_values = {cell.dynamics_values[0], draft.batch_size,
                                    draft.noise_settings[0].second};
        return;
    }
    auto const refuse = [&](std::string const& key, std::string const& what) {
        Node const* node = find_at(draft.tree, key);
        draft.problems.add(node != nullptr ? node->origin : draft.top.where(), what);
    };
    if (cell.precision == Precision::single)
        refuse("ensemble.precision",
               fmt::format("ensemble.precision = \"float\" (must be \"mixed\" or \"double\": {} "
                           "is put together at run time and keeps its state in double)",
                           cell.dynamics));
    if (cell.crossing == Crossing::bridge)
        refuse("scheme.crossing",
               fmt::format("scheme.crossing = \"bridge\" (must be \"endpoint\": {})",
                           why_no_bridge(draft)));
    if (cell.dt.size() > 1 && cell.noise.shape != coordinate::NoiseShape::gaussian)
        refuse("scheme.dt_ladder",
               "scheme.dt_ladder needs normal increments: only those of a coarse step are a sum of "
               "those of fine ones");
    check_composition(draft);
}

}  // namespace kramers
