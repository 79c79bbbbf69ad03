// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <system_error>

#include "experiments/catalogue.hpp"
#include "experiments/command_line.hpp"
#include "experiments/format_value.hpp"
#include "experiments/input.hpp"
#include "experiments/key_hints.hpp"
#include "experiments/run_folder.hpp"
#include "experiments/suggest.hpp"
#include "experiments/verbs/verbs.hpp"

namespace {

using namespace kramers;

constexpr char const* exit_codes =
    "Exit codes: 0 done; 1 a claim's verdict is not the expected one (validate, run --assert);\n"
    "2 bad input; 3 device or environment; 130 interrupted.\n"
    "KRAMERS_ISA=avx512|avx2|baseline forces an instruction set. Results do not depend on it, on\n"
    "--threads or on the order of work.";

constexpr char const* first_steps =
    "First steps:\n"
    "  kramers list experiments           what there is to run\n"
    "  kramers check arrhenius --quick    what it would do, and how long it takes\n"
    "  kramers run arrhenius --quick      simulate it; tables and figures in runs/arrhenius\n"
    "  kramers run my.toml dynamics.temperature=0.1    your own spec, one number changed\n";

constexpr char const* override_examples =
    "A key is written as in the spec, with its table: dynamics.temperature=0.05,\n"
    "scheme.crossing=endpoint, \"sweep.dynamics.temperature=log(0.02, 0.1, 8)\".";

constexpr std::size_t option_width = 30;  ///< columns of an option's name in the help

/// Breaks a text into lines that fit beside the option names, 100 columns in all.
std::string fit(std::string const& text) {
    return fmt::format("{}", fmt::join(wrapped(text, 100 - option_width), "\n"));
}

std::vector<std::string> catalogue_names() {
    std::vector<std::string> names;
    for (CatalogueEntry const& entry : catalogue()) names.emplace_back(entry.name);
    return names;
}

/// "scheme.dt=" and the like.
std::vector<std::string> settable_keys() {
    std::vector<std::string> keys;
    for (std::string const& word : verbs::explained_words())
        if (word.find('.') != std::string::npos && !word.starts_with("claim."))
            keys.push_back(word + "=");
    return keys;
}

/// The command line and what it was told.
struct Program {
    CLI::App app{
        "SGD as stochastic differential equations: simulate an ensemble, compute what theory\n"
        "says, and state whether the two agree.",
        "kramers"};
    verbs::Common common;
    verbs::SpecArguments spec;
    verbs::RunArguments arguments;
    verbs::SweepArguments sweep;
    std::vector<std::string> words, dynamics, laws;
    std::string what, folder, other_folder, target, detect;
    bool quick = false;
    int cell = 0, rung = 0, repeats = 5;
    std::uint64_t trajectory = 0, every = 1, rows = 10000;
    double seconds = 0.25;
    std::function<int()> action;
    using Words = std::function<std::vector<std::string>()>;
    std::map<CLI::Option const*, Words> words_of;  ///< what an option may hold, for completion

