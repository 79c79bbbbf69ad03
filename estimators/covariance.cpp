// SPDX-License-Identifier: Apache-2.0
#include "estimators/covariance.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "estimators/intervals.hpp"
#include "estimators/snapshot_sums.hpp"

namespace kramers {
namespace {

using detail::per_group;

/// Samples behind the moments of a group.
std::uint64_t moment_samples(SnapshotGroup const& g) { return g.samples - g.overflowed; }

PerGroup<Int128> first_moments(SnapshotTally const& tally, int i) {
    return per_group(tally, [i](SnapshotGroup const& g) {
        return g.first[static_cast<std::size_t>(i)].units();
    });
}

/// ⟨products⟩ − ⟨a⟩⟨b⟩ with its jackknife value and error; all sums in units of 2^-40.
EstimateResult product_minus_means(SnapshotTally const& tally, PerGroup<Int128> const& products,
                                   PerGroup<Int128> const& pairs, PerGroup<Int128> const& a,
                                   PerGroup<Int128> const& b) {
    auto const samples = per_group(tally, moment_samples);
    if (detail::informative(pairs) < 2) {
        return {.estimate = {}, .reason = "samples in fewer than 2 groups give no error bar"};
    }
    auto const value = [&](Int128 product, Int128 pair, Int128 sum_a, Int128 sum_b, Int128 n) {
        auto const mean = [](Int128 sum, Int128 count) {
            return static_cast<double>(sum) / FixedSum::scale / static_cast<double>(count);
        };
        return tally.moment_scale * tally.moment_scale *
               (mean(product, pair) - mean(sum_a, n) * mean(sum_b, n));
    };
    auto const product = detail::total(products), pair = detail::total(pairs);
    auto const sum_a = detail::total(a), sum_b = detail::total(b), n = detail::total(samples);
    std::vector<double> leave_one_out;
    double mean_of_rest = 0.0;
    for (std::size_t g = 0; g < products.size(); ++g) {
        leave_one_out.push_back(value(product - products[g], pair - pairs[g], sum_a - a[g],
                                      sum_b - b[g], n - samples[g]));
        mean_of_rest += leave_one_out.back() / group_count;
    }
    double const pooled = value(product, pair, sum_a, sum_b, n);
    double const corrected = pooled + (group_count - 1) * (pooled - mean_of_rest);
    auto e = jackknife_estimate(corrected, std::move(leave_one_out), detail::informative(pairs),
                                "pooled moments, jackknife over 64 groups");
    detail::describe_sample(e, tally);
    return {.estimate = std::move(e), .reason = {}};
}

}  // namespace

EstimateResult mean_coordinate(SnapshotTally const& tally, int i) {
    auto const samples = per_group(tally, moment_samples);
    if (detail::informative(samples) < 2) {
        return {.estimate = {}, .reason = "samples in fewer than 2 groups give no error bar"};
    }
    auto e = jackknife_ratio(first_moments(tally, i), samples, tally.moment_scale / FixedSum::scale,
                             "pooled mean, jackknife over 64 groups");
    auto const index = static_cast<std::size_t>(i);
    double const origin = index < tally.origin.size() ? tally.origin[index] : 0.0;
    e.value += origin;
    for (double& v : e.leave_one_out) v += origin;
    set_interval(e);
    detail::describe_sample(e, tally);
    return {.estimate = std::move(e), .reason = {}};
}

EstimateResult covariance(SnapshotTally const& tally, int i, int j) {
    auto const row = static_cast<std::size_t>(std::max(i, j));
    auto const index = row * (row + 1) / 2 + static_cast<std::size_t>(std::min(i, j));
    auto const products =
        per_group(tally, [index](SnapshotGroup const& g) { return g.second[index].units(); });
    return product_minus_means(tally, products, per_group(tally, moment_samples),
                               first_moments(tally, i), first_moments(tally, j));
}

EstimateResult autocovariance(SnapshotTally const& tally, int i, int j, std::size_t k) {
    auto const dim = static_cast<std::size_t>(tally.dim);
    auto const index = (k * dim + static_cast<std::size_t>(i)) * dim + static_cast<std::size_t>(j);
    bool const recorded =
        std::all_of(tally.groups.begin(), tally.groups.end(), [&](SnapshotGroup const& g) {
            return index < g.lagged.size() && k < g.lagged_samples.size();
        });
    if (!recorded) {
        return {.estimate = {},
                .reason = "lag " + std::to_string(k) + " was not recorded; ask for lagged moments"};
    }
    auto const products =
        per_group(tally, [index](SnapshotGroup const& g) { return g.lagged[index].units(); });
    auto const pairs =
        per_group(tally, [k](SnapshotGroup const& g) { return g.lagged_samples[k]; });
    return product_minus_means(tally, products, pairs, first_moments(tally, i),
                               first_moments(tally, j));
}

}  // namespace kramers
