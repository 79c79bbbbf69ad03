// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "experiments/comparison.hpp"

namespace kramers {

/// A comparison and its cell in words, e.g. "barrier/T=4", "eta h=0.02".
struct ClaimRow {
    Comparison comparison;
    std::string where;
};

enum class Colour { never, always };

/// always if `stream` is a terminal that is not "dumb" and NO_COLOR is unset or empty.
Colour colour_for(std::FILE* stream);

/// What distinguishes a cell from its neighbours: its swept keys without their table. Theorists'
/// numbers stand for a swept temperature (barrier/T, when there is a barrier) and a swept learning
/// rate (eta h, h the largest curvature of a quadratic). "-" when nothing is swept.
std::string cell_label(Cell const& cell);

/// The table `kramers validate` prints, at most 100 columns wide: claim (with the prediction it is
/// held against and its source), where, prediction, estimate ± standard error, verdict, whether
/// that is the expected verdict; then the summary. Cells of one claim stand together under its
/// sentence.
std::string validation_table(std::vector<ClaimRow> const& rows, Colour colour = Colour::never);

/// "23 claims: 22 as expected, 1 not; family-wise level 95 %, each interval 99.78 %"
std::string validation_summary(std::vector<ClaimRow> const& rows);

/// The same as a JSON array; a number that is not finite is null. Keys: REPORT.md, "claims".
std::string claims_json(std::vector<ClaimRow> const& rows);

}  // namespace kramers
