// SPDX-License-Identifier: Apache-2.0
#include "estimators/survival.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "estimators/intervals.hpp"
#include "estimators/sort_times.hpp"

namespace kramers {
namespace {

void set_interval(SurvivalPoint& p, double greenwood, double trajectories) {
    double const bound = std::pow(0.05, 1.0 / std::max(trajectories, 1.0));
    if (p.survival <= 0.0) {
        p.lower = 0.0;
        p.upper = 1.0 - bound;
    } else if (greenwood <= 0.0) {
        p.lower = p.at_risk > 0 ? std::pow(0.05, 1.0 / static_cast<double>(p.at_risk)) : 0.0;
        p.upper = 1.0;
    } else {
        double const z = normal_quantile(0.975) * std::sqrt(greenwood) / std::log(p.survival);
        p.lower = std::pow(p.survival, std::exp(-z));  // ln Ŝ < 0, so z < 0
        p.upper = std::pow(p.survival, std::exp(z));
    }
}

}  // namespace

std::vector<SurvivalPoint> survival_curve(PassageTally const& tally, PassageQuery const& query,
                                          std::vector<double> const& times) {
    // One word per trajectory: step, then 0 for an event and 1 for any other end, so that sorting
    // puts events before censorings of the same step (those are still at risk).
    std::vector<std::uint64_t> exits;
    exits.reserve(tally.slots.size());
    for (auto const slot : tally.slots) {
        exits.push_back((slot.step() << 1) | (is_event(slot, query.target) ? 0U : 1U));
    }
    sort_times(
        exits, [](std::uint64_t exit) { return exit >> 1; }, std::less<>());

    std::vector<SurvivalPoint> curve;
    double const shift = query.stamp == Stamp::middle_of_step ? 0.5 : 0.0;
    double survival = 1.0;
    double greenwood = 0.0;
    std::size_t i = 0;
    for (double const time : times) {
        // Events at step k have happened by `time` when (k − shift)·dt ≤ time.
        auto const last = static_cast<std::uint64_t>(time / query.dt * (1.0 + 1e-12) + shift);
        while (i < exits.size() && (exits[i] >> 1) <= last) {
            if ((exits[i] & 1U) != 0) {
                ++i;
                continue;
            }
            auto const step = exits[i] >> 1;
            auto const at_risk = static_cast<double>(exits.size() - i);
            double events = 0.0;
            for (; i < exits.size() && exits[i] == (step << 1); ++i) events += 1.0;
            survival *= 1.0 - events / at_risk;
            if (events < at_risk) greenwood += events / (at_risk * (at_risk - events));
        }
        SurvivalPoint p{.time = time, .survival = survival};
        auto const here = std::lower_bound(exits.begin(), exits.end(), last << 1);
        p.at_risk = static_cast<std::uint64_t>(exits.end() - here);
        if (p.at_risk == 0 && survival > 0.0) break;
        p.standard_error = survival * std::sqrt(greenwood);
        set_interval(p, greenwood, static_cast<double>(exits.size()));
        curve.push_back(p);
    }
    return curve;
}

std::vector<double> survival_times(PassageTally const& tally, PassageQuery const& query,
                                   int points) {
    std::uint64_t last = 0;
    for (auto const slot : tally.slots) last = std::max(last, slot.step());
    std::vector<double> times;
    for (int i = 0; i < points; ++i) {
        times.push_back(static_cast<double>(last) * query.dt * i / std::max(points - 1, 1));
    }
    return times;
}

}  // namespace kramers
