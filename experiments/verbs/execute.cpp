// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "experiments/catalogue.hpp"
#include "experiments/format_value.hpp"
#include "experiments/input.hpp"
#include "experiments/sweep_report.hpp"
#include "experiments/tally_store.hpp"
#include "experiments/verbs/execute.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_printed = 40;  ///< cells of a sweep whose estimates are printed

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

std::string contents(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool same_request(fs::path const& progress, std::string const& mine) {
    auto const stored = read_request(progress);
    return stored && stored->identity == mine;
}

/// Makes the progress folder this request's own; true when it was so before.
bool claim_progress(RunFolder& folder, Request const& request, Spec const& spec) {
    std::string const mine = identity(request, spec);
    std::optional<StoredRequest> stored;
    try {
        stored = read_request(folder.progress());
    } catch (InputError const&) {
        if (!request.force) throw;
    }
    if (stored && stored->identity == mine) return true;
    if (stored && !request.force)
        throw InputError(
            {fmt::format("output folder \"{0}\" belongs to an unfinished run of another spec "
                         "(kramers resume {0} "
                         "continues that one, --force discards it, or choose another --out)",
                         folder.folder().string())});
    std::error_code ignored;
    fs::remove_all(folder.progress(), ignored);
    folder.write(fmt::format("{}/{}", RunFolder::progress_name, request_file),
                 request_json(request, spec));
    return false;
}

}  // namespace

void write_output(RunFolder& folder, std::string const& prefix, Spec const& spec,
                  RunOutput const& output, bool figures) {
    for (auto const& [name, contents] : output.files) folder.write(prefix + name, contents);
    if (!figures || spec.figure.empty() || output.report.interrupted) return;
    std::string reason;
    draw_figures((folder.working_folder() / prefix).string(), {}, reason);
    if (!reason.empty()) fmt::print(stderr, "no figure for {}: {}\n", spec.name, reason);
}

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
    for (auto const* warnings : {&report.warnings, &report.device_warnings})
        for (std::string const& warning : *warnings) fmt::print(stderr, "warning: {}\n", warning);
}

Request make_request(std::string const& verb, SpecArguments const& spec,
                     RunArguments const& arguments, Common const& common) {
    Request request;
    request.verb = verb;
    request.source = open_spec(spec.spec);
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
    fs::path const inside = target / RunFolder::progress_name;
    bool const partial = fs::exists(target / RunFolder::incomplete_marker);
    if (is_sweep && !request.force && !partial &&
        sweep_identity(contents(target / "sweep.json")) == mine) {
        fmt::print(stderr, "{} holds this sweep, complete: nothing was run\n", target.string());
        return done;
    }
    bool const continues_partial =
        partial && (is_sweep || policy == ExistingFolder::replace) && same_request(inside, mine);
    if (continues_partial) policy = ExistingFolder::replace;
    RunFolder folder(target, policy, WorkingFolder::lasting);
    if (continues_partial && !fs::exists(folder.progress() / request_file)) {
        adopt_tallies(inside / "tallies", folder.progress() / "tallies");
        folder.write(fmt::format("{}/{}", RunFolder::progress_name, request_file),
                     request_json(request, spec));
    }
    bool const continued = claim_progress(folder, request, spec);
    RunSettings settings;
    settings.controls.threads = request.threads;
    settings.controls.backend = request.backend;
    settings.controls.noise_math = request.noise_math;
    TallyStore store(folder.progress() / "tallies", settings.controls);
    if (continued)
        fmt::print(stderr, "continuing {}: {} finished simulations are there\n",
                   folder.folder().string(), store.size());
    if (is_sweep) {  // what is going to be run is on disk before anything is
        folder.write("spec.toml", spec.resolved);
        folder.write("sweep.json", sweep_json(spec, mine));
    }
    InterruptGuard guard;
    ProgressBar bar(spec.name, common.progress);
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
    } catch (...) {
        store.flush();
        if (store.size() > 0) {
            folder.keep();
            fmt::print(stderr, "what had finished is kept: kramers resume {}\n", target.string());
        }
        throw;
    }
    if (store.damaged() > 0)
        fmt::print(stderr, "{} stored simulations were damaged and made again\n", store.damaged());
    if (is_sweep) {
        output.files["sweep.csv"] = sweep_table(output.report);
        output.files["sweep.json"] = sweep_json(spec, mine);
    }
    write_output(folder, "", spec, output, request.figures);
    commit(folder, output.report.interrupted);
    if (common.json) {
        fmt::print("{}\n", report_json(output.report));
    } else if (is_sweep && spec.cells.size() > most_printed) {
        fmt::print(stderr, "{} cells: the table is in sweep.csv\n", spec.cells.size());
    } else if (output.report.claims.empty()) {
        print_estimates(spec, output.report);
    } else {
        fmt::print("{}", validation_table(output.report.claims, colour_for(stdout)));
    }
    if (!common.json && !output.summary.empty()) fmt::print("\n{}", output.summary);
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
