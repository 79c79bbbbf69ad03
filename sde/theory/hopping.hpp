// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sde/theory/potential.hpp"

namespace kramers::theory {

/// One coordinate of a separable potential at small T: a chain of wells between which it hops at
/// Kramers' rates √(V″(a)|V″(s)|)/(2π) exp(−ΔV/T).
struct WellChain {
    std::vector<double> minima, saddles;  ///< ascending; saddles[k] lies above minima[k]
    std::vector<double> up, down;         ///< rates k → k + 1 and k + 1 → k
    double lowest_barrier = 0.0;          ///< over which it hops at all
    int well_of(double x) const;          ///< the well whose basin holds x
};

/// The wells of coordinate i that have their minimum in [lower, upper].
///
/// Valid for   barriers ≫ T
/// Error       O(T) relative
/// Source      kramers1940 (E12)
WellChain find_wells(Potential const& potential, int i, double lower, double upper,
                     double temperature);

/// Mean time until all coordinates are in their goal wells at once. Coordinates hop independently, so
/// P_t(x → goal) is a product and, with its limit π,
///
///   E_x τ = (1/π) ∫₀^∞ [P_t(goal → goal) − P_t(x → goal)] dt
///
/// exactly, whatever the dimension. `touch`: until the boundary of the goal's basin is met, which is a
/// hop after which either side follows with probability ½: E_x τ − ½ E_e τ, e the wells beside the
/// goal, weighted by the flux to them (exact if they are equivalent by symmetry).
///
/// Source      kemeny1976 (mean hitting times from P_t); E12 (half at the saddle)
double hopping_time(std::vector<WellChain> const& chains, std::vector<int> const& start,
                    std::vector<int> const& goal, bool touch);

}  // namespace kramers::theory
