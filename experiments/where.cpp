// SPDX-License-Identifier: Apache-2.0
#include "experiments/where.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <muParser.h>

#include "experiments/suggest.hpp"

namespace kramers {
namespace {

bool equal(double a, double b) {
    return a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

/// muParser's own comparisons are exact; these count rounding errors as equal.
void define_operators(mu::Parser& parser) {
    using mu::value_type;
    parser.EnableBuiltInOprt(false);
    parser.DefineOprt(
        "||", [](value_type a, value_type b) -> value_type { return a != 0.0 || b != 0.0; },
        mu::prLOR);
    parser.DefineOprt(
        "&&", [](value_type a, value_type b) -> value_type { return a != 0.0 && b != 0.0; },
        mu::prLAND);
    parser.DefineOprt(
        "==", [](value_type a, value_type b) -> value_type { return equal(a, b); }, mu::prCMP);
    parser.DefineOprt(
        "!=", [](value_type a, value_type b) -> value_type { return !equal(a, b); }, mu::prCMP);
    parser.DefineOprt(
        "<=", [](value_type a, value_type b) -> value_type { return a < b || equal(a, b); },
        mu::prCMP);
    parser.DefineOprt(
        ">=", [](value_type a, value_type b) -> value_type { return a > b || equal(a, b); },
        mu::prCMP);
    parser.DefineOprt(
        "<", [](value_type a, value_type b) -> value_type { return a < b && !equal(a, b); },
        mu::prCMP);
    parser.DefineOprt(
        ">", [](value_type a, value_type b) -> value_type { return a > b && !equal(a, b); },
        mu::prCMP);
    parser.DefineOprt(
        "+", [](value_type a, value_type b) { return a + b; }, mu::prADD_SUB);
    parser.DefineOprt(
        "-", [](value_type a, value_type b) { return a - b; }, mu::prADD_SUB);
    parser.DefineOprt(
        "*", [](value_type a, value_type b) { return a * b; }, mu::prMUL_DIV);
    parser.DefineOprt(
        "/", [](value_type a, value_type b) { return a / b; }, mu::prMUL_DIV);
    parser.DefineOprt(
        "^", [](value_type a, value_type b) -> value_type { return std::pow(a, b); }, mu::prPOW,
        mu::oaRIGHT);
    parser.DefineInfixOprt("!", [](value_type a) -> value_type { return a == 0.0; });
}

std::string explain(mu::Parser::exception_type const& error,
                    std::map<std::string, double> const& facts) {
    std::string const where = fmt::format("at column {}", error.GetPos() + 1);
    std::string const token = error.GetToken();
    if (error.GetCode() == mu::ecUNASSIGNABLE_TOKEN && !token.empty() &&
        (std::isalpha(static_cast<unsigned char>(token[0])) != 0)) {
        std::size_t end = 0;
        while (end < token.size() &&
               (std::isalnum(static_cast<unsigned char>(token[end])) != 0 || token[end] == '_'))
            ++end;
        std::vector<std::string> names;
        for (auto const& fact : facts) names.push_back(fact.first);
        return fmt::format("{}: {}", where, unknown_word("name", token.substr(0, end), names));
    }
    if (error.GetCode() == mu::ecUNEXPECTED_EOF) return "ends too early";
    std::string message = error.GetMsg();  // it ends in its own position, counted from 0
    for (char const* tail : {" found at position", " at position"})
        message = message.substr(0, message.find(tail));
    return fmt::format("{}: {}", where, message);
}

}  // namespace

WhereResult evaluate_where(std::string const& expression,
                           std::map<std::string, double> const& facts) {
    if (expression.empty()) return {true, {}};
    try {
        mu::Parser parser;
        define_operators(parser);
        for (auto const& [name, value] : facts) parser.DefineConst(name, value);
        parser.SetExpr(expression);
        double const value = parser.Eval();
        if (std::isnan(value)) return {std::nullopt, "is not a number (0/0?)"};
        return {value != 0.0, {}};
    } catch (mu::Parser::exception_type const& error) {
        return {std::nullopt, explain(error, facts)};
    }
}

bool applies(ClaimSpec const& claim, Cell const& cell) {
    if (auto const* bias = std::get_if<PassageBias>(&claim.estimand)) {
        bool const bridge = cell.crossing == Crossing::bridge;
        if ((bias->crossing == "bridge") != bridge) return false;
    }
    return evaluate_where(claim.where, cell.facts).holds.value_or(false);
}

}  // namespace kramers
