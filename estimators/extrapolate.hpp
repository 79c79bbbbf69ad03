// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "estimators/estimate.hpp"

namespace kramers {

/// One rung of a ladder of time steps: the same ensemble (seed, ids, driving noise) at step dt.
struct Rung {
    double dt = 0.0;
    Estimate estimate;
};

/// A ladder split into what is statistics and what is discretisation.
struct Extrapolation {
    Estimate limit;                      ///< value at dt → 0 with its statistical error
    std::vector<Estimate> coefficients;  ///< of dt^p, in the order of `orders`
    Estimate bias;                       ///< of the finest rung: its value minus the limit
    std::vector<double> residuals;       ///< value minus fit, per rung; 0 without spare rungs
    double lack_of_fit_p =
        1.0;  ///< small: these orders do not describe the rungs (1: no spare rung)
};

/// Extrapolates a ladder to dt → 0.
///
///   value(dt) = c_0 + Σ_k c_k dt^{p_k}
///
/// With as many rungs as coefficients the weights are Richardson's; with more, least squares with
/// equal weights. Either way c is a fixed linear combination of the rungs, so its error is the
/// jackknife of that combination: noise that the rungs share cancels as far as it can.
///
/// Parameters  rungs   at least orders.size() + 1, distinct dt, all with leave-one-out values
///             orders  p_k > 0, distinct: {1} for weak order 1; {½, 1} for a passage seen at step ends
///                     (E47)
/// Error       statistical: delete-one-group jackknife, Student. Systematic: the first term left out,
///             of the size shown by the residuals; the extrapolated limit has a larger statistical
///             error than the finest rung (by about 2 for dt, 2dt and order 1 without coupling)
/// Source      richardson1927; talay1990; efron1982
Extrapolation extrapolate(std::vector<Rung> const& rungs, std::vector<double> const& orders);

}  // namespace kramers
