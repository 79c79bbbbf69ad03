// SPDX-License-Identifier: Apache-2.0
#include "experiments/sizing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiments/load_spec.hpp"
#include "experiments/runner.hpp"

namespace sizing_test {
using namespace kramers;

namespace {

// A mean of 69 under a cap at 20, and one of 3.3 that nearly all reach.
std::string const escape = R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped" }
scheme    = { dt = 0.05, crossing = "bridge" }
ensemble  = { trajectories = 256, max_time = 20, seed = 3 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
sweep."dynamics.temperature" = [0.2, 1.0]
)";

char const* const rate_claim = R"([[claim]]
sentence = "rate"
estimand = { escape_rate = { to = "other" } }
against = "quadrature"
tolerance = 0.3
)";

std::string const density = R"(kind = "stationary"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.2 }
scheme    = { dt = 0.02 }
ensemble  = { trajectories = 2048, seed = 2 }
start     = { gibbs = "all" }
burn_in   = { time = 0.2 }
histograms = [{ axis = 0, lower = -2.0, upper = 2.0, bins = 20 }]
)";

char const* const density_claim = R"([[claim]]
sentence = "density"
estimand = { stationary_density = { axes = [0] } }
against = "gibbs"
tolerance = 0.2
)";

RunOutput run(Spec const& spec, double target, double budget = 0.0) {
    RunSettings settings;
    settings.controls.backend = Backend::cpu;
    settings.controls.threads = 1;
    settings.stages = {target, budget};
    return run_spec(spec, settings);
}

Spec load(std::string const& text) { return load_spec({text, "x.toml", "x"}); }

Estimate of_width(double half_width) {
    Estimate e;
    e.value = 1.0;
    e.lower = 1.0 - half_width;
    e.upper = 1.0 + half_width;
    return e;
}

std::vector<Estimate> found(RunOutput const& output, std::string const& estimand) {
    std::vector<Estimate> all;
    for (ReportedEstimate const& e : output.report.estimates)
        if (e.estimand.starts_with(estimand)) all.push_back(e.estimate);
    return all;
}

bool says(RunOutput const& output, std::string const& text) {
    auto const& all = output.report.warnings;
    return std::any_of(all.begin(), all.end(), [&](std::string const& sentence) {
        return sentence.find(text) != std::string::npos;
    });
}

}  // namespace

// A second interval is narrow enough in about 9 of 10 seeds; the seed is fixed.
TEST_CASE("--target-ci: the claimed rate is what reaches it, also where the mean is censored") {
    for (std::string const& text : {escape + rate_claim, escape}) {
        RunOutput const output = run(load(text), 0.15);
        auto const rates = found(output, "escape_rate");
        REQUIRE(rates.size() == 2);
        CHECK(rates[0].trajectories > 256);  // twin: a missing mean leaves its cell as it was
        CHECK(relative_width(rates[0]) <= 0.15);
        CHECK(relative_width(rates[1]) <= 0.15);
        CHECK_FALSE(says(output, "missed"));
    }
}

TEST_CASE("--target-ci: what is missed, and what a budget takes away, is said") {
    RunOutput const output = run(load(escape + rate_claim), 0.02, 3e5);
    CHECK(
        says(output, "--target-ci 2 %: missed in 2 of 2 cells (cell 0, escape_rate(to = other), "));
    Spec spec = load(escape + rate_claim);
    Cell sized = spec.cells[0];
    sized.trajectories = 128;
    MissedTargets missed({0.1, 1e5});
    missed.add(spec.cells[0], sized, {{"a", "", of_width(0.09)}});
    REQUIRE(missed.sentences().size() == 1);
    CHECK(missed.sentences()[0].find("fewer trajectories than the spec asks for in 1 of 1 cells "
                                     "(cell 0 (128 of 256))") != std::string::npos);
    missed.add(spec.cells[1], spec.cells[1],
               {{"a", "", of_width(0.09)}, {"b", "", of_width(0.11)}});
    CHECK(missed.sentences()[0].find("missed in 1 of 2 cells (cell 1, b, 11 %)") !=
          std::string::npos);
}

TEST_CASE("--target-ci: a density has no one interval and keeps its trajectories") {
    RunOutput const output = run(load(density + density_claim), 0.2);
    CHECK(output.report.trajectories == 2048);
    CHECK(says(output, "only densities are claimed of 1 of 1 cells (0)"));
    // Twin: without a claim it is the first covariance, which 2048 give to 6 %: no fewer than that.
    RunOutput const unclaimed = run(load(density), 0.2);
    CHECK(unclaimed.report.trajectories == 2048);
    CHECK_FALSE(says(unclaimed, "only densities"));
    CHECK(run(load(density), 0.02).report.trajectories > 2048);
}

TEST_CASE(
    "widest: the largest finite width decides; of none it is unknown, and nothing asks none") {
    CHECK(relative_width(widest({{"a", "", of_width(0.1)}, {"b", "", of_width(0.3)}})) ==
          doctest::Approx(0.3));
    CHECK(relative_width(widest({{"a", "", of_width(0.1)}, {"b", "", Estimate{}}})) ==
          doctest::Approx(0.1));
    CHECK(std::isinf(relative_width(widest({{"b", "", Estimate{}}}))));
    CHECK(relative_width(widest({})) == 0.0);
}

}  // namespace sizing_test
