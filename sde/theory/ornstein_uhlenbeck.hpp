// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>

namespace kramers::theory {

/// The linear SDE dX = −A X dt + √(2D) dW.
///
///   stationary     A Σ + Σ Aᵀ = 2D
///   lagged         E[X(t+τ) X(t)ᵀ] = e^{−Aτ} Σ,  τ ≥ 0
///   transient      mean e^{−At} x₀, covariance Σ − e^{−At} Σ e^{−Aᵀt} from a point
///
/// Shape       x ∈ R^d, any d (d² × d² linear solve: d ≤ 30 in practice)
/// Parameters  drift A, every eigenvalue with positive real part, 1/time
///             diffusion D, symmetric and non-negative, length²/time; texts with D^{1/2} dW
///             for √(2D) dW have twice ours
/// Facts       SGD on V = ½xᵀHx: A = H, D = ηC/2 in the clock t = ηk (S4);
///             isotropic D = T·1: Σ = T H⁻¹
/// Error       exact
/// Source      uhlenbeck1930; gardiner2009 (S29)
struct OrnsteinUhlenbeck {
    Eigen::MatrixXd drift;
    Eigen::MatrixXd diffusion;

    bool stable() const;
    Eigen::MatrixXd stationary_covariance() const;
    Eigen::MatrixXd autocovariance(double lag) const;
    Eigen::VectorXd mean(Eigen::VectorXd const& start, double time) const;
    Eigen::MatrixXd covariance(double time) const;
};

/// OU limit of SGD with per-step gradient-noise covariance C on the Hessian H (S4).
OrnsteinUhlenbeck sgd_limit(Eigen::MatrixXd const& hessian, Eigen::MatrixXd const& noise,
                            double learning_rate);

}  // namespace kramers::theory
