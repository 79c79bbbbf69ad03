// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiments/load_spec.hpp"
#include "experiments/progress.hpp"
#include "gpu/simulate.hpp"

/// The verbs of the command line. Each returns its exit code; InputError and DeviceError pass through
/// to main(), which prints them. With `json` standard output carries one JSON document and nothing
/// else; everything meant for a reader goes to standard error.
namespace kramers::verbs {

enum ExitCode {
    done = 0,
    unexpected_verdict = 1,
    bad_input = 2,
    device_error = 3,
    interrupted = 130
};

struct Common {
    bool json = false;
    Controls controls;
    std::string precision;  ///< empty: the spec's
    ProgressBar::Mode progress = ProgressBar::Mode::automatic;
};

struct SpecArguments {
    std::string spec;
    std::vector<std::string> overrides;  ///< key=value
    Level level = Level::standard;
};

struct RunArguments {
    std::string out;  ///< empty: runs/<name>
    bool force = false;
    bool assert_claims = false;
    bool figures = true;
    std::vector<std::string> argv;
};

struct SweepArguments {
    std::string design;  ///< grid, zip, random:N or halton:N; empty: the spec's
    std::optional<std::uint64_t> seed;
    std::string target_ci;  ///< "1%"; empty: one stage
    double budget = 0.0;    ///< particle-steps of a cell, 0: no limit
};

struct BenchArguments {
    std::vector<std::string> dynamics, laws;
    double seconds = 0.25;  ///< per row
    int repeats = 5;
};

int list(std::string const& what, Common const& common);
std::vector<std::string> listed_words();  ///< what list knows, for completion
/// A key of the spec language, a parameter or a component, in words; empty: every key.
int explain(std::string const& word, Common const& common);
std::vector<std::string> explained_words();  ///< what explain knows, for completion
/// A commented spec to begin with.
int starter(std::string const& name, Common const& common);
std::vector<std::string> starter_names();
int schema();  ///< JSON Schema of specs
/// `detect`: also what a discrepancy of so much would take to be found, "1%" or "0.01"; empty: not.
int check(SpecArguments const& spec, SweepArguments const& sweep, std::string const& detect,
          Common const& common);
/// Limits of an optimizer, from a spec or from its name with key=number, and the way back.
int map(SpecArguments const& spec, Common const& common);
int predict(SpecArguments const& spec, Common const& common);
int run(SpecArguments const& spec, RunArguments const& arguments, Common const& common);
/// A run whose sweep may be given here, in which key=a,b,c is an axis.
int sweep(SpecArguments const& spec, RunArguments const& arguments, SweepArguments const& sweep,
          Common const& common);
/// key=a,b,c, key=log(a,b,n) and key=lin(a,b,n) as axes of the sweep, with its design and seed.
SpecArguments with_axes(SpecArguments spec, SweepArguments const& sweep);
/// Continues the run that was to lie in this folder, or lies there interrupted.
int resume(std::string const& run, bool figures, Common const& common);
int validate(std::vector<std::string> const& specs, Level level, RunArguments const& arguments,
             Common const& common);
/// What `validate` costs at each level, in words, from the predicted steps of the catalogue.
std::string level_costs();
int plot(std::string const& folder, std::vector<std::string> const& options, Common const& common);
/// Two run folders, claim by claim.
int diff(std::string const& first, std::string const& second, Common const& common);
int bench(double seconds, int repeats, Common const& common);
/// The composed step and its parts, for dynamics and for laws on sgd: names, or "all".
int bench_dynamics(BenchArguments const& arguments, Common const& common);
int replay(SpecArguments const& spec, int cell, int level, std::string const& target,
           std::uint64_t trajectory, std::uint64_t every, std::uint64_t rows, Common const& common);
int cite(SpecArguments const& spec, Common const& common);

/// Reads a spec by catalogue name or path and applies the common flags to it.
Spec open(SpecArguments const& arguments, Common const& common);

/// Predicted particle-steps of a cell over its targets and rungs; negative when there is no saying.
double predicted_steps(Cell const& cell);

struct Figures {
    std::vector<std::string> paths;  ///< what was drawn
    std::string reason;              ///< why that is not everything; empty: it is
    int exit_code = done;
};
/// Draws the figures of run folders with the Python recipes, several at a time. Ends early, leaving
/// no child behind, once `interrupted` (may be empty) says so.
Figures draw_figures(std::vector<std::string> const& folders,
                     std::vector<std::string> const& options = {},
                     std::function<bool()> const& interrupted = {});

}  // namespace kramers::verbs
