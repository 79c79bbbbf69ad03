// SPDX-License-Identifier: Apache-2.0
#include "experiments/input.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kramers {

std::string Origin::describe() const {
    switch (kind) {
        case Kind::command_line: return "command line";
        case Kind::fallback: return "default";
        case Kind::quick:
        case Kind::file: break;
    }
    return line > 0 ? fmt::format("{}:{}", file, line) : file;
}

std::string Origin::prefix() const {
    return kind == Kind::fallback ? std::string() : describe() + ": ";
}

InputError::InputError(std::vector<std::string> all)
    : std::runtime_error(fmt::format("{}", fmt::join(all, "\n"))), problems(std::move(all)) {}

void Problems::add(Origin const& where, std::string const& what) {
    std::string text = where.prefix() + what;
    for (Problem const& p : found_)
        if (p.text == text) return;
    found_.push_back({where.line, std::move(text)});
}

void Problems::raise() const {
    if (found_.empty()) return;
    std::vector<Problem> sorted = found_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](Problem const& a, Problem const& b) { return a.line < b.line; });
    std::vector<std::string> lines;
    for (Problem& p : sorted) lines.push_back(std::move(p.text));
    throw InputError(std::move(lines));
}

}  // namespace kramers
