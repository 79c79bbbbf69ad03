// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>

#include "sde/theory/ornstein_uhlenbeck.hpp"
#include "sde/theory/potential.hpp"

namespace kramers::theory {

/// Relative and absolute tolerance of the adaptive integrator.
struct Tolerance {
    double absolute = 1e-12;
    double relative = 1e-12;
};

/// The zero-noise limit x′ = −∇V(x) at time `time` from `start`.
///
/// Shape       x ∈ R^d, any d
/// Valid for   smooth V; stiff flows cost many steps
/// Error       local, per step, kept under the tolerance (Dormand–Prince 5(4), adaptive)
/// Source      dormand1980, through Boost.Odeint
Eigen::VectorXd gradient_flow(Potential const& potential, Eigen::VectorXd const& start, double time,
                              Tolerance tolerance = {});

/// Mean and covariance of a linear SDE.
struct Moments {
    Eigen::VectorXd mean;
    Eigen::MatrixXd covariance;
};
/// m′ = −A m, S′ = −A S − S Aᵀ + 2D, integrated: the second route to the closed forms of
/// OrnsteinUhlenbeck. Same error and source as gradient_flow.
Moments moment_flow(OrnsteinUhlenbeck const& process, Moments const& start, double time,
                    Tolerance tolerance = {});

}  // namespace kramers::theory
