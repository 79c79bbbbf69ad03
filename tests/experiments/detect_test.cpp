// SPDX-License-Identifier: Apache-2.0
#include "experiments/detect.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "estimators/intervals.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/runner.hpp"

namespace detect_test {
using namespace kramers;

namespace {

std::string const escape = R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.125 }
scheme    = { dt = 0.05, crossing = "bridge" }
ensemble  = { trajectories = 128, seed = 11 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
[[claim]]
sentence  = "s"
estimand  = { mean_first_passage = { to = "other" } }
against   = "quadrature"
tolerance = 0.05
)";

std::string const quadratic = R"(kind = "stationary"
landscape = { name = "quadratic", curvatures = [2.0, 5.0] }
dynamics  = { name = "overdamped", temperature = 0.1 }
scheme    = { name = "exact_ou", dt = 0.5 }
ensemble  = { trajectories = 128, seed = 11 }
start     = { point = [0.0, 0.0] }
burn_in   = { relaxation_times = 12 }
histograms = [{ axis = 0, lower = -0.8, upper = 0.8, bins = 8 }]
regions.right = { half_space = [1.0, 0.0], offset = 0.2 }
)";

std::string claim(std::string const& estimand, std::string const& against) {
    return "[[claim]]\nsentence = \"s\"\nestimand = " + estimand + "\nagainst = " + against +
           "\ntolerance = 0.1\n";
}

Spec load(std::string const& text, std::vector<std::string> const& overrides = {}) {
    return load_spec({text, "test.toml", "test"}, overrides);
}

DetectionNeed need_of(Spec const& spec, double discrepancy) {
    return detection_need(spec, spec.claims.at(0), spec.cells.at(0), discrepancy, {});
}

/// Half-width of the deciding interval of a run with so many trajectories, in units of the
/// prediction (of a density: of the peak).
double half_width(std::string const& text, double trajectories) {
    Spec const spec =
        load(text, {"ensemble.trajectories=" + std::to_string(std::llround(trajectories))});
    Comparison const c = run_spec(spec, {}).report.claims.at(0).comparison;
    return 0.5 * (c.family_interval.upper - c.family_interval.lower) / std::abs(c.prediction.value);
}

/// The standard error of 64 groups scatters by 9 %: 40 % off is 4.5 standard deviations, 1e-5 of
/// fresh seeds. A quarter of the trajectories doubles the width: rejected.
void check_width(std::string const& text, double discrepancy) {
    DetectionNeed const need = need_of(load(text), discrepancy);
    REQUIRE(need.reason.empty());
    CAPTURE(need.basis);
    CAPTURE(need.trajectories);
    CHECK(std::abs(half_width(text, need.trajectories) / need.half_width - 1.0) < 0.4);
    CHECK_FALSE(std::abs(half_width(text, need.trajectories / 4) / need.half_width - 1.0) < 0.4);
}

}  // namespace

TEST_CASE("Detection: so many trajectories give an interval of the promised width") {
    check_width(escape, 0.08);
    check_width(
        quadratic + claim("{ stationary_covariance = { component = [0, 0] } }", "\"gibbs\""), 0.04);
    check_width(quadratic + claim("{ region_weight = { region = \"right\" } }", "\"gibbs\""), 0.06);
}

TEST_CASE("Detection: found 99 times in 100, and not by a twin that forgets the power") {
    // 20 000 draws of value and standard error (63 degrees of freedom): 19 800 ± 14 are found.
    double const level = family_level(20), discrepancy = 0.03, tolerance = 0.02;
    double const s = needed_error(discrepancy, level, 63.0);
    double const q = student_quantile(0.5 + 0.5 * level, 63.0);
    auto const found = [&](double error) {
        std::mt19937_64 bits(3);
        std::normal_distribution<double> normal;
        std::chi_squared_distribution<double> chi_squared(63.0);
        int count = 0;
        for (int k = 0; k < 20000; ++k) {
            double const seen = error * std::sqrt(chi_squared(bits) / 63.0);
            double const value = 1.0 + tolerance + discrepancy + error * normal(bits);
            count += value - q * seen > 1.0 + tolerance ? 1 : 0;
        }
        return count;
    };
    CHECK(found(s) > 19700);
    CHECK(found(s) < 19900);
    CHECK(found(discrepancy / q) < 12000);
    CHECK(needed_error(0.02, 0.95, std::numeric_limits<double>::infinity()) ==
          doctest::Approx(0.02 / (1.959964 + 2.326348)).epsilon(1e-6));
}

