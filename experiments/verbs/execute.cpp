// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "experiments/catalogue.hpp"
#include "experiments/cost.hpp"
#include "experiments/format_value.hpp"
#include "experiments/input.hpp"
#include "experiments/sweep_report.hpp"
#include "experiments/tally_store.hpp"
#include "experiments/verbs/execute.hpp"
#include "experiments/verbs/verbs.hpp"
#include "experiments/verbs/workplace.hpp"

namespace kramers::verbs {

namespace fs = std::filesystem;

namespace {

/// A value, or what stands in its place.
std::string value_text(ReportedEstimate const& e) {
    Estimate const& own = e.estimate;
    if (!std::isnan(own.value)) {
        bool const counted = own.law != IntervalLaw::student;
        return format_value(own.value, own.standard_error) +
               (counted
                    ? fmt::format(" [{}, {}]", format_number(own.lower), format_number(own.upper))
                    : "") +
               (e.level == "extrapolated" ? " extrapolated to dt = 0" : "");
    }
    return fmt::format("none: of {} trajectories {} arrived, {} censored, {} diverged",
                       own.trajectories, own.arrived, own.censored, own.diverged);
}

using Target = std::pair<int, std::string>;  // cell, "(to = other)"

Target target_of(ReportedEstimate const& e) {
    return {e.cell, e.estimand.substr(std::min(e.estimand.find('('), e.estimand.size()))};
}

std::set<Target> targets_without_mean(Report const& report) {
    std::set<Target> targets;
    for (ReportedEstimate const& e : report.estimates)
        if (e.estimand.starts_with("mean_first_passage(") && std::isnan(e.estimate.value))
            targets.insert(target_of(e));
    return targets;
}

/// Of the rungs the finest and the limit; a rate where there is no mean time.
bool is_printed(ReportedEstimate const& e, std::set<Target> const& without_mean) {
    if (e.estimand.starts_with("escape_rate(") && !without_mean.contains(target_of(e)))
        return false;
    return e.level.empty() || e.level == "0" || e.level == "extrapolated";
}

void print_estimates(Spec const& spec, std::vector<ReportedEstimate> const& estimates) {
    std::size_t where = 5, what = 8;
    for (Cell const& cell : spec.cells) where = std::max(where, columns_of(cell_label(cell)));
    for (ReportedEstimate const& e : estimates) what = std::max(what, e.estimand.size());
    fmt::print("{} {} estimate ± s.e.\n", padded("where", where), padded("estimand", what));
    for (ReportedEstimate const& e : estimates) {
        fmt::print("{} {} {}\n",
                   padded(cell_label(spec.cells[static_cast<std::size_t>(e.cell)]), where),
                   padded(e.estimand, what), value_text(e));
        if (!std::isnan(e.estimate.value) && !e.estimate.warning.empty())
            fmt::print("  warning: {}\n", e.estimate.warning);
    }
}

/// All of a run without claims.
std::vector<ReportedEstimate> printed_estimates(Report const& report) {
    std::set<Target> const without_mean = targets_without_mean(report);
    std::vector<ReportedEstimate> printed;
    for (ReportedEstimate const& e : report.estimates)
        if (is_printed(e, without_mean)) printed.push_back(e);
    return printed;
}

/// What a run with claims says besides them: how passages went that have no mean.
std::vector<ReportedEstimate> unclaimed_estimates(Report const& report) {
    std::vector<ReportedEstimate> rest;
    for (ReportedEstimate const& e : printed_estimates(report)) {
        bool const besides = e.estimand.starts_with("escape_rate(") ||
                             e.estimand.starts_with("restricted_mean(") ||
                             e.estimand.starts_with("exit_share(");
        bool const claimed =
            std::any_of(report.claims.begin(), report.claims.end(), [&](ClaimRow const& row) {
                return row.comparison.cell == e.cell &&
                       describe(row.comparison.claim.estimand) == e.estimand;
            });
        if (besides && !claimed) rest.push_back(e);
    }
    return rest;
}

/// What a run of minutes or more is going to cost, for logs that see no bar.
void announce(Spec const& spec, Controls const& controls, bool first_stages) {
    constexpr double worth_measuring = 1e9, worth_saying = 60.0;  // particle-steps, seconds
    double steps = 0.0;
    bool known = true;
    for (Cell const& cell : spec.cells) {
        double const own = predicted_steps(cell);
        if (own < 0.0) known = false;
        else steps += own;
    }
    if (steps < worth_measuring) return;
    Cost const cost = estimate_cost(spec, controls);
    if (cost.seconds < worth_saying) return;
    fmt::print(stderr, "{}: {} cell{}, {}{} particle-steps, {} {} on this machine\n", spec.name,
               spec.cells.size(), spec.cells.size() == 1 ? "" : "s",
               first_stages ? "first stages of " : "", format_number(cost.particle_steps, 3),
               !(known && cost.known) ? "at least"
               : cost.at_most         ? "at most"
                                      : "about",
               format_duration(cost.seconds));
}

/// The recipe "sweep" draws it: values over one number, or over two.
bool drawn_by_default(Spec const& spec) {
    if (spec.kind != ExperimentKind::escape && spec.kind != ExperimentKind::stationary)
        return false;
    std::size_t const axes = spec.cells.front().swept.size();
    return spec.cells.size() > 1 && axes <= 2 &&
           std::all_of(spec.cells.begin(), spec.cells.end(), [&](Cell const& cell) {
               return std::all_of(cell.swept.begin(), cell.swept.end(), [](auto const& entry) {
                   return std::holds_alternative<double>(entry.second);
               });
           });
}

std::string contents(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void write_files(RunFolder& folder, std::string const& prefix, RunOutput const& output) {
    for (auto const& [name, contents] : output.files) folder.write(prefix + name, contents);
}

void draw(RunFolder const& folder, std::vector<Experiment> const& experiments,
          std::function<bool()> const& interrupted) {
    std::vector<std::string> folders, names;
    for (Experiment const& e : experiments) {
        folders.push_back((folder.working_folder() / e.folder).lexically_normal().string());
        names.push_back("--named=" + (folder.folder() / e.folder).lexically_normal().string());
    }
    if (folders.empty()) return;
    Figures const figures = draw_figures(folders, names, interrupted);
    for (std::size_t i = 0; i < folders.size(); ++i) {
        fs::path const own = fs::path(folders[i]) / "figures" / "";
        bool const drawn =
            std::any_of(figures.paths.begin(), figures.paths.end(),
                        [&](std::string const& path) { return path.starts_with(own.string()); });
        if (!drawn)
            fmt::print(stderr, "no figure for {}: {}\n", experiments[i].name, figures.reason);
    }
}

void commit(RunFolder& folder, bool partial) {
    if (partial)
        folder.commit_partial(
            "interrupted: the cells that had finished are here; of an escape under way the "
            "trajectories that had begun, censored where they were, without verdicts");
    else folder.commit();
}

void print_summary(Report const& report) {
    std::fflush(stdout);  // on a terminal both streams show: the table comes first
    if (report.arrived + report.censored == 0)
        fmt::print(stderr, "{} trajectories, {} diverged\n", report.trajectories, report.diverged);
    else
        fmt::print(stderr, "{} trajectories: {} arrived{}, {} censored, {} diverged\n",
                   report.trajectories, report.arrived,
                   report.diverged_later > 0
                       ? fmt::format(" (of which {} diverged later)", report.diverged_later)
                       : "",
                   report.censored, report.diverged);
    double const steps = static_cast<double>(report.particle_steps);
    fmt::print(stderr, "{} particle-steps in {:.1f} s ({} per second) on {}\n",
               format_number(steps, 3), report.seconds,
               format_number(steps / std::max(report.seconds, 1e-9), 3), report.device.device);
    for (auto const* warnings : {&report.warnings, &report.device_warnings})
        for (std::string const& warning : *warnings) fmt::print(stderr, "warning: {}\n", warning);
}

Request make_request(std::string const& verb, SpecArguments const& spec,
                     RunArguments const& arguments, Common const& common) {
    Request request;
    request.verb = verb;
    if (!spec.spec.empty()) request.source = open_spec(spec.spec);
    request.overrides = spec.overrides;
    if (!common.precision.empty())
        request.overrides.push_back("ensemble.precision=" + common.precision);
    request.level = spec.level;
    request.force = arguments.force;
    request.assert_claims = arguments.assert_claims;
    request.figures = arguments.figures;
    request.argv = arguments.argv;
    request.threads = common.controls.threads;
    request.backend = common.controls.backend;
    request.noise_math = common.controls.noise_math;
    return request;
}

int execute(Request const& request, fs::path const& out, ExistingFolder policy,
            Common const& common) {
    Spec const spec = load_spec(request.source, request.overrides, request.level);
    fs::path const target = out.empty() ? fs::path("runs") / spec.name : out;
    std::string const mine = identity(request, spec);
    bool const is_sweep = request.verb == "sweep";
    if (request.target_ci > 0.0 && spec.kind == ExperimentKind::order)
        throw InputError(
            {"--target-ci: a weak error may be 0, so no relative interval is wanted of "
             "it (kind = \"order\" takes none)"});
    std::error_code unreadable;  // the working folder says what is wrong with the place
    bool const partial = fs::exists(target / RunFolder::incomplete_marker, unreadable);
    if (is_sweep && !request.force && !partial &&
        sweep_identity(contents(target / "sweep.json")) == mine) {
        fmt::print(stderr, "{} holds this sweep, complete: nothing was run\n", target.string());
        return finished(target, request.assert_claims, common);
    }
    InterruptGuard guard;  // before it says that it continues
    Workplace work(request, target, policy, mine, request_json(request, mine));
    RunFolder& folder = work.folder;
    TallyStore& store = work.store;
    bool const swept = is_sweep || spec.cells.size() > 1;
    if (swept) {  // what is going to be run is on disk before anything is
        folder.write("spec.toml", spec.resolved);
        folder.write("sweep.json", sweep_json(spec, mine));
    }
    announce(spec, controls_of(request), request.target_ci > 0.0);
    ProgressBar bar(spec.name, common.progress);
    RunSettings settings;
    settings.controls = controls_of(request);
    settings.quick = request.level == Level::quick;
    settings.arguments = request.argv;
    settings.interrupted = [&] { return guard.interrupted(); };
    settings.progress = &bar;
    settings.store = &store;
    settings.stages = {request.target_ci, request.budget};
    RunOutput output;
    try {
        output = run_spec(spec, settings);
        store.flush();
        if (swept) {
            output.files["sweep.csv"] = sweep_table(output.report);
            output.files["sweep.json"] = sweep_json(spec, mine);
        }
    } catch (...) {
        work.keep(target);
        throw;
    }
    if (store.damaged() > 0)
        fmt::print(stderr, "{} stored simulations were damaged and made again\n", store.damaged());
    write_files(folder, "", output);
    if (request.figures && (!spec.figure.empty() || drawn_by_default(spec)) &&
        !output.report.interrupted)
        draw(folder, {{spec.name, ""}}, settings.interrupted);
    else if (std::size_t const axes = spec.cells.front().swept.size();
             request.figures && spec.figure.empty() && axes > 2 && !output.report.interrupted &&
             (spec.kind == ExperimentKind::escape || spec.kind == ExperimentKind::stationary))
        fmt::print(stderr, "no figure: {} keys are swept (the recipe sweep draws one or two)\n",
                   axes);
    commit(folder, output.report.interrupted);
    if (common.json) {
        fmt::print("{}\n", report_json(output.report));
    } else if (is_sweep && spec.cells.size() > most_printed) {
        fmt::print(stderr, "{} cells: the table is in sweep.csv\n", spec.cells.size());
    } else if (output.report.claims.empty()) {
        // a race of many cells is summed up below
        if (!output.report.estimates.empty() && output.summary.empty())
            print_estimates(spec, printed_estimates(output.report));
    } else {
        fmt::print("{}", validation_table(output.report.claims, colour_for(stdout)));
        if (auto const rest = unclaimed_estimates(output.report); !rest.empty()) {
            fmt::print("\n");
            print_estimates(spec, rest);
        }
    }
    if (!common.json && !output.summary.empty())
        fmt::print("{}{}", output.report.claims.empty() ? "" : "\n", output.summary);
    print_summary(output.report);
    fmt::print(stderr, "run folder: {}{}\n", folder.folder().string(),
               output.report.interrupted
                   ? fmt::format(" (interrupted: only the cells that had finished; kramers resume "
                                 "{} makes the others)",
                                 target.string())
                   : "");
    if (output.report.interrupted) return interrupted;
    return request.assert_claims && !output.passed() ? unexpected_verdict : done;
}

}  // namespace kramers::verbs
