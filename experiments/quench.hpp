// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

#include "sde/theory/potential.hpp"

namespace kramers {

/// Where the gradient flow x′ = −∇V(x) from a point ends.
struct Quenched {
    Eigen::VectorXd point;
    double value = 0.0;      ///< V there, energy
    double curvature = 0.0;  ///< largest eigenvalue of the Hessian there, energy/length²
    bool converged = false;  ///< a minimum; false: a saddle (multiplicative noise can end on one so
                             ///< closely that the flow does not leave it), or too many steps
};

/// The flow of Bogacki and Shampine's embedded pair of orders 3(2), its steps as long as `tolerance`
/// (length, relative beyond 1) allows, until Newton's method takes over in a convex neighbourhood
/// so small that it cannot leave the basin.
///
/// Error   a start within about `tolerance` of a separatrix may end on its other side
/// Source  bogacki1989
Quenched quench(Potential const& potential, Eigen::VectorXd start, double tolerance = 1e-5);

}  // namespace kramers
