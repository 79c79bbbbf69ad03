// SPDX-License-Identifier: Apache-2.0
#include "experiments/lane_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>

#include "sde/random/fill.hpp"

namespace kramers {
namespace {

constexpr double lanes = lane_count;
constexpr double never = std::numeric_limits<double>::infinity();

/// Y of a law whose mean, cut off at c, is `share` of c: share = Y/(−ln(1 − Y)).
double ended_share(double share) {
    double low = 0.0, high = 1.0;
    for (int k = 0; k < 60; ++k) {
        double const y = 0.5 * (low + high);
        (y / -std::log1p(-y) > share ? low : high) = y;
    }
    return 0.5 * (low + high);
}

/// Σ_{j=1}^n Y^j/j; the rest of a long sum by an integral.
double partial_sum(double n, double y) {
    constexpr double exactly = 4096.0;
    double sum = 0.0, power = 1.0;
    for (double j = 1.0; j <= std::min(n, exactly); j += 1.0) {
        power *= y;
        sum += power / j;
    }
    return n > exactly ? sum + power * std::log(n / exactly) : sum;
}

/// An ensemble of which trajectories still wait.
struct Filling {
    LaneLoad const* load;
    double since, waiting;  ///< so many at that time
    std::vector<std::size_t> threads;

    double runs_out() const {
        double const per_lane = waiting / (lanes * static_cast<double>(threads.size()));
        return since + load->mean * (load->alike ? std::ceil(per_lane) : per_lane);
    }
    double waiting_at(double time) const {
        double const end = runs_out();
        return end > since ? waiting * std::max(0.0, (end - time) / (end - since)) : 0.0;
    }
    void take(std::size_t thread, double time) {
        waiting = std::max(0.0, waiting_at(time) - lanes);
        since = time;
        threads.push_back(thread);
    }
};

}  // namespace

double longest_of(double n, LaneLoad const& load) {
    if (load.alike || !(load.mean < load.longest)) return load.mean;
    if (!(load.mean > 0.0)) return 0.0;
    double const y = std::isfinite(load.longest) ? ended_share(load.mean / load.longest) : 1.0;
    return load.mean / y * partial_sum(n, y);
}

double time_alone(LaneLoad const& load, int threads) {
    double const at_once = lanes * threads;
    if (load.alike) {
        double const blocks = std::ceil(load.trajectories / lanes);
        return load.mean * std::ceil(blocks / threads);
    }
    double const first = std::min(load.trajectories, at_once);
    return load.mean * (load.trajectories - first) / at_once + longest_of(first, load);
}

double time_together(std::vector<LaneLoad> const& loads, int threads) {
    std::vector<double> ready(static_cast<std::size_t>(threads),
                              0.0);  // never: inside a filling one
    std::vector<Filling> open;
    std::size_t next = 0;
    double end = 0.0;
    while (true) {
        auto const who = std::min_element(ready.begin(), ready.end());
        auto const empty = std::min_element(
            open.begin(), open.end(),
            [](Filling const& a, Filling const& b) { return a.runs_out() < b.runs_out(); });
        if (empty != open.end() && empty->runs_out() <= *who) {
            LaneLoad const& load = *empty->load;
            for (std::size_t const t : empty->threads)
                ready[t] = empty->runs_out() + longest_of(std::min(load.trajectories, lanes), load);
            open.erase(empty);
            continue;
        }
        if (*who == never) return end;
        double const now = *who;
        auto const thread = static_cast<std::size_t>(who - ready.begin());
        end = std::max(end, now);
        ready[thread] = never;
        if (next < loads.size()) {
            LaneLoad const& load = loads[next++];
            double const waiting = std::max(0.0, load.trajectories - lanes);
            open.push_back({&load, now, waiting, {thread}});
            continue;
        }
        auto const most =
            std::max_element(open.begin(), open.end(), [now](Filling const& a, Filling const& b) {
                return a.waiting_at(now) < b.waiting_at(now);
            });
        if (most != open.end() && most->waiting_at(now) > lanes) most->take(thread, now);
    }
}

double busiest_lane(PassageTally const& tally, int threads) {
    auto const blocks = (tally.slots.size() + lane_count - 1) / lane_count;
    auto const workers = std::min<std::size_t>(static_cast<std::size_t>(threads), blocks);
    std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> ready;
    for (std::size_t i = 0; i < workers * lane_count; ++i) ready.push(0);
    std::uint64_t last = 0;
    for (PassageSlot const& slot : tally.slots) {
        std::uint64_t const end = ready.top() + slot.step();
        ready.pop();
        ready.push(end);
        last = std::max(last, end);
    }
    return static_cast<double>(last);
}

}  // namespace kramers
