// SPDX-License-Identifier: Apache-2.0
#include "experiments/formula.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

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

void define_functions(mu::Parser& parser) {
    using mu::value_type;
    parser.DefineFun("log", [](value_type a) -> value_type { return std::log(a); });
    parser.DefineFun("erf", [](value_type a) -> value_type { return std::erf(a); });
    parser.DefineFun("erfc", [](value_type a) -> value_type { return std::erfc(a); });
    parser.DefineFun("tgamma", [](value_type a) -> value_type { return std::tgamma(a); });
    parser.DefineFun("normal_cdf", [](value_type a) -> value_type {
        return 0.5 * std::erfc(-a / std::sqrt(2.0));
    });
}

std::string explain(mu::Parser::exception_type const& error,
                    std::vector<std::string> const& names) {
    std::string const where = fmt::format("at column {}", error.GetPos() + 1);
    std::string const token = error.GetToken();
    if (error.GetCode() == mu::ecUNASSIGNABLE_TOKEN && !token.empty() &&
        (std::isalpha(static_cast<unsigned char>(token[0])) != 0)) {
        std::size_t end = 0;
        while (end < token.size() &&
               (std::isalnum(static_cast<unsigned char>(token[end])) != 0 || token[end] == '_'))
            ++end;
        return fmt::format("{}: {}", where, unknown_word("name", token.substr(0, end), names));
    }
    if (error.GetCode() == mu::ecUNEXPECTED_EOF) return "ends too early";
    std::string message = error.GetMsg();  // it ends in its own position, counted from 0
    for (char const* tail : {" found at position", " at position"})
        message = message.substr(0, message.find(tail));
    return fmt::format("{}: {}", where, message);
}

/// Where a second value begins: muParser takes "a, b" for a list and answers with its last.
std::string explain_list(std::string const& expression) {
    std::size_t comma = expression.find(',');
    int depth = 0;
    for (std::size_t k = 0; k < expression.size(); ++k) {
        if (expression[k] == '(') ++depth;
        if (expression[k] == ')') --depth;
        if (expression[k] != ',' || depth > 0) continue;
        comma = k;
        break;
    }
    return fmt::format("at column {}: a comma begins a second value (a formula has one)",
                       comma + 1);
}

}  // namespace

struct Formula::Compiled {
    mu::Parser parser;
    std::vector<double> values;
};

Formula::Formula(std::string const& expression, Names const& names,
                 std::vector<std::string> const& variables)
    : compiled_(std::make_unique<Compiled>()) {
    std::vector<std::string> known = variables;
    for (auto const& name : names) known.push_back(name.first);
    compiled_->values.assign(variables.size(), 0.5);
    try {
        mu::Parser& parser = compiled_->parser;
        define_operators(parser);
        define_functions(parser);
        for (std::size_t k = 0; k < variables.size(); ++k)
            parser.DefineVar(variables[k], &compiled_->values[k]);
        for (auto const& [name, value] : names)
            if (std::find(variables.begin(), variables.end(), name) == variables.end())
                parser.DefineConst(name, value);
        parser.SetExpr(expression);
        parser.Eval();
        if (parser.GetNumResults() > 1) problem_ = explain_list(expression);
    } catch (mu::Parser::exception_type const& error) { problem_ = explain(error, known); }
}

Formula::~Formula() = default;
Formula::Formula(Formula&&) noexcept = default;

double Formula::operator()(std::vector<double> const& values) {
    std::copy(values.begin(), values.end(), compiled_->values.begin());
    return compiled_->parser.Eval();
}

FormulaResult evaluate_formula(std::string const& expression, Names const& names) {
    Formula formula(expression, names, {});
    if (!formula.problem().empty()) return {std::nullopt, formula.problem()};
    return {formula({}), {}};
}

}  // namespace kramers
