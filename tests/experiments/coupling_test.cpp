// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "experiments/load_spec.hpp"

namespace coupling_test {
namespace {

using namespace kramers;

Spec load(std::string const& dynamics, std::string const& noise, std::string const& with,
          std::string const& coupling) {
    return load_spec({"kind = \"order\"\nlandscape = { name = \"rastrigin\", dim = 1 }\n"
                      "dynamics = { " +
                          dynamics + " }\n" +
                          (noise.empty() ? "" : "noise = { gradient_variance = " + noise + " }\n") +
                          "ensemble = { trajectories = 1000 }\nstart = { point = [0.8] }\n"
                          "compare = { with = [\"" +
                          with + "\"]" + coupling +
                          " }\nmoments = { of = [\"x\"], at = 1.0 }\n"
                          "sweep.\"dynamics.learning_rate\" = [0.1, 0.05]\n",
                      "test.toml", "test"},
                     {});
}
Cell first(std::string const& dynamics, std::string const& noise,
           std::string const& with = "overdamped", std::string const& coupling = "") {
    return load(dynamics, noise, with, coupling).cells.at(0);  // learning rate 0.1
}
bool noted(Cell const& cell, std::string const& part) {
    for (std::string const& note : cell.notes)
        if (note.find(part) != std::string::npos) return true;
    return false;
}
bool same_streams(Cell const& cell) {
    return make_plan(cell, 0, 0).seed == make_sde_plan(cell, cell.order.models.at(0)).seed;
}

std::string const sgld = "name = \"sgld\", temperature = 0.1";
std::string const kicked = "name = \"perturbed_gd\", kick_deviation = 0.2";

}  // namespace

TEST_CASE("Coupling: where all noise is in the kick, nothing is called common") {
    for (std::string const& dynamics : {sgld, kicked}) {
        Cell const cell = first(dynamics, "");
        CHECK_FALSE(cell.order.common_noise);
        CHECK_FALSE(same_streams(cell));
        CHECK(noted(cell, "all noise is in the kick"));
        CHECK_FALSE(noted(cell, "common noise"));
        std::string refusal;
        try {
            load(dynamics, "", "overdamped", ", coupling = \"common_noise\"");
        } catch (InputError const& error) { refusal = error.problems.front(); }
        CHECK(refusal.find("must be \"independent\"") != std::string::npos);
    }
    // broken twin: sgd draws all its noise where the SDE does
    Cell const twin = first("name = \"sgd\"", "1.0", "modified_1");
    CHECK(same_streams(twin));
    CHECK(noted(twin, "common noise: each normal of an iteration is the sum"));
}

TEST_CASE("Coupling: beside gradient noise the share of the kick is told") {
    // var of an iteration: kick 2 eta T = 0.02 and s^2 = 0.04, gradient eta^2 c = 0.01
    CHECK(first(sgld, "1.0").order.own_share == doctest::Approx(0.02 / 0.03).epsilon(1e-14));
    CHECK(first(kicked, "1.0").order.own_share == doctest::Approx(0.04 / 0.05).epsilon(1e-14));
    CHECK(noted(first(sgld, "1.0"), "common noise in part"));
    CHECK(noted(first(sgld, "1.0"), "0.667 of the variance"));
    CHECK_FALSE(noted(first(sgld, "1.0"), "common noise: each"));
    // the batches of svag: r1 + r2 = 1 and r1^2 + r2^2 = ell, so r2 = -1 at ell = 5
    Cell const svag = first("name = \"svag\", ell = 5.0", "1.0", "first order of sgd");
    CHECK(svag.order.own_share == doctest::Approx(1.0 / 5.0).epsilon(1e-14));
    CHECK(noted(svag, "second batch"));
    CHECK(first("name = \"svag\", ell = 1.0", "1.0", "first order of sgd").order.own_share == 0.0);
}

}  // namespace coupling_test