    CLI::App* verb(std::string const& name, std::string const& text, std::function<int()> act) {
        CLI::App* const sub = plain_verb(name, text, std::move(act));
        sub->add_flag("--json", common.json,
                      fit("one JSON document on standard output, all else on standard error"));
        return sub;
    }
    /// One whose output is not JSON.
    CLI::App* plain_verb(std::string const& name, std::string const& text,
                         std::function<int()> act) {
        CLI::App* const sub = app.add_subcommand(name, fit(text));
        sub->callback([this, act] { action = act; });
        return sub;
    }
    /// An option that takes one of some words.
    void choice(CLI::App* sub, std::string const& name, std::vector<std::string> const& allowed,
                std::function<void(std::string const&)> take, std::string const& text) {
        words_of[sub->add_option_function<std::string>(name, std::move(take), fit(text))
                     ->check(CLI::IsMember(allowed).description(""))
                     ->type_name("WORD")] = [allowed] { return allowed; };
    }
    void takes_design(CLI::App* sub) {
        sub->add_option("--design", sweep.design,
                        fit("grid (the default) | zip | random:N | halton:N, over the ranges of "
                            "axes: key=a,b,c, 'key=log(a,b,n)' or 'key=lin(a,b,n)'"))
            ->type_name("WORD");
        sub->add_option("--seed", sweep.seed, "of a random or halton design (default 1)")
            ->type_name("N");
    }
    void takes_precision(CLI::App* sub) {
        choice(
            sub, "--precision", {"float", "mixed", "double"},
            [this](std::string const& word) { common.precision = word; },
            "float | mixed (double state, float normals) | double; default: the spec's, mixed "
            "where it says nothing");
    }
    void takes_spec(CLI::App* sub) {
        words_of[sub->add_option("SPEC", spec.spec,
                                 fit("a catalogue experiment (kramers list experiments) or a TOML "
                                     "file"))
                     ->required()
                     ->type_name("")] = catalogue_names;
        words_of[sub->add_option("key=value", spec.overrides,
                                 fit("changes to the spec, e.g. scheme.dt=0.01 "
                                     "ensemble.trajectories=20_000"))
                     ->type_name("")] = settable_keys;
        sub->add_flag("--quick", quick,
                      fit("apply the spec's [quick] table: smaller ensembles, wider tolerances"));
        takes_precision(sub);
        sub->footer(override_examples);
    }
    void takes_device(CLI::App* sub) {
        sub->add_option("--threads", common.controls.threads, "host threads (default: all cores)")
            ->check(CLI::Range(1, 4096).description(""))
            ->type_name("N");
        choice(
            sub, "--backend", {"auto", "cpu", "cuda"},
            [this](std::string const& word) {
                common.controls.backend = word == "cuda"  ? Backend::cuda
                                          : word == "cpu" ? Backend::cpu
                                                          : Backend::automatic;
            },
            "auto (a GPU where there is one; the default) | cpu | cuda");
        choice(
            sub, "--noise-math", {"exact", "fast"},
            [this](std::string const& word) {
                common.controls.noise_math = word == "fast" ? NoiseMath::fast : NoiseMath::exact;
            },
            "exact (same bits as the host; the default) | fast (a GPU's special-function units; "
            "only "
            "for first passages to one half space on CUDA, exact elsewhere)");
    }
    void takes_progress(CLI::App* sub) {
        choice(
            sub, "--progress", {"auto", "bar", "json", "none"},
            [this](std::string const& word) {
                using enum ProgressBar::Mode;
                common.progress = word == "json"   ? json
                                  : word == "bar"  ? on
                                  : word == "none" ? off
                                                   : automatic;
            },
            "auto (a bar on a terminal; the default) | bar | json (lines on standard error) | "
            "none");
    }
    void takes_folder(CLI::App* sub, std::string const& text) {
        sub->add_option("--out", arguments.out, fit(text))->type_name("DIR");
        sub->add_flag("--force", arguments.force,
                      fit("replace an existing run folder (only once the new one is complete)"));
        sub->add_flag_callback(
            "--no-figures", [this] { arguments.figures = false; }, "do not draw figures");
    }
    void add_guides();
    void add_descriptions();
    ProgramText describe() const;
    int refused(CLI::ParseError const& error, int argc, char** argv) const;

