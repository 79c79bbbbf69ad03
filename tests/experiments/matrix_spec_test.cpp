// SPDX-License-Identifier: Apache-2.0
// Matrices in specs: a given Hessian, an antisymmetric circulation.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "experiments/host_reason.hpp"
#include "experiments/load_spec.hpp"

namespace matrix_spec_test {
namespace {

using namespace kramers;

std::string text(std::string const& landscape, std::string const& dynamics,
                 std::string const& point) {
    return "kind = \"stationary\"\nlandscape = " + landscape + "\ndynamics = " + dynamics +
           "\nscheme = { dt = 0.01 }\nensemble = { trajectories = 1000 }\nstart = { point = " +
           point + " }\nburn_in = { relaxation_times = 10 }\n";
}
Spec load(std::string const& spec) { return load_spec({spec, "test.toml", "test"}, {}); }
std::string refusal(std::string const& spec) {
    try {
        load(spec);
    } catch (InputError const& error) { return error.what(); }
    return "accepted";
}
bool says(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

std::string const langevin = R"({ name = "overdamped", temperature = 0.1 })";
std::string const bowl =
    R"({ name = "given_quadratic", hessian = [[2.0, 0.5, 0.0], [0.5, 3.0, -1.0], [0.0, -1.0, 5.0]] })";
std::string const ravine = R"({ name = "quadratic", curvatures = [1.0, 2.0, 4.0] })";
std::string const origin = "[0.0, 0.0, 0.0]";

std::string turned(std::string const& circulation) {
    return "{ name = \"overdamped\", temperature = 0.1, circulation = " + circulation + " }";
}

}  // namespace

TEST_CASE("Spec: a given Hessian sets the dimension and is the curvature of the well") {
    Spec const spec = load(text(bowl, langevin, origin));
    Cell const cell = spec.cells.at(0);
    CHECK(cell.dim == 3);
    CHECK(cell.landscape_values ==
          std::vector<double>{2.0, 0.5, 0.0, 0.5, 3.0, -1.0, 0.0, -1.0, 5.0});
    // The resolved spec repeats it, rows and all.
    CHECK(load(spec.resolved).cells.at(0).landscape_values == cell.landscape_values);
    Cell const round =
        load(text(R"({ name = "given_quadratic", dim = 3 })", langevin, origin)).cells.at(0);
    CHECK(round.landscape_values == std::vector<double>{1, 0, 0, 0, 1, 0, 0, 0, 1});
}

TEST_CASE("Spec: what is no Hessian is refused with its place") {
    auto const with = [](char const* rows) {
        return refusal(text(std::string("{ name = \"given_quadratic\", hessian = ") + rows + " }",
                            langevin, "[0.0, 0.0]"));
    };
    CHECK(says(with("[[1.0, 0.2], [0.3, 1.0]]"),
               "test.toml:2: landscape given_quadratic: hessian[0][1] = 0.2 and hessian[1][0] = "
               "0.3 (must be equal"));
    CHECK(
        says(with("[[1.0, 2.0], [2.0, 1.0]]"), "has the eigenvalue -1 (must be positive definite"));
    CHECK(
        says(with("[[1.0, 0.0], [0.0]]"), "landscape.hessian must be a list of rows of 2 numbers"));
    CHECK(says(with("[[1.0]]"), "landscape.dim = 1, the number of values given"));
    CHECK(says(with("2.0"), "landscape.hessian must be a list of rows of 2 numbers"));
}

TEST_CASE("Spec: a circulation by rows turns the gradient in any dimension") {
    Cell const cell =
        load(text(ravine, turned("[[0.0, -0.8, 0.3], [0.8, 0.0, -0.5], [-0.3, 0.5, 0.0]]"), origin))
            .cells.at(0);
    CHECK(cell.composed);
    CHECK(make_plan(cell, 0, 0).composition.gradient_transform ==
          std::vector<double>{1.0, -0.8, 0.3, 0.8, 1.0, -0.5, -0.3, 0.5, 1.0});
    // In the plane it is the number of the other form, with its burn-in.
    std::string const plane = R"({ name = "quadratic", curvatures = [1.0, 4.0] })";
    Cell const rows =
        load(text(plane, turned("[[0.0, -2.0], [2.0, 0.0]]"), "[0.0, 0.0]")).cells.at(0);
    Cell const number = load(text(plane, turned("2.0"), "[0.0, 0.0]")).cells.at(0);
    Cell const none = load(text(plane, langevin, "[0.0, 0.0]")).cells.at(0);
    CHECK(make_plan(rows, 0, 0).composition.gradient_transform ==
          make_plan(number, 0, 0).composition.gradient_transform);
    CHECK(rows.snapshots.burn_in == number.snapshots.burn_in);
    CHECK(rows.snapshots.burn_in < none.snapshots.burn_in);  // it relaxes faster (E23)
}

TEST_CASE("Spec: a circulation that is not antisymmetric, or of another size, is refused") {
    auto const with = [](std::string const& circulation, std::string const& landscape = ravine,
                         std::string const& point = origin) {
        return refusal(text(landscape, turned(circulation), point));
    };
    CHECK(says(with("[[0.0, -0.8, 0.3], [0.8, 0.0, -0.5], [0.3, 0.5, 0.0]]"),
               "test.toml:3: dynamics.circulation: J[0][2] = 0.3 and J[2][0] = 0.3 (must be "
               "opposite"));
    CHECK(says(with("[[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]"),
               "dynamics.circulation has 2 rows (must be 3"));
    CHECK(says(with("[[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]"), "J[0][0] = 1"));
    CHECK(says(with("1.5"),
               "needs a landscape in 2 dimensions, this one has 3; there give an "
               "antisymmetric matrix"));
    CHECK(says(refusal(text(ravine,
                            R"({ name = "kinetic", friction = 1.0, temperature = 0.1, )"
                            R"(circulation = [[0, 1, 0], [-1, 0, 0], [0, 0, 0]] })",
                            origin)),
               "turns the gradient of first-order SDEs"));
}

TEST_CASE("Spec: three dimensions run on the host, and a GPU beside it is told why") {
    Cell const cell = load(text(ravine, langevin, origin)).cells.at(0);
    CHECK(cell.composed);  // no fused loop in three dimensions
    Controls const controls;
    CHECK(says(host_reason(cell, controls, true), "in 1, 2, 8 dimensions only"));
    CHECK(host_reason(cell, controls, false).empty());
}

}  // namespace matrix_spec_test
