// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "sde/theory/profile.hpp"

namespace kramers::theory {

/// A one-dimensional passage problem: dX = −V′ dt + √(2T) dW from `start` to an absorbing end.
struct Passage {
    Profile profile;
    double temperature = 1.0;     ///< T > 0, energy
    double start = 0.0;           ///< length
    std::optional<double> lower;  ///< absorbing end below the start; none: natural boundary
    std::optional<double> upper;  ///< absorbing end above the start; none: natural boundary
};

/// A number with the relative error its own refinement shows. Empty reason: usable.
struct Quadrature {
    double value = 0.0;
    double log_value = 0.0;
    double error = 0.0;  ///< relative: change when the panels are doubled, plus rounding
    std::string reason;
};

/// Mean time to reach an absorbing end.
///
///   one end c above   τ(x) = (1/T) ∫_x^c e^{V(y)/T} ∫_{−∞}^y e^{−V(z)/T} dz dy
///   two ends l, r     τ(x) = [S(r)−S(x)]/S(r) ∫_l^x S m dy + S(x)/S(r) ∫_x^r [S(r)−S] m dy,
///                     S(y) = ∫_l^y e^{V/T}, m = e^{−V/T}/T
///
/// Shape       x ∈ R; any V that confines on the sides that do not absorb
/// Valid for   any barrier up to 690 T (times up to 1e300): exponentials are scaled by the extremes
///             of V
/// Error       quadrature, 13–15 digits; natural boundary cut where (V − V_min)/T ≥ 42
/// Cost        5120 to 80 000 evaluations of V
/// Source      gardiner2009, section 5.5 (E2, E3)
Quadrature mean_first_passage(Passage const& passage);

/// E τ² of the same passage: τ₂ solves L τ₂ = −2 τ (E5). Time².
Quadrature second_moment(Passage const& passage);

/// P(the upper end is reached before the lower): ∫_l^x e^{V/T} / ∫_l^r e^{V/T} (E4).
/// Precondition: both ends given.
Quadrature exit_above(Passage const& passage);

/// Rate of absorption from the quasi-stationary law, λ₁: what arrivals per unit time settle to.
/// Inverse iteration with the Green operator of E2/E3 and a Rayleigh quotient (E63, E66).
/// For an even V and the end at its centre this is the spectral gap on the line (E12).
/// Source      bovier2004; berglund2013
Quadrature quasi_stationary_rate(Passage const& passage);

/// d τ / d(outward displacement of every absorbing end), relative to τ; 1/length. The response that
/// grid-time detection excites (E47). One end: e^{V(c)/T} ∫_{−∞}^c e^{−V/T} / (T τ).
Quadrature boundary_response(Passage const& passage);

}  // namespace kramers::theory
