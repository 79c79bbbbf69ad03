// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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

}  // namespace

SpecArguments with_axes(SpecArguments spec, SweepArguments const& sweep) {
    for (std::string& assignment : spec.overrides) assignment = as_axis(assignment);
    if (!sweep.design.empty())
        spec.overrides.push_back(fmt::format("sweep_design=\"{}\"", sweep.design));
    if (sweep.seed) spec.overrides.push_back(fmt::format("sweep_seed={}", *sweep.seed));
    return spec;
}

}  // namespace kramers::verbs
