// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "experiments/design.hpp"
#include "experiments/input.hpp"
#include "experiments/verbs/execute.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {
namespace {

/// The parts between commas; none of a text with brackets or quotes, which is one value.
std::vector<std::string> listed(std::string const& text) {
    std::vector<std::string> parts;
    if (text.find_first_of("[]{}\"'(") != std::string::npos) return parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        std::size_t const end = std::min(text.find(',', begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

bool is_number(std::string const& text) {
    double value = 0.0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

/// "dynamics.temperature=0.1,0.2" as an axis of the sweep; "k=log(a, b, n)" and "k=lin(…)", too.
/// Anything else stays a change of the spec.
std::string as_axis(std::string const& assignment) {
    std::size_t const equals = assignment.find('=');
    if (equals == std::string::npos || assignment.starts_with("sweep")) return assignment;
    std::string const key = assignment.substr(0, equals), value = assignment.substr(equals + 1);
    if (value.starts_with("log(") || value.starts_with("lin("))
        return fmt::format("sweep.{}=\"{}\"", key, value);
    std::vector<std::string> const parts = listed(value);
    if (parts.size() < 2) return assignment;
    std::string list;
    for (std::string const& part : parts) {
        bool const plain = is_number(part) || part == "true" || part == "false";
        list +=
            fmt::format(fmt::runtime(plain ? "{}{}" : "{}\"{}\""), list.empty() ? "" : ", ", part);
    }
    return fmt::format("sweep.{}=[{}]", key, list);
}

/// "1%" or "0.01".
double read_share(std::string text) {
    bool const percent = text.ends_with('%');
    if (percent) text.pop_back();
    double value = 0.0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (percent) value /= 100.0;
    if (error != std::errc() || end != text.data() + text.size() || !(value > 0.0 && value < 1.0))
        throw InputError(
            {fmt::format("--target-ci {} (must be a relative half-width such as 1% or "
                         "0.01, above 0 and below 1)",
                         text + (percent ? "%" : ""))});
    return value;
}

}  // namespace

int sweep(SpecArguments const& spec, RunArguments const& arguments, SweepArguments const& sweep,
          Common const& common) {
    SpecArguments changed = spec;
    for (std::string& assignment : changed.overrides) assignment = as_axis(assignment);
    if (!sweep.design.empty())
        changed.overrides.push_back(fmt::format("sweep_design=\"{}\"", sweep.design));
    if (sweep.seed) changed.overrides.push_back(fmt::format("sweep_seed={}", *sweep.seed));
    Request request = make_request("sweep", changed, arguments, common);
    if (!sweep.target_ci.empty()) request.target_ci = read_share(sweep.target_ci);
    if (sweep.budget > 0.0 && request.target_ci == 0.0)
        throw InputError({"--budget without --target-ci (it limits how far that may go)"});
    request.budget = sweep.budget;
    auto const policy = request.force ? ExistingFolder::replace : ExistingFolder::refuse;
    return execute(request, arguments.out, policy, common);
}

}  // namespace kramers::verbs
