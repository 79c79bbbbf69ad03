// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>

namespace kramers::theory {

/// Exact moments of SGD on a quadratic, for any stable learning rate.
///
///   x' = x − η (H x + ξ), Cov ξ = C per step
///   stationary    H Σ + Σ H − η H Σ H = η C;  scalar Σ = ηc / (h (2 − ηh))
///   after k       mean (1 − ηH)^k x₀,  S_k = (1 − ηH) S_{k−1} (1 − ηH) + η² C
///   lag j         (1 − ηH)^j Σ
///
/// Shape       x ∈ R^d; H symmetric positive, C symmetric, not necessarily commuting
/// Parameters  learning_rate  η, length²/energy
///             hessian        H, energy/length²
///             noise          C, covariance of one step's gradient, (energy/length)²
/// Facts       the SDE limit is (1 − ηh/2) of it. Euler–Maruyama of dX = −HX dt + √(2T) dW is the
///             case η = dt, C = 2T/dt
/// Valid for   0 < η h < 2 for every eigenvalue h; only the covariance of ξ matters
/// Error       exact for the algorithm
/// Source      liu2021 (S22); transients S69
class SgdQuadratic {
  public:
    SgdQuadratic(Eigen::MatrixXd const& hessian, Eigen::MatrixXd const& noise,
                 double learning_rate);

    /// 2 / h_max: beyond it the covariance grows without bound.
    double stability_limit() const;
    bool stable() const;
    Eigen::MatrixXd stationary_covariance() const;
    Eigen::MatrixXd autocovariance(long steps) const;
    Eigen::VectorXd mean(Eigen::VectorXd const& start, long steps) const;
    /// Covariance after `steps` iterations from a point.
    Eigen::MatrixXd covariance(long steps) const;
    /// E V at stationarity, ½ Tr(HΣ), and after `steps` iterations from a point.
    double excess_loss() const;
    double loss(Eigen::VectorXd const& start, long steps) const;

  private:
    Eigen::MatrixXd to_lab(Eigen::MatrixXd const& modal) const;
    double rate_;
    Eigen::VectorXd curvature_;  // eigenvalues of H
    Eigen::MatrixXd modes_;      // eigenvectors of H
    Eigen::MatrixXd noise_;      // C in the modes
};

/// Integrated autocorrelation time 1 + 2Σρ_j = (2 − ηh)/(ηh) of one mode, in iterations (S28).
double sgd_autocorrelation_time(double learning_rate, double curvature);

/// The Ornstein–Uhlenbeck process with exactly the law of SGD at t = ηk, one mode, 0 < ηh < 1 (S6):
/// dX = −a X dt + √(2D) dW, a = −ln(1 − ηh)/η, D = a Σ.
struct Interpolant {
    double rate;       ///< a, 1/time
    double diffusion;  ///< D, length²/time
};
Interpolant sgd_interpolant(double learning_rate, double curvature, double noise);

/// Stationary variance, one mode, of the second-order modified SDE: ηc/(2h) / (1 + ηh/2) (S5).
/// Worse than the first-order one at stationarity: it is made for finite times. Source li2017.
double second_order_variance(double learning_rate, double curvature, double noise);

}  // namespace kramers::theory
