// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "experiments/spec.hpp"

namespace kramers {

/// The value of a condition over a cell's facts, or what is wrong with it.
struct WhereResult {
    std::optional<bool> holds;
    std::string problem;
};

/// Evaluates e.g. "barrier / temperature >= 4 && bridge". Arithmetic + - * / ^, comparisons
/// < <= > >= == !=, logic && || !, functions such as abs and sqrt. Two numbers within 1e-9 of each
/// other (relative) are equal, so that T = barrier/4 does give barrier/temperature == 4.
WhereResult evaluate_where(std::string const& expression,
                           std::map<std::string, double> const& facts);

/// True when the claim is about this cell: its `where` holds, and a passage_bias asks for the
/// cell's crossing rule. Precondition: the expression was checked by load_spec.
bool applies(ClaimSpec const& claim, Cell const& cell);

}  // namespace kramers
