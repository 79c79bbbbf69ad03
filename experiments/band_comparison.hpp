// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "estimators/density.hpp"
#include "experiments/comparison.hpp"

namespace kramers {

/// One bin of a histogram with what theory says of it.
struct BandBin {
    std::string where;        ///< for notes: "[0.1, 0.2)"
    double volume = 1.0;      ///< width (1-D) or area (2-D): density = probability / volume
    Estimate probability;     ///< that a sample lies in the bin; `trajectories` set
    double prediction = 0.0;  ///< exact probability of the bin (not its width times a density)
};

/// The bins of an estimated density with their predicted probabilities, in the same order.
std::vector<BandBin> band_bins(Density const& density, std::vector<double> const& predictions,
                               std::uint64_t trajectories, std::uint64_t snapshots_per_trajectory);

/// A whole curve against a predicted curve, as one claim.
///
///   D = max_k |f_k − p_k| / max_k p_k        f_k: true mean density of bin k, p_k: predicted
///
/// D is the largest vertical distance between the two curves in units of the predicted peak: what
/// one sees in the figure. The claim is D ≤ tolerance.
///
/// Each bin gets an interval [l_k, u_k] at level 1 − (1 − level)/K (Bonferroni over K bins). If all
/// of them cover f_k (probability ≥ level, whatever the dependence between bins), D lies between
///
///   D_lower = max_k dist(p_k, [l_k, u_k]) / peak
///   D_upper = max_k max(u_k − p_k, p_k − l_k) / peak
///
/// so [D_lower, D_upper] is an interval for D with guaranteed level, without a bias correction, and
/// the verdict is the usual one with the band [0, tolerance]. An integrated distance (total
/// variation, L2) would need the bias of its plug-in value removed and its law bootstrapped to say
/// as much.
///
/// In the result: prediction.value = 0, estimate.value = D of the observed f_k (biased upwards by
/// noise: a maximum; the interval is not), standard_error that of the bin where it is attained,
/// tolerance and detectable in units of the peak.
///
/// Valid for   binomial bins (one snapshot per trajectory: Clopper–Pearson) or group-wise standard
///             errors. A bin that fewer than 5 trajectories per group are predicted to fill has too
///             skewed a scatter for Student's law (none at all when it is empty); its interval is
///             the wider of that and Clopper–Pearson with one effective sample per trajectory.
///             Blind to relative errors in tails far below the peak: claim the weight of a region
///             for those.
Comparison compare_band(ClaimSpec const& claim, int cell, std::vector<BandBin> const& bins,
                        Prediction const& prediction, double level);

}  // namespace kramers
