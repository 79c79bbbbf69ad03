// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "experiments/catalogue.hpp"
#include "experiments/cost.hpp"
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
    fmt::print(stderr, "{} trajectories: {} arrived, {} censored, {} diverged\n",
               report.trajectories, report.arrived, report.censored, report.diverged);
    fmt::print(stderr, "{:.3g} particle-steps in {:.1f} s ({:.3g} per second) on {}\n",
               static_cast<double>(report.particle_steps), report.seconds,
               static_cast<double>(report.particle_steps) / std::max(report.seconds, 1e-9),
               report.device.device);
    for (std::string const& warning : report.warnings) fmt::print(stderr, "warning: {}\n", warning);
}

/// Estimates of a run without claims, or beside them.
void print_estimates(Spec const& spec, Report const& report) {
    for (ReportedEstimate const& e : report.estimates)
        if (e.level.empty() || e.level == "0" || e.level == "extrapolated")
            fmt::print("{:<26} {:<38} {:<13} {:.6g} +- {:.2g}\n",
                       cell_label(spec.cells[static_cast<std::size_t>(e.cell)]), e.estimand,
                       e.level == "0" ? "" : e.level, e.estimate.value, e.estimate.standard_error);
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
    fmt::print(stderr, "run folder: {}\n", folder.folder().string());
    if (output.report.interrupted) return interrupted;
    return arguments.assert_claims && !output.passed() ? unexpected_verdict : done;
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
        double cost = 1.0;
        for (Cell const& cell : specs.back().cells)
            for (std::size_t run = 0; run < std::max<std::size_t>(1, cell.targets.size()); ++run)
                for (std::size_t rung = 0; rung < cell.dt.size(); ++rung)
                    cost += std::max(
                        0.0, expected_steps(cell, static_cast<int>(rung), static_cast<int>(run)));
        total += costs.emplace_back(cost);
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
    }
    std::string const table = validation_table(rows);
    if (folder) {
        folder->write("validation.txt", table);
        folder->write("claims.json", claims_json(rows) + "\n");
        commit(*folder, stopped);
    }
    if (common.json) fmt::print("{}\n", claims_json(rows));
    else fmt::print("{}", validation_table(rows, colour_for(stdout)));
    print_summary(sum);
    if (folder) fmt::print(stderr, "written to {}\n", folder->folder().string());
    if (stopped) return interrupted;
    return passed ? done : unexpected_verdict;
}

}  // namespace kramers::verbs
