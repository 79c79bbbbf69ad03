// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "experiments/weak_error.hpp"

namespace kramers {

/// The verdict on the claim that an SDE has the law of the iterates, from the errors of all moments
/// at all steps of the ladder, each at an interval that makes them right together at `level`:
///   disagree   one interval does not contain 0
///   agree      all do, and claim.detects would have been seen in each with 99 % power
///   undecided  all do, and some is too wide for that
/// The estimate is the moment that is the most standard errors away from 0.
Comparison compare_law(ClaimSpec const& claim, std::vector<Cell const*> const& cells,
                       std::vector<WeakErrors> const& errors, double level);

}  // namespace kramers
