// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "experiments/load_spec.hpp"
#include "experiments/race_edges.hpp"
#include "experiments/runner.hpp"

namespace race_edges_test {
using namespace kramers;

namespace {

std::string spec_text(std::string const& claim) {
    return R"(
kind = "race"
landscape = { name = "tilted_double_well", half_width = 1.0, barrier = 0.25, tilt = -0.05 }
ensemble = { trajectories = 512, seed = 3 }
start = { point = "minimum.left" }
goal = { basin = "minimum.right" }
evaluations = 200
grid = { intensity = [1.0, 4096.0], learning_rate = [0.1, 0.4, 0.9] }
[[entrant]]
name = "isotropic"
dynamics = { name = "sgd" }
noise = { law = "gaussian" }
intensity = "noise.gradient_variance"
[[entrant]]
name = "adam"
dynamics = { name = "adam" }
noise = { law = "gaussian" }
intensity = "noise.gradient_variance"
limit = 0.83
)" + claim;
}

std::string claim(std::string const& exceeds, double by) {
    return "[[claim]]\nsentence = \"more\"\nestimand = { success_probability = { entrant = "
           "\"isotropic\" } }\nexceeds = " +
           exceeds + "\nby = " + std::to_string(by) + "\nexpect = \"disagree\"\n";
}

Spec load(std::string const& claim) {
    return load_spec({spec_text(claim), "small.toml", "small"}, {});
}

std::string problem(std::string const& claim) {
    try {
        load(claim);
    } catch (InputError const& error) { return error.what(); }
    return "";
}

BestCell best_with(std::string const& entrant, std::uint64_t successes) {
    BestCell b;
    b.entrant = entrant;
    b.fresh.success = proportion(successes, 1000);
    b.naive = b.fresh;
    return b;
}

}  // namespace

TEST_CASE("Race edges: an optimum is inside, on a plateau, at a limit, or beyond the grid") {
    std::vector<double> const axis{0.1, 0.2, 0.4};
    CHECK(place_on_axis(axis, 0.2, {0.2}, 0.0) == AxisPlace::inside);
    CHECK(place_on_axis(axis, 0.4, {0.4}, 0.0) == AxisPlace::upper);
    CHECK(place_on_axis(axis, 0.1, {0.1}, 0.0) == AxisPlace::lower);
    CHECK(place_on_axis(axis, 0.4, {0.4, 0.2}, 0.0) == AxisPlace::plateau);
    // Only a cell inside makes a plateau: the other end does not bracket anything.
    CHECK(place_on_axis(axis, 0.4, {0.4, 0.1}, 0.0) == AxisPlace::upper);
    CHECK(place_on_axis(axis, 0.4, {0.4}, 0.5) == AxisPlace::limit);
    CHECK(place_on_axis(axis, 0.4, {0.4}, 0.51) == AxisPlace::upper);  // the twin: not yet near it
    CHECK(place_on_axis({0.0, 1.0, 2.0}, 0.0, {0.0}, 0.0) == AxisPlace::limit);  // no noise at all
    CHECK(place_on_axis({0.3, 0.6, 0.3}, 0.3, {0.3}, 0.0) == AxisPlace::single);
    CHECK(place_on_axis({std::nan("")}, std::nan(""), {}, 0.0) == AxisPlace::single);

    std::string const text = marked(0.4, AxisPlace::upper) + " " + marked(2.0, AxisPlace::plateau);
    CHECK(text == ">=0.4 ~2");
    CHECK(explain_marks(text).find("may lie above") != std::string::npos);
    CHECK(explain_marks(text).find("may lie below") == std::string::npos);
    CHECK(explain_marks(marked(0.4, AxisPlace::inside)).empty());
}

TEST_CASE(
    "Race edges: the limit is that of stability in the steepest well, or what the spec says") {
    Spec const spec = load("");
    // Largest curvature of the two minima of (x^2 - 1)^2/4 - 0.05 x, 3 x^2 - 1 where x^3 - x = 0.05.
    double x = 1.0;
    for (int i = 0; i < 50; ++i) x -= (x * x * x - x - 0.05) / (3.0 * x * x - 1.0);
    CHECK(spec.cells.front().race.learning_rate_limit ==
          doctest::Approx(2.0 / (3.0 * x * x - 1.0)).epsilon(1e-9));
    CHECK(spec.cells.back().race.learning_rate_limit == 0.83);
    BestCell best;
    best.entrant = "isotropic";
    best.cell = 2;  // intensity 1, learning rate 0.9
    best.not_worse = {2};
    CHECK(place_of_best(spec, best).learning_rate == AxisPlace::limit);
    CHECK(place_of_best(spec, best).intensity == AxisPlace::single);  // two values
    CHECK(place_of_best(spec, best).decay == AxisPlace::single);
    best.cell = 1;
    CHECK(place_of_best(spec, best).learning_rate == AxisPlace::inside);
}

TEST_CASE("Race claims: a bar that no probability can pass is refused, or found out of domain") {
    CHECK(problem(claim("0.9", 0.1)).find("no probability exceeds 1,") != std::string::npos);
    CHECK(problem(claim("\"adam\"", 1.0)).find("no probability exceeds 1,") != std::string::npos);
    CHECK(problem(claim("0.9", 0.09)).empty());  // the twin can be passed

    // Against an entrant the bar is known when it has run: 0.95 + 0.1 > 1, though none disagrees.
    Spec const spec = load(claim("\"adam\"", 0.1));
    std::vector<BestCell> best{best_with("isotropic", 980), best_with("adam", 950)};
    Comparison const vacuous = compare_race(spec.claims.front(), best, 0.95);
    CHECK(vacuous.verdict == Verdict::out_of_domain);
    CHECK_FALSE(vacuous.passed);
    CHECK(vacuous.note.find("by < 0.05") != std::string::npos);
    best[1] = best_with("adam", 870);  // the twin: 0.97 + something can be reached, and is
    CHECK(compare_race(spec.claims.front(), best, 0.95).verdict == Verdict::undecided);
    best[0] = best_with("isotropic", 880);
    CHECK(compare_race(spec.claims.front(), best, 0.95).passed);
}

TEST_CASE("Race: arrived, censored and diverged add up, though many diverge after they arrived") {
    Spec const spec = load("");
    RunSettings settings;
    settings.controls.backend = Backend::cpu;
    settings.controls.threads = 2;
    Report const report = run_spec(spec, settings).report;
    CHECK(report.trajectories == 12 * 512);
    CHECK(report.arrived + report.censored + report.diverged == report.trajectories);
    CHECK(report.diverged > 0);
    CHECK(report.censored > 0);
    CHECK(report.diverged_later > 0);
    CHECK(report.diverged_later <= report.arrived);
    // The twin: everything that diverged, as a fourth of its kind, does not add up.
    CHECK(report.arrived + report.censored + report.diverged + report.diverged_later !=
          report.trajectories);
}

}  // namespace race_edges_test
