// SPDX-License-Identifier: Apache-2.0
#include "experiments/sizing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "experiments/numbers.hpp"
#include "experiments/where.hpp"

namespace kramers {
namespace {

constexpr std::size_t most_named = 4;  ///< cells in one sentence

void add_estimate(std::vector<LabelledEstimate>& list, CellAnswers const& answers,
                  Estimand estimand) {
    EstimateResult result = answers.estimate(estimand);
    if (auto const* mean = std::get_if<MeanFirstPassage>(&estimand);
        mean != nullptr && !result.estimate) {
        estimand = EscapeRate{mean->to};
        result = answers.estimate(estimand);
    }
    std::string const name = describe(estimand);
    for (LabelledEstimate const& other : list)
        if (other.estimand == name) return;
    Estimate unknown;
    unknown.value = unknown.lower = unknown.upper = missing;
    list.push_back({name, "", result.estimate.value_or(unknown)});
}

std::string named(std::vector<std::string> const& all) {
    std::vector<std::string> const few(
        all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), most_named)));
    return fmt::format("{}{}", fmt::join(few, ", "), all.size() > few.size() ? ", …" : "");
}

}  // namespace

std::vector<LabelledEstimate> sizing_estimates(Spec const& spec, Cell const& cell,
                                               CellAnswers const& answers,
                                               std::vector<LabelledEstimate> const& reported) {
    std::vector<LabelledEstimate> list;
    bool asked = false;
    if (spec.kind != ExperimentKind::race)
        for (ClaimSpec const& claim : spec.claims) {
            if (!applies(claim, cell)) continue;
            asked = true;
            if (!std::holds_alternative<StationaryDensity>(claim.estimand))
                add_estimate(list, answers, claim.estimand);
        }
    if (asked) return list;
    if (spec.kind == ExperimentKind::escape)
        for (std::string const& to : cell.targets)
            add_estimate(list, answers, MeanFirstPassage{to});
    else if (!reported.empty()) list.push_back(reported.front());
    return list;
}

double relative_width(Estimate const& e) {
    double const width = (e.upper - e.lower) / 2.0 / std::abs(e.value);
    return std::isfinite(width) ? width : infinite;
}

Estimate widest(std::vector<LabelledEstimate> const& estimates) {
    Estimate chosen;
    chosen.value = chosen.lower = chosen.upper = 1.0;
    if (estimates.empty()) return chosen;  // nothing asks for more than there is
    chosen.value = chosen.lower = chosen.upper = missing;
    double most = -1.0;
    for (LabelledEstimate const& e : estimates) {
        double const width = relative_width(e.estimate);
        if (!std::isfinite(width) || width <= most) continue;
        most = width;
        chosen = e.estimate;
    }
    return chosen;
}

void MissedTargets::add(Cell const& spec, Cell const& sized,
                        std::vector<LabelledEstimate> const& estimates) {
    ++cells_;
    if (estimates.empty()) unsized_.push_back(fmt::format("{}", spec.index));
    if (sized.trajectories < spec.trajectories)
        smaller_.push_back(
            fmt::format("cell {} ({} of {})", spec.index, sized.trajectories, spec.trajectories));
    LabelledEstimate const* worst = nullptr;
    for (LabelledEstimate const& e : estimates)
        if (worst == nullptr || relative_width(e.estimate) > relative_width(worst->estimate))
            worst = &e;
    if (worst == nullptr || relative_width(worst->estimate) <= stages_.target) return;
    double const width = relative_width(worst->estimate);
    missed_.push_back(fmt::format("cell {}, {}, {}", spec.index, worst->estimand,
                                  std::isfinite(width) ? fmt::format("{:.2g} %", 100.0 * width)
                                                       : std::string("no relative interval")));
}

std::vector<std::string> MissedTargets::sentences() const {
    std::vector<std::string> all;
    std::string const head = fmt::format("--target-ci {:.4g} %", 100.0 * stages_.target);
    if (!missed_.empty())
        all.push_back(fmt::format("{}: missed in {} of {} cells ({})", head, missed_.size(), cells_,
                                  named(missed_)));
    if (!unsized_.empty())
        all.push_back(fmt::format(
            "{}: only densities are claimed of {} of {} cells ({}), which have no one interval; "
            "they keep the trajectories of the spec",
            head, unsized_.size(), cells_, named(unsized_)));
    if (!smaller_.empty())
        all.push_back(
            fmt::format("--budget: fewer trajectories than the spec asks for in {} of {} "
                        "cells ({})",
                        smaller_.size(), cells_, named(smaller_)));
    return all;
}

}  // namespace kramers
