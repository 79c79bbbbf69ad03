// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "experiments/where.hpp"

namespace where_test {
namespace {

using kramers::evaluate_where;

std::map<std::string, double> const facts{
    {"barrier", 0.25}, {"temperature", 0.25 / 7.0}, {"bridge", 1.0}, {"dim", 2.0}};

bool holds(char const* expression) { return evaluate_where(expression, facts).holds.value(); }

}  // namespace

TEST_CASE("Conditions: arithmetic, comparison and logic with the usual precedence") {
    CHECK(holds(""));
    CHECK(holds("1 + 2 * 3 == 7"));
    CHECK(holds("2 ^ 3 ^ 2 == 512"));  // right-associative
    CHECK(holds("-dim + 3 == 1"));
    CHECK(holds("dim > 1 && bridge"));
    CHECK(holds("dim > 5 || bridge"));
    CHECK_FALSE(holds("dim > 5 || bridge && dim == 3"));
    CHECK_FALSE(holds("!bridge"));
    CHECK(holds("sqrt(dim * 8) == 4"));
    CHECK(holds("(dim - 4) / 2 <= 0"));
}

TEST_CASE("Conditions: rounding does not decide, real differences do") {
    CHECK(holds("barrier / temperature == 7"));
    CHECK(holds("barrier / temperature >= 7"));
    CHECK(holds("barrier / temperature <= 7"));
    CHECK_FALSE(holds("barrier / temperature > 7"));
    CHECK_FALSE(holds("barrier / temperature != 7"));
    CHECK_FALSE(holds("barrier / temperature == 7.00001"));
    CHECK(holds("0.1 + 0.2 == 0.3"));
}

TEST_CASE("Conditions: problems name the column, the word and the nearest fact") {
    auto const problem = [](char const* e) { return evaluate_where(e, facts).problem; };
    CHECK(problem("barier / temperature == 4") ==
          "at column 1: unknown name \"barier\" (have: barrier, bridge, dim, temperature). Did you "
          "mean \"barrier\"?");
    CHECK(problem("barrier / temperature ==") == "ends too early");
    CHECK_FALSE(problem("barrier / == 4").empty());
    CHECK_FALSE(problem("(barrier").empty());
    CHECK_FALSE(problem("0 / 0").empty());
    CHECK(problem("barrier > 0").empty());
}

}  // namespace where_test
