// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "estimators/estimate.hpp"
#include "estimators/tallies/snapshots.hpp"

namespace kramers {

/// Equal bins over [lower, upper).
struct BinAxis {
    double lower = 0.0;
    double upper = 1.0;
    int bins = 1;
    double width() const { return (upper - lower) / bins; }
};

struct DensityBin {
    double lower_x = 0.0, upper_x = 0.0;
    double lower_y = 0.0, upper_y = 0.0;  ///< both 0 in one dimension
    double density = 0.0;                 ///< probability of the bin over its length or area
    double standard_error = 0.0;
    double lower = 0.0, upper = 0.0;            ///< pointwise 95 %
    double band_lower = 0.0, band_upper = 0.0;  ///< simultaneous 95 % over all bins
};

struct Density {
    std::vector<DensityBin> bins;  ///< row-major, x slow
    double outside = 0.0;          ///< share of the samples out of range
    std::uint64_t samples = 0;
    std::string method;
    std::string warning;
};

/// Histogram density over one coordinate, or two when axis_y is given.
///
///   p̂_b = count_b / samples (in range or not), density = p̂_b / bin size
///
/// Valid for   one snapshot per trajectory: counts are multinomial, Clopper–Pearson intervals.
///             Several: successive snapshots are correlated, so the spread of the 64 groups is used
///             (delete-one-group jackknife, Student). A bin seen in fewer than half of the groups
///             has no reliable spread; it gets the wider of that and Clopper–Pearson with one
///             effective sample per trajectory, which cannot be too narrow.
/// Error       band: Bonferroni over the bins. It covers the bin averages of the density; the bias
///             in dt and the variation inside a bin are not in it.
/// Source      clopper1934; efron1982
Density density(SnapshotTally const& tally, std::size_t histogram, BinAxis const& axis_x,
                std::optional<BinAxis> const& axis_y = {});

struct GoodnessOfFit {
    double p_value = 1.0;
    double statistic = 0.0;           ///< χ², or the largest |t|
    double degrees_of_freedom = 0.0;  ///< of χ², or of each t
    std::size_t cells = 0;            ///< after pooling
    std::string method;
    std::string reason;  ///< set when nothing could be tested
};

/// Test of a histogram against the probabilities of its bins (what is left of 1 lies outside).
///
/// Bins are pooled in order until each cell expects enough samples (by the prediction and the sample
/// size alone, so the cells are fixed before the data). One snapshot per trajectory: Pearson's χ²
/// with cells − 1 degrees of freedom, ≥ 5 expected per cell. Several: one t statistic per cell from
/// the 64 groups, Bonferroni over the cells, ≥ 20 expected per group and cell; χ² on correlated
/// counts would reject a true density almost surely.
///
/// Valid for   probabilities that contain the bias in dt, or dt so small that it is below the noise
GoodnessOfFit goodness_of_fit(SnapshotTally const& tally, std::size_t histogram,
                              std::vector<double> const& probabilities);

/// Stationary probability of region `index`: samples inside over samples. Clopper–Pearson with one
/// snapshot per trajectory, else the jackknife over the groups.
EstimateResult region_weight(SnapshotTally const& tally, std::size_t index);

}  // namespace kramers
