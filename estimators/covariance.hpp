// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "estimators/estimate.hpp"
#include "estimators/tallies/snapshots.hpp"

namespace kramers {

/// Mean of coordinate i, in its own unit (length).
///
///   ⟨x_i⟩ = origin_i + scale · Σ y_i / n,   y = (x − origin)/scale
///
/// Valid for   any number of snapshots per trajectory: the error bar is the spread of the groups
/// Error       delete-one-group jackknife, Student; samples whose |y| overflowed are missing, which
///             the warning says
/// Source      efron1982
EstimateResult mean_coordinate(SnapshotTally const& tally, int i);

/// Covariance of coordinates i and j (length²), pooled over all snapshots.
///
///   C_ij = scale² · ( Σ y_i y_j / n − Σ y_i Σ y_j / n² ),   less its jackknife bias
///
/// The bias −C/n_eff of the pooled formula holds an unknown effective number of samples; the
/// jackknife removes it without a model of the correlation (for independent samples in equal groups
/// this is exactly the n/(n − 1) factor).
///
/// Valid for   any number of snapshots per trajectory
/// Error       delete-one-group jackknife, Student with 63 degrees of freedom
/// Source      efron1982
EstimateResult covariance(SnapshotTally const& tally, int i, int j);

/// Autocovariance E[x_i(0) x_j(lag)] − E x_i E x_j (length²) at the lag of snapshot k (k strides; 0 is
/// the covariance at the first snapshot). The means are over all snapshots.
///
/// Valid for   stationary ensembles (otherwise the means differ between the two times)
/// Error       delete-one-group jackknife, bias removed as in covariance()
EstimateResult autocovariance(SnapshotTally const& tally, int i, int j, std::size_t k);

}  // namespace kramers
