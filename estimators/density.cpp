// SPDX-License-Identifier: Apache-2.0
#include "estimators/density.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "estimators/intervals.hpp"
#include "estimators/snapshot_sums.hpp"
#include "sde/contracts.hpp"

namespace kramers {
namespace {

/// Probability of an event counted per group, out of `samples` per group.
EstimateResult probability(SnapshotTally const& tally, PerGroup<Int128> const& events,
                           PerGroup<Int128> const& samples) {
    if (detail::informative(samples) < 2) {
        return {.estimate = {}, .reason = "samples in fewer than 2 groups give no error bar"};
    }
    auto e = jackknife_ratio(events, samples, 1.0, "share of samples, jackknife over 64 groups");
    detail::describe_sample(e, tally);
    if (tally.snapshots_per_trajectory == 1) {
        e.method = "share of trajectories, Clopper-Pearson interval";
        e.law = IntervalLaw::binomial;
        e.law_events = static_cast<double>(detail::total(events));
        e.law_exposure = static_cast<double>(detail::total(samples));
        e.standard_error =
            std::sqrt(std::fmax(e.value * (1.0 - e.value), 1.0 / e.law_exposure) / e.law_exposure);
        e.degrees_of_freedom = std::numeric_limits<double>::infinity();
        e.n_effective = e.law_exposure;
        set_interval(e);
    }
    return {.estimate = std::move(e), .reason = {}};
}

/// Interval of a bin's probability: see the docstring of density() about rare bins.
Interval bin_interval(Estimate const& e, int groups_seen, double level) {
    auto interval = interval_at(e, level);
    if (e.law == IntervalLaw::binomial) return interval;
    if (groups_seen < group_count / 2) {
        auto const n = static_cast<double>(e.trajectories);
        auto const wide = clopper_pearson(e.value * n, n, level);
        interval.lower = std::min(interval.lower, wide.lower);
        interval.upper = std::max(interval.upper, wide.upper);
    }
    return {.lower = std::max(interval.lower, 0.0), .upper = std::min(interval.upper, 1.0)};
}

struct Cell {
    PerGroup<Int128> events{};
    double probability = 0.0;
};

/// Bins pooled in order until each cell has at least `smallest` probability; the rest of the space
/// (outside the range) is the first part of the first cell.
std::vector<Cell> pool(SnapshotTally const& tally, std::size_t histogram,
                       std::vector<double> const& probabilities, double smallest) {
    double inside = 0.0;
    for (double const p : probabilities) inside += p;
    std::vector<Cell> cells;
    Cell open;
    auto const add = [&](PerGroup<Int128> const& events, double p) {
        for (std::size_t g = 0; g < events.size(); ++g) open.events[g] += events[g];
        open.probability += p;
        if (open.probability >= smallest) cells.push_back(std::exchange(open, Cell{}));
    };
    auto const outside = [&](SnapshotGroup const& g) { return g.outside[histogram]; };
    add(detail::per_group(tally, outside), std::max(0.0, 1.0 - inside));
    for (std::size_t b = 0; b < probabilities.size(); ++b) {
        auto const bin = [&](SnapshotGroup const& g) { return g.histograms[histogram][b]; };
        add(detail::per_group(tally, bin), probabilities[b]);
    }
    if (!cells.empty()) {  // what is left joins the last cell
        for (std::size_t g = 0; g < open.events.size(); ++g)
            cells.back().events[g] += open.events[g];
        cells.back().probability += open.probability;
    }
    return cells;
}

void chi_squared_test(std::vector<Cell> const& cells, double samples, GoodnessOfFit& result) {
    result.method = "chi-squared, independent samples";
    for (auto const& cell : cells) {
        double const expected = samples * cell.probability;
        double const excess = static_cast<double>(detail::total(cell.events)) - expected;
        result.statistic += excess * excess / expected;
    }
    result.degrees_of_freedom = static_cast<double>(cells.size() - 1);
    result.p_value = chi_squared_p(result.statistic, result.degrees_of_freedom);
}

void group_test(std::vector<Cell> const& cells, PerGroup<Int128> const& samples,
                GoodnessOfFit& result) {
    result.method = "largest |t| over cells from the spread of 64 groups, Bonferroni";
    for (auto const& cell : cells) {
        auto const e = jackknife_ratio(cell.events, samples, 1.0, {});
        double const difference = std::abs(e.value - cell.probability);
        double const t = e.standard_error > 0.0 ? difference / e.standard_error
                         : difference > 1e-12   ? std::numeric_limits<double>::infinity()
                                                : 0.0;
        result.degrees_of_freedom = e.degrees_of_freedom;
        result.statistic = std::max(result.statistic, t);
    }
    double const single = student_p(result.statistic, result.degrees_of_freedom);
    result.p_value = std::min(1.0, single * static_cast<double>(cells.size()));
}

}  // namespace

Density density(SnapshotTally const& tally, std::size_t histogram, BinAxis const& axis_x,
                std::optional<BinAxis> const& axis_y) {
    auto const rows = static_cast<std::size_t>(axis_x.bins);
    auto const columns = static_cast<std::size_t>(axis_y ? axis_y->bins : 1);
    Density result;
    auto const samples = detail::per_group(tally, [](SnapshotGroup const& g) { return g.samples; });
    result.samples = static_cast<std::uint64_t>(detail::total(samples));
    auto const count = static_cast<double>(rows * columns);
    double const size = axis_x.width() * (axis_y ? axis_y->width() : 1.0);
    for (std::size_t b = 0; b < rows * columns; ++b) {
        auto const events = detail::per_group(tally, [&](SnapshotGroup const& g) {
            KRAMERS_EXPECTS(g.histograms[histogram].size() == rows * columns);
            return g.histograms[histogram][b];
        });
        auto const share = probability(tally, events, samples);
        if (!share.estimate) {
            result.warning = share.reason;
            return result;
        }
        auto const& e = *share.estimate;
        result.method = e.method + "; band: Bonferroni over the bins";
        result.warning = e.warning;
        auto const pointwise = bin_interval(e, detail::informative(events), 0.95);
        auto const band = bin_interval(e, detail::informative(events), 1.0 - 0.05 / count);
        DensityBin bin;
        auto const i = static_cast<double>(b / columns);
        bin.lower_x = axis_x.lower + i * axis_x.width();
        bin.upper_x = axis_x.lower + (i + 1.0) * axis_x.width();
        if (axis_y) {
            auto const j = static_cast<double>(b % columns);
            bin.lower_y = axis_y->lower + j * axis_y->width();
            bin.upper_y = axis_y->lower + (j + 1.0) * axis_y->width();
        }
        bin.density = e.value / size;
        bin.standard_error = e.standard_error / size;
        bin.lower = pointwise.lower / size;
        bin.upper = pointwise.upper / size;
        bin.band_lower = band.lower / size;
        bin.band_upper = band.upper / size;
        result.bins.push_back(bin);
    }
    auto const outside =
        detail::per_group(tally, [&](SnapshotGroup const& g) { return g.outside[histogram]; });
    result.outside = static_cast<double>(detail::total(outside)) /
                     static_cast<double>(std::max<std::uint64_t>(result.samples, 1));
    return result;
}

GoodnessOfFit goodness_of_fit(SnapshotTally const& tally, std::size_t histogram,
                              std::vector<double> const& probabilities) {
    GoodnessOfFit result;
    auto const counts = detail::per_group(tally, [](SnapshotGroup const& g) { return g.samples; });
    auto const samples = static_cast<double>(detail::total(counts));
    bool const independent = tally.snapshots_per_trajectory == 1;
    double const smallest = (independent ? 5.0 : 20.0 * group_count) / std::max(samples, 1.0);
    auto const cells = pool(tally, histogram, probabilities, smallest);
    result.cells = cells.size();
    if (cells.size() < 2 || detail::informative(counts) < 2) {
        result.reason = "too few samples (" + std::to_string(static_cast<std::uint64_t>(samples)) +
                        ") to test a density; use more trajectories or coarser bins";
        return result;
    }
    if (independent) {
        chi_squared_test(cells, samples, result);
    } else {
        group_test(cells, counts, result);
    }
    return result;
}

EstimateResult region_weight(SnapshotTally const& tally, std::size_t index) {
    return probability(
        tally, detail::per_group(tally, [&](SnapshotGroup const& g) { return g.regions[index]; }),
        detail::per_group(tally, [](SnapshotGroup const& g) { return g.samples; }));
}

}  // namespace kramers
