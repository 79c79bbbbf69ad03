// SPDX-License-Identifier: Apache-2.0
#include "experiments/verbs/workplace.hpp"

#include <fmt/format.h>

#include "experiments/input.hpp"

namespace kramers::verbs {

namespace fs = std::filesystem;

namespace {

fs::path inside(fs::path const& target) { return target / RunFolder::progress_name; }

bool same_request(fs::path const& progress, std::string const& mine) {
    auto const stored = read_request(progress);
    return stored && stored->identity == mine;
}

/// What lies at the target is this request, interrupted. A run asks for `kramers resume` or --force.
bool continues_partial(Request const& request, fs::path const& target, ExistingFolder policy,
                       std::string const& mine) {
    std::error_code unreadable;  // then there is nothing to continue
    return fs::exists(target / RunFolder::incomplete_marker, unreadable) &&
           (request.verb != "run" || policy == ExistingFolder::replace) &&
           same_request(inside(target), mine);
}

ExistingFolder policy_of(Request const& request, fs::path const& target, ExistingFolder policy,
                         std::string const& mine) {
    return continues_partial(request, target, policy, mine) ? ExistingFolder::replace : policy;
}

std::string request_name() { return fmt::format("{}/{}", RunFolder::progress_name, request_file); }

/// They differ at most in how far --target-ci and --budget go: what one simulated serves the other.
bool same_cells(Request const& a, Request const& b) {
    return a.verb == b.verb && a.source.text == b.source.text && a.source.name == b.source.name &&
           a.overrides == b.overrides && a.level == b.level;
}

/// Makes the progress folder this request's own; true when something in it serves this request.
bool claim_progress(RunFolder& folder, Request const& request, std::string const& mine,
                    std::string const& text) {
    bool const force = request.force;
    std::optional<StoredRequest> stored;
    try {
        stored = read_request(folder.progress());
    } catch (InputError const&) {
        if (!force) throw;
    }
    if (stored && stored->identity == mine) return true;
    if (stored && same_cells(stored->request, request)) {
        folder.write(request_name(), text);
        return true;
    }
    if (stored && !force)
        throw InputError(
            {fmt::format("output folder \"{0}\" belongs to an unfinished run of another spec "
                         "(kramers resume {0} "
                         "continues that one, --force discards it, or choose another --out)",
                         folder.folder().string())});
    std::error_code ignored;
    fs::remove_all(folder.progress(), ignored);
    folder.write(request_name(), text);
    return false;
}

/// Takes over what an interrupted run left, or begins; returns where the tallies are.
fs::path prepare(RunFolder& folder, Request const& request, ExistingFolder policy,
                 std::string const& mine, std::string const& text, bool& continued) {
    fs::path const tallies = folder.progress() / "tallies";
    if (continues_partial(request, folder.folder(), policy, mine) &&
        !fs::exists(folder.progress() / request_file)) {
        adopt_tallies(inside(folder.folder()) / "tallies", tallies);
        folder.write(request_name(), text);
        continued = true;
    } else {
        continued = claim_progress(folder, request, mine, text);
    }
    return tallies;
}

}  // namespace

Controls controls_of(Request const& request) {
    Controls controls;
    controls.threads = request.threads;
    controls.backend = request.backend;
    controls.noise_math = request.noise_math;
    return controls;
}

Workplace::Workplace(Request const& request, fs::path const& target, ExistingFolder policy,
                     std::string const& mine, std::string const& text)
    : folder(target, policy_of(request, target, policy, mine), WorkingFolder::lasting),
      store(prepare(folder, request, policy, mine, text, continued_), controls_of(request)) {
    if (continued_)
        fmt::print(stderr, "continuing {}: {} finished simulations are there\n",
                   folder.folder().string(), store.size());
}

void Workplace::keep(fs::path const& target) {
    store.flush();
    if (store.size() == 0) return;
    folder.keep();
    fmt::print(stderr, "what had finished is kept: kramers resume {}\n", target.string());
}

}  // namespace kramers::verbs
