// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <map>

#include "experiments/input.hpp"
#include "experiments/run_folder.hpp"
#include "experiments/verbs/verbs.hpp"

namespace {

using namespace kramers;

constexpr char const* footer =
    "Exit codes: 0 done; 1 a claim's verdict is not the expected one (validate, run --assert);\n"
    "2 bad input; 3 device or environment; 130 interrupted.\n"
    "KRAMERS_ISA=avx512|avx2|baseline forces an instruction set. Results do not depend on it, on\n"
    "--threads or on the order of work.";

/// The command line and what it was told.
struct Program {
    CLI::App app{
        "SGD as stochastic differential equations: simulate an ensemble, compute what theory\n"
        "says, and state whether the two agree."};
    verbs::Common common;
    verbs::SpecArguments spec;
    verbs::RunArguments arguments;
    std::vector<std::string> words;
    std::string what, folder, target;
    bool quick = false;
    int cell = 0, rung = 0, repeats = 5;
    std::uint64_t trajectory = 0, every = 1, rows = 10000;
    double seconds = 0.25;
    std::function<int()> action;

    CLI::App* verb(std::string const& name, std::string const& text, std::function<int()> act) {
        CLI::App* const sub = app.add_subcommand(name, text);
        sub->add_flag("--json", common.json,
                      "one JSON document on standard output, all else on standard error");
        sub->callback([this, act] { action = act; });
        return sub;
    }
    void takes_spec(CLI::App* sub) {
        sub->add_option("SPEC", spec.spec,
                        "a catalogue experiment (see `kramers list`) or a TOML file")
            ->required();
        sub->add_option("key=value", spec.overrides,
                        "changes to the spec, e.g. scheme.dt=0.01 dynamics.temperature=[0.05,0.1]");
        sub->add_flag("--quick", quick,
                      "apply the spec's [quick] table: smaller ensembles, wider tolerances");
        sub->add_option("--precision", common.precision,
                        "float | mixed (double state, float normals; the default) | double")
            ->check(CLI::IsMember({"float", "mixed", "double"}));
    }
    void takes_device(CLI::App* sub) {
        sub->add_option("--threads", common.controls.threads, "host threads (default: all cores)")
            ->check(CLI::Range(1, 4096));
        sub->add_option("--backend", common.controls.backend, "auto | cpu | cuda")
            ->transform(CLI::CheckedTransformer(std::map<std::string, Backend>{
                {"auto", Backend::automatic}, {"cpu", Backend::cpu}, {"cuda", Backend::cuda}}));
        sub->add_option("--noise-math", common.controls.noise_math,
                        "exact (same bits as the host) | fast (a GPU's special-function units)")
            ->transform(CLI::CheckedTransformer(std::map<std::string, NoiseMath>{
                {"exact", NoiseMath::exact}, {"fast", NoiseMath::fast}}));
    }
    void takes_folder(CLI::App* sub, std::string const& text) {
        sub->add_option("--out", arguments.out, text);
        sub->add_flag("--force", arguments.force,
                      "replace an existing run folder (only once the new one is complete)");
        sub->add_flag("!--no-figures", arguments.figures, "do not draw figures");
    }

