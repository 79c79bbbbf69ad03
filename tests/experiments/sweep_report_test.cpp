// SPDX-License-Identifier: Apache-2.0
#include "experiments/sweep_report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "experiments/csv.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/runner.hpp"

namespace sweep_report_test {
using namespace kramers;

namespace {

// Means of 69 and 5.5 under a cap at 20: of the first cell most are censored, of the second some.
char const* const capped = R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped" }
scheme    = { dt = 0.05, crossing = "bridge" }
ensemble  = { trajectories = 256, max_time = 20, seed = 3 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
sweep."dynamics.temperature" = [0.2, 0.5]
)";

Spec load(std::vector<std::string> const& changes = {}) {
    return load_spec({capped, "x.toml", "x"}, changes);
}

RunOutput run(Spec const& spec, double target_ci = 0.0) {
    RunSettings settings;
    settings.controls.backend = Backend::cpu;
    settings.controls.threads = 1;
    settings.stages.target = target_ci;
    return run_spec(spec, settings);
}

using Row = std::map<std::string, std::string>;

std::vector<Row> rows(std::string const& text) {
    CsvText const table = parse_csv(text);
    std::vector<Row> all;
    for (std::size_t k = 1; k < table.records.size(); ++k) {
        all.emplace_back();
        for (std::size_t c = 0; c < table.records[0].fields.size(); ++c)
            all.back()[table.records[0].fields[c]] = table.records[k].fields[c];
    }
    return all;
}

std::vector<Row> of(std::vector<Row> const& all, std::string const& estimand) {
    std::vector<Row> own;
    for (Row const& row : all)
        if (row.at("estimand").starts_with(estimand)) own.push_back(row);
    return own;
}

bool says(std::vector<std::string> const& sentences, std::string const& text) {
    return std::any_of(sentences.begin(), sentences.end(), [&](std::string const& sentence) {
        return sentence.find(text) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("sweep.csv: every cell has a row, also where its mean is censored, and its rate") {
    Spec const spec = load();
    RunOutput const output = run(spec);
    auto const table = rows(sweep_table(output.report));
    auto const passage = rows(output.files.at("passage.csv"));
    auto const means = of(table, "mean_first_passage"), rates = of(table, "escape_rate");
    REQUIRE(means.size() == 2);
    REQUIRE(rates.size() == 2);
    for (std::size_t k = 0; k < 2; ++k) {
        for (char const* empty :
             {"value", "standard_error", "lower", "upper", "relative_half_width"})
            CHECK(means[k].at(empty) == "");
        for (char const* count : {"trajectories", "arrived", "censored", "diverged"})
            CHECK(means[k].at(count) == passage[k].at(count));
        CHECK(means[k].at("trajectories") == "256");
        CHECK(means[k].at("censored") != "0");
        CHECK(rates[k].at("value") == passage[k].at("rate"));
        CHECK(rates[k].at("value") != "");
    }
    CHECK(says(output.report.warnings, "has no estimate in 2 of 2 cells; in cell 0: "));
    // Twin: without the cap each cell has a mean, and nothing is warned of.
    Spec const open = load({"ensemble.max_time=1e6"});
    RunOutput const whole = run(open);
    for (Row const& row : of(rows(sweep_table(whole.report)), "mean_first_passage"))
        CHECK(row.at("value") != "");
    CHECK_FALSE(says(whole.report.warnings, "has no estimate"));
}

}  // namespace sweep_report_test
