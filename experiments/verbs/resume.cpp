// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "experiments/input.hpp"
#include "experiments/verbs/execute.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {

namespace fs = std::filesystem;

namespace {

/// As this version of the program resolves its specs.
std::string identity_of(Request const& request) {
    auto const load = [&](SpecText const& text) {
        return load_spec(text, request.overrides, request.level);
    };
    if (request.verb != "validate") return identity(request, load(request.source));
    std::vector<Spec> specs;
    for (SpecText const& text : request.validated) specs.push_back(load(text));
    return identity(request, specs);
}

}  // namespace

int resume(std::string const& run, bool figures, Common const& common) {
    fs::path const target = RunFolder::normal(run), unfinished = RunFolder::unfinished(run);
    fs::path const inside = target / RunFolder::progress_name;
    bool const partial = fs::exists(target / RunFolder::incomplete_marker);
    bool const complete =
        !partial && (fs::exists(target / "report.json") || fs::exists(target / "validation.txt"));
    std::error_code ignored;
    if (complete && fs::exists(inside)) {  // killed between its last two steps
        fs::remove_all(unfinished, ignored);
        fs::remove_all(inside, ignored);
    }
    auto stored = read_request(unfinished / RunFolder::progress_name);
    if (!stored && partial) stored = read_request(inside);
    if (!stored && complete) {
        fmt::print(stderr, "{} is complete: there is nothing to resume\n", target.string());
        return done;
    }
    if (!stored)
        throw InputError(
            {fmt::format("\"{}\" is no unfinished run (must be the folder that kramers "
                         "run, sweep or validate was to write, or wrote with {})",
                         run, RunFolder::incomplete_marker)});
    Request request = stored->request;
    if (common.controls.threads > 0) request.threads = common.controls.threads;
    if (common.controls.backend != Backend::automatic) request.backend = common.controls.backend;
    request.figures = request.figures && figures;
    auto const policy = request.force || partial ? ExistingFolder::replace : ExistingFolder::refuse;
    if (identity_of(request) != stored->identity)
        throw InputError(
            {fmt::format("this version of kramers resolves the spec of \"{}\" otherwise "
                         "than the one that began it (run it again with --force)",
                         target.string())});
    return request.verb == "validate" ? execute_validation(request, target, policy, common)
                                      : execute(request, target, policy, common);
}

}  // namespace kramers::verbs
