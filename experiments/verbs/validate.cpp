// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "experiments/catalogue.hpp"
#include "experiments/cost.hpp"
#include "experiments/format_value.hpp"
#include "experiments/run_folder.hpp"
#include "experiments/runner.hpp"
#include "experiments/verbs/execute.hpp"
#include "experiments/verbs/verbs.hpp"
#include "experiments/verbs/workplace.hpp"

namespace kramers::verbs {
namespace {

namespace fs = std::filesystem;

/// Predicted particle-steps of an experiment, as far as there are predictions.
double steps_of(Spec const& spec) {
    double sum = 1.0;
    for (Cell const& cell : spec.cells) sum += std::max(0.0, verbs::predicted_steps(cell));
    return sum;
}

/// Adds what an experiment counted to the sum of all.
void add(Report& sum, std::string const& name, Report const& report) {
    sum.trajectories += report.trajectories;
    sum.arrived += report.arrived;
    sum.censored += report.censored;
    sum.diverged += report.diverged;
    sum.diverged_later += report.diverged_later;
    sum.particle_steps += report.particle_steps;
    sum.seconds += report.seconds;
    sum.device = report.device;
    for (std::string const& warning : report.warnings)
        sum.warnings.push_back(name + ": " + warning);
    for (std::string const& warning : report.device_warnings)
        sum.device_warnings.push_back(name + ": " + warning);
}

/// What all experiments of a validation found.
struct Found {
    std::vector<ClaimRow> rows;
    std::vector<Experiment> figures;  ///< to be drawn
    Report sum;
    bool passed = true, stopped = false;
};

Found run_all(Request const& request, std::vector<Spec> const& specs, Workplace* work,
              InterruptGuard const& guard, Common const& common) {
    ProgressBar bar("validate", common.progress);
    Found found;
    std::size_t comparisons = 0;
    std::vector<double> costs;
    double total = 0.0, before = 0.0;
    for (Spec const& spec : specs) {
        comparisons += comparison_count(spec);
        total += costs.emplace_back(steps_of(spec));
    }
    for (std::size_t s = 0; s < specs.size() && !found.stopped; ++s) {
        Spec const& spec = specs[s];
        RunSettings settings;
        settings.controls = controls_of(request);
        settings.level = family_level(std::max<std::size_t>(1, comparisons));
        settings.quick = request.level == Level::quick;
        settings.arguments = request.argv;
        settings.interrupted = [&] { return guard.interrupted(); };
        settings.progress = &bar;
        settings.store = work != nullptr ? &work->store : nullptr;
        settings.share_before = before / total;
        settings.share = costs[s] / total;
        before += costs[s];
        RunOutput const output = run_spec(spec, settings);
        found.rows.insert(found.rows.end(), output.report.claims.begin(),
                          output.report.claims.end());
        if (work != nullptr) write_files(work->folder, spec.name + "/", output);
        found.stopped = output.report.interrupted;
        found.passed = found.passed && output.passed();
        if (!spec.figure.empty()) found.figures.push_back({spec.name, spec.name});
        add(found.sum, spec.name, output.report);
    }
    if (work != nullptr) work->store.flush();
    return found;
}

}  // namespace

std::string level_costs() {
    std::string text = "What the levels cost (predicted; one AVX2 core makes about 5e8 steps/s):\n";
    for (Level level : {Level::quick, Level::standard}) {
        double steps = 0.0;
        for (CatalogueEntry const& entry : catalogue())
            steps += steps_of(open({std::string(entry.name), {}, level}, {}));
        double const minutes = std::ceil(steps / 5e8 / 60.0);
        text += fmt::format("  {:<9} {} particle-steps, {:.0f} minute{} on one such core\n",
                            level == Level::quick ? "quick" : "standard", format_number(steps, 2),
                            minutes, minutes == 1.0 ? "" : "s");
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
    Request request = make_request("validate", {{}, {}, level}, arguments, common);
    for (std::string const& name : chosen) request.validated.push_back(open_spec(name));
    return execute_validation(request, arguments.out,
                              arguments.force ? ExistingFolder::replace : ExistingFolder::refuse,
                              common);
}

int execute_validation(Request const& request, fs::path const& out, ExistingFolder policy,
                       Common const& common) {
    std::vector<Spec> specs;
    for (SpecText const& text : request.validated)
        specs.push_back(load_spec(text, request.overrides, request.level));
    std::string const mine = identity(request, specs);
    InterruptGuard guard;  // before it says that it continues
    std::optional<Workplace> work;
    if (!out.empty()) work.emplace(request, out, policy, mine, request_json(request, mine));
    Found found;
    try {
        found = run_all(request, specs, work ? &*work : nullptr, guard, common);
    } catch (...) {
        if (work) work->keep(out);
        throw;
    }
    if (work) {
        if (request.figures && !found.stopped)
            draw(work->folder, found.figures, [&] { return guard.interrupted(); });
        work->folder.write("validation.txt", validation_table(found.rows));
        work->folder.write("claims.json", claims_json(found.rows) + "\n");
        commit(work->folder, found.stopped);
    }
    if (common.json) fmt::print("{}", claims_json(found.rows));
    else fmt::print("{}", validation_table(found.rows, colour_for(stdout)));
    print_summary(found.sum);
    if (work)
        fmt::print(stderr, "written to {}{}\n", work->folder.folder().string(),
                   found.stopped ? fmt::format(" (interrupted: kramers resume {} makes the rest)",
                                               out.string())
                                 : "");
    if (found.stopped) return interrupted;
    return found.passed ? done : unexpected_verdict;
}

}  // namespace kramers::verbs
