// SPDX-License-Identifier: Apache-2.0
#include "experiments/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "estimators/intervals.hpp"
#include "experiments/numbers.hpp"
#include "sde/contracts.hpp"

namespace kramers {

namespace {

void join(std::string& note, std::string const& more) {
    if (more.empty()) return;
    if (!note.empty()) note += "; ";
    note += more;
}

}  // namespace

double family_level(std::size_t claims, double family_error) {
    KRAMERS_EXPECTS(family_error > 0.0 && family_error < 1.0);
    return 1.0 - family_error / static_cast<double>(std::max<std::size_t>(claims, 1));
}

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::agree: return "agree";
        case Verdict::disagree: return "disagree";
        case Verdict::undecided: return "undecided";
        case Verdict::out_of_domain: return "out_of_domain";
    }
    return "undecided";
}

namespace {

/// The smallest whole number ≥ 1 that decides, near a guess; a number once decided stays so.
template <class Decided>
double fewest(Decided const& decided, double guess) {
    constexpr double most = 1e15;  // beyond it whole numbers have gaps, and nobody waits
    double high = std::max(1.0, std::ceil(guess));
    if (high >= most) return high;
    while (high < most && !decided(high)) high = 2.0 * high + 1.0;
    if (!decided(high)) return infinite;
    double low = 0.0;
    while (high - low > 1.0) {
        double const middle = std::floor(0.5 * (low + high));
        (decided(middle) ? high : low) = middle;
    }
    return high;
}

/// The interval that `factor` times as many trajectories would give if the value stayed: of counts
/// by their own law, else by 1/√n.
Interval interval_of_more(Estimate const& estimate, Interval interval, double factor,
                          double level) {
    if (estimate.law != IntervalLaw::student) {
        Estimate more = estimate;
        more.law_events *= factor;
        more.law_exposure *= factor;
        return interval_at(more, level);
    }
    double const narrow = 1.0 / std::sqrt(factor);
    return {estimate.value - narrow * (estimate.value - interval.lower),
            estimate.value + narrow * (interval.upper - estimate.value)};
}

/// How many more trajectories decide, exactly, if the value stays where it is.
double more_to_decide(Estimate const& estimate, Interval interval, double band_lower,
                      double band_upper, double level) {
    auto const n = static_cast<double>(estimate.trajectories);
    double const guess =
        detail::trajectories_to_decide(estimate.value, interval, band_lower, band_upper, n);
    if (!std::isfinite(guess) || estimate.law == IntervalLaw::student) return guess;
    return fewest(
        [&](double more) {
            Interval const then = interval_of_more(estimate, interval, (n + more) / n, level);
            return detail::decide(then, band_lower, band_upper) != Verdict::undecided;
        },
        guess);
}

}  // namespace

namespace detail {

Verdict decide(Interval interval, double band_lower, double band_upper) {
    if (interval.upper < band_lower || interval.lower > band_upper) return Verdict::disagree;
    if (interval.lower >= band_lower && interval.upper <= band_upper) return Verdict::agree;
    return Verdict::undecided;  // also when an end is not a number
}

double trajectories_to_decide(double value, Interval interval, double band_lower, double band_upper,
                              double trajectories) {
    double const below = value - interval.lower;
    double const above = interval.upper - value;
    double shrink = infinite;  // factor by which the interval must shrink
    if (value > band_lower && value < band_upper) {
        shrink = std::max(above / (band_upper - value), below / (value - band_lower));
    } else if (value > band_upper) {
        shrink = below / (value - band_upper);
    } else if (value < band_lower) {
        shrink = above / (band_lower - value);
    }
    if (!std::isfinite(shrink) || !(trajectories > 0.0)) return infinite;
    auto const decided = [&](double more) {
        double const narrow = std::sqrt(trajectories / (trajectories + more));
        return decide({value - narrow * below, value + narrow * above}, band_lower, band_upper) !=
               Verdict::undecided;
    };
    return fewest(decided, trajectories * (shrink * shrink - 1.0));
}

double detectable_distance(double half_width, double standard_error, double degrees_of_freedom) {
    double const scatter = std::isfinite(degrees_of_freedom) && degrees_of_freedom > 0.0
                               ? half_width * half_width / (2.0 * degrees_of_freedom)
                               : 0.0;
    return half_width + one_sided_99 * std::sqrt(standard_error * standard_error + scatter);
}

}  // namespace detail