    Program();
};

/// Verbs that help to write a spec.
void Program::add_guides() {
    CLI::App* sub = verb("new", "a commented spec to begin with: kramers new escape > my.toml",
                         [this] { return verbs::starter(what, common); });
    words_of[sub->add_option("KIND", what,
                             fmt::format("{}", fmt::join(verbs::starter_names(), " | ")))
                 ->required()
                 ->type_name("")] = verbs::starter_names;

    sub =
        verb("explain", "what a key of a spec means: value, unit, default, allowed values, example",
             [this] { return verbs::explain(what, common); });
    words_of[sub->add_option("KEY", what,
                             fit("a key with its table (ensemble.trajectories), a part of it, or "
                                 "the name of a component; default: every key"))
                 ->type_name("")] = verbs::explained_words;

    verb("schema", "JSON Schema of specs, for editors (taplo, Even Better TOML)",
         [] { return verbs::schema(); });
}

Program::Program() {
    app.require_subcommand(1);
    app.set_version_flag("--version", KRAMERS_VERSION, "the version, and no more");
    app.get_formatter()->column_width(option_width);

    CLI::App* sub = verb("list", "components with equation, parameters, units and source",
                         [this] { return verbs::list(what, common); });
    words_of[sub->add_option(
                    "NAME", what,
                    fit("a component or an experiment, or one of: landscapes dynamics "
                        "optimizers models noise schedules schemes predictions experiments "
                        "methods"))
                 ->type_name("")] = verbs::listed_words;

    add_guides();
    sub = verb("check",
               "the resolved spec, its facts (minima, barriers, T, clock), its cost; runs nothing",
               [this] { return verbs::check(spec, sweep, detect, common); });
    takes_spec(sub);
    takes_design(sub);
    takes_device(sub);
    sub->add_option("--detect", detect,
                    fit("e.g. 1%: per claim and cell, the trajectories, dt and seconds that find "
                        "such a discrepancy in 99 of 100 runs"))
        ->type_name("SIZE");

    sub = verb("predict", "what theory says about a spec; simulates nothing",
               [this] { return verbs::predict(spec, common); });
    takes_spec(sub);

    sub = verb("map", "the SDEs an optimizer tends to: parameters and clock, both ways, with LaTeX",
               [this] { return verbs::map(spec, common); });
    words_of[sub->add_option(
                    "SPEC", spec.spec,
                    fit("a spec, or the name of an optimizer or SDE (kramers list dynamics)"))
                 ->required()
                 ->type_name("")] = verbs::listed_words;
    sub->add_option(
           "key=value", spec.overrides,
           fit("of a name: its parameters and c (or gradient_variance and batch_size; alpha "
               "and noise_scale of stable noise); temperature=, friction= and scale= (of "
               "levy_driven) are solved for; of a spec: changes to it"))
        ->type_name("");
    sub->footer(
        "kramers map heavy_ball learning_rate=0.01 momentum=0.9 c=1\n"
        "kramers map heavy_ball momentum=0.9 c=1 temperature=0.1\n"
        "kramers map kinetic temperature=0.1 friction=1 c=1\n"
        "kramers map levy_driven scale=0.1 alpha=1.5 noise_scale=1");

    sub = verb("run", "simulate a spec, compare with theory, write a run folder",
               [this] { return verbs::run(spec, arguments, common); });
    takes_spec(sub);
    takes_device(sub);
    takes_progress(sub);
    takes_folder(sub, "run folder (default: runs/<name>)");
    sub->add_flag("--assert", arguments.assert_claims,
                  fit("exit with 1 unless every claim has its expected verdict"));

    sub = verb("sweep", "run a spec over a grid or sample of parameters: one tidy table, sweep.csv",
               [this] { return verbs::sweep(spec, arguments, sweep, common); });
    takes_spec(sub);
    takes_device(sub);
    takes_progress(sub);
    takes_folder(sub, "run folder (default: runs/<name>); a finished sweep there is not run again");
    sub->add_flag("--assert", arguments.assert_claims,
                  fit("exit with 1 unless every claim has its expected verdict"));
    takes_design(sub);
    sub->add_option("--target-ci", sweep.target_ci,
                    fit("two stages: a first ensemble sizes a second one so that the 95 % interval "
                        "of each cell's first estimand is ± so much of its value, e.g. 1%"))
        ->type_name("SHARE");
    sub->add_option("--budget", sweep.budget,
                    fit("with --target-ci: most particle-steps of one cell, e.g. 1e9"))
        ->check(CLI::PositiveNumber.description(""))
        ->type_name("STEPS");
    sub->footer(
        "An axis is key=a,b,c, 'key=log(a,b,n)' or 'key=lin(a,b,n)'; n may be left out with "
        "--design\n"
        "random:N or halton:N. A key with one value is a change of the spec.\n"
        "  kramers sweep arrhenius 'dynamics.temperature=log(0.02,0.1,8)' scheme.dt=0.01,0.02");

    sub = verb("resume", "continue a run, sweep or validation that was killed or interrupted",
               [this] { return verbs::resume(folder, arguments.figures, common); });
    sub->add_option("RUN", folder, fit("the folder that it was to write"))
        ->required()
        ->type_name("");
    takes_device(sub);
    takes_progress(sub);
    sub->add_flag_callback(
        "--no-figures", [this] { arguments.figures = false; }, "do not draw figures");

    sub = verb("validate", "every claim of the catalogue: the table of verdicts", [this] {
        return verbs::validate(words, quick ? Level::quick : Level::standard, arguments, common);
    });
    words_of[sub->add_option(
                    "SPEC", words,
                    fit("catalogue experiments or TOML files (default: the whole catalogue)"))
                 ->type_name("")] = catalogue_names;
    choice(
        sub, "--level", {"quick", "standard"},
        [this](std::string const& level) { quick = level == "quick"; },
        "quick (the default) | standard");
    sub->preparse_callback([this](std::size_t) { quick = true; });
    takes_precision(sub);
    takes_device(sub);
    takes_progress(sub);
    takes_folder(sub, "write tables, reports and figures here (default: nothing is written)");
    sub->footer([] { return verbs::level_costs(); });

    sub = verb("plot", "redraw the figure of a run folder from its tables",
               [this] { return verbs::plot(folder, words, common); });
    sub->add_option("RUNDIR", folder, fit("folder written by kramers run, or by validate --out"))
        ->required()
        ->type_name("");
    sub->add_option("OPTIONS", words,
                    fit("after --: passed to the recipes, e.g. -- --style neurips --format pdf"))
        ->type_name("");

    sub = verb("diff", "two run folders, claim by claim: verdicts, estimates, predictions, specs",
               [this] { return verbs::diff(folder, other_folder, common); });
    sub->add_option("RUN1", folder, fit("folder written by kramers run, or by validate --out"))
        ->required()
        ->type_name("");
    sub->add_option("RUN2", other_folder, fit("another one"))->required()->type_name("");
    sub->footer("Exit code 0: the same verdicts; 1: not the same; 2: bad input.");

    sub = verb("bench", "particle-steps per second against a scalar and a naive loop", [this] {
        if (dynamics.empty() && laws.empty()) return verbs::bench(seconds, repeats, common);
        return verbs::bench_dynamics({dynamics, laws, seconds, repeats}, common);
    });
    sub->add_option("--dynamics", dynamics,
                    fit("all, or names: the composed step of each, its draws and its arithmetic "
                        "alone; all has every noise law too"))
        ->delimiter(',')
        ->type_name("NAMES");
    sub->add_option("--laws", laws, fit("all, or names: the same for noise laws on sgd"))
        ->delimiter(',')
        ->type_name("NAMES");
    sub->add_option("--seconds", seconds, "per measurement (default 0.25)")
        ->check(CLI::Range(0.01, 60.0).description(""))
        ->type_name("S");
    sub->add_option("--repeats", repeats, "interleaved repeats (default 5)")
        ->check(CLI::Range(1, 99).description(""))
        ->type_name("N");
    takes_device(sub);

    sub = verb("replay", "one trajectory of a run, step by step, as CSV", [this] {
        return verbs::replay(spec, cell, rung, target, trajectory, every, rows, common);
    });
    takes_spec(sub);
    sub->add_option("--trajectory", trajectory, "its id, from 0")->required()->type_name("N");
    sub->add_option("--cell", cell, "cell of the sweep (default 0)")->type_name("N");
    sub->add_option("--rung", rung, "rung of the dt ladder; 0, the default, is the finest")
        ->type_name("N");
    sub->add_option("--target", target, "target region (default: the first)")->type_name("NAME");
    sub->add_option("--every", every, "print every n-th step (default 1)")
        ->check(CLI::PositiveNumber.description(""))
        ->type_name("N");
    sub->add_option("--rows", rows, "print at most so many rows (default 10000)")
        ->check(CLI::PositiveNumber.description(""))
        ->type_name("N");

    sub = verb("cite", "BibTeX of what a spec uses", [this] { return verbs::cite(spec, common); });
    takes_spec(sub);

    add_descriptions();
    app.footer(std::string(first_steps) + "\n" + exit_codes);  // after the verbs: they inherit it
}

/// Verbs that describe the command line itself.
void Program::add_descriptions() {
    plain_verb("man", "the manual page: kramers man | man -l -", [this] {
        fmt::print("{}", man_page(describe()));
        return verbs::done;
    });
    CLI::App* sub =
        plain_verb("completion", "a script that completes verbs, options, keys and names", [this] {
            fmt::print("{}", completion(describe(), what));
            return verbs::done;
        });
    words_of[sub->add_option("SHELL", what,
                             fmt::format("{}", fmt::join(completion_shells(), " | ")))
                 ->required()
                 ->check(CLI::IsMember(completion_shells()).description(""))
                 ->type_name("")] = completion_shells;
}

/// What the parser knows, as text: every verb and option that --help shows is here.
ProgramText Program::describe() const {
    auto const on_one_line = [](std::string text) {
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text;
    };
    auto const options_of = [&](CLI::App const* sub) {
        std::vector<OptionText> options;
        for (CLI::Option const* o : sub->get_options()) {
            OptionText text;
            text.positional = o->get_positional();
            text.required = o->get_required();
            text.text = on_one_line(o->get_description());
            if (text.positional) text.names = {o->get_name(true)};
            for (std::string const& name : o->get_snames()) text.names.push_back("-" + name);
            for (std::string const& name : o->get_lnames()) text.names.push_back("--" + name);
            if (o->get_items_expected_max() > 0) text.value = o->get_type_name();
            if (auto const known = words_of.find(o); known != words_of.end())
                text.words = known->second();
            options.push_back(std::move(text));
        }
        return options;
    };
    ProgramText text{
        app.get_name(), KRAMERS_VERSION, on_one_line(app.get_description()), options_of(&app), {},
        first_steps,    exit_codes};
    for (CLI::App const* sub : app.get_subcommands({}))
        text.verbs.push_back({sub->get_name(), on_one_line(sub->get_description()), options_of(sub),
                              sub->get_footer()});
    return text;
}

/// What is wrong with the command line, with the nearest verb or option; returns the exit code.
int Program::refused(CLI::ParseError const& error, int argc, char** argv) const {
    std::vector<std::string> names;
    for (CLI::App const* sub : app.get_subcommands({})) names.push_back(sub->get_name());
    auto const chosen = app.get_subcommands();
    std::string prefix = "kramers", problem = error.what();
    if (chosen.empty()) {
        if (argc < 2) problem = fmt::format("a verb is missing (have: {})", fmt::join(names, ", "));
        else if (std::string const meant = verb_hint(argv[1]); !meant.empty())
            problem = fmt::format("unknown verb \"{}\" (have: {}). Did you mean \"{}\"?", argv[1],
                                  fmt::join(names, ", "), meant);
        else if (argv[1][0] != '-') problem = unknown_word("verb", argv[1], names);
        else problem = unknown_word("option", argv[1], {"--help", "--version"});
    } else {
        prefix += " " + chosen.front()->get_name();
        std::vector<std::string> options;
        for (CLI::Option const* option : chosen.front()->get_options())
            for (std::string const& name : option->get_lnames()) options.push_back("--" + name);
        bool const unknown = dynamic_cast<CLI::ExtrasError const*>(&error) != nullptr;
        for (int k = 2; unknown && k < argc; ++k) {
            std::string const word = std::string(argv[k]).substr(0, std::string(argv[k]).find('='));
            if (word == "--" || word[0] != '-' || word == "-h" ||
                std::find(options.begin(), options.end(), word) != options.end())
                continue;
            problem = unknown_word("option", word, options);
            if (std::string const key =
                    dotted_key(word.substr(std::min(word.find_first_not_of('-'), word.size())));
                !key.empty() && problem.find(". Did you mean") == std::string::npos)
                problem += fmt::format(". A key of the spec is changed by {}=...", key);
            break;
        }
    }
    fmt::print(stderr, "{}: {}\nSee {} --help.\n", prefix, problem, prefix);
    return verbs::bad_input;
}

}  // namespace

