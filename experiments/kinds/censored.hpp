// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "estimators/passage_query.hpp"
#include "experiments/kinds/answers.hpp"

namespace kramers {

/// E min(τ, until) at one horizon, or why there is none.
struct RestrictedTime {
    double until = 0.0;
    EstimateResult mean;
};

/// What a passage has besides its mean, and keeps where a cap leaves it none.
struct Censored {
    EstimateResult share;  ///< of the arrivals; only where several targets compete
    std::vector<RestrictedTime>
        restricted;  ///< at the horizons that claims ask for; last, without a mean, at the cap
    RestrictedTime const* at(double until) const;
};

/// `mean`: there is one, so that the cap is not a horizon of its own. Of the finest rung.
Censored censored_answers(Cell const& cell, PassageTally const& tally, PassageQuery const& query,
                          bool mean);

/// Lines for the report: share of the exits, and without a mean the restricted mean.
void report_censored(std::vector<LabelledEstimate>& estimates, std::string const& target,
                     Censored const& censored, bool mean);

}  // namespace kramers
