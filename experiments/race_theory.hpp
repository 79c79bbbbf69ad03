// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "experiments/spec.hpp"

namespace kramers {

/// What theory says about a cell of a race; nothing where no formula applies. Times are gradient
/// evaluations.
struct RaceTheory {
    std::optional<double> mean_time;  ///< mean time to the goal at the first step's temperature
    std::optional<double> arrival;    ///< P(has been in the goal by the end)
    std::optional<double> restricted_time;  ///< E min(time to the goal, all evaluations)
    std::optional<double> success;          ///< P(ends in the goal)
    std::optional<double> weight;           ///< Gibbs weight of the goal: success after very long
};

/// Optimizers whose limit is overdamped at a temperature, which under a schedule follows the
/// squared amplitude; in one dimension or on separable landscapes, on which coordinates move
/// independently:
///
///   success    product over coordinates of P(in the goal), from Fokker–Planck (S58, E10)
///   mean_time  d = 1: exact; else between wells at Kramers' rates, where barrier/T ≥ 2 (E12, E15)
///   arrival    adiabatic: 1 − exp(−∫ dt/τ(T(t))) with that time τ(T)
///
/// None of these where the step of the limit × the curvature of the start's well exceeds 1. For
/// kicks that are taken back arrival is smoothed_arrival(). In a level widening valley instead the
/// drift along its floor, valley_theory().
///
/// Source      kurkijarvi1972 (arrival), bovier2004 (rates)
/// Valid for   learning rate × curvature ≪ 1; arrival: τ(T(t)) much longer than a relaxation time
///             and than that over which T halves
RaceTheory race_theory(Cell const& cell);

/// The floor coordinate u of a valley ½h(u)v² averaged over v (S19, S50): du = −½h′⟨v²⟩dt + √(2D)dW
/// until a half-space along the floor is met, with ⟨v²⟩ and D of
///
///   white noise c              ηc/(h(2 − ηh))    ηc/2       (momentum: T/h, T)
///   proportional to the Hessian  ηδ²/(2 − ηh)    ηδ² floor/2
///   independent kicks s        s²/(ηh(2 − ηh))   s²/(2η)
///   kicks taken back, s        2s²/(2 − ηh)      0: a steady drift, and one kick beside it
///
/// Gives arrival and restricted_time; for kicks taken back also success.
///
/// Source      orvieto2022; S50
/// Valid for   u slow beside v
RaceTheory valley_theory(Cell const& cell);

/// The standard deviation s of kicks of the iterate that are taken back at the next step; nothing
/// for other noise.
std::optional<double> kick_deviation(Cell const& cell);

/// Kicks that are taken back spread the iterate by 2s²/(2 − ηh), h the curvature of the start's
/// well, and descent is on the potential smoothed by it: 1 where that leads from the start to the
/// goal in every coordinate, 0 where a well is left in between. A threshold, without what is
/// activated below.
///
/// Source      orvieto2022 (S19), an1996 (S57)
std::optional<double> smoothed_arrival(Cell const& cell);

}  // namespace kramers
