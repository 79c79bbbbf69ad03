// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kramers {

/// The law behind the interval of an estimate (estimators/intervals.hpp, interval_at).
enum class IntervalLaw {
    student,       ///< value ± Student quantile × standard error
    poisson_rate,  ///< law_events events in law_exposure units of time at risk (E60, conservative)
    poisson_time,  ///< the inverse of that rate
    binomial,      ///< law_events successes in law_exposure independent trials (Clopper–Pearson)
};

/// A simulation's answer: a value with its statistical uncertainty. Discretisation bias is not in it
/// (estimators/extrapolate.hpp reports that apart).
struct Estimate {
    double value = 0.0;
    double standard_error = 0.0;  ///< statistical, one standard deviation of `value`
    double lower = 0.0;           ///< 95 % interval (each estimator says which)
    double upper = 0.0;
    double degrees_of_freedom = 63.0;  ///< of the Student law behind the interval; ∞: normal
    double n_effective = 0.0;          ///< independent samples it is worth
    std::uint64_t trajectories = 0;
    std::uint64_t arrived = 0;
    std::uint64_t censored = 0;
    std::uint64_t diverged = 0;
    std::vector<double>
        leave_one_out;  ///< value without group g (group_count of them): jackknife, extrapolation, pairing
    std::string method;  ///< e.g. "pooled mean, jackknife over 64 groups"
    std::string
        warning;  ///< non-empty: what the reader must know (censoring, divergence, few events)
    IntervalLaw law = IntervalLaw::student;
    double law_events = 0.0;    ///< events or successes, unless the law is Student's
    double law_exposure = 0.0;  ///< time at risk or trials, unless the law is Student's
};

/// An estimate, or the reason why there is none.
struct EstimateResult {
    std::optional<Estimate> estimate;
    std::string reason;  ///< set when estimate is empty
};

/// Two-sided interval of `estimate` at another level, e.g. 1 − 1e-3 for a family of claims: Student
/// with its degrees of freedom (or, where the estimator keeps an exact law, that law).
struct Interval {
    double lower = 0.0;
    double upper = 0.0;
};

}  // namespace kramers
