// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "experiments/catalogue.hpp"
#include "experiments/cost.hpp"
#include "experiments/format_value.hpp"
#include "experiments/run_folder.hpp"
#include "experiments/runner.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {
namespace {

namespace fs = std::filesystem;

ExistingFolder policy(RunArguments const& arguments) {
    return arguments.force ? ExistingFolder::replace : ExistingFolder::refuse;
}

/// Writes the files of one experiment below `prefix` of the folder and draws its figure.
void write(RunFolder& folder, std::string const& prefix, Spec const& spec, RunOutput const& output,
           RunArguments const& arguments) {
    for (auto const& [name, contents] : output.files) folder.write(prefix + name, contents);
    if (!arguments.figures || spec.figure.empty() || output.report.interrupted) return;
    std::string reason;
    draw_figures((folder.working_folder() / prefix).string(), {}, reason);
    if (!reason.empty()) fmt::print(stderr, "no figure for {}: {}\n", spec.name, reason);
}

/// Commits; an interrupted run gets a marker.
void commit(RunFolder& folder, bool partial) {
    if (partial)
        folder.commit_partial(
            "interrupted: the cells that had finished are here, the others are not");
    else folder.commit();
}

void print_summary(Report const& report) {
    std::fflush(stdout);  // on a terminal both streams show: the table comes first
    if (report.arrived + report.censored == 0)
        fmt::print(stderr, "{} trajectories, {} diverged\n", report.trajectories, report.diverged);
    else
        fmt::print(stderr, "{} trajectories: {} arrived, {} censored, {} diverged\n",
                   report.trajectories, report.arrived, report.censored, report.diverged);
    double const steps = static_cast<double>(report.particle_steps);
    fmt::print(stderr, "{} particle-steps in {:.1f} s ({} per second) on {}\n",
               format_number(steps, 3), report.seconds,
               format_number(steps / std::max(report.seconds, 1e-9), 3), report.device.device);
    for (std::string const& warning : report.warnings) fmt::print(stderr, "warning: {}\n", warning);
}

/// Estimates of a run without claims.
void print_estimates(Spec const& spec, Report const& report) {
    std::size_t where = 5, what = 8;
    for (Cell const& cell : spec.cells) where = std::max(where, columns_of(cell_label(cell)));
    for (ReportedEstimate const& e : report.estimates) what = std::max(what, e.estimand.size());
    fmt::print("{} {} estimate ± s.e.\n", padded("where", where), padded("estimand", what));
    for (ReportedEstimate const& e : report.estimates)
        if (e.level.empty() || e.level == "0" || e.level == "extrapolated")
            fmt::print("{} {} {}{}\n",
                       padded(cell_label(spec.cells[static_cast<std::size_t>(e.cell)]), where),
                       padded(e.estimand, what),
                       format_value(e.estimate.value, e.estimate.standard_error),
                       e.level == "extrapolated" ? " extrapolated to dt = 0" : "");
}

/// Predicted particle-steps of an experiment, as far as there are predictions.
double predicted_steps(Spec const& spec) {
    double sum = 1.0;
    for (Cell const& cell : spec.cells) sum += std::max(0.0, verbs::predicted_steps(cell));
    return sum;
}

}  // namespace

Spec open(SpecArguments const& arguments, Common const& common) {
    std::vector<std::string> overrides = arguments.overrides;
    if (!common.precision.empty()) overrides.push_back("ensemble.precision=" + common.precision);
    return load_spec(open_spec(arguments.spec), overrides, arguments.level);
}

