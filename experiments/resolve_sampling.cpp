// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/numbers.hpp"
#include "experiments/resolve_parts.hpp"

namespace kramers {
namespace {

constexpr std::uint64_t most_steps = std::uint64_t{1} << 40;  // steps of one trajectory

/// A duration in steps: { relaxation_times = n }, { time = t } or { steps = k }.
std::uint64_t read_duration(Draft& draft, Reader& reader, std::uint64_t smallest) {
    std::vector<std::string> given;
    for (char const* key : {"relaxation_times", "time", "steps"})
        if (reader.has(key)) given.emplace_back(key);
    if (given.size() != 1) {
        draft.problems.add(
            reader.where(),
            fmt::format(
                "{} has {} (must have exactly one of relaxation_times, time, "
                "steps)",
                reader.path(),
                given.empty() ? "no length" : fmt::format("{}", fmt::join(given, " and "))));
        return smallest;
    }
    reader.finish();
    if (given[0] == "steps")
        return reader.count("steps", static_cast<double>(smallest),
                            static_cast<double>(most_steps));
    double steps = 0.0;
    if (given[0] == "time") {
        double const time = reader.number("time", {0.0, infinite, false, "time"});
        if (draft.time_per_step > 0.0) steps = time / draft.time_per_step;
    } else {
        double const times = reader.number("relaxation_times", {0.0, infinite, false});
        double const unit = draft.relaxation_steps();
        bool const asks = unit == 0.0 && draft.well && draft.time_per_step > 0.0 &&
                          !draft.unstable && !draft.values.empty();
        if (asks && !decay_per_step(draft, draft.max_curvature))
            reader.problem("relaxation_times",
                           fmt::format("{}: the relaxation of {} is not known beforehand; give "
                                       "time or steps",
                                       reader.full("relaxation_times"), draft.dynamics->name));
        else if (asks)
            reader.problem("relaxation_times",
                           fmt::format("{}: the well of the start never relaxes at this step; give "
                                       "time or steps",
                                       reader.full("relaxation_times")));
        steps = times * unit;
    }
    if (steps > static_cast<double>(most_steps)) {
        reader.problem(given[0], fmt::format("{} is {:.3g} steps (must be <= 2^40)",
                                             reader.full(given[0]), steps));
        return smallest;
    }
    // A time that is a multiple of dt up to rounding means that multiple.
    return std::max(smallest, static_cast<std::uint64_t>(std::ceil(steps * (1.0 - 1e-12))));
}

/// One number for every axis of a histogram, or one per axis.
std::vector<double> per_axis(Reader& reader, std::string_view key, std::size_t axes) {
    return reader.numbers(key, axes, {-1e6, 1e6, false, "length"}, true);
}

HistogramPlan read_histogram(Draft& draft, Reader& reader) {
    HistogramPlan plan;
    plan.bins_x = 1;
    std::vector<double> axes;
    double const last = static_cast<double>(std::max(1, draft.cell.dim) - 1);
    if (reader.has("axes")) axes = reader.numbers("axes", 0, {0.0, last});
    else axes = {static_cast<double>(reader.count("axis", 0, last, 0))};
    bool whole = axes.size() <= 2 && (axes.size() < 2 || axes[0] != axes[1]);
    for (double const a : axes) whole = whole && a == std::floor(a);
    if (!whole) {
        reader.problem("axes", fmt::format("{}.axes must be one or two different coordinates, "
                                           "counted from 0",
                                           reader.path()));
        axes = {0.0};
    }
    auto const lower = per_axis(reader, "lower", axes.size());
    auto const upper = per_axis(reader, "upper", axes.size());
    auto const bins = reader.numbers("bins", axes.size(), {2.0, 4096.0}, true);
    reader.finish();
    for (std::size_t i = 0; i < axes.size(); ++i) {
        if (!(lower[i] < upper[i]))
            reader.problem("upper", fmt::format("{}: lower = {} and upper = {} (must be ascending)",
                                                reader.path(), lower[i], upper[i]));
        if (bins[i] != std::floor(bins[i]))
            reader.problem("bins", reader.path() + ".bins must be whole numbers");
    }
    if (bins.size() == 2 && bins[0] * bins[1] > 65536.0)
        reader.problem("bins", fmt::format("{}: {} x {} bins (must be <= 65536 in all)",
                                           reader.path(), bins[0], bins[1]));
    plan.axis_x = static_cast<int>(axes[0]);
    plan.lower_x = lower[0];
    plan.upper_x = upper[0];
    plan.bins_x = static_cast<int>(bins[0]);
    if (axes.size() == 2) {
        plan.axis_y = static_cast<int>(axes[1]);
        plan.lower_y = lower[1];
        plan.upper_y = upper[1];
        plan.bins_y = static_cast<int>(bins[1]);
    }
    return plan;
}

void read_histograms(Draft& draft) {
    Node* node = draft.top.take("histograms");
    if (node == nullptr) return;
    auto* list = std::get_if<NodeList>(&node->value);
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        Table* table = (*list)[i].table();
        if (table == nullptr) {
            list = nullptr;
            break;
        }
        Reader reader(*table, fmt::format("histograms[{}]", i), (*list)[i].origin, draft.problems);
        draft.cell.snapshots.histograms.push_back(read_histogram(draft, reader));
    }
    if (list == nullptr)
        draft.problems.add(node->origin,
                           "histograms must be a list of tables, e.g. [{ axis = 0, "
                           "lower = -2, upper = 2, bins = 80 }]");
}

/// Length that moments are divided by before they are summed as integers: a power of two not below
/// the widest spread expected, so that 2^10 of them hold every sample.
double moment_scale(Draft const& draft) {
    double spread = 0.0;
    double const T = draft.cell.temperature;
    Potential const& potential = *draft.cell.potential;
    for (CriticalPoint const& c : potential.critical_points())
        if (c.morse_index == 0) spread = std::max(spread, (c.point - draft.well->point).norm());
    for (double const h : {draft.min_curvature, draft.max_curvature}) {
        double damping = h;  // exact on a quadratic, where there is a limit
        if (auto const limit = stability_limit(draft))
            damping *= 1.0 - draft.cell.learning_rate * h / limit->value;
        else if (draft.dynamics->gradient_flow && !draft.circulates)
            damping *= 1.0 - 0.5 * draft.time_per_step * h;
        if (damping > 0.0) spread += std::sqrt(T / damping);
    }
    return spread > 0.0 ? std::exp2(std::ceil(std::log2(spread))) : 1.0;
}

}  // namespace

