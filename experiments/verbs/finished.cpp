// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "experiments/input.hpp"
#include "experiments/verbs/execute.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {
namespace {

using Json = nlohmann::ordered_json;

double number_in(Json const& value) {
    return value.is_number() ? value.get<double>() : std::nan("");
}
std::string text_in(Json const& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

Verdict verdict_named(std::string const& word) {
    for (Verdict v :
         {Verdict::agree, Verdict::disagree, Verdict::undecided, Verdict::out_of_domain})
        if (to_string(v) == word) return v;
    throw std::invalid_argument(fmt::format("unknown verdict \"{}\"", word));
}

/// What the table of verdicts prints of a claim.
ClaimRow claim_row(Json const& claim) {
    ClaimRow row;
    row.where = text_in(claim.at("where"));
    Comparison& c = row.comparison;
    c.claim.id = text_in(claim.at("id"));
    c.claim.sentence = text_in(claim.at("sentence"));
    c.claim.against = text_in(claim.at("against"));
    c.claim.expect = verdict_named(text_in(claim.at("expect")));
    if (text_in(claim.at("estimand")).starts_with("stationary_density"))
        c.claim.estimand = StationaryDensity{};
    c.prediction.value = number_in(claim.at("prediction"));
    c.prediction.formula = text_in(claim.at("formula"));
    if (std::string const source = text_in(claim.at("source")); !source.empty())
        for (std::size_t begin = 0; begin <= source.size();) {
            std::size_t const end = std::min(source.find("; ", begin), source.size());
            c.prediction.sources.push_back(source.substr(begin, end - begin));
            begin = end + 2;
        }
    c.estimate.value = number_in(claim.at("estimate"));
    c.estimate.standard_error = number_in(claim.at("standard_error"));
    c.family_level = number_in(claim.at("level"));
    c.verdict = verdict_named(text_in(claim.at("verdict")));
    c.passed = claim.at("passed").get<bool>();
    c.more_trajectories = number_in(claim.at("more_trajectories"));
    c.note = text_in(claim.at("note"));
    return row;
}

}  // namespace

int finished(std::filesystem::path const& folder, bool assert_claims, Common const& common) {
    std::ifstream file(folder / "report.json", std::ios::binary);
    std::string const report{std::istreambuf_iterator<char>(file), {}};
    std::vector<ClaimRow> rows;
    std::size_t cells = 0;
    try {
        Json const json = Json::parse(report);
        for (Json const& claim : json.at("claims")) rows.push_back(claim_row(claim));
        cells = json.at("cells").size();
    } catch (std::exception const& error) {
        throw InputError({fmt::format("{} is damaged ({}): run the sweep again with --force",
                                      (folder / "report.json").string(), error.what())});
    }
    bool passed = true;
    for (ClaimRow const& row : rows) passed = passed && row.comparison.passed;
    if (common.json) fmt::print("{}\n", report);
    else if (rows.empty() || cells > most_printed)
        fmt::print(stderr, "{} cells: the table is in sweep.csv\n", cells);
    else fmt::print("{}", validation_table(rows, colour_for(stdout)));
    return assert_claims && !passed ? unexpected_verdict : done;
}

}  // namespace kramers::verbs
