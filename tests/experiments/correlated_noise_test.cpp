// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "experiments/load_spec.hpp"
#include "experiments/query.hpp"
#include "sde/noise/covariance.hpp"

namespace correlated_noise_test {
namespace {

using namespace kramers;

/// Four samples with mean 0: on a line (C_01 = C_00 = 0.625/B), or the corners of a square.
std::string const line = "[[1.0, 1.0], [-1.0, -1.0], [0.5, 0.5], [-0.5, -0.5]]";
std::string const square = "[[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]]";

Spec load(std::string const& kind, std::string const& dynamics, std::string const& noise,
          std::string const& rest) {
    return load_spec(
        {"kind = \"" + kind +
             "\"\nlandscape = { name = \"quadratic\", curvatures = [1.0, 4.0] }\n"
             "dynamics = " +
             dynamics + "\nnoise = " + noise +
             "\nensemble = { trajectories = 1000 }\nstart = { point = [0.0, 0.0] }\n" + rest,
         "test.toml", "test"},
        {});
}
Cell stationary(std::string const& noise) {
    return load("stationary", R"({ name = "sgd", learning_rate = 0.1 })", noise,
                "burn_in = { steps = 100 }\n")
        .cells.at(0);
}
Cell order(std::string const& noise) {
    return load("order", R"({ name = "sgd" })", noise,
                "compare = { with = [\"modified_1\"], scheme = \"platen_weak2\", substeps = 16, "
                "coupling = \"independent\" }\nmoments = { of = [\"x0\"], at = 1.0 }\n"
                "sweep.\"dynamics.learning_rate\" = [0.1, 0.05]\n")
        .cells.at(0);
}
std::string population(std::string const& samples, int batch) {
    return "{ law = \"population\", samples = " + samples +
           ", batch_size = " + std::to_string(batch) + " }";
}
std::string notes_of(Cell const& cell) {
    std::string text;
    for (std::string const& note : cell.notes) text += note + "\n";
    return text;
}
bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}
bool predicts(Cell const& cell, std::string const& name) {
    return predict(cell, name, StationaryCovariance{0, 1}, make_query(cell)).prediction.has_value();
}
double predicted(Cell const& cell, std::string const& name, int column = 1) {
    auto const result = predict(cell, name, StationaryCovariance{0, column}, make_query(cell));
    REQUIRE_MESSAGE(result.prediction.has_value(), result.reason);
    return result.prediction->value;
}

}  // namespace

TEST_CASE("Correlated noise: no temperature, predictions of the whole covariance, C printed") {
    for (std::string const& noise :
         {population(line, 2),
          std::string("{ law = \"covariance\", covariance = [[0.3125, 0.3125], "
                      "[0.3125, 0.3125]] }")}) {
        Cell const cell = stationary(noise);
        CAPTURE(noise);
        CHECK_FALSE(cell.has_temperature);
        CHECK(cell.noise_variance == -1.0);
        CHECK_FALSE(predicts(cell, "gibbs"));
        for (char const* name : {"sgd_discrete", "ou_limit"})
            CHECK(predicted(cell, name) > 0.2 * predicted(cell, name, 0));
        CHECK(contains(notes_of(cell), "C = [[0.3125, 0.3125], [0.3125, 0.3125]]"));
        CHECK(
            contains(notes_of(cell), "D = eta/2 C = [[0.015625, 0.015625], [0.015625, 0.015625]]"));
    }
    // broken twin: samples of the same variances that are independent do have one
    Cell const twin = stationary(population(square, 2));
    CHECK(twin.has_temperature);
    CHECK(twin.temperature == doctest::Approx(0.1 * 0.5 / 2.0).epsilon(1e-14));
    CHECK(predicted(twin, "sgd_discrete") == 0.0);
}

TEST_CASE("Correlated noise: an order compares with the SDE of the whole covariance") {
    auto const sde_noise = [](Cell const& cell) {
        return make_sde_plan(cell, cell.order.models.at(0)).composition.noise;
    };
    std::vector<double> const c = covariance_per_step(sde_noise(order(population(line, 1))), 2);
    for (double const entry : c) CHECK(entry == doctest::Approx(0.625).epsilon(1e-14));
    NoiseLaw const twin = sde_noise(order(population(square, 1)));
    CHECK(twin.factor.empty());
    CHECK(covariance_per_step(twin, 2) == std::vector<double>{1.0, 0.0, 0.0, 1.0});
}

TEST_CASE("Correlated noise: an SDE is told which covariance it would have to be given") {
    auto const refusal = [](std::string const& samples) -> std::string {
        try {
            load("stationary", R"({ name = "modified_equation", learning_rate = 0.1 })",
                 population(samples, 1), "scheme = { dt = 0.01 }\nburn_in = { steps = 100 }\n");
        } catch (InputError const& error) { return error.problems.front(); }
        return {};
    };
    CHECK(contains(refusal(line), "covariance = [[0.625, 0.625], [0.625, 0.625]]"));
    CHECK(contains(refusal(square), "gradient_variance = 1"));
}

}  // namespace correlated_noise_test
