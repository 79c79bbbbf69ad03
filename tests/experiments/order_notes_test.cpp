// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "experiments/load_spec.hpp"

namespace order_notes_test {
namespace {

using namespace kramers;

/// The notes of the only cell, one per line.
std::string notes_of(std::string const& landscape, std::string const& moments) {
    std::string const text = "kind = \"order\"\nlandscape = { name = \"" + landscape +
                             "\" }\ndynamics = { name = \"sgd\", learning_rate = 0.05 }\n"
                             "noise = { gradient_variance = 1.0 }\n"
                             "compare = { with = [\"modified_1\"] }\n"
                             "ensemble = { trajectories = 640 }\nstart = { point = [0.5] }\n"
                             "moments = { of = " +
                             moments + ", at = 1.0 }\n";
    std::string all;
    Spec const spec = load_spec({text, "x.toml", "x"}, {}, Level::standard);
    for (std::string const& note : spec.cells.at(0).notes) all += note + "\n";
    return all;
}

bool says(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Order: one moment is noted as that, several are not") {
    CHECK(says(notes_of("quadratic", "[\"x^2\"]"), "\none moment, x^2: "));
    CHECK_FALSE(says(notes_of("quadratic", "[\"x\", \"x^2\"]"), "one moment"));
}

TEST_CASE("Order: a gradient that is not Lipschitz is warned of once") {
    std::string const quartic = notes_of("double_well", "[\"x\", \"x^2\"]");
    CHECK(says(quartic, "\nwarning: the gradient of double_well is not Lipschitz"));
    CHECK_FALSE(says(quartic, "warning: warning"));
    CHECK_FALSE(says(notes_of("quadratic", "[\"x\"]"), "Lipschitz"));
}

}  // namespace order_notes_test
