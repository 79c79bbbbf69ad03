// SPDX-License-Identifier: Apache-2.0
#include "experiments/query.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "experiments/load_spec.hpp"

namespace query_test {
using namespace kramers;

namespace {

std::string const escape = R"(
kind      = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped" }
ensemble  = { trajectories = 640 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
regions.near = { half_space = [1.0], offset = 0.5 }
sweep."dynamics.temperature" = [0.1, 0.2]
sweep."scheme.dt" = [0.05, 0.1]
sweep."landscape.barrier" = [0.25, 0.3]
)";

}  // namespace

TEST_CASE("predict: an answer that is remembered is the one that theory gives to this question") {
    Spec const spec = load_spec({escape, "x.toml", "x"});
    REQUIRE(spec.cells.size() == 8);
    for (int repetition = 0; repetition < 2; ++repetition)
        for (Cell const& cell : spec.cells)
            for (Estimand const& estimand : natural_estimands(cell, spec.kind)) {
                theory::Query const query = make_query(cell);
                for (std::string const& name : theory::names_for(estimand)) {
                    CAPTURE(name);
                    PredictionResult const a = predict(cell, name, estimand, query);
                    PredictionResult const b = theory::predict(name, estimand, query);
                    REQUIRE(a.prediction.has_value() == b.prediction.has_value());
                    CHECK(a.reason == b.reason);
                    if (!a.prediction) continue;
                    CHECK(a.prediction->value == b.prediction->value);
                    CHECK(a.prediction->error == b.prediction->error);
                    CHECK(a.prediction->in_domain == b.prediction->in_domain);
                }
            }
    // The check has teeth: the cells differ in what they are told.
    Estimand const other = MeanFirstPassage{"other"};
    auto const value = [&](std::size_t cell, char const* name) {
        Cell const& c = spec.cells[cell];
        return predict(c, name, other, make_query(c)).prediction.value().value;
    };
    CHECK(value(0, "quadrature") != value(1, "quadrature"));  // barrier
    CHECK(value(0, "quadrature") == value(2, "quadrature"));  // dt
    CHECK(value(0, "quadrature") != value(4, "quadrature"));  // temperature
}

TEST_CASE("stop_at_first: one target has its prediction, two stop each other, others are named") {
    std::string const first = escape + "stop_at_first = true\n";
    auto const reason = [](Spec const& spec, char const* to) {
        Cell const& cell = spec.cells.front();
        return predict(cell, "quadrature", MeanFirstPassage{to}, make_query(cell)).reason;
    };
    auto const says = [](Spec const& spec, std::string const& text) {
        auto const& notes = spec.cells.front().notes;
        return std::any_of(notes.begin(), notes.end(), [&](std::string const& note) {
            return note.find(text) != std::string::npos;
        });
    };
    Spec const one = load_spec({first, "x.toml", "x"}, {"targets=[\"other\"]"});
    CHECK(reason(one, "other") == "");
    CHECK(says(one, "region near: not among the targets"));
    CHECK_FALSE(says(one, "region other: not among"));
    Spec const both = load_spec({first, "x.toml", "x"});
    CHECK(reason(both, "other").find("region \"near\" also ends") != std::string::npos);
    CHECK(reason(both, "near").find("region \"other\" also ends") != std::string::npos);
    CHECK_FALSE(says(both, "not among the targets"));
}

}  // namespace query_test
