// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "experiments/load_spec.hpp"
#include "sde/optimizers/rmsprop.hpp"

namespace note_temperature_test {
namespace {

using namespace kramers;

constexpr double eta = 0.01, c = 100.0, epsilon = 1e-8;

std::string notes_of(std::string const& name,
                     std::string const& noise = "{ gradient_variance = 100.0 }") {
    Cell const cell =
        load_spec({"kind = \"stationary\"\n"
                   "landscape = { name = \"quadratic\", curvatures = [1.0] }\n"
                   "dynamics = { learning_rate = 0.01, name = " +
                       name + " }\nnoise = " + noise +
                       "\nensemble = { trajectories = 1000 }\nstart = { point = [0.0] }\n"
                       "burn_in = { steps = 100 }\n",
                   "test.toml", "test"},
                  {})
            .cells.at(0);
    std::string text;
    for (std::string const& note : cell.notes) text += note + "\n";
    return text;
}
bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}
/// The number behind `label` and the last " = " before the next comma or semicolon.
double number_behind(std::string const& text, std::string const& label) {
    std::size_t const at = text.find(label);
    REQUIRE(at != std::string::npos);
    std::string const part = text.substr(at, text.find_first_of(",;", at + 1) - at);
    return std::stod(part.substr(part.rfind(" = ") + 3));
}

/// Whether mean and variance of one step are those of the printed equation over the time of one
/// iteration: E x' − x = −M g t, Var x' = 2 D t.
bool fits(std::string const& notes, double time, double mean_per_gradient, double variance) {
    double const M = number_behind(notes, ", M = "), D = number_behind(notes, ", D = M T");
    return std::abs(M * time / mean_per_gradient - 1.0) < 1e-4 &&
           std::abs(2.0 * D * time / variance - 1.0) < 1e-4;
}

}  // namespace

TEST_CASE("Check: D and drift of adaptive methods are those of one step in the limit's clock") {
    // one step of the program itself where noise holds v at c
    double const values[] = {eta, 0.99999, epsilon, 0.0, 0.0};
    auto const method = coordinate::Rmsprop::make(values);
    double const g = 1e-3;
    double const moved = method.iterate(Vec<double, 2>{1.0, c}, g, coordinate::Draws<double>{},
                                        coordinate::Clock<double>{0.0, 0.0, 1.0, 1.0})[0];
    double const slope = (1.0 - moved) / g;
    double const variance = slope * slope * c;
    std::string const rmsprop = notes_of("\"rmsprop\"");
    CHECK(contains(rmsprop, "all times below are its, t = k eta\n"));
    CHECK(fits(rmsprop, eta, slope, variance));
    std::string const adam = notes_of("\"adam\"");  // its averages hold m at g, v at c
    CHECK(contains(adam, "all times below are its, t = k eta^2\n"));
    CHECK(fits(adam, eta * eta, eta / 10.0, eta * eta));
    // broken twins: the drift -grad V with D = T, and the clock of the other limit
    CHECK_FALSE(fits(adam, eta, eta / 10.0, eta * eta));
    CHECK_FALSE(fits(rmsprop, eta, eta, 2.0 * 0.05 * eta));
}

TEST_CASE("Check: the sign moves by erf of the gradient, whatever the noise its step is eta") {
    std::string const sign = notes_of("\"sign_sgd\"");
    double const g = 1e-4;
    CHECK(fits(sign, eta, eta * std::erf(g / std::sqrt(2.0 * c)) / g, eta * eta));
    CHECK(number_behind(sign, "T = ") == doctest::Approx(0.5 * eta * std::sqrt(0.5 * M_PI * c)));
    CHECK_FALSE(fits(sign, eta, eta, eta * eta));
}

TEST_CASE("Check: limits that are linear in the gradient keep D = T") {
    CHECK(contains(notes_of("\"sgd\""), "T = 0.5, D = T = 0.5 in dX = -grad V dt + sqrt(2D) dW"));
    CHECK_FALSE(contains(notes_of("\"rmsprop\""), "D = T ="));
}

TEST_CASE("Check: where there is no limit, times are said to count iterations") {
    std::string const none = "{ law = \"rademacher\", gradient_variance = 1.0 }";
    std::string const text = notes_of("\"sign_sgd\"", none);
    CHECK(contains(text, "no T and no limit; times below only count iterations, t = k eta"));
    CHECK_FALSE(contains(text, "those of the limit"));
    std::string const mask = notes_of("\"sgd\"", "{ law = \"gradient_mask\", keep = 0.5 }");
    CHECK(contains(mask, "no T; all times below are those of the limit \"first order, "));
}

}  // namespace note_temperature_test