    Program();
};

Program::Program() {
    app.require_subcommand(1);
    app.set_version_flag("--version", KRAMERS_VERSION);
    app.footer(footer);
    app.get_formatter()->column_width(30);
    app.failure_message(CLI::FailureMessage::simple);

    CLI::App* sub = verb("list", "components with equation, parameters, units and source",
                         [this] { return verbs::list(what, common); });
    sub->add_option(
        "NAME", what,
        "a component, or one of: landscapes dynamics schemes predictions experiments methods");

    sub =
        verb("check",
             "the resolved spec, its facts (minima, barriers, T, clock) and its cost; runs nothing",
             [this] { return verbs::check(spec, common); });
    takes_spec(sub);
    takes_device(sub);

    sub = verb("predict", "what theory says about a spec; simulates nothing",
               [this] { return verbs::predict(spec, common); });
    takes_spec(sub);

    sub = verb("run", "simulate a spec, compare with theory, write a run folder",
               [this] { return verbs::run(spec, arguments, common); });
    takes_spec(sub);
    takes_device(sub);
    takes_folder(sub, "run folder (default: runs/<name>)");
    sub->add_flag("--assert", arguments.assert_claims,
                  "exit with 1 unless every claim has its expected verdict");

    sub = verb("validate", "every claim of the catalogue: the table of verdicts", [this] {
        return verbs::validate(words, quick ? Level::quick : Level::standard, arguments, common);
    });
    sub->add_option("SPEC", words, "experiments to validate (default: the whole catalogue)");
    sub->add_option_function<std::string>(
           "--level", [this](std::string const& level) { quick = level == "quick"; },
           "quick (default) | standard")
        ->check(CLI::IsMember({"quick", "standard"}));
    sub->preparse_callback([this](std::size_t) { quick = true; });
    sub->add_option("--precision", common.precision, "float | mixed | double")
        ->check(CLI::IsMember({"float", "mixed", "double"}));
    takes_device(sub);
    takes_folder(sub, "write tables, reports and figures here (default: nothing is written)");

    sub = verb("plot", "redraw the figure of a run folder from its tables",
               [this] { return verbs::plot(folder, words, common); });
    sub->add_option("RUNDIR", folder, "folder written by `kramers run` or `validate --out`")
        ->required();
    sub->add_option("OPTIONS", words,
                    "after --: passed to the recipes, e.g. -- --style neurips --format pdf");

    sub = verb("bench", "particle-steps per second against a scalar and a naive loop",
               [this] { return verbs::bench(seconds, repeats, common); });
    sub->add_option("--seconds", seconds, "per measurement")->check(CLI::Range(0.01, 60.0));
    sub->add_option("--repeats", repeats, "interleaved repeats")->check(CLI::Range(1, 99));
    takes_device(sub);

    sub = verb("replay", "one trajectory of a run, step by step", [this] {
        return verbs::replay(spec, cell, rung, target, trajectory, every, rows, common);
    });
    takes_spec(sub);
    sub->add_option("--trajectory", trajectory, "its id, from 0")->required();
    sub->add_option("--cell", cell, "cell of the sweep (default 0)");
    sub->add_option("--rung", rung, "rung of the dt ladder, 0 is the finest");
    sub->add_option("--target", target, "target region (default: the first)");
    sub->add_option("--every", every, "print every n-th step")->check(CLI::PositiveNumber);
    sub->add_option("--rows", rows, "print at most so many rows")->check(CLI::PositiveNumber);

    sub = verb("cite", "BibTeX of what a spec uses", [this] { return verbs::cite(spec, common); });
    takes_spec(sub);
}

}  // namespace

int main(int argc, char** argv) {
    Program program;
    program.arguments.argv.assign(argv, argv + argc);
    try {
        program.app.parse(argc, argv);
    } catch (CLI::Success const& request) {
        return program.app.exit(request);
    } catch (CLI::ParseError const& error) {
        program.app.exit(error);
        return verbs::bad_input;
    }
    if (program.quick) program.spec.level = Level::quick;
    try {
        return program.action();
    } catch (InputError const& error) {
        for (std::string const& problem : error.problems) fmt::print(stderr, "{}\n", problem);
        return verbs::bad_input;
    } catch (DeviceError const& error) {
        fmt::print(stderr, "kramers: {}\n", error.what());
        return verbs::device_error;
    } catch (RunFolderError const& error) {
        fmt::print(stderr, "kramers: {}\n", error.what());
        return verbs::device_error;
    } catch (std::invalid_argument const& error) {
        fmt::print(stderr, "kramers: {}\n", error.what());
        return verbs::bad_input;
    } catch (std::exception const& error) {
        fmt::print(stderr, "kramers: {}\n", error.what());
        return verbs::device_error;
    }
}