int main(int argc, char** argv) {
    Program program;
    program.arguments.argv.assign(argv, argv + argc);
    try {
        program.app.parse(argc, argv);
    } catch (CLI::Success const& request) {
        return program.app.exit(request);
    } catch (CLI::ParseError const& error) { return program.refused(error, argc, argv); }
    if (program.quick) program.spec.level = Level::quick;
    auto const failed = [](int code, std::exception const& error) {
        std::fflush(stdout);  // what was printed before stands before the reason
        fmt::print(stderr, "kramers: {}\n", error.what());
        return code;
    };
    try {
        return program.action();
    } catch (InputError const& error) {
        for (std::string const& problem : error.problems) fmt::print(stderr, "{}\n", problem);
        return verbs::bad_input;
    } catch (DeviceError const& error) {
        return failed(verbs::device_error, error);
    } catch (RunFolderError const& error) {
        return failed(verbs::device_error, error);
    } catch (std::filesystem::filesystem_error const& error) {
        if (error.code() != std::errc::permission_denied) return failed(verbs::device_error, error);
        fmt::print(stderr,
                   "cannot look into \"{}\": {} (must be readable, with the folders above it; or "
                   "give another path)\n",
                   error.path1().string(), error.code().message());
        return verbs::bad_input;
    } catch (std::invalid_argument const& error) {
        return failed(verbs::bad_input, error);
    } catch (std::exception const& error) { return failed(verbs::device_error, error); }
}
