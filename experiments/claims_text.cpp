// SPDX-License-Identifier: Apache-2.0
#include "experiments/claims_text.hpp"

#include <cmath>

#include <fmt/format.h>

#include "experiments/comparison.hpp"
#include "experiments/sha256.hpp"

namespace kramers {
namespace {

/// One line, whatever the text holds.
std::string one_line(std::string const& text) {
    std::string line;
    for (char const c : text) line += c == '\n' ? std::string("\\n") : std::string(1, c);
    return line;
}

void add(std::string& text, char const* key, std::string const& value) {
    if (!value.empty()) text += fmt::format("{}: {}\n", key, one_line(value));
}

void add_given(std::string& text, GivenPrediction const& given) {
    add(text, "given", std::string(to_string(given.form)));
    add(text, "formula", given.formula);
    if (given.form == PredictionKind::number) add(text, "number", fmt::format("{}", given.number));
    if (given.form == PredictionKind::table) {
        add(text, "at", given.at);
        add(text, "interpolation", given.scales);
        for (auto const& [x, y] : given.points) add(text, "point", fmt::format("{}, {}", x, y));
    }
    if (given.normalise) add(text, "normalise", "true");
    add(text, "domain", given.domain);
    add(text, "error", given.error);
    add(text, "source", given.source);
}

}  // namespace

std::string claims_text(Spec const& spec) {
    std::string text = "kramers claims, format 1\n";
    for (ClaimSpec const& claim : spec.claims) {
        text += '\n';
        add(text, "id", claim.id);
        add(text, "sentence", claim.sentence);
        add(text, "estimand", describe(claim.estimand));
        add(text, "against", claim.against);
        if (claim.given) add_given(text, *claim.given);
        if (claim.order > 0.0) {
            add(text, "order", fmt::format("{}", claim.order));
            if (std::isinf(claim.order)) add(text, "detects", fmt::format("{}", claim.detects));
            else add(text, "next term", claim.next_term ? "true" : "false");
        } else {
            if (claim.absolute_tolerance > 0.0)
                add(text, "absolute tolerance", fmt::format("{}", claim.absolute_tolerance));
            else add(text, "tolerance", fmt::format("{}", claim.tolerance));
        }
        add(text, "where", claim.where);
        add(text, "expect", std::string(to_string(claim.expect)));
    }
    return text;
}

std::string claims_sha256(Spec const& spec) { return sha256(claims_text(spec)); }

}  // namespace kramers
