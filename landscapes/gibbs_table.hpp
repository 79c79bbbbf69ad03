// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sde/theory/potential.hpp"

namespace kramers {

/// Inverse distribution function of the density ∝ exp(−V_i(x)/T) on [lower, upper], tabulated at
/// u = 0, 1/(K−1), …, 1 for linear interpolation (StartKind::quantile_table), by panel quadrature.
///
///   lower, upper  may be ∓∞: the end entry is then placed so that the end cell has the exact mean
///                 of its tail
///   entries       K ≥ 3. Interpolation makes the density piecewise constant on cells of mass
///                 1/(K−1)
/// Preconditions: a separable potential, T > 0, lower < upper, V_i growing towards infinite ends.
std::vector<double> gibbs_quantiles(Potential const& potential, int coordinate, double temperature,
                                    double lower, double upper, int entries);

}  // namespace kramers
