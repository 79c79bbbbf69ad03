// SPDX-License-Identifier: Apache-2.0
#include "experiments/same_law.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "estimators/intervals.hpp"
#include "experiments/numbers.hpp"

namespace kramers {
namespace {

/// One moment at one step.
struct Moment {
    Estimate const* error;
    Cell const* cell;
    std::string observable;
};

/// The moments, or in `reason` why one is missing.
std::vector<Moment> moments_of(std::string const& model, std::vector<Cell const*> const& cells,
                               std::vector<WeakErrors> const& errors, std::string& reason) {
    std::vector<Moment> moments;
    for (Cell const* cell : cells) {
        bool found = false;
        for (WeakErrors const& e : errors) {
            if (e.cell != cell->index || e.model != model) continue;
            found = true;
            for (std::size_t k = 0; k < e.errors.size(); ++k) {
                std::string const& name = cell->order.observables[k];
                if (e.errors[k].estimate) moments.push_back({&*e.errors[k].estimate, cell, name});
                else if (reason.empty())
                    reason = fmt::format("{} at learning rate {:.6g}: {}", name,
                                         cell->learning_rate, e.errors[k].reason);
            }
        }
        if (!found && reason.empty()) reason = "not simulated";
    }
    return moments;
}

}  // namespace

Comparison compare_law(ClaimSpec const& claim, std::vector<Cell const*> const& cells,
                       std::vector<WeakErrors> const& errors, double level) {
    std::string const& model = std::get<WeakError>(claim.estimand).of;
    double const nan = std::numeric_limits<double>::quiet_NaN();
    Comparison c;
    c.claim = claim;
    c.cell = cells.front()->index;
    c.family_level = level;
    c.detectable = infinite;  // relative to 0
    Prediction& p = c.prediction;
    p.name = "order";
    p.estimand = describe(claim.estimand);
    p.value = 0.0;
    p.error_order = "exact";
    p.domain = "every moment at every iteration";
    p.formula = "error = 0: the same law";
    for (ComparedSde const& sde : cells.front()->order.models)
        if (sde.name == model) p.sources = {sde.source};

    std::string reason;
    std::vector<Moment> const moments = moments_of(model, cells, errors, reason);
    if (moments.empty() || !reason.empty()) {
        p.in_domain = false;
        p.domain_note = c.note = reason;
        c.verdict = Verdict::out_of_domain;
        c.estimate.value = nan;
        c.family_interval = c.pointwise_interval = {nan, nan};
        c.passed = c.verdict == claim.expect;
        return c;
    }
    double const each = 1.0 - (1.0 - level) / static_cast<double>(moments.size());
    Moment const* worst = nullptr;
    double furthest = -1.0, seen = 0.0;
    int off = 0;
    for (Moment const& m : moments) {
        Interval const interval = interval_at(*m.error, each);
        if (interval.lower > 0.0 || interval.upper < 0.0) ++off;
        double const half_width = 0.5 * (interval.upper - interval.lower);
        seen = std::fmax(seen, detail::detectable_distance(half_width, m.error->standard_error,
                                                           m.error->degrees_of_freedom));
        double const away = m.error->standard_error > 0.0
                                ? std::abs(m.error->value) / m.error->standard_error
                            : m.error->value == 0.0 ? 0.0
                                                    : infinite;
        if (away > furthest) {
            furthest = away;
            worst = &m;
        }
    }
    c.estimate = *worst->error;
    c.family_interval = interval_at(c.estimate, each);
    c.pointwise_interval = {c.estimate.lower, c.estimate.upper};
    c.verdict = off > 0                 ? Verdict::disagree
                : seen <= claim.detects ? Verdict::agree
                                        : Verdict::undecided;
    if (c.verdict == Verdict::undecided) {
        auto const n = static_cast<double>(c.estimate.trajectories);
        double const factor = seen / claim.detects;
        c.more_trajectories = std::ceil(n * (factor * factor - 1.0));
    }
    c.note = fmt::format(
        "{} of {} errors differ from 0; one of {:.3g} would be seen in each, asked for {:.3g}; "
        "furthest: {} at learning rate {:.6g}, {:.2g} standard errors",
        off, moments.size(), seen, claim.detects, worst->observable, worst->cell->learning_rate,
        furthest);
    c.passed = c.verdict == claim.expect;
    return c;
}

}  // namespace kramers