void read_ensemble(Draft& draft) {
    auto reader = sub_reader(draft.top, "ensemble", false);
    if (!reader) return;
    Cell& cell = draft.cell;
    cell.trajectories = reader->count("trajectories", 128, 1e11);
    cell.seed = reader->count("seed", 0, 9007199254740992.0, 1);
    cell.divergence_bound = reader->number("divergence_bound", {0.0, 1e12, true, "length"}, 1e6);
    std::string const precision =
        reader->choice("precision", "precision", {"float", "mixed", "double"}, "mixed");
    cell.precision = precision == "float"    ? Precision::single
                     : precision == "double" ? Precision::full
                                             : Precision::mixed;
    if (draft.kind == ExperimentKind::stationary) {
        cell.snapshots.snapshots = reader->count("snapshots", 1, 1e6, 1);
        cell.snapshots.lagged = reader->flag("lagged", draft.asked.lagged);
        reader->finish();
        return;
    }
    if (draft.kind == ExperimentKind::order || draft.kind == ExperimentKind::race)
        return reader->finish();
    cell.max_time = infinite;
    cell.max_steps = most_steps;
    if (reader->has("max_steps")) {
        cell.max_steps = reader->count("max_steps", 1, static_cast<double>(most_steps));
        cell.max_time = static_cast<double>(cell.max_steps) * draft.time_per_step;
        if (reader->has("max_time"))
            reader->problem("max_time",
                            "ensemble.max_time and ensemble.max_steps are the same "
                            "limit: give one of them");
    } else {
        cell.max_time = reader->number("max_time", {0.0, infinite, true, "time", true}, infinite);
        double const steps = cell.max_time / std::max(draft.time_per_step, 1e-300);
        if (steps < static_cast<double>(most_steps))
            cell.max_steps = std::max<std::uint64_t>(
                1, static_cast<std::uint64_t>(std::ceil(steps * (1.0 - 1e-12))));
    }
    reader->finish();
}

void read_sampling(Draft& draft) {
    if (draft.kind != ExperimentKind::stationary) return;
    Cell& cell = draft.cell;
    if (auto reader = sub_reader(draft.top, "burn_in", false))
        cell.snapshots.burn_in = read_duration(draft, *reader, 0);
    if (cell.snapshots.snapshots > 1 || draft.top.has("stride")) {
        if (auto reader = sub_reader(draft.top, "stride", false))
            cell.snapshots.stride = read_duration(draft, *reader, 1);
    }
    read_histograms(draft);
    for (NamedRegion const& r : cell.regions) cell.snapshots.regions.push_back(r.region);
    if (!draft.has_landscape() || !draft.well || draft.values.empty()) return;
    Eigen::VectorXd const& origin = draft.well->point;
    cell.snapshots.origin = {origin.data(), origin.data() + origin.size()};
    cell.snapshots.moment_scale = moment_scale(draft);
}

}  // namespace kramers
