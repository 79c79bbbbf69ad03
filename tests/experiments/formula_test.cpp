// SPDX-License-Identifier: Apache-2.0
#include "experiments/formula.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace formula_test {
using namespace kramers;

namespace {

double value(char const* expression) {
    return evaluate_formula(expression, {{"T", 0.1}, {"barrier", 0.25}, {"pi", M_PI}})
        .value.value();
}

}  // namespace

TEST_CASE("Formulas: arithmetic and functions as theorists write them") {
    CHECK(value("2*pi/sqrt(2*abs(-1))*exp(barrier/T)") ==
          doctest::Approx(2 * M_PI / std::sqrt(2.0) * std::exp(2.5)).epsilon(1e-14));
    CHECK(value("2^3^2") == 512.0);  // right-associative
    CHECK(value("-T^2") == doctest::Approx(-0.01));
    CHECK(value("1e-3 + 2E2") == doctest::Approx(200.001));
    CHECK(value("log(exp(2))") == doctest::Approx(2.0));  // natural
    CHECK(value("ln(exp(2))") == doctest::Approx(2.0));
    CHECK(value("erf(1) + erfc(1)") == doctest::Approx(1.0));
    CHECK(value("normal_cdf(1.959963984540054)") == doctest::Approx(0.975));
    CHECK(value("tgamma(5)") == doctest::Approx(24.0));
    CHECK(value("max(1, 3) + min(1, 3)") == 4.0);
    CHECK(value("barrier/T > 2 ? 7 : 8") == 7.0);
    CHECK(std::isinf(value("1/0")));
}

TEST_CASE("Formulas: problems name the column and the nearest name") {
    auto const problem = [](char const* e) {
        return evaluate_formula(e, {{"barrier", 1.0}}).problem;
    };
    CHECK(problem("exp(barier)") ==
          "at column 5: unknown name \"barier\" (have: barrier). Did you mean \"barrier\"?");
    CHECK(problem("exp(barrier") != "");
    CHECK(problem("2 *") == "ends too early");
    CHECK(problem("barrier") == "");
    // A list is no formula; the commas of a function's arguments are none of a list.
    CHECK(problem("barrier*2, 3") ==
          "at column 10: a comma begins a second value (a formula has one)");
    CHECK(problem("max(1, 2), 3, 4").find("at column 10:") == 0);
    CHECK(problem("max(1, 2) + min(3, 4)") == "");
}

TEST_CASE("Formulas: one expression at many values of a variable") {
    Formula f("x^2 + a", {{"a", 1.0}, {"x", 100.0}}, {"x"});  // a variable hides a name
    CHECK(f.problem().empty());
    for (double const x : {0.0, -2.0, 3.5}) CHECK(f({x}) == x * x + 1.0);
    CHECK(Formula("zeta", {}, {"x", "y"}).problem() ==
          "at column 1: unknown name \"zeta\" (have: x, y)");
}

}  // namespace formula_test
