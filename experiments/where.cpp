// SPDX-License-Identifier: Apache-2.0
#include "experiments/where.hpp"

#include <cmath>

#include "experiments/formula.hpp"
#include "experiments/names.hpp"

namespace kramers {

WhereResult evaluate_where(std::string const& expression,
                           std::map<std::string, double> const& facts) {
    if (expression.empty()) return {true, {}};
    FormulaResult const result = evaluate_formula(expression, facts);
    if (!result.value) return {std::nullopt, result.problem};
    if (std::isnan(*result.value)) return {std::nullopt, "is not a number (0/0?)"};
    return {*result.value != 0.0, {}};
}

bool applies(ClaimSpec const& claim, Cell const& cell) {
    if (auto const* bias = std::get_if<PassageBias>(&claim.estimand)) {
        bool const bridge = cell.crossing == Crossing::bridge;
        if ((bias->crossing == "bridge") != bridge) return false;
    }
    return evaluate_where(claim.where, names_of(cell)).holds.value_or(false);
}

}  // namespace kramers
