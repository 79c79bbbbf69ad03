// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/theory/mean_first_passage.hpp"

namespace kramers::theory {

/// How the chain is seen to arrive.
enum class Detection {
    endpoint,  ///< when a step ends beyond an absorbing end
    bridge,  ///< also with probability e^{−2(b−x)(b−y)/(2T dt)} for a step from x to y short of b
};

/// Mean passage time dt·E[N] of the Euler–Maruyama chain itself, N the step in which it arrives.
///
///   x' = x − V′(x) dt + √(2T dt) z,   u = 1 + ∫ K(·, y) u(y) dy,   dt·E[N] = dt·u(start)
///   K(x, y) = normal density of y around x − V′(x) dt, times 1 − e^{−2(b−x)(b−y)/(2T dt)} for
///   every absorbing end b under bridge detection (two walls: the product of both)
///
/// Shape       x ∈ R; one or two absorbing ends
/// Parameters  dt  step, time
/// Facts       end-of-step stamps: with exact detection dt·E[N] = τ + dt/2 + O(dt²) (E49), so
///             subtract dt/2 before comparing with continuous time
/// Valid for   dt max|V″| < 2 where the mass is. The natural boundary is cut as in
///             mean_first_passage and stepping over the cut counts as arriving (e^{−42})
/// Error       Nyström quadrature, spectral; conditioning loses about log10(τ/dt) digits of 16.
///             `error` compares two resolutions
/// Cost        ~4 nodes per noise width w = √(2T dt). K holds nothing (2e-19) beyond 9 w of the next
///             mean, so that its rows are short: n noise widths cost ~n 40² operations; at most 4e9,
///             else a reason
/// Source      gobet2010 (E47, E49); Nyström: atkinson1997 (E69)
Quadrature discrete_passage(Passage const& passage, double dt, Detection detection);

/// Coefficient a of the leading bias of endpoint detection, τ_dt = τ (1 + a √dt + O(dt)).
///
///   a = β √(2T) · (dτ/dc)/τ,  β = −ζ(½)/√(2π) = 0.5826: the end acts as if displaced by β√(2T dt)
///
/// Facts       to a saddle as T → 0: a → β √(4|V″(s)|/π); to a target well beyond it: a → 0
/// Valid for   √(2T dt) well below the scale on which V changes; 1/√time
/// Error       exact in T up to quadrature; the next order in dt is not in it
/// Source      broadie1997; gobet2010 (E47)
Quadrature grid_detection(Passage const& passage);

/// The T → 0 form β √(4|V″(s)|/π) for a target at the saddle; 1/√time. Error O(√T) relative.
double grid_detection_at_saddle(double saddle_curvature);

}  // namespace kramers::theory
