// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

/// The conventions of the mathematics, in one place.
///
///   Overdamped   dX = −∇V dt + √(2T) dW             T: temperature (energy), Itô throughout
///   Kinetic      dX = v dt, dv = −∇V dt − γv dt + √(2γT) dW, unit mass
///   General      dX = b dt + √(2D) dW               D: diffusion tensor
///
/// The strength of noise is always the temperature T or the tensor D, never a bare σ or ε. Other
/// texts: with σ dW, T = σ²/2; with √ε dW, T = ε/2; with D^{1/2} dW, D_theirs = 2 D_ours.
/// Time is an integer step index times dt. An optimizer's clock is its iteration k; SGD's limit
/// runs on t = η k.
namespace kramers {

struct LearningRate {
    double value;
};  ///< η, unit length²/energy
struct BatchSize {
    double value;
};  ///< B ≥ 1
struct GradientVariance {
    double value;
};  ///< σ², variance of one sample's gradient per coordinate, (energy/length)²
struct Temperature {
    double value;
};  ///< T, energy

/// T = η σ² / (2B): temperature of the first-order limit of SGD with isotropic gradient noise.
/// Source: Li, Tai, E, arXiv:1511.06251; Mandt et al., arXiv:1704.04289.
inline Temperature temperature_from(LearningRate eta, BatchSize batch, GradientVariance variance) {
    return {eta.value * variance.value / (2.0 * batch.value)};
}

/// Time t = η k of SGD's limit SDE after k iterations.
inline double sgd_time(LearningRate eta, double iterations) { return eta.value * iterations; }

/// T = σ²/2 of dX = b dt + σ dW (unit of σ: length/√time).
inline Temperature temperature_from_sigma(double sigma) { return {0.5 * sigma * sigma}; }

/// Displacement constant of grid-time detection, −ζ(1/2)/√(2π): a boundary checked at step ends
/// acts as if it stood this many √(2T dt) further out. Source: Broadie, Glasserman, Kou,
/// Math. Finance 7 (1997) 325; Gobet and Menozzi, SPA 120 (2010) 130.
inline constexpr double grid_detection_shift = 0.5825971579390106702;

}  // namespace kramers
