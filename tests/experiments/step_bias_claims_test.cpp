// SPDX-License-Identifier: Apache-2.0
// Claims about what the time step does to passage times: true ones hold, their broken twins do not,
// and a prediction of 0 is judged on an absolute scale.
#include <doctest/doctest.h>

#include <cmath>

#include "experiments/comparison.hpp"
#include "experiments/input.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/runner.hpp"

namespace step_bias_claims_test {
using namespace kramers;

namespace {

char const* const head = R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.25 }
scheme    = { name = "euler_maruyama", dt = 0.02, dt_ladder = 3 }
ensemble  = { trajectories = 60_000, max_time = inf, seed = 5 }
start     = { point = "minimum.left" }
regions.saddle = { half_space = [1.0], offset = "saddle" }
regions.other  = { half_space = [1.0], offset = "minimum.right" }
sweep."scheme.crossing" = ["endpoint", "bridge"]
)";

std::string claim(std::string const& estimand, std::string const& against,
                  std::string const& tolerance) {
    return "[[claim]]\nsentence = \"s\"\nestimand = { " + estimand + " }\nagainst = " + against +
           "\n" + tolerance + "\n";
}

std::string problems_of(std::string const& text) {
    try {
        load_spec({text, "test.toml", "test"}, {});
    } catch (InputError const& error) { return error.what(); }
    return "";
}

Estimate around(double value, double standard_error) {
    Estimate e;
    e.value = value;
    e.standard_error = standard_error;
    e.trajectories = 1000;
    e.lower = value - 2.0 * standard_error;
    e.upper = value + 2.0 * standard_error;
    return e;
}

Comparison judge(double value, double prediction, double relative, double absolute) {
    ClaimSpec c;
    c.estimand = PassageBias{"saddle", "bridge"};
    c.tolerance = relative;
    c.absolute_tolerance = absolute;
    Prediction p;
    p.value = prediction;
    return compare(c, 0, around(value, 0.01), p, 0.95);
}

}  // namespace

TEST_CASE("Step bias: each claim holds where it is true and fails for its broken twin") {
    std::string const coarsest = "rung = \"coarsest\"";
    Spec const spec =
        load_spec({head +
                       claim("passage_bias = { to = \"saddle\", crossing = \"bridge\" }",
                             "\"grid_detection\"", "absolute_tolerance = 0.5") +
                       claim("passage_bias = { to = \"saddle\", crossing = \"endpoint\" }",
                             "{ number = 0 }", "absolute_tolerance = 0.5") +
                       claim("rung_bias = { to = \"other\", " + coarsest + " }", "{ number = 0 }",
                             "absolute_tolerance = 0.1") +
                       claim("rung_bias = { to = \"saddle\", " + coarsest + " }", "{ number = 0 }",
                             "absolute_tolerance = 0.1\nwhere = \"endpoint\"") +
                       claim("rung_bias = { to = \"saddle\", " + coarsest + " }",
                             "\"discrete_chain\"", "absolute_tolerance = 0.08") +
                       claim("rung_bias = { to = \"saddle\", rung = \"finest\" }",
                             "\"discrete_chain\"", "absolute_tolerance = 0.08"),
                   "test.toml", "test"},
                  {});
    std::vector<std::string> verdicts;
    for (ClaimRow const& row : run_spec(spec, {}).report.claims)
        verdicts.emplace_back(to_string(row.comparison.verdict));
    CHECK(verdicts == std::vector<std::string>{"agree", "disagree", "agree", "agree", "disagree",
                                               "agree", "agree", "agree", "agree"});
}

TEST_CASE("Step bias: a tolerance is relative, or absolute where the prediction is 0") {
    CHECK(judge(0.03, 0.0, 0.0, 0.1).verdict == Verdict::agree);
    CHECK(judge(0.2, 0.0, 0.0, 0.1).verdict == Verdict::disagree);
    Comparison const edge = judge(0.09, 0.0, 0.0, 0.1);
    CHECK(edge.verdict == Verdict::undecided);
    CHECK(std::isfinite(edge.more_trajectories));
    CHECK(edge.note.empty());
    // Half the width of the interval beyond the edge, and what scatters: 0.1 + 2.00 · 0.01 + …
    CHECK(edge.detectable > 0.1 + 0.04);
    CHECK(edge.detectable < 0.1 + 0.05);
    CHECK(judge(1.05, 1.0, 0.0, 0.1).verdict == Verdict::agree);  // absolute elsewhere, too
    // Relative: no interval lies in an empty band, and no number of trajectories puts one there.
    Comparison const empty = judge(0.005, 0.0, 0.5, 0.0);
    CHECK(empty.verdict == Verdict::undecided);
    CHECK(std::isinf(empty.more_trajectories));
    CHECK(std::isinf(empty.detectable));
    CHECK(empty.note.find("absolute_tolerance") != std::string::npos);
    CHECK(judge(0.2, 0.0, 0.5, 0.0).verdict == Verdict::disagree);
}

TEST_CASE("Step bias: one tolerance per claim, and of a density the relative one") {
    std::string const bias = "passage_bias = { to = \"saddle\", crossing = \"bridge\" }";
    CHECK(problems_of(
              head + claim(bias, "\"grid_detection\"", "tolerance = 0.1\nabsolute_tolerance = 0.1"))
              .find("two measures of the same") != std::string::npos);
    CHECK(problems_of(head + claim(bias, "\"grid_detection\"", "absolute_tolerance = 0"))
              .find("must be > 0") != std::string::npos);
    CHECK(problems_of(head + claim("rung_bias = { to = \"other\", rung = \"coarse\" }",
                                   "\"discrete_chain\"", "absolute_tolerance = 0.1"))
              .find("\"coarsest\"") != std::string::npos);
    CHECK(problems_of(
              "kind = \"stationary\"\nlandscape = { name = \"double_well\" }\n"
              "dynamics = { name = \"overdamped\", temperature = 0.2 }\n"
              "scheme = { dt = 0.01 }\nensemble = { trajectories = 128 }\n"
              "start = { point = \"minimum.left\" }\nburn_in = { steps = 10 }\n"
              "histograms = [{ axis = 0, lower = -2, upper = 2, bins = 4 }]\n" +
              claim("stationary_density = { axes = [0] }", "\"gibbs\"", "absolute_tolerance = 0.1"))
              .find("of a density the tolerance is relative") != std::string::npos);
}

}  // namespace step_bias_claims_test