TEST_CASE(
    "Detection: of a passage the exact scatter, a step whose bias is small, four times as many") {
    DetectionNeed const need = need_of(load(escape), 0.02);
    CHECK(need.basis.find("exact E tau^2") == 0);
    CHECK(need.dt > 0.0);
    CHECK(need.dt <= 0.05);
    DetectionNeed const half = need_of(load(escape), 0.01);
    CHECK(half.trajectories == doctest::Approx(4.0 * need.trajectories).epsilon(1e-3));
    CHECK(half.half_width == doctest::Approx(0.5 * need.half_width).epsilon(1e-3));
    CHECK(half.dt < need.dt + 1e-12);
    // A ladder costs more trajectories, measured by a pilot; its bias is extrapolated away.
    std::string ladder = escape;
    ladder.replace(ladder.find("dt = 0.05"), 9, "dt = 0.05, dt_ladder = 3");
    DetectionNeed const rungs = need_of(load(ladder, {"ensemble.trajectories=640"}), 0.02);
    CHECK(rungs.reason.empty());
    CHECK(rungs.dt == 0.05);
    CHECK(rungs.trajectories > 0.8 * need.trajectories);
    CHECK(rungs.trajectories < 6.0 * need.trajectories);
}

TEST_CASE("Detection: densities by their bins, orders and zeros need a pilot or say why") {
    DetectionNeed const density = need_of(
        load(quadratic + claim("{ stationary_density = { axes = [0] } }", "\"gibbs\"")), 0.05);
    CHECK(density.reason.empty());
    CHECK(density.trajectories > 1000);
    CHECK(need_of(load(quadratic + claim("{ stationary_covariance = { component = [0, 1] } }",
                                         "{ number = 0.0 }")),
                  0.05)
              .reason.find("the prediction is 0") == 0);
    Spec const order = load_spec(open_spec("weak_order"), {}, Level::quick);
    auto const needs = detection_needs(order, 0.1, {});
    REQUIRE(!needs.empty());
    CHECK(needs[0].reason.find("pilot") != std::string::npos);
    CHECK(std::isnan(needs[0].trajectories));
}

TEST_CASE("Detection: the discrepancy asked for") {
    CHECK(parse_discrepancy("1%") == doctest::Approx(0.01));
    CHECK(parse_discrepancy("0.02") == doctest::Approx(0.02));
    for (char const* text : {"", "x", "0", "-1%", "1 percent", "nan"})
        CHECK_THROWS_AS(parse_discrepancy(text), InputError);
}

namespace {

std::string const race = R"(kind = "race"
landscape = { name = "tilted_double_well", tilt = -0.05 }
ensemble = { trajectories = 256, seed = 3 }
start = { point = "minimum.left" }
goal = { basin = "minimum.right" }
evaluations = 50
grid = { intensity = [1.0, 4.0, 16.0], learning_rate = [0.05, 0.1] }
entrant = [
  { name = "none", dynamics = { name = "sgd" }, noise = { law = "none" } },
  { name = "isotropic", dynamics = { name = "sgd" }, noise = { law = "gaussian" }, intensity = "noise.gradient_variance" },
]
)";

std::string bar(std::string const& exceeds) {
    return "[[claim]]\nsentence = \"s\"\nestimand = { success_probability = { entrant = "
           "\"isotropic\" } }\nexceeds = " +
           exceeds + "\n";
}

/// Probability, exactly, that the interval of a binomial number lies beyond the bar.
double power(double trajectories, double truth, double bar, double level) {
    double sum = 0.0;
    for (double k = 0.0; k <= trajectories; ++k) {
        Interval const interval = clopper_pearson(k, trajectories, level);
        if (interval.lower <= bar && interval.upper >= bar) continue;
        sum += std::exp(std::lgamma(trajectories + 1.0) - std::lgamma(k + 1.0) -
                        std::lgamma(trajectories - k + 1.0) + k * std::log(truth) +
                        (trajectories - k) * std::log1p(-truth));
    }
    return sum;
}

}  // namespace

TEST_CASE("Detection: of a race once per claim, with the power of a binomial number") {
    for (double const p : {0.5, 0.9}) {
        CAPTURE(p);
        Spec const spec = load(race + bar(std::to_string(p)) + bar("\"none\""));
        auto const needs = detection_needs(spec, 0.05, {});
        REQUIRE(needs.size() == 2);  // not one for each of the 8 cells
        DetectionNeed const& need = needs[0];
        CHECK(need.reason.empty());
        CHECK(need.where == "isotropic");
        CHECK(need.cell == -1);
        // Not 0.99: Clopper-Pearson is a little wider than the normal law, the spread taken is the
        // largest within 5 points.
        for (double const truth : {p - 0.05, p + 0.05})
            CHECK(power(need.trajectories, truth, p, need.level) > 0.985);
        CHECK(power(need.trajectories, p - 0.05, p, need.level) < 0.998);
        CHECK(power(std::floor(need.trajectories / 2.0), p - 0.05, p, need.level) < 0.95);  // twin
        CHECK(race_detectable(p, false, need.level, need.trajectories) ==
              doctest::Approx(0.05).epsilon(0.001));
        CHECK(needs[1].trajectories > 2.0 * needs[0].trajectories);  // two numbers scatter
    }
}

}  // namespace detect_test
