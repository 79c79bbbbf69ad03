// SPDX-License-Identifier: Apache-2.0
#include "experiments/band_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "estimators/intervals.hpp"
#include "experiments/numbers.hpp"
#include "sde/contracts.hpp"

namespace kramers {

namespace {

constexpr double enough_per_group = 5.0;

/// Interval of the density of a bin.
Interval bin_interval(BandBin const& bin, double level) {
    Estimate const& e = bin.probability;
    Interval interval = interval_at(e, level);
    double const n = static_cast<double>(e.trajectories);
    bool const rare = bin.prediction * n < enough_per_group * group_count;
    if (e.law == IntervalLaw::student && rare && n > 0.0) {
        Interval const wide = clopper_pearson(e.value * n, n, level);
        interval.lower = std::min(interval.lower, wide.lower);
        interval.upper = std::max(interval.upper, wide.upper);
    }
    return {interval.lower / bin.volume, interval.upper / bin.volume};
}

/// The bin's numbers as densities.
struct BinDensity {
    double value, standard_error, prediction;
    explicit BinDensity(BandBin const& bin)
        : value(bin.probability.value / bin.volume),
          standard_error(bin.probability.standard_error / bin.volume),
          prediction(bin.prediction / bin.volume) {}
};

bool usable(BandBin const& bin) {
    return std::isfinite(bin.probability.value) && bin.probability.standard_error >= 0.0 &&
           std::isfinite(bin.prediction) && bin.volume > 0.0;
}

/// Interval of D from those of its bins.
struct Distance {
    double value = -1.0;
    double standard_error = 0.0;
    double lower = 0.0;
    double upper = 0.0;
    double detectable = 0.0;  // beyond the tolerance
    std::size_t worst = 0;
};

Distance distance(std::vector<BandBin> const& bins, std::vector<Interval> const& intervals,
                  double peak) {
    Distance d;
    for (std::size_t k = 0; k < bins.size(); ++k) {
        auto const& [lower, upper] = intervals[k];
        BinDensity const e(bins[k]);
        double const p = e.prediction;
        double const here = std::abs(e.value - p) / peak;
        if (here > d.value) {
            d.value = here;
            d.standard_error = e.standard_error / peak;
            d.worst = k;
        }
        d.lower = std::max({d.lower, (lower - p) / peak, (p - upper) / peak});
        d.upper = std::max({d.upper, (upper - p) / peak, (p - lower) / peak});
        double const half_width = std::max(upper - e.value, e.value - lower);
        d.detectable = std::max(
            d.detectable, detail::detectable_distance(half_width, e.standard_error,
                                                      bins[k].probability.degrees_of_freedom) /
                              peak);
    }
    return d;
}

/// Agreement needs every bin inside, disagreement one bin outside.
double more_for_band(std::vector<BandBin> const& bins, std::vector<Interval> const& intervals,
                     double allowed, bool inside) {
    double all = 0.0;
    double any = infinite;
    for (std::size_t k = 0; k < bins.size(); ++k) {
        auto const [value, standard_error, p] = BinDensity(bins[k]);
        bool const bin_inside = std::abs(value - p) < allowed;
        double more = 0.0;
        if (detail::decide(intervals[k], p - allowed, p + allowed) == Verdict::undecided) {
            more = detail::trajectories_to_decide(
                value, intervals[k], p - allowed, p + allowed,
                static_cast<double>(bins[k].probability.trajectories));
        }
        all = std::max(all, more);
        if (!bin_inside) any = std::min(any, more);
    }
    return inside ? all : any;
}

}  // namespace

std::vector<BandBin> band_bins(Density const& density, std::vector<double> const& predictions,
                               std::uint64_t trajectories, std::uint64_t snapshots_per_trajectory) {
    KRAMERS_EXPECTS(density.bins.size() == predictions.size());
    std::vector<BandBin> bins;
    for (std::size_t k = 0; k < density.bins.size(); ++k) {
        DensityBin const& b = density.bins[k];
        bool const plane = b.upper_y > b.lower_y;
        BandBin bin;
        bin.volume = (b.upper_x - b.lower_x) * (plane ? b.upper_y - b.lower_y : 1.0);
        bin.where = fmt::format("[{:.4g}, {:.4g})", b.lower_x, b.upper_x);
        if (plane) bin.where += fmt::format(" × [{:.4g}, {:.4g})", b.lower_y, b.upper_y);
        bin.prediction = predictions[k];
        Estimate& e = bin.probability;
        e.value = b.density * bin.volume;
        e.standard_error = b.standard_error * bin.volume;
        e.lower = b.lower * bin.volume;
        e.upper = b.upper * bin.volume;
        e.trajectories = trajectories;
        e.n_effective = static_cast<double>(trajectories);
        e.warning = density.warning;
        if (snapshots_per_trajectory == 1) {
            e.law = IntervalLaw::binomial;
            e.law_exposure = static_cast<double>(density.samples);
            e.law_events = std::round(e.value * e.law_exposure);
            e.degrees_of_freedom = infinite;
        }
        bins.push_back(std::move(bin));
    }
    return bins;
}

Comparison compare_band(ClaimSpec const& claim, int cell, std::vector<BandBin> const& bins,
                        Prediction const& prediction, double level) {
    KRAMERS_EXPECTS(!bins.empty() && level > 0.0 && level < 1.0 && claim.tolerance >= 0.0);
    double peak = 0.0;
    for (BandBin const& bin : bins) peak = std::max(peak, BinDensity(bin).prediction);
    double const bin_count = static_cast<double>(bins.size());
    auto intervals_at = [&](double family) {
        std::vector<Interval> intervals;
        double const bin_level = 1.0 - (1.0 - family) / bin_count;
        for (BandBin const& bin : bins) intervals.push_back(bin_interval(bin, bin_level));
        return intervals;
    };

    Comparison c;
    c.claim = claim;
    c.cell = cell;
    c.prediction = prediction;
    c.prediction.value = 0.0;
    c.family_level = level;
    c.estimate = bins.front().probability;
    c.estimate.law = IntervalLaw::student;
    c.estimate.leave_one_out.clear();
    c.estimate.method = "largest distance between the curves, in units of the predicted peak";
    if (!prediction.in_domain) {
        c.verdict = Verdict::out_of_domain;
        c.note = prediction.domain_note;
    } else if (!(peak > 0.0) || !std::all_of(bins.begin(), bins.end(), usable)) {
        c.verdict = Verdict::undecided;
        c.estimate.value = std::numeric_limits<double>::quiet_NaN();
        c.more_trajectories = infinite;
        c.note = "a bin has no estimate, or the predicted density has no peak";
    } else {
        auto const intervals = intervals_at(level);
        Distance const family = distance(bins, intervals, peak);
        Distance const usual = distance(bins, intervals_at(0.95), peak);
        c.estimate.value = family.value;
        c.estimate.standard_error = family.standard_error;
        c.estimate.lower = usual.lower;
        c.estimate.upper = usual.upper;
        c.family_interval = {family.lower, family.upper};
        c.pointwise_interval = {usual.lower, usual.upper};
        c.detectable = claim.tolerance + family.detectable;
        c.verdict = detail::decide(c.family_interval, 0.0, claim.tolerance);
        if (c.verdict == Verdict::undecided) {
            c.more_trajectories = more_for_band(bins, intervals, claim.tolerance * peak,
                                                family.value < claim.tolerance);
        }
        BinDensity const worst(bins[family.worst]);
        c.note = fmt::format("largest distance in {}: density {:.4g} ± {:.2g}, predicted {:.4g}",
                             bins[family.worst].where, worst.value, worst.standard_error,
                             worst.prediction);
    }
    c.passed = c.verdict == claim.expect;
    return c;
}

}  // namespace kramers
