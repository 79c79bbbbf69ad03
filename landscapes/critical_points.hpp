// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "landscapes/traits.hpp"
#include "sde/theory/potential.hpp"

namespace kramers {

/// A guess of a critical point: where Newton's method starts and what it must find.
struct Seed {
    std::string name;
    int morse_index = 0;
    Eigen::VectorXd guess;
    double reach = 0.0;  ///< the point lies within this distance of the guess, per coordinate; > 0
};

/// A critical point, or the reason why the guess led to none.
struct PolishResult {
    std::optional<CriticalPoint> point;
    std::string reason;  ///< set when point is empty
};

/// Runs Newton's method on ∇V from the guess until the step is a rounding error. Refused, with a
/// reason: no convergence, a point beyond the reach, a Morse index other than the announced one, and
/// degenerate points (a curvature that changes its sign within 1e-6 of the reach).
PolishResult polish(Potential const& potential, Seed const& seed);

/// The seeds that lead to a critical point, polished, in the order given.
std::vector<CriticalPoint> find_critical_points(Potential const& potential,
                                                std::vector<Seed> const& seeds);

/// "tilt must lie in (-0.3849, 0.3849): …"
std::string describe(ExistenceBound const& bound);

/// Every t in [lower, upper] where ∂V/∂x_i = 0 on the line base + t e_i (base_i is ignored), ascending.
/// Complete if ∂²V/∂x_i² has at most one root per panel.
std::vector<double> stationary_points(Potential const& potential, Eigen::VectorXd const& base,
                                      int coordinate, double lower, double upper,
                                      int panels = 1024);

/// The way out of a minimum over the lowest saddle towards another one.
struct Barrier {
    double height = 0.0;  ///< V(saddle) − V(minimum), energy
    CriticalPoint minimum;
    CriticalPoint saddle;
};

/// A barrier, or the reason why there is none to give.
struct BarrierResult {
    std::optional<Barrier> barrier;
    std::string reason;  ///< set when barrier is empty
};

/// The barrier seen from minimum `from` on the lowest path to minimum `to`. Exact for separable
/// landscapes (so in one dimension) and minima that differ in one coordinate; refused otherwise.
BarrierResult barrier_between(Potential const& potential, std::string_view from,
                              std::string_view to);

}  // namespace kramers
