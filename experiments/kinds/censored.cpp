// SPDX-License-Identifier: Apache-2.0
#include "experiments/kinds/censored.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "estimators/mean_passage.hpp"
#include "estimators/passage_rate.hpp"

namespace kramers {

RestrictedTime const* Censored::at(double until) const {
    auto const found = std::find_if(restricted.begin(), restricted.end(),
                                    [&](RestrictedTime const& r) { return r.until == until; });
    return found == restricted.end() ? nullptr : &*found;
}

Censored censored_answers(Cell const& cell, PassageTally const& tally, PassageQuery const& query,
                          bool mean) {
    Censored answers;
    bool const competing = cell.stop_at_first && cell.targets.size() > 1;
    if (competing) answers.share = exit_fraction(tally, query.target);
    else
        answers.share.reason =
            "an exit_share needs several targets that end the same run (stop_at_first = true)";
    std::vector<double> horizons = cell.horizons;
    if (!mean && std::isfinite(cell.max_time)) horizons.push_back(cell.max_time);
    for (double const until : horizons) {
        if (answers.at(until) != nullptr) continue;
        RestrictedTime r{until, {}};
        if (competing)
            r.mean.reason =
                "other targets end trajectories, too: the time to this one alone is not seen "
                "(without stop_at_first each target has a run of its own)";
        else r.mean = restricted_mean(tally, query, until);
        if (r.mean.estimate && r.mean.estimate->diverged == 0) r.mean.estimate->warning.clear();
        answers.restricted.push_back(std::move(r));
    }
    return answers;
}

void report_censored(std::vector<LabelledEstimate>& estimates, std::string const& target,
                     Censored const& censored, bool mean) {
    for (RestrictedTime const& r : censored.restricted)
        if (!mean && r.mean.estimate)
            estimates.push_back({describe(RestrictedMean{target, r.until}), "0", *r.mean.estimate});
    if (censored.share.estimate)
        estimates.push_back({describe(ExitShare{target}), "0", *censored.share.estimate});
}

}  // namespace kramers
