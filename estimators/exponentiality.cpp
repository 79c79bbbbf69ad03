// SPDX-License-Identifier: Apache-2.0
#include "estimators/exponentiality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "estimators/intervals.hpp"
#include "estimators/sort_times.hpp"

namespace kramers {
namespace {

constexpr std::uint64_t minimum_events = 50;

struct Residual {
    double time = 0.0;  // steps after t0
    bool event = false;
};

/// Uniform in (0, 1) from an id (the splitmix64 finalizer).
double hashed_uniform(std::uint64_t id) {
    std::uint64_t z = (id + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return (static_cast<double>(z >> 11) + 0.5) * 0x1p-53;
}

/// Times after `start`, sorted; events spread within their step as a constant hazard would.
std::vector<Residual> residuals(PassageTally const& tally, int target, std::uint64_t start) {
    double events = 0.0;
    double steps = 0.0;
    for (auto const slot : tally.slots) {
        if (slot.step() <= start) continue;
        events += is_event(slot, target) ? 1.0 : 0.0;
        steps += static_cast<double>(slot.step() - start);
    }
    // Probability to arrive in a step; kept below 1 so that its hazard stays finite.
    double const per_step = std::min(events / std::max(steps, 1.0), 1.0 - 1e-12);
    double const hazard = -std::log1p(-per_step);
    std::vector<Residual> out;
    out.reserve(tally.slots.size());
    for (std::uint64_t id = 0; id < tally.slots.size(); ++id) {
        auto const slot = tally.slots[id];
        if (slot.step() <= start) continue;
        auto time = static_cast<double>(slot.step() - start);
        bool const event = is_event(slot, target);
        if (event && hazard > 0.0) {
            time += -std::log1p(-hashed_uniform(id) * per_step) / hazard - 1.0;
        }
        out.push_back({.time = time, .event = event});
    }
    sort_times(
        out, [](Residual const& r) { return static_cast<std::uint64_t>(r.time); },
        [](Residual const& a, Residual const& b) {
            return a.time != b.time ? a.time < b.time : a.event > b.event;
        });
    return out;
}

/// Maximum-likelihood Weibull shape under right censoring, with its standard error.
void fit_shape(std::vector<Residual> const& data, Exponentiality& result) {
    double scale = 0.0;
    for (auto const& r : data) scale += r.time;
    scale /= static_cast<double>(data.size());
    std::vector<double> logs;
    logs.reserve(data.size());
    double events = 0.0;
    double mean_log = 0.0;
    for (auto const& r : data) {
        double const log_time = std::log(r.time / scale);
        logs.push_back(log_time);
        if (!r.event) continue;
        events += 1.0;
        mean_log += log_time;
    }
    mean_log /= events;
    double shape = 1.0;
    double curvature = 0.0;  // of the profile log-likelihood, per event, times −1
    for (int iteration = 0; iteration < 60; ++iteration) {
        double a0 = 0.0, a1 = 0.0, a2 = 0.0;
        for (std::size_t i = 0; i < logs.size(); ++i) {
            double const log_time = logs[i];
            double const power = iteration == 0 ? data[i].time / scale : std::exp(shape * log_time);
            a0 += power;
            a1 += power * log_time;
            a2 += power * log_time * log_time;
        }
        double const mean = a1 / a0;
        curvature = a2 / a0 - mean * mean + 1.0 / (shape * shape);
        double const change = -(mean - 1.0 / shape - mean_log) / curvature;
        shape = std::clamp(shape + change, 0.5 * shape, 2.0 * shape);
        if (std::abs(change) < 1e-7 * shape) break;  // the error left is its square
    }
    double const relative = 1.0 / (shape * std::sqrt(events * curvature));
    result.shape = shape * (1.0 - 1.38 / events);  // E κ̂ = κ (1 + 1.38/n + …)
    result.shape_standard_error = relative * result.shape;
    double const z = normal_quantile(0.975) * relative;
    result.shape_lower = result.shape * std::exp(-z);
    result.shape_upper = result.shape * std::exp(z);
    result.shape_p =
        student_p(std::log(result.shape) / relative, std::numeric_limits<double>::infinity());
}

/// Kolmogorov–Smirnov distance of the total time on test at the events from a straight line, and the
/// count of events in windows of equal time at risk.
void test_total_time(std::vector<Residual> const& data, double dt, double after,
                     Exponentiality& result) {
    std::vector<double> totals;  // time at risk up to each event
    std::vector<double> times;
    totals.reserve(data.size());
    times.reserve(data.size());
    double total = 0.0;
    double previous = 0.0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        total += static_cast<double>(data.size() - i) * (data[i].time - previous);
        previous = data[i].time;
        if (!data[i].event) continue;
        totals.push_back(total);
        times.push_back(data[i].time);
    }
    double const last = totals.back();
    auto const n = static_cast<double>(totals.size() - 1);
    double distance = 0.0;
    for (std::size_t j = 0; j + 1 < totals.size(); ++j) {
        double const u = totals[j] / last;
        auto const rank = static_cast<double>(j);
        distance = std::max({distance, (rank + 1.0) / n - u, u - rank / n});
    }
    result.total_time_p = kolmogorov_p(distance, n);

    auto const windows = std::min<std::size_t>(10, totals.size() / 10);
    double const expected = n / static_cast<double>(windows);
    double chi_squared = 0.0;
    std::size_t j = 0;
    for (std::size_t w = 0; w < windows; ++w) {
        double const share = last / static_cast<double>(windows);
        HazardWindow window;
        window.begin = w == 0 ? after : result.windows.back().end;
        for (; j + 1 < totals.size() && totals[j] <= share * static_cast<double>(w + 1); ++j) {
            ++window.events;
            window.end = after + times[j] * dt;
        }
        if (window.events == 0) window.end = window.begin;
        if (w + 1 == windows) window.end = after + times.back() * dt;
        double const excess = static_cast<double>(window.events) - expected;
        chi_squared += excess * excess / expected;
        window.rate = static_cast<double>(window.events) / (share * dt);
        result.windows.push_back(window);
    }
    result.linearity_p = chi_squared_p(chi_squared, static_cast<double>(windows - 1));
}

}  // namespace

Exponentiality test_exponentiality(PassageTally const& tally, PassageQuery const& query,
                                   double after) {
    auto const start = steps_in(after, query.dt);
    auto const data = residuals(tally, query.target, start);
    Exponentiality result;
    for (auto const& r : data) result.events += r.event ? 1 : 0;
    if (result.events < minimum_events) {
        result.reason = std::to_string(result.events) +
                        " arrivals after t = " + std::to_string(after) +
                        " are too few to test (need " + std::to_string(minimum_events) + ")";
        return result;
    }
    fit_shape(data, result);
    test_total_time(data, query.dt, static_cast<double>(start) * query.dt, result);
    result.p_value =
        std::min(1.0, 3.0 * std::min({result.shape_p, result.total_time_p, result.linearity_p}));
    return result;
}

}  // namespace kramers
