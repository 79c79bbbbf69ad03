// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include "experiments/input.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {
namespace {

/// Without blanks around it.
std::string trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t";
    std::size_t const begin = std::min(text.find_first_not_of(blank), text.size());
    std::size_t const end = text.find_last_not_of(blank);
    return std::string(text.substr(begin, end == text.npos ? 0 : end + 1 - begin));
}

/// The parts between commas; none of a text with brackets or quotes, which is one value.
std::vector<std::string> listed(std::string const& text) {
    std::vector<std::string> parts;
    if (text.find_first_of("[]{}\"'(") != std::string::npos) return parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        std::size_t const end = std::min(text.find(',', begin), text.size());
        parts.push_back(trimmed(std::string_view(text).substr(begin, end - begin)));
        begin = end + 1;
    }
    return parts;
}

/// 0.1, 1e5, 20_000.
bool is_number(std::string text) {
    for (std::size_t k = 1; k + 1 < text.size(); ++k)
        if (text[k] == '_' && std::isdigit(static_cast<unsigned char>(text[k - 1])) != 0 &&
            std::isdigit(static_cast<unsigned char>(text[k + 1])) != 0)
            text.erase(k, 1);
    double value = 0.0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

/// "dynamics.temperature=0.1,0.2" as an axis of the sweep; "k=log(a, b, n)" and "k=lin(…)", too.
/// Anything else stays a change of the spec.
std::string as_axis(std::string const& assignment) {
    std::size_t const equals = assignment.find('=');
    if (equals == std::string::npos || assignment.starts_with("sweep")) return assignment;
    std::string const key = trimmed(assignment.substr(0, equals));
    std::string const value = trimmed(assignment.substr(equals + 1));
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
    std::set<std::string> keys;
    std::vector<std::string> problems;
    for (std::string& assignment : spec.overrides) {
        std::string axis = as_axis(assignment);
        std::string const key = axis.substr(0, axis.find('='));
        if (axis != assignment && !keys.insert(key).second)
            problems.push_back(
                fmt::format("{}: {} is on two axes (write its values as one list, k=a,b,c)",
                            assignment, key.substr(std::string_view("sweep.").size())));
        assignment = std::move(axis);
    }
    if (!problems.empty()) throw InputError(std::move(problems));
    if (!sweep.design.empty())
        spec.overrides.push_back(fmt::format("sweep_design=\"{}\"", sweep.design));
    if (sweep.seed) spec.overrides.push_back(fmt::format("sweep_seed={}", *sweep.seed));
    return spec;
}

}  // namespace kramers::verbs
