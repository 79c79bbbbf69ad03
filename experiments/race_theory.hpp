// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "experiments/spec.hpp"

namespace kramers {

/// What theory says about a cell of a race; nothing where no formula applies.
struct RaceTheory {
    std::optional<double> mean_time;  ///< exact mean time to the goal at the first step's
                                      ///< temperature, in gradient evaluations
    std::optional<double> arrival;  ///< adiabatic: 1 − exp(−∫ dt / τ(T(t))) with that time τ(T)
    std::optional<double> weight;  ///< Gibbs weight of the goal: success after very long
};

/// Optimizers whose limit is overdamped at a temperature, in one dimension (mean_time, arrival) or
/// on separable landscapes (weight). Under a schedule the temperature follows the squared amplitude,
/// and `arrival` takes the escape rate to follow it at once (E10 with T(t)).
///
/// Source      kurkijarvi1972
/// Valid for   arrival: τ(T(t)) much longer than a relaxation time and than that over which T halves
RaceTheory race_theory(Cell const& cell);

}  // namespace kramers
