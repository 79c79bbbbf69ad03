// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "experiments/format_value.hpp"
#include "experiments/run_diff.hpp"

namespace kramers {
namespace {

using Json = nlohmann::ordered_json;

Json side_json(std::optional<RunVerdict> const& side) {
    if (!side) return nullptr;
    return {{"verdict", side->verdict},
            {"estimate", side->estimate},
            {"standard_error", side->standard_error},
            {"prediction", side->prediction}};
}

Json keys_json(std::vector<KeyDifference> const& keys) {
    Json array = Json::array();
    auto const value = [](std::string const& text) { return text.empty() ? Json() : Json(text); };
    for (KeyDifference const& k : keys)
        array.push_back({{"key", k.key}, {"first", value(k.first)}, {"second", value(k.second)}});
    return array;
}

std::string side_text(std::optional<RunVerdict> const& side) {
    return side ? format_value(side->estimate, side->standard_error) : std::string("absent");
}

std::string verdicts_text(ClaimDifference const& c) {
    std::string const a = c.first ? c.first->verdict : "absent";
    std::string const b = c.second ? c.second->verdict : "absent";
    return a == b ? a : a + " -> " + b;
}

std::string predictions_text(ClaimDifference const& c) {
    if (!c.first || !c.second) return "";
    double const a = c.first->prediction, b = c.second->prediction;
    if (a == b || (std::isnan(a) && std::isnan(b))) return "";
    return fmt::format("prediction {} -> {}", format_number(a, 5), format_number(b, 5));
}

void add_keys(std::string& text, char const* title, std::vector<KeyDifference> const& keys) {
    if (keys.empty()) return;
    text += fmt::format("\n{}\n", title);
    for (KeyDifference const& k : keys) {
        auto const value = [](std::string const& t) { return t.empty() ? "absent" : t; };
        std::string const line =
            fmt::format("{}: {} -> {}", k.key, value(k.first), value(k.second));
        for (std::string const& part : wrapped(line, 98)) text += "  " + part + "\n";
    }
}

}  // namespace

std::string difference_json(RunDifference const& difference) {
    Json claims = Json::array();
    for (ClaimDifference const& c : difference.claims)
        claims.push_back({{"id", c.id},
                          {"where", c.where},
                          {"sentence", c.sentence},
                          {"same_verdict", c.same_verdict()},
                          {"joint_errors", c.joint_errors()},
                          {"first", side_json(c.first)},
                          {"second", side_json(c.second)}});
    Json const json{{"same_verdicts", difference.same_verdicts()},
                    {"claims", claims},
                    {"spec", keys_json(difference.spec)},
                    {"versions", keys_json(difference.versions)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string difference_text(RunDifference const& difference) {
    std::size_t id = 5, where = 5, first = 5, second = 6;
    for (ClaimDifference const& c : difference.claims) {
        id = std::max(id, columns_of(c.id));
        where = std::max(where, columns_of(c.where));
        first = std::max(first, columns_of(side_text(c.first)));
        second = std::max(second, columns_of(side_text(c.second)));
    }
    std::string text =
        fmt::format("{} {} {} {} {} verdict\n", padded("claim", id), padded("where", where),
                    padded("first", first), padded("second", second), padded("difference", 11));
    std::size_t changed = 0;
    for (ClaimDifference const& c : difference.claims) {
        changed += c.same_verdict() ? 0 : 1;
        double const z = c.joint_errors();
        std::string const apart = std::isfinite(z) ? fmt::format("{:+.1f} s.e.", z) : "-";
        text += fmt::format("{} {} {} {} {} {}\n", padded(c.id, id), padded(c.where, where),
                            padded(side_text(c.first), first), padded(side_text(c.second), second),
                            padded(apart, 11), verdicts_text(c));
        std::string const predictions = predictions_text(c);
        if (!predictions.empty()) text += "  " + predictions + "\n";
    }
    text += fmt::format(
        "{} verdicts, {} of them not the same (s.e.: joint standard errors; runs of "
        "one seed share noise)\n",
        difference.claims.size(), changed);
    add_keys(text, "spec", difference.spec);
    add_keys(text, "version", difference.versions);
    return text;
}

}  // namespace kramers
