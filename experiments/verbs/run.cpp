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
#include "experiments/verbs/execute.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {
namespace {

namespace fs = std::filesystem;

ExistingFolder policy(RunArguments const& arguments) {
    return arguments.force ? ExistingFolder::replace : ExistingFolder::refuse;
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
    Request const request = make_request("run", spec_arguments, arguments, common);
    return execute(request, arguments.out, policy(arguments), common);
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
    ProgressBar bar("validate", common.progress);
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
        if (folder) write_output(*folder, specs[s].name + "/", specs[s], output, arguments.figures);
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
        for (std::string const& warning : output.report.device_warnings)
            sum.device_warnings.push_back(specs[s].name + ": " + warning);
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