Comparison compare(ClaimSpec const& claim, int cell, Estimate const& estimate,
                   Prediction const& prediction, double level) {
    KRAMERS_EXPECTS(level > 0.0 && level < 1.0 && claim.tolerance >= 0.0);
    Comparison c;
    c.claim = claim;
    c.cell = cell;
    c.prediction = prediction;
    c.estimate = estimate;
    c.family_interval = interval_at(estimate, level);
    c.pointwise_interval = {estimate.lower, estimate.upper};
    c.family_level = level;

    double const p = prediction.value;
    bool const absolute = claim.absolute_tolerance > 0.0;
    double const allowed = absolute ? claim.absolute_tolerance : std::abs(p) * claim.tolerance;
    double const half_width = std::max(c.family_interval.upper - estimate.value,
                                       estimate.value - c.family_interval.lower);
    c.detectable = p == 0.0 && !absolute
                       ? infinite
                       : (allowed + detail::detectable_distance(half_width, estimate.standard_error,
                                                                estimate.degrees_of_freedom)) /
                             (absolute ? 1.0 : std::abs(p));
    if (!prediction.in_domain) {
        c.verdict = Verdict::out_of_domain;
        c.note = prediction.domain_note.empty()
                     ? "outside the prediction's domain: " + prediction.domain
                     : prediction.domain_note;
    } else if (!std::isfinite(p)) {
        c.verdict = Verdict::out_of_domain;
        c.note = fmt::format("the prediction \"{}\" is not a finite number here", prediction.name);
    } else if (!std::isfinite(estimate.value) || !(estimate.standard_error >= 0.0)) {
        c.verdict = Verdict::undecided;
        c.more_trajectories = infinite;
        c.note = "the simulation gave no estimate";
    } else {
        c.verdict = detail::decide(c.family_interval, p - allowed, p + allowed);
        if (c.verdict == Verdict::undecided) {
            bool const empty = p == 0.0 && !absolute;  // no interval can lie within it
            c.more_trajectories = empty ? infinite
                                        : more_to_decide(estimate, c.family_interval, p - allowed,
                                                         p + allowed, level);
            if (empty)
                c.note =
                    "the prediction is 0: a relative tolerance allows no interval around it; "
                    "give the claim an absolute_tolerance";
            else if (allowed == 0.0)
                c.note = "with tolerance 0 no number of trajectories can show agreement";
        }
    }
    join(c.note, estimate.warning);
    c.passed = c.verdict == claim.expect;
    return c;
}

Comparison compare(ClaimSpec const& claim, int cell, Estimate const& estimate,
                   PredictionResult const& result, double level) {
    if (result.prediction) return compare(claim, cell, estimate, *result.prediction, level);
    Prediction absent;
    absent.name = claim.against;
    absent.estimand = describe(claim.estimand);
    absent.value = std::numeric_limits<double>::quiet_NaN();
    absent.in_domain = false;
    absent.domain_note = result.reason.empty() ? "no prediction" : result.reason;
    return compare(claim, cell, estimate, absent, level);
}

Comparison compare_missing(ClaimSpec const& claim, int cell, std::string const& reason,
                           PredictionResult const& result, double level) {
    Estimate none;
    none.value = none.standard_error = none.lower = none.upper =
        std::numeric_limits<double>::quiet_NaN();
    Comparison c = compare(claim, cell, none, result, level);
    if (!reason.empty())
        c.note += (c.verdict == Verdict::undecided ? ": " : "; no estimate either: ") + reason;
    return c;
}

Ratio ratio_to(Estimate const& estimate, double prediction, double level) {
    KRAMERS_EXPECTS(std::isfinite(prediction) && prediction != 0.0);
    Interval const interval = interval_at(estimate, level);
    Ratio ratio{estimate.value / prediction, estimate.standard_error / std::abs(prediction),
                interval.lower / prediction, interval.upper / prediction};
    if (prediction < 0.0) std::swap(ratio.lower, ratio.upper);
    return ratio;
}

}  // namespace kramers