int run(SpecArguments const& spec_arguments, RunArguments const& arguments, Common const& common) {
    Spec const spec = open(spec_arguments, common);
    fs::path const target =
        arguments.out.empty() ? fs::path("runs") / spec.name : fs::path(arguments.out);
    RunFolder folder(target, policy(arguments));
    InterruptGuard guard;
    ProgressBar bar(spec.name);
    RunSettings settings;
    settings.controls = common.controls;
    settings.quick = spec_arguments.level == Level::quick;
    settings.arguments = arguments.argv;
    settings.interrupted = [&] { return guard.interrupted(); };
    settings.progress = &bar;
    RunOutput const output = run_spec(spec, settings);
    write(folder, "", spec, output, arguments);
    commit(folder, output.report.interrupted);
    if (common.json) {
        fmt::print("{}\n", report_json(output.report));
    } else if (output.report.claims.empty()) {
        print_estimates(spec, output.report);
    } else {
        fmt::print("{}", validation_table(output.report.claims, colour_for(stdout)));
    }
    print_summary(output.report);
    fmt::print(stderr, "run folder: {}{}\n", folder.folder().string(),
               output.report.interrupted ? " (interrupted: only the cells that had finished)" : "");
    if (output.report.interrupted) return interrupted;
    return arguments.assert_claims && !output.passed() ? unexpected_verdict : done;
}

std::string level_costs() {
    std::string text = "What the levels cost (predicted; one AVX2 core makes about 5e8 steps/s):\n";
    for (Level level : {Level::quick, Level::standard}) {
        double steps = 0.0;
        for (CatalogueEntry const& entry : catalogue())
            steps += predicted_steps(open({std::string(entry.name), {}, level}, {}));
        text += fmt::format("  {:<9} {} particle-steps, {:.0f} minutes on one such core\n",
                            level == Level::quick ? "quick" : "standard", format_number(steps, 2),
                            std::ceil(steps / 5e8 / 60.0));
    }
    return text +
           "quick has smaller ensembles and wider tolerances. A claim passes when its verdict is "
           "the\n"
           "expected one; the level of the intervals is family-wise over the whole table.";
}

int validate(std::vector<std::string> const& names, Level level, RunArguments const& arguments,
             Common const& common) {
    std::vector<std::string> chosen = names;
    if (chosen.empty())
        for (CatalogueEntry const& entry : catalogue()) chosen.emplace_back(entry.name);
    std::vector<Spec> specs;
    std::vector<double> costs;
    std::size_t comparisons = 0;
    double total = 0.0;
    for (std::string const& name : chosen) {
        specs.push_back(open({name, {}, level}, common));
        comparisons += comparison_count(specs.back());
        total += costs.emplace_back(predicted_steps(specs.back()));
    }
    std::optional<RunFolder> folder;
    if (!arguments.out.empty()) folder.emplace(arguments.out, policy(arguments));

    InterruptGuard guard;
    ProgressBar bar("validate");
    std::vector<ClaimRow> rows;
    bool stopped = false, passed = true;
    double before = 0.0;
    Report sum;
    for (std::size_t s = 0; s < specs.size() && !stopped; ++s) {
        RunSettings settings;
        settings.controls = common.controls;
        settings.level = family_level(std::max<std::size_t>(1, comparisons));
        settings.quick = level == Level::quick;
        settings.arguments = arguments.argv;
        settings.interrupted = [&] { return guard.interrupted(); };
        settings.progress = &bar;
        settings.share_before = before / total;
        settings.share = costs[s] / total;
        before += costs[s];
        RunOutput const output = run_spec(specs[s], settings);
        rows.insert(rows.end(), output.report.claims.begin(), output.report.claims.end());
        if (folder) write(*folder, specs[s].name + "/", specs[s], output, arguments);
        stopped = output.report.interrupted;
        passed = passed && output.passed();
        sum.trajectories += output.report.trajectories;
        sum.arrived += output.report.arrived;
        sum.censored += output.report.censored;
        sum.diverged += output.report.diverged;
        sum.particle_steps += output.report.particle_steps;
        sum.seconds += output.report.seconds;
        sum.device = output.report.device;
        for (std::string const& warning : output.report.warnings)
            sum.warnings.push_back(specs[s].name + ": " + warning);
    }
    std::string const table = validation_table(rows);
    if (folder) {
        folder->write("validation.txt", table);
        folder->write("claims.json", claims_json(rows) + "\n");
        commit(*folder, stopped);
    }
    if (common.json) fmt::print("{}", claims_json(rows));
    else fmt::print("{}", validation_table(rows, colour_for(stdout)));
    print_summary(sum);
    if (folder) fmt::print(stderr, "written to {}\n", folder->folder().string());
    if (stopped) return interrupted;
    return passed ? done : unexpected_verdict;
}

}  // namespace kramers::verbs
