// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "experiments/limit_map.hpp"
#include "experiments/load_spec.hpp"

namespace why_no_limit_test {
namespace {

using namespace kramers;

Cell cell_of(std::string const& dynamics, std::string const& noise) {
    return load_spec({"kind = \"stationary\"\n"
                      "landscape = { name = \"quadratic\", curvatures = [1.0, 4.0] }\n"
                      "dynamics = { learning_rate = 0.01, " +
                          dynamics + " }\nnoise = " + noise +
                          "\nensemble = { trajectories = 1000 }\nstart = { point = [0.0, 0.0] }\n"
                          "burn_in = { steps = 100 }\n",
                      "test.toml", "test"},
                     {})
        .cells.at(0);
}

/// SDEs that `map` still calls limits in this cell.
std::set<std::string> limits_of(Cell const& cell) {
    MapPoint point{find_dynamics(cell.dynamics), cell.dynamics_values, {}, {}};
    point.values.resize(point.dynamics->parameters.size());
    point.cell = &cell;
    std::set<std::string> names;
    for (SdeLimit const& limit : point.limits())
        if (limit.not_here.empty()) names.insert(limit.sde);
    return names;
}
using Names = std::set<std::string>;

std::string notes_of(Cell const& cell) {
    std::string text;
    for (std::string const& note : cell.notes) text += note + "\n";
    return text;
}
bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

std::string const sgd = "name = \"sgd\"";
std::string const heavy_ball = "name = \"heavy_ball\", momentum = 0.9";
std::string const white = "{ gradient_variance = 1.0 }";
std::string const coloured = "{ law = \"coloured\", gradient_variance = 1.0, correlation = 0.9 }";
std::string const still = "{ law = \"anticorrelated\", gradient_variance = 1.0 }";

}  // namespace

TEST_CASE("Limits: noise with memory keeps what sees its sum alone") {
    Cell const cell = cell_of(sgd, coloured);
    CHECK(limits_of(cell) == Names{"overdamped"});
    CHECK(cell.temperature == doctest::Approx(0.01 * 19.0 / 2.0));  // c (1 + rho)/(1 - rho)
    CHECK(contains(notes_of(cell), "modified_equation: its C is that of one step"));
    CHECK(limits_of(cell_of(sgd, still)) == Names{"overdamped"});
    CHECK(limits_of(cell_of(heavy_ball, coloured)) == Names{"overdamped", "kinetic"});
    CHECK(limits_of(cell_of("name = \"adam\"", coloured)).empty());
    CHECK(limits_of(cell_of("name = \"rmsprop\"", coloured)).empty());
    CHECK(limits_of(cell_of("name = \"sign_sgd\"", coloured)).empty());
    std::string const samples = "samples = [[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]], ";
    CHECK(limits_of(cell_of(sgd, "{ law = \"population_reshuffled\", " + samples +
                                     "batch_size = 2 }")) == Names{"overdamped"});
    // broken twin: the same noise without memory has them all
    CHECK(limits_of(cell_of(sgd, white)) ==
          Names{"overdamped", "modified_equation", "ou_interpolant"});
    CHECK(limits_of(cell_of(heavy_ball, white)) ==
          Names{"overdamped", "modified_equation", "kinetic", "momentum_sde"});
    CHECK(limits_of(cell_of(sgd, "{ law = \"population\", " + samples + "batch_size = 2 }")) ==
          Names{"overdamped", "modified_equation"});
}

TEST_CASE("Limits: moved points have none, noise that depends on the state no temperature") {
    Cell const moved = cell_of(sgd, "{ law = \"weight\", point_deviation = 0.1 }");
    CHECK(limits_of(moved).empty());
    CHECK(contains(notes_of(moved), "it moves the point where the gradient is taken"));
    for (char const* law : {"{ law = \"gradient_mask\", keep = 0.5 }",
                            "{ law = \"diagonal\", gradient_variance = [1.0, 2.0] }",
                            "{ law = \"covariance\", covariance = [[1.0, 0.5], [0.5, 1.0]] }"}) {
        CAPTURE(law);
        Names const names = limits_of(cell_of(heavy_ball, law));
        CHECK(names == Names{"modified_equation", "momentum_sde"});
        CHECK(contains(notes_of(cell_of(heavy_ball, law)), "it is for constant isotropic noise"));
    }
}

}  // namespace why_no_limit_test
