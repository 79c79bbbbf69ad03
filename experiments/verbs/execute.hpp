// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "experiments/request.hpp"
#include "experiments/run_folder.hpp"
#include "experiments/runner.hpp"
#include "experiments/verbs/verbs.hpp"

/// What run, sweep, resume and validate have in common.
namespace kramers::verbs {

/// The request that the command line makes.
Request make_request(std::string const& verb, SpecArguments const& spec,
                     RunArguments const& arguments, Common const& common);

/// Runs a request in its folder, continuing what an earlier process left in `.name.unfinished`,
/// prints what there is to say and returns the exit code. Refuses (InputError) a folder with
/// an unfinished run of something else, unless the request has force.
int execute(Request const& request, std::filesystem::path const& target, ExistingFolder policy,
            Common const& common);

/// A complete run folder: prints what the run printed, from its report.json; the exit code.
int finished(std::filesystem::path const& folder, bool assert_claims, Common const& common);

inline constexpr std::size_t most_printed = 40;  ///< cells of a sweep whose verdicts are printed

/// Writes the files of one experiment below `prefix` of the folder.
void write_files(RunFolder& folder, std::string const& prefix, RunOutput const& output);

struct Experiment {
    std::string name, folder;  ///< the folder within that of the request
};
/// Draws the figures of these experiments side by side and says which there are not.
void draw(RunFolder const& folder, std::vector<Experiment> const& experiments,
          std::function<bool()> const& interrupted);

/// Commits; an interrupted run gets a marker.
void commit(RunFolder& folder, bool partial);

/// Runs the specs of a validate request in its folder, or without one where `out` is empty.
int execute_validation(Request const& request, std::filesystem::path const& out,
                       ExistingFolder policy, Common const& common);

void print_summary(Report const& report);

}  // namespace kramers::verbs
