// SPDX-License-Identifier: Apache-2.0
#include "experiments/race_estimates.hpp"

#include <algorithm>
#include <cmath>

#include "estimators/intervals.hpp"
#include "estimators/jackknife.hpp"
#include "experiments/numbers.hpp"
#include "experiments/points.hpp"
#include "experiments/quench.hpp"
#include "gpu/host_backend.hpp"

namespace kramers {
namespace {

/// By trajectory, so that sums do not depend on the threads.
struct Ends {
    std::vector<double> loss, quenched_loss, curvature;
    std::vector<char> success, settled;
    explicit Ends(std::size_t n)
        : loss(n, missing),
          quenched_loss(n, missing),
          curvature(n, missing),
          success(n),
          settled(n) {}
};

Ends quench_all(Cell const& cell, std::vector<double> const& states, int threads) {
    auto const n = static_cast<std::size_t>(cell.trajectories);
    auto const dim = static_cast<std::size_t>(cell.dim);
    Ends ends(n);
    Region const& goal = region_named(cell, cell.race.goal);
    int const workers = std::max(1, threads);
    for_each_worker(threads, workers, [&](int w) {
        for (auto id = static_cast<std::size_t>(w); id < n;
             id += static_cast<std::size_t>(workers)) {
            Eigen::Map<Eigen::VectorXd const> const x(states.data() + id * dim, cell.dim);
            ends.settled[id] = 1;
            if (!x.allFinite()) continue;
            ends.loss[id] = cell.potential->value(x);
            Quenched const q = quench(*cell.potential, x);
            ends.settled[id] = q.converged;
            ends.quenched_loss[id] = q.value;
            ends.curvature[id] = q.curvature;
            ends.success[id] = q.converged && distance_to(goal, q.point) <= 0.0;
        }
    });
    return ends;
}

}  // namespace

Estimate proportion(std::uint64_t successes, std::uint64_t trials) {
    Estimate e;
    auto const n = static_cast<double>(trials);
    e.law = IntervalLaw::binomial;
    e.law_events = static_cast<double>(successes);
    e.law_exposure = n;
    e.value = e.law_events / n;
    e.standard_error = std::sqrt(e.value * (1.0 - e.value) / n);
    e.n_effective = n;
    e.trajectories = trials;
    e.arrived = successes;
    e.method = "proportion, Clopper-Pearson";
    set_interval(e);
    return e;
}

EstimateResult group_mean(std::vector<double> const& values) {
    PerGroup<double> sum{}, count{};
    for (std::size_t id = 0; id < values.size(); ++id) {
        if (std::isnan(values[id])) continue;
        auto const g = static_cast<std::size_t>(group_of(id, values.size()));
        sum[g] += values[id];
        count[g] += 1.0;
    }
    double all = 0.0, samples = 0.0;
    int informative = 0;
    for (std::size_t g = 0; g < sum.size(); ++g) {
        all += sum[g];
        samples += count[g];
        informative += count[g] > 0.0;
    }
    if (informative < 2) return {{}, "fewer than two groups have a trajectory left"};
    std::vector<double> without;
    for (std::size_t g = 0; g < sum.size(); ++g)
        without.push_back((all - sum[g]) / (samples - count[g]));
    Estimate e = jackknife_estimate(all / samples, std::move(without), informative,
                                    "mean, jackknife over 64 groups");
    e.trajectories = values.size();
    e.n_effective = samples;
    e.diverged = values.size() - static_cast<std::uint64_t>(samples);
    return {e, {}};
}

CensoredQuantile censored_median(std::vector<double> const& observed, std::uint64_t n) {
    auto const size = static_cast<double>(n);
    double const reach = normal_quantile(0.975) * 0.5 * std::sqrt(size);
    auto const at = [&](double rank) {  // counted from 1
        if (rank < 1.0) return 0.0;
        auto const r = static_cast<std::size_t>(rank);
        return r <= observed.size() ? observed[r - 1] : infinite;
    };
    return {at(std::ceil(0.5 * size)), at(std::floor(0.5 * size - reach)),
            at(std::ceil(0.5 * size + reach) + 1.0)};
}

RaceOutcome race_outcome(Cell const& cell, std::vector<double> const& last_states,
                         PassageTally const& passages, int threads) {
    RaceOutcome out;
    out.cell = cell.index;
    out.trajectories = cell.trajectories;
    Ends const ends = quench_all(cell, last_states, threads);
    std::uint64_t successes = 0;
    for (std::size_t id = 0; id < ends.success.size(); ++id) {
        successes += static_cast<unsigned>(ends.success[id] != 0);
        out.unsettled += static_cast<unsigned>(ends.settled[id] == 0);
        out.diverged += static_cast<unsigned>(std::isnan(ends.loss[id]));
    }
    out.success = proportion(successes, out.trajectories);
    out.success.diverged = out.diverged;
    out.loss = group_mean(ends.loss);
    out.quenched_loss = group_mean(ends.quenched_loss);
    out.curvature = group_mean(ends.curvature);

    auto const per_step = static_cast<double>(cell.race.evaluations_per_step);
    auto const all = static_cast<double>(cell.snapshots.burn_in) * per_step;
    std::vector<double> restricted, observed;
    for (PassageSlot const& slot : passages.slots) {
        bool const arrived = slot.outcome() == Outcome::arrived;
        double const time = static_cast<double>(slot.step()) * per_step;
        restricted.push_back(arrived ? time : all);  // a diverged trajectory never arrives
        if (arrived) observed.push_back(time);
        out.lost += static_cast<unsigned>(slot.outcome() == Outcome::diverged);
    }
    std::sort(observed.begin(), observed.end());
    out.arrival = proportion(observed.size(), out.trajectories);
    out.mean_time = group_mean(restricted);
    out.median_time = censored_median(observed, out.trajectories);
    return out;
}

}  // namespace kramers
