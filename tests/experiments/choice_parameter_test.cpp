// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "experiments/load_spec.hpp"
#include "experiments/reader.hpp"
#include "experiments/spec_keys.hpp"
#include "experiments/suggest.hpp"

namespace choice_parameter_test {
namespace {

using namespace kramers;

std::vector<std::string> problems_of(std::string const& dynamics) {
    std::string const text = "kind = \"stationary\"\nlandscape = { name = \"quadratic\" }\n" +
                             ("dynamics = { " + dynamics + " }\n") +
                             "noise = { gradient_variance = 1.0 }\n"
                             "scheme = { dt = 0.01 }\nensemble = { trajectories = 640 }\n"
                             "start = { point = [0.0] }\n"
                             "burn_in = { time = 5.0 }\nstride = { time = 1.0 }\n";
    try {
        load_spec({text, "x.toml", "x"}, {});
    } catch (InputError const& error) { return error.problems; }
    return {};
}

bool refused(std::string const& dynamics, std::string const& message) {
    for (std::string const& problem : problems_of(dynamics))
        if (problem.ends_with(message)) return true;
    return false;
}

}  // namespace

TEST_CASE("Spec: a switch that is a number takes only its whole numbers") {
    std::string const modified = "name = \"modified_equation\", learning_rate = 0.1, ";
    CHECK(refused(modified + "order = 1.5", "dynamics.order = 1.5 (must be 1, 2 or 3)"));
    CHECK(refused(modified + "order = 4", "dynamics.order = 4 (must be 1, 2 or 3)"));
    for (char const* order : {"1", "2", "2.0", "3"}) {
        CAPTURE(order);
        CHECK_FALSE(refused(modified + "order = " + order, "(must be 1, 2 or 3)"));
    }
    CHECK(refused("name = \"momentum_sde\", learning_rate = 0.1, form = 0.5",
                  "dynamics.form = 0.5 (must be 0, 1 or 2)"));
    CHECK(refused("name = \"rmsprop_sde\", learning_rate = 0.1, scaling = 0.5",
                  "dynamics.scaling = 0.5 (must be 0 or 1)"));
    CHECK(refused("name = \"adam_sde\", learning_rate = 0.1, scaling = 0.5",
                  "dynamics.scaling = 0.5 (must be 0 or 1)"));
    for (char const* name : {"rmsprop", "rmsprop_w"})
        CHECK(refused("name = \"" + std::string(name) + "\", learning_rate = 0.1, delayed = 0.5",
                      "dynamics.delayed = 0.5 (must be 0 or 1)"));
    // Neighbours that are no switch keep their fractions.
    CHECK(problems_of(modified + "weight_decay = 0.5").empty());
}

TEST_CASE("Range: whole numbers are those and no others") {
    Range const range = range_of(choice_parameter("form", 0.0, 0.0, 2.0, ""));
    for (double const v : {0.0, 1.0, 2.0}) CHECK(range.contains(v));
    for (double const v : {-1.0, 0.5, 1.0 + 0x1p-50, 2.5, 3.0}) CHECK_FALSE(range.contains(v));
    Range twin = range;
    twin.whole = false;
    CHECK(twin.contains(0.5));  // the flag decides, not the bounds
}

TEST_CASE("Parameters: a sentence that numbers its forms belongs to a switch") {
    int switches = 0;
    for (ComponentParameter const& c : component_parameters()) {
        CAPTURE(c.component);
        CAPTURE(c.parameter.name);
        bool const numbered =
            c.parameter.doc.starts_with("0:") || c.parameter.doc.starts_with("1:");
        CHECK(numbered == c.parameter.whole);
        switches += c.parameter.whole ? 1 : 0;
    }
    CHECK(switches >= 6);
}

}  // namespace choice_parameter_test
