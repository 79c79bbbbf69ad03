// SPDX-License-Identifier: Apache-2.0
#include "estimators/passage_rate.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "estimators/intervals.hpp"
#include "estimators/jackknife.hpp"

namespace kramers {

EstimateResult passage_rate(PassageTally const& tally, PassageQuery const& query, double after) {
    auto const start = steps_in(after, query.dt);
    PerGroup<Int128> events{};
    PerGroup<Int128> at_risk{};  // half steps
    Int128 total_events = 0;
    Int128 total_at_risk = 0;
    for (std::uint64_t id = 0; id < tally.slots.size(); ++id) {
        auto const slot = tally.slots[id];
        if (slot.step() <= start) continue;
        auto const g = static_cast<std::size_t>(group_of(id, tally.slots.size()));
        auto time = 2 * static_cast<Int128>(slot.step() - start);
        if (is_event(slot, query.target)) {
            if (query.stamp == Stamp::middle_of_step) time -= 1;
            events[g] += 1;
            total_events += 1;
        }
        at_risk[g] += time;
        total_at_risk += time;
    }
    if (total_at_risk == 0) {
        return {.estimate = {},
                .reason = "no trajectory was observed after t = " + std::to_string(after) +
                          "; discard less, or raise the cap"};
    }
    auto const counts = count_outcomes(tally, query.target);
    double const unit = 0.5 * query.dt;
    Estimate e;
    e.law = IntervalLaw::poisson_rate;
    e.law_events = static_cast<double>(total_events);
    e.law_exposure = unit * static_cast<double>(total_at_risk);
    e.value = e.law_events / e.law_exposure;
    e.standard_error = std::sqrt(std::fmax(e.law_events, 1.0)) / e.law_exposure;
    e.degrees_of_freedom = std::numeric_limits<double>::infinity();
    e.n_effective = e.law_events;
    e.trajectories = tally.slots.size();
    e.arrived = counts.arrived;
    e.censored = counts.censored;
    e.diverged = counts.diverged;
    for (std::size_t g = 0; g < events.size(); ++g) {
        auto const rest = static_cast<double>(total_at_risk - at_risk[g]);
        e.leave_one_out.push_back(
            rest > 0.0 ? static_cast<double>(total_events - events[g]) / (unit * rest) : e.value);
    }
    e.method = "arrivals over time at risk, chi-squared interval";
    set_interval(e);
    if (e.law_events <= 0.0) {
        e.warning = "no arrivals: with 95 % confidence the rate is below " +
                    std::to_string(-std::log(0.05) / e.law_exposure);
    }
    if (e.diverged > 0) {
        e.warning += (e.warning.empty() ? "" : "; ") + std::to_string(e.diverged) +
                     " diverged trajectories count as time at risk up to their divergence";
    }
    return {.estimate = std::move(e), .reason = {}};
}

Estimate mean_time_of_rate(Estimate const& rate) {
    double const infinity = std::numeric_limits<double>::infinity();
    auto e = rate;
    e.law = IntervalLaw::poisson_time;
    e.value = rate.value > 0.0 ? 1.0 / rate.value : infinity;
    e.standard_error = rate.value > 0.0 ? rate.standard_error * e.value * e.value : infinity;
    for (auto& v : e.leave_one_out) v = v > 0.0 ? 1.0 / v : infinity;
    e.method = "time at risk over arrivals, chi-squared interval";
    e.warning += e.warning.empty() ? "" : "; ";
    e.warning += "a mean first-passage time only if the law is exponential";
    set_interval(e);
    return e;
}

EstimateResult exit_fraction(PassageTally const& tally, int target) {
    auto const counts = count_outcomes(tally, target);
    if (counts.arrived == 0) {
        return {.estimate = {}, .reason = "no arrivals; raise the cap or use more trajectories"};
    }
    PerGroup<Int128> events{};
    PerGroup<Int128> arrivals{};
    for (std::uint64_t id = 0; id < tally.slots.size(); ++id) {
        auto const g = static_cast<std::size_t>(group_of(id, tally.slots.size()));
        events[g] += is_event(tally.slots[id], target) ? 1 : 0;
        arrivals[g] += tally.slots[id].outcome() == Outcome::arrived ? 1 : 0;
    }
    Estimate e;
    auto const n = static_cast<double>(counts.arrived);
    e.value = static_cast<double>(counts.events) / n;
    e.standard_error = std::sqrt(std::fmax(e.value * (1.0 - e.value), 1.0 / n) / n);
    e.degrees_of_freedom = std::numeric_limits<double>::infinity();
    e.law = IntervalLaw::binomial;
    e.law_events = static_cast<double>(counts.events);
    e.law_exposure = n;
    e.n_effective = n;
    e.trajectories = tally.slots.size();
    e.arrived = counts.arrived;
    e.censored = counts.censored;
    e.diverged = counts.diverged;
    for (std::size_t g = 0; g < events.size(); ++g) {
        double const rest = n - static_cast<double>(arrivals[g]);
        e.leave_one_out.push_back(
            rest > 0.0 ? (e.law_events - static_cast<double>(events[g])) / rest : e.value);
    }
    e.method = "arrivals at the target over all arrivals, Clopper-Pearson interval";
    if (e.censored + e.diverged > 0) {
        e.warning =
            std::to_string(e.censored + e.diverged) +
            " trajectories did not arrive: quick exits are over-represented unless the exit "
            "side is independent of the exit time";
    }
    set_interval(e);
    return {.estimate = std::move(e), .reason = {}};
}

}  // namespace kramers
