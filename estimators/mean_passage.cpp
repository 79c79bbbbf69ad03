// SPDX-License-Identifier: Apache-2.0
#include "estimators/mean_passage.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "estimators/jackknife.hpp"
#include "sde/contracts.hpp"

namespace kramers {
namespace {

/// Twice the time of an event in steps, so that the stamp's half step stays an integer.
Int128 half_steps(std::uint64_t step, Stamp stamp) {
    return 2 * static_cast<Int128>(step) - (stamp == Stamp::middle_of_step && step > 0 ? 1 : 0);
}

void fill_counts(Estimate& e, PassageTally const& tally, OutcomeCounts const& counts) {
    e.trajectories = tally.slots.size();
    e.arrived = counts.arrived;
    e.censored = counts.censored;
    e.diverged = counts.diverged;
}

std::string of_all(std::uint64_t count, PassageTally const& tally, char const* what) {
    return std::to_string(count) + " of " + std::to_string(tally.slots.size()) + " trajectories " +
           what;
}

struct Exit {
    std::uint64_t step = 0;
    bool event = false;
    int group = 0;
};

/// Area under the Kaplan–Meier curve up to `horizon` (half steps), leaving out one group (−1: none).
/// `exits` are sorted by time, events before censorings.
double area(std::vector<Exit> const& exits, int without, Int128 horizon, Stamp stamp) {
    std::uint64_t at_risk = 0;
    for (auto const& x : exits) at_risk += x.group != without ? 1 : 0;
    double survival = 1.0;
    double sum = 0.0;
    Int128 previous = 0;
    for (auto const& x : exits) {
        if (x.group == without) continue;
        if (x.event) {
            auto const now = half_steps(x.step, stamp);
            if (now >= horizon) break;
            sum += survival * static_cast<double>(now - previous);
            previous = now;
            survival *= 1.0 - 1.0 / static_cast<double>(at_risk);
        }
        --at_risk;
    }
    return sum + survival * static_cast<double>(horizon - previous);
}

int groups_with_data(PassageTally const& tally) {
    return static_cast<int>(std::min<std::uint64_t>(tally.slots.size(), group_count));
}

}  // namespace

EstimateResult mean_passage(PassageTally const& tally, PassageQuery const& query) {
    auto const counts = count_outcomes(tally, query.target);
    if (counts.diverged > 0) {
        return {.estimate = {},
                .reason = of_all(counts.diverged, tally, "diverged") +
                          ", so the mean first-passage time is not defined; lower dt"};
    }
    if (counts.censored > 0) {
        return {.estimate = {},
                .reason = of_all(counts.censored, tally, "were censored") +
                          ", and a mean over the others is biased; use the rate or the restricted "
                          "mean, or raise the cap"};
    }
    PerGroup<Int128> times{};
    PerGroup<Int128> arrivals{};
    for (std::uint64_t id = 0; id < tally.slots.size(); ++id) {
        auto const slot = tally.slots[id];
        if (!is_event(slot, query.target)) continue;
        auto const g = static_cast<std::size_t>(group_of(id, tally.slots.size()));
        times[g] += half_steps(slot.step(), query.stamp);
        arrivals[g] += 1;
    }
    if (std::count_if(arrivals.begin(), arrivals.end(), [](Int128 n) { return n > 0; }) < 2) {
        return {.estimate = {},
                .reason =
                    "arrivals at the target in fewer than 2 groups give no error bar; use "
                    "more trajectories"};
    }
    auto e =
        jackknife_ratio(times, arrivals, 0.5 * query.dt,
                        "pooled mean, jackknife over " + std::to_string(group_count) + " groups");
    fill_counts(e, tally, counts);
    e.n_effective = static_cast<double>(counts.events);
    if (counts.events < counts.arrived) {
        e.warning = "mean over the " + of_all(counts.events, tally, "that ended at this target");
    }
    return {.estimate = std::move(e), .reason = {}};
}

EstimateResult restricted_mean(PassageTally const& tally, PassageQuery const& query,
                               double horizon) {
    auto const counts = count_outcomes(tally, query.target);
    auto const cap = 2 * static_cast<Int128>(steps_in(horizon, query.dt));
    std::vector<Exit> exits;
    exits.reserve(tally.slots.size());
    PerGroup<Int128> times{};
    PerGroup<Int128> trajectories{};
    bool complete = true;
    bool reached = true;  // is the curve known up to the horizon?
    for (std::uint64_t id = 0; id < tally.slots.size(); ++id) {
        auto const slot = tally.slots[id];
        int const group = group_of(id, tally.slots.size());
        bool const event = is_event(slot, query.target);
        auto const time =
            event ? half_steps(slot.step(), query.stamp) : 2 * static_cast<Int128>(slot.step());
        complete = complete && (event || time >= cap);
        times[static_cast<std::size_t>(group)] += std::min(time, cap);
        trajectories[static_cast<std::size_t>(group)] += 1;
        exits.push_back({.step = slot.step(), .event = event, .group = group});
    }
    if (groups_with_data(tally) < 2) {
        return {.estimate = {}, .reason = "fewer than 2 trajectories give no error bar"};
    }
    std::string const method = "area under the Kaplan-Meier curve, jackknife over " +
                               std::to_string(group_count) + " groups";
    Estimate e;
    if (complete) {
        e = jackknife_ratio(times, trajectories, 0.5 * query.dt, method);
    } else {
        std::sort(exits.begin(), exits.end(), [](Exit const& a, Exit const& b) {
            return a.step != b.step ? a.step < b.step : a.event > b.event;
        });
        auto const& last = exits.back();
        reached = last.event || 2 * static_cast<Int128>(last.step) >= cap;
        if (!reached) {
            return {.estimate = {},
                    .reason = "no trajectory was followed to the horizon " +
                              std::to_string(horizon) + "; choose at most " +
                              std::to_string(static_cast<double>(last.step) * query.dt)};
        }
        std::vector<double> leave_one_out;
        for (int g = 0; g < group_count; ++g) {
            leave_one_out.push_back(0.5 * query.dt * area(exits, g, cap, query.stamp));
        }
        e = jackknife_estimate(0.5 * query.dt * area(exits, -1, cap, query.stamp),
                               std::move(leave_one_out), groups_with_data(tally), method);
    }
    fill_counts(e, tally, counts);
    e.n_effective = static_cast<double>(tally.slots.size());
    e.warning = "restricted mean E min(tau, " + std::to_string(horizon) +
                "), not the mean first-passage time: " + of_all(counts.censored, tally, "censored");
    if (counts.diverged > 0) {
        e.warning += ", " + std::to_string(counts.diverged) + " diverged and treated as censored";
    }
    return {.estimate = std::move(e), .reason = {}};
}

}  // namespace kramers
