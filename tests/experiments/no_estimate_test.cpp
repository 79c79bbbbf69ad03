// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "experiments/comparison.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/runner.hpp"

namespace no_estimate_test {
namespace {

using namespace kramers;

// The exact mean time to the other minimum is 41.03: nearly all are cut off at 5.
std::string const escape = R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.125 }
scheme    = { dt = 0.05 }
ensemble  = { trajectories = 128, seed = 3, max_time = 5.0 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
)";

// eta h = 2.5 on the stiff axis: |1 − 2.5| > 1, so every trajectory grows without bound.
std::string const stationary = R"(kind = "stationary"
landscape = { name = "quadratic", curvatures = [1.0, 20.0] }
dynamics  = { name = "sgd", learning_rate = 0.125, batch_size = 4, allow_unstable = true }
noise     = { gradient_variance = 2.0 }
ensemble  = { trajectories = 128, seed = 3 }
start     = { point = [0.0, 0.0] }
burn_in   = { steps = 1000 }
histograms = [{ axis = 1, lower = -1.0, upper = 1.0, bins = 8 }]
regions.right = { half_space = [1.0, 0.0], offset = 0.2 }
)";

std::string const order = R"(kind = "order"
landscape = { name = "quadratic", curvatures = [1.0] }
dynamics  = { name = "sgd", allow_unstable = true }
noise     = { law = "gaussian", gradient_variance = 1.0 }
compare   = { with = ["modified_1"] }
ensemble  = { trajectories = 128, seed = 3, divergence_bound = 1.05 }
start     = { point = [1.0] }
moments   = { of = ["x"], at = 1.0 }
sweep."dynamics.learning_rate" = [0.5, 0.25, 0.125]
)";

std::string claim(std::string const& estimand, std::string const& against,
                  std::string const& expect) {
    return "[[claim]]\nsentence = \"s\"\nestimand = " + estimand + "\n" + against +
           "\nexpect = \"" + expect + "\"\n";
}

std::string const passage = "{ mean_first_passage = { to = \"other\" } }";

RunOutput run(std::string const& text) { return run_spec(load_spec({text, "t.toml", "t"}), {}); }

bool begins(std::string const& text, std::string const& with) { return text.rfind(with, 0) == 0; }

/// What the runner owes a claim that it has no estimate for.
void check_owed(Comparison const& c, double prediction, std::string const& reason) {
    CHECK(c.verdict == Verdict::undecided);
    CHECK_FALSE(c.passed);
    CHECK(c.prediction.value == doctest::Approx(prediction).epsilon(1e-3));
    CHECK(std::isnan(c.estimate.value));
    CHECK(std::isnan(c.estimate.standard_error));
    CHECK(std::isnan(c.family_interval.lower));
    CHECK(std::isnan(c.pointwise_interval.upper));
    CHECK_MESSAGE(begins(c.note, "the simulation gave no estimate: " + reason), c.note);
}

}  // namespace

TEST_CASE(
    "Censored escapes: the prediction stays, the verdict is undecided, whatever is expected") {
    std::string const exact = "against = \"quadrature\"\ntolerance = 0.05";
    RunOutput const out =
        run(escape + claim(passage, exact, "agree") + claim(passage, exact, "out_of_domain") +
            claim(passage, "against = { formula = \"1\", domain = \"T > 1\" }\ntolerance = 0.05",
                  "out_of_domain"));
    REQUIRE(out.report.claims.size() == 3);
    std::string const reason = std::to_string(out.report.censored) + " of 128";
    REQUIRE(out.report.censored > 64);
    for (int k : {0, 1}) check_owed(out.report.claims.at(k).comparison, 41.03, reason);
    CHECK(out.files.at("report.json").find("\"estimate\": null") != std::string::npos);
    CHECK(out.files.at("claims.csv").find(",quadrature,") != std::string::npos);
    // A domain test that fails still says so, with or without an estimate.
    Comparison const outside = out.report.claims.at(2).comparison;
    CHECK(outside.verdict == Verdict::out_of_domain);
    CHECK(outside.passed);
    CHECK(std::isnan(outside.estimate.value));
    CHECK(begins(outside.note, "\"T > 1\" does not hold; no estimate either: " + reason));
}

TEST_CASE("The broken twin, an empty estimate against an empty prediction, passes what must not") {
    ClaimSpec expected;
    expected.estimand = MeanFirstPassage{"other"};
    expected.tolerance = 0.05;
    expected.expect = Verdict::out_of_domain;
    Prediction exact;
    exact.value = 41.03;
    Comparison const twin =
        compare(expected, 0, Estimate{}, PredictionResult{{}, "censored"}, 0.95);
    CHECK(twin.passed);
    CHECK(twin.estimate.value == 0.0);
    Comparison const ours = compare_missing(expected, 0, "censored", {exact, ""}, 0.95);
    CHECK_FALSE(ours.passed);
    CHECK(ours.prediction.value == 41.03);
    CHECK(ours.note == "the simulation gave no estimate: censored");
}

TEST_CASE("Diverged samples come first in the reason: covariance, weight and density") {
    std::string const by = "against = { number = 0.5 }\ntolerance = 0.1";
    std::string const curve = "against = { formula = \"0.5\" }\ntolerance = 0.1";
    RunOutput const out =
        run(stationary +
            claim("{ stationary_covariance = { component = [1, 1] } }", by, "out_of_domain") +
            claim("{ region_weight = { region = \"right\" } }", by, "out_of_domain") +
            claim("{ stationary_density = { axes = [1] } }", curve, "out_of_domain"));
    REQUIRE(out.report.claims.size() == 3);
    for (int k : {0, 1})
        check_owed(out.report.claims.at(k).comparison, 0.5, "128 of 128 trajectories diverged; ");
    Comparison const density = out.report.claims.at(2).comparison;
    CHECK(density.verdict == Verdict::undecided);
    CHECK_FALSE(density.passed);
    CHECK(
        begins(density.note, "the simulation gave no estimate: 128 of 128 trajectories diverged"));
}

TEST_CASE("A weak order whose ensembles diverged is undecided, too") {
    // A bound of 1.05 around 0 on ends of deviation 0.5 around 0.4: one in ten is beyond it.
    RunOutput const out = run(order + claim("{ weak_error = { of = \"modified_1\" } }",
                                            "order = { is = 1 }", "out_of_domain"));
    REQUIRE(out.report.claims.size() == 1);
    Comparison const c = out.report.claims.front().comparison;
    REQUIRE(out.report.diverged > 0);
    check_owed(c, 1.0, "");
    CHECK(c.note.find("diverged") != std::string::npos);
    CHECK(c.prediction.in_domain);
}

}  // namespace no_estimate_test
