// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

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

/// Writes the files of one experiment below `prefix` of the folder and draws its figure.
void write_output(RunFolder& folder, std::string const& prefix, Spec const& spec,
                  RunOutput const& output, bool figures);

/// Commits; an interrupted run gets a marker.
void commit(RunFolder& folder, bool partial);

void print_summary(Report const& report);

}  // namespace kramers::verbs
