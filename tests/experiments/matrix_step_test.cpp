// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "experiments/load_spec.hpp"
#include "experiments/matrix_step.hpp"
#include "gpu/simulate.hpp"

namespace matrix_step_test {
namespace {

using namespace kramers;

std::string const rotated =
    "{ name = \"rotated_quadratic\", eigenvalues = [0.5, 2.0], angle = 0.1 }";
std::string const uncoupled = "{ name = \"quadratic\", curvatures = [0.5, 2.0] }";
std::string const white = "{ gradient_variance = 2.0 }";
std::string const correlated = "{ law = \"covariance\", covariance = [[1.0, 0.2], [0.2, 2.0]] }";

Spec load(std::string const& landscape, std::string const& noise, std::string const& more = "",
          std::string const& eta = "0.2", std::string const& scheme = "exact_ou") {
    return load_spec({"kind = \"stationary\"\nlandscape = " + landscape +
                          "\ndynamics = { name = \"ou_interpolant\", learning_rate = " + eta +
                          " }\nscheme = { name = \"" + scheme + "\", dt = 0.3 }\nnoise = " + noise +
                          "\n" + more +
                          "\nensemble = { trajectories = 1000 }\nstart = { point = [0.5, -1.0] }\n"
                          "burn_in = { steps = 10 }\n",
                      "test.toml", "test"},
                     {});
}

std::string refusal(Spec (*make)()) {
    try {
        make();
    } catch (InputError const& error) { return error.what(); }
    return "";
}
bool says(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Coupled interpolant: its plan is descent with the step's matrix and covariance") {
    for (auto const& [landscape, noise] :
         {std::pair{rotated, white}, std::pair{rotated, correlated},
          std::pair{uncoupled, correlated}})
        for (char const* const scheme : {"exact_ou", "euler_maruyama"}) {
            Cell const cell = load(landscape, noise, "", "0.2", scheme).cells.at(0);
            REQUIRE(takes_matrix_step(cell));
            Plan const plan = make_plan(cell, 0, 0);
            CHECK(plan.key.dynamics == "sgd");
            CHECK(plan.dynamics == std::vector<double>{1.0});
            Eigen::MatrixXd const h = cell.potential->hessian(Eigen::Vector2d::Zero());
            LinearStep const step =
                *interpolant_step(0.2, 0.3, h, *constant_covariance(cell.noise, 2),
                                  std::string(scheme) == "exact_ou" ? LinearScheme::exact
                                                                    : LinearScheme::euler_maruyama)
                     .step;
            CHECK(plan.composition.gradient_transform == step.transform);
            CHECK(plan.composition.noise.variances == step.noise.variances);
            CHECK(plan.composition.noise.factor == step.noise.factor);
            // x' = x − (M H x + draws): of two trajectories on the same draws the difference decays.
            Plan other = plan;
            other.start.point = {1.5, 1.0};
            std::vector<double> const a = replay(plan, 3, 1, 2).states;
            std::vector<double> const b = replay(other, 3, 1, 2).states;
            Eigen::Matrix2d m;
            m << step.transform[0], step.transform[1], step.transform[2], step.transform[3];
            Eigen::Vector2d const apart(1.0, 2.0);
            Eigen::Vector2d const left = apart - m * h * apart;
            CHECK(std::abs(b[2] - a[2] - left[0]) < 1e-14);
            CHECK(std::abs(b[3] - a[3] - left[1]) < 1e-14);
            double const alone = (1.0 - m(0, 0) * h(0, 0)) * apart[0];
            if (landscape == rotated) CHECK_FALSE(std::abs(b[2] - a[2] - alone) < 1e-3);
        }
    // Where nothing couples the coordinates, each has its own step as before.
    Cell const plain = load(uncoupled, white).cells.at(0);
    CHECK_FALSE(takes_matrix_step(plain));
    CHECK(make_plan(plain, 0, 0).key.dynamics == "ou_interpolant");
    CHECK(make_plan(plain, 0, 0).composition.gradient_transform.empty());
}

TEST_CASE("Coupled interpolant: notes say how a step is made, and refusals why there is none") {
    std::string notes;
    Cell const cell = load(rotated, correlated).cells.at(0);
    for (std::string const& note : cell.notes) notes += note;
    CHECK(says(notes, "computed once"));
    CHECK(says(refusal([] { return load("{ name = \"mueller_brown\" }", white, "", "0.0001"); }),
               "needs a diagonal Hessian"));
    CHECK(says(refusal([] {
                   return load(rotated, white,
                               "schedule = { learning_rate = { kind = \"step\", steps = 50, factor "
                               "= 0.1 } }");
               }),
               "takes a schedule only where"));
    CHECK(says(refusal([] { return load(rotated, white, "", "0.6"); }), "alternate"));
    CHECK(says(refusal([] {
                   return load("{ name = \"quadratic\", curvatures = [0.01, 4.99] }",
                               "{ law = \"covariance\", covariance = [[1.0, 1.0], [1.0, 1.0]] }");
               }),
               "do not commute"));
    CHECK(says(
        refusal([] { return load(rotated, "{ law = \"rademacher\", gradient_variance = 1.0 }"); }),
        "normal noise"));
}

namespace {

Spec langevin(std::string const& landscape, std::string const& more = "",
              std::string const& scheme = "exact_ou") {
    return load_spec({"kind = \"stationary\"\nlandscape = " + landscape +
                          "\ndynamics = { name = \"overdamped\", temperature = 0.3 }\n"
                          "scheme = { name = \"" +
                          scheme + "\", dt = 0.3 }\n" + more +
                          "\nensemble = { trajectories = 1000 }\nstart = { point = [0.5, -1.0] }\n"
                          "burn_in = { steps = 10 }\n",
                      "test.toml", "test"},
                     {});
}

/// Coordinates of one trajectory after `steps` steps.
std::vector<double> end_of(Plan const& plan, std::uint64_t steps) {
    std::vector<double> const states = replay(plan, 3, steps, 2).states;
    return {states[2], states[3]};
}

}  // namespace

TEST_CASE("Exact step of overdamped: with coupled coordinates it is the matrix of S29") {
    Cell const cell = langevin(rotated).cells.at(0);
    REQUIRE(takes_matrix_step(cell));
    Plan const plan = make_plan(cell, 0, 0);
    Eigen::Matrix2d const h = cell.potential->hessian(Eigen::Vector2d::Zero());
    LinearStep const step = *exact_descent_step(0.3, h, 0.6 * Eigen::Matrix2d::Identity()).step;
    CHECK(plan.key.dynamics == "sgd");
    CHECK(plan.composition.gradient_transform == step.transform);
    CHECK(plan.composition.noise.variances == step.noise.variances);
    // Not turned at all it moves like the quadratic, whose coordinates the scheme moves one by one,
    // on the same draws; turned, or with the draws of the other sign, it does not.
    Plan const straight =
        make_plan(langevin("{ name = \"rotated_quadratic\", eigenvalues = [0.5, 2.0], angle = 0 }")
                      .cells.at(0),
                  0, 0);
    Plan const separate = make_plan(langevin(uncoupled).cells.at(0), 0, 0);
    CHECK(straight.key.dynamics == "sgd");
    CHECK(separate.key.dynamics == "overdamped");
    Plan opposite = straight;
    for (double& f : opposite.composition.noise.factor) f = -f;
    auto const apart = [&](Plan const& a) {
        auto const x = end_of(a, 40), y = end_of(separate, 40);
        return std::abs(x[0] - y[0]) + std::abs(x[1] - y[1]);
    };
    CHECK(apart(straight) < 1e-13);
    CHECK(apart(plan) > 1e-2);
    CHECK(apart(opposite) > 1e-2);
}

TEST_CASE("Exact step of overdamped: notes, and refusals where there is none") {
    std::string notes;
    Cell const cell = langevin(rotated).cells.at(0);
    for (std::string const& note : cell.notes) notes += note;
    CHECK(says(notes, "computed once"));
    CHECK(says(refusal([] { return langevin("{ name = \"mueller_brown\" }"); }),
               "needs a diagonal Hessian"));
    CHECK(says(refusal([] {
                   return langevin(rotated,
                                   "schedule = { noise = { kind = \"step\", steps = 50, factor = "
                                   "0.1 } }");
               }),
               "takes a schedule only where"));
    CHECK_FALSE(takes_matrix_step(langevin(rotated, "", "euler_maruyama").cells.at(0)));
}

}  // namespace matrix_step_test
