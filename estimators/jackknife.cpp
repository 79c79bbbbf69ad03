// SPDX-License-Identifier: Apache-2.0
#include "estimators/jackknife.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "estimators/intervals.hpp"
#include "sde/contracts.hpp"

namespace kramers {

Estimate jackknife_estimate(double value, std::vector<double> leave_one_out, int informative,
                            std::string method) {
    KRAMERS_EXPECTS(leave_one_out.size() == static_cast<std::size_t>(group_count));
    KRAMERS_EXPECTS(informative >= 2);
    double mean = 0.0;
    for (double const v : leave_one_out) mean += v;
    mean /= group_count;
    double squares = 0.0;
    for (double const v : leave_one_out) squares += (v - mean) * (v - mean);
    Estimate e;
    e.value = value;
    e.standard_error = std::sqrt(squares * (group_count - 1) / group_count);
    e.degrees_of_freedom = informative - 1;
    e.leave_one_out = std::move(leave_one_out);
    e.method = std::move(method);
    set_interval(e);
    return e;
}

Estimate jackknife_ratio(PerGroup<Int128> const& numerators, PerGroup<Int128> const& denominators,
                         double scale, std::string method) {
    Int128 numerator = 0;
    Int128 denominator = 0;
    int informative = 0;
    for (std::size_t g = 0; g < numerators.size(); ++g) {
        numerator += numerators[g];
        denominator += denominators[g];
        informative += denominators[g] > 0 ? 1 : 0;
    }
    KRAMERS_EXPECTS(informative >= 2);
    auto const ratio = [scale](Int128 n, Int128 d) {
        return scale * static_cast<double>(n) / static_cast<double>(d);
    };
    std::vector<double> leave_one_out(numerators.size());
    for (std::size_t g = 0; g < numerators.size(); ++g) {
        leave_one_out[g] = ratio(numerator - numerators[g], denominator - denominators[g]);
    }
    return jackknife_estimate(ratio(numerator, denominator), std::move(leave_one_out), informative,
                              std::move(method));
}

Estimate linear_combination(std::vector<double> const& weights,
                            std::vector<Estimate> const& estimates, std::string method) {
    KRAMERS_EXPECTS(!estimates.empty() && weights.size() == estimates.size());
    double value = 0.0;
    std::vector<double> leave_one_out(static_cast<std::size_t>(group_count), 0.0);
    double degrees_of_freedom = group_count - 1;
    for (std::size_t i = 0; i < estimates.size(); ++i) {
        auto const& e = estimates[i];
        KRAMERS_EXPECTS(e.leave_one_out.size() == leave_one_out.size());
        value += weights[i] * e.value;
        for (std::size_t g = 0; g < leave_one_out.size(); ++g) {
            leave_one_out[g] += weights[i] * e.leave_one_out[g];
        }
        degrees_of_freedom = std::min(degrees_of_freedom, e.degrees_of_freedom);
    }
    auto combined = jackknife_estimate(value, std::move(leave_one_out),
                                       static_cast<int>(degrees_of_freedom) + 1, std::move(method));
    auto const& first = estimates.front();
    combined.n_effective = first.n_effective;
    combined.trajectories = first.trajectories;
    combined.arrived = first.arrived;
    for (auto const& e : estimates) {
        combined.censored = std::max(combined.censored, e.censored);
        combined.diverged = std::max(combined.diverged, e.diverged);
        if (e.warning.empty() || combined.warning.find(e.warning) != std::string::npos) continue;
        combined.warning += (combined.warning.empty() ? "" : "; ") + e.warning;
    }
    return combined;
}

}  // namespace kramers
