// SPDX-License-Identifier: Apache-2.0
#include "experiments/race_theory.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "experiments/load_spec.hpp"

namespace race_theory_test {
using namespace kramers;

namespace {

/// One cell of one entrant; each text is a line of the spec.
Cell cell_of(std::string const& place, std::string const& entrant, int evaluations) {
    std::string const text = fmt::format(
        "kind = \"race\"\nensemble = {{ trajectories = 128 }}\nevaluations = {}\n{}\n[[entrant]]\n"
        "name = \"one\"\n{}\n",
        evaluations, place, entrant);
    return load_spec({text, "race.toml", "race"}).cells.at(0);
}

std::string rastrigin(int dim, double start) {
    std::string point = fmt::format("{}", start);
    for (int i = 1; i < dim; ++i) point += fmt::format(", {}", start);
    return fmt::format(
        "landscape = {{ name = \"rastrigin\", dim = {}, amplitude = 0.5 }}\nstart = {{ point = "
        "[{}] "
        "}}\ngoal = {{ basin = \"minimum.global\" }}",
        dim, point);
}

std::string sgd(double learning_rate, double variance) {
    return fmt::format(
        "dynamics = {{ name = \"sgd\", learning_rate = {} }}\nnoise = {{ law = \"gaussian\", "
        "gradient_variance = {} }}",
        learning_rate, variance);
}

std::string anti(double learning_rate, double deviation) {
    return fmt::format(
        "dynamics = {{ name = \"anti_pgd\", learning_rate = {}, kick_deviation = {} }}",
        learning_rate, deviation);
}

char const* const valley =
    "landscape = { name = \"widening_valley\", floor_curvature = 0.0, widening = 0.5, "
    "wall_curvature = 1.0, length = 1.0 }\nstart = { point = [-1.0, 0.5] }\ngoal = { half_space = "
    "[1.0, 0.0], offset = 1.0 }";

}  // namespace

TEST_CASE("Race theory: coordinates of a separable landscape succeed independently") {
    RaceTheory const line = race_theory(cell_of(rastrigin(1, 1.0), sgd(0.02, 16.0), 400));
    RaceTheory const plane = race_theory(cell_of(rastrigin(2, 1.0), sgd(0.02, 16.0), 400));
    REQUIRE(line.success);
    CHECK(*line.success > 0.5);
    CHECK(*plane.success == doctest::Approx(*line.success * *line.success).epsilon(1e-9));
    CHECK(*plane.mean_time > *line.mean_time);  // both at once
    // After long it is Gibbs' weight, which quadrature knows; after 400 evaluations not yet.
    RaceTheory const late = race_theory(cell_of(rastrigin(2, 1.0), sgd(0.02, 32.0), 20'000));
    RaceTheory const early = race_theory(cell_of(rastrigin(2, 1.0), sgd(0.02, 32.0), 50));
    CHECK(*late.success == doctest::Approx(*late.weight).epsilon(2e-3));
    CHECK(std::abs(*early.success / *late.weight - 1.0) > 0.1);
    // Steps as long as 1/curvature have another law.
    CHECK_FALSE(race_theory(cell_of(rastrigin(2, 1.0), sgd(0.08, 16.0), 400)).success);
}

TEST_CASE(
    "Race theory: kicks that are taken back drift along a valley by the trace of the Hessian") {
    double const eta = 0.1, s = 0.02;
    RaceTheory const theory = race_theory(cell_of(valley, anti(eta, s), 400'000));
    // du/dt = −½h′s² and h′ = −½(1 + u²)^(−3/2): ∫(1 + u²)^(3/2)du over [−1, 1] by parts
    double const root = std::sqrt(2.0);
    double const way = 2.0 * (0.5 * root + 0.375 * (root + std::asinh(1.0)));
    double const expected = 4.0 * way / (s * s) / eta;
    REQUIRE(theory.restricted_time);
    // early by the largest of many kicks, 0.09 of a way of 2, where the drift is slowest
    CHECK(*theory.restricted_time == doctest::Approx(expected).epsilon(0.12));
    CHECK(*theory.success > 0.9);
    // Independent kicks have the whole of them as a temperature: another law, no success.
    std::string text = anti(eta, s);
    text.replace(text.find("anti_pgd"), 8, "perturbed_gd");
    RaceTheory const independent = race_theory(cell_of(valley, text, 2'000));
    CHECK_FALSE(independent.success);
    CHECK(*independent.arrival < 0.5);
    CHECK_FALSE(race_theory(cell_of(rastrigin(2, 1.0), sgd(0.08, 0.1), 100)).arrival);
}

TEST_CASE("Race theory: kicks that are taken back open a well at the smoothed threshold") {
    // E cos 2π(x + ζ) = exp(−2π²σ²) cos 2πx; the wells beside 0 vanish at an amplitude of 0.23321.
    double const eta = 0.02,
                 variance = std::log(0.5 / 0.23321) / (2.0 * std::pow(std::numbers::pi, 2));
    double const h = cell_of(rastrigin(2, 1.0), anti(eta, 0.1), 400).facts.at("max_curvature");
    double const threshold = std::sqrt(0.5 * variance * (2.0 - eta * h));
    auto const arrival = [&](double s) {
        return *race_theory(cell_of(rastrigin(2, 1.0), anti(eta, s), 400)).arrival;
    };
    CHECK(arrival(1.01 * threshold) == 1.0);
    CHECK(arrival(0.99 * threshold) == 0.0);
}

}  // namespace race_theory_test
