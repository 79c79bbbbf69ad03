// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sde/theory/mean_first_passage.hpp"
#include "sde/theory/potential.hpp"

namespace kramers::theory {

/// An asymptotic mean passage time with an envelope of what it leaves out.
struct Asymptotic {
    double value = 0.0;
    double error = 0.0;    ///< relative
    double barrier = 0.0;  ///< lowest V(s) − V(a) on the way out, energy
    bool in_domain = true;
    std::string domain_note;  ///< the failed test with its numbers
    std::string reason;       ///< non-empty: does not apply
};

/// Kramers' mean time from the minimum a of the start's well to a target beyond or at the saddle s.
///
///   τ = 2π / √(V″(a) |V″(s)|) · e^{ΔV/T} · Φ(y √(|V″(s)|/T)),   y = target − s along the way out
///
/// Shape       x ∈ R; one end, or two ends around a single well (the two rates add)
/// Facts       a target at or beyond the next minimum has Φ = 1; a target at s has Φ = ½, half
///             the time (E12)
///             several wells before the target: the sum over pairs (well, later saddle) that
///             Laplace's method gives for E2
/// Valid for   ΔV/T ≥ 2; start in the well, below half of the barrier; non-degenerate a and s;
///             y ≥ −½√(T/|V″(s)|); `error` ≤ 1
/// Error       O(T) beyond the saddle, O(√T) at it unless V‴(s) = 0. `error` = |first neglected
///             term| + the error of the corrected formula, from derivatives at a and s
/// Source      kramers1940; berglund2013 (E12, E13)
Asymptotic kramers_time(Passage const& passage);

/// Kramers' time with its first correction.
///
///   τ [1 + (c_a + c_s) T]
///   c_a = 5V‴²/(24V″³) − V⁗/(8V″²) at a,  c_s = 5V‴²/(24|V″|³) + V⁗/(8V″²) at s
///   and, for a target near s, the incomplete Gaussian moments of laplace_terms (to the saddle:
///   ½τ[1 − (V‴(s)/3)√(2T/π)|V″(s)|^{−3/2} + O(T)], the well below)
///
/// Valid for   as kramers_time, and |first correction| ≤ ½
/// Error       O(T²) beyond the saddle, O(T^{3/2}) at it. `error` = 2 max(|next term|, square of
///             the first correction) + e^{−ΔV/T}: on the quartic twice the T² term bounds the
///             remainder from ΔV/T = 2 on; the last term stands for the relaxation inside the wells,
///             which no power of T contains
/// Source      berglund2013; bender1999 (E14)
Asymptotic kramers_time_corrected(Passage const& passage);

/// Eyring–Kramers rate through one saddle, to leave the well of minimum a for good.
///
///   k = |λ₋|/(2π) · √(det H_a / |det H_s|) · e^{−ΔV/T}
///
/// Shape       x ∈ R^d, d ≥ 1
/// Facts       parallel saddles: their rates add (E16)
/// Valid for   non-degenerate a (index 0) and s (index 1), ΔV/T ≥ 2
/// Error       O(T) for smooth V
/// Source      bovier2004, theorem 3.2; berglund2013 (E15)
double eyring_kramers_rate(CriticalPoint const& minimum, CriticalPoint const& saddle,
                           double temperature);

/// 1 / Σ rates: the mean time when several independent ways out compete (E16).
Asymptotic competing(std::vector<Asymptotic> const& ways);

}  // namespace kramers::theory
