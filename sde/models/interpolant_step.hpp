// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <vector>

#include "sde/noise/law.hpp"

/// Steps of Langevin dynamics and of the Ornstein–Uhlenbeck interpolant of SGD on a quadratic where
/// Hessian or noise couple the coordinates.
/// Everything that takes a matrix function is done once, on the host; what is left of a step is a
/// matrix on the gradient and noise of a given covariance.
namespace kramers {

/// x' = x − (M ∇V + ξ),  Cov ξ = Q: a step of SGD with rate 1, gradient transform M and this noise.
struct LinearStep {
    std::vector<double> transform;  ///< M, row-major
    NoiseLaw noise;                 ///< normal, covariance Q
};

struct LinearStepResult {
    std::optional<LinearStep> step;
    std::string reason;  ///< set when step is empty
};

enum class LinearScheme { exact, euler_maruyama };

/// A step dt of dX = −A (X − x*) dt + √D dW on V = ½ (x − x*)ᵀ H (x − x*), the process that has the law
/// of SGD with the constant normal noise C at every t = ηk.
///
///   A = −log(I − ηH)/η,   D = A Σ + Σ A,   HΣ + ΣH − ηHΣH = ηC
///
/// In the eigenvectors of H, with l_i = 1 − ηh_i, p = dt/η and D_ij = ηC_ij log(l_i l_j)/(l_i l_j − 1):
///
///   exact            M_i = (1 − l_i^p)/h_i,     Q_ij = η² C_ij (1 − (l_i l_j)^p)/(1 − l_i l_j)
///   euler_maruyama   M_i = −p log(l_i)/h_i,     Q_ij = D_ij dt
///
/// so Q is finite for h ≤ 0 too, and Q = η²C, M = ηI for dt = η.
///
/// Valid for   η max h < 1 (beyond, the iterates alternate) and D ⪰ 0, which non-commuting H and C can
///             violate: refused, since no process has that law between the iterates
/// Error       exact: rounding; euler_maruyama: O(dt)
/// Source      uhlenbeck1930; mandt2017, S6
LinearStepResult interpolant_step(double learning_rate, double dt, Eigen::MatrixXd const& hessian,
                                  Eigen::MatrixXd const& covariance,
                                  LinearScheme scheme = LinearScheme::exact);

/// The exact step dt of dX = −H (X − x*) dt + √D dW on V = ½ (x − x*)ᵀ H (x − x*), D symmetric, ⪰ 0. In
/// the eigenvectors of H, with curvatures h_i:
///
///   M_i = (1 − e^{−h_i dt})/h_i,   Q_ij = D_ij (1 − e^{−(h_i + h_j) dt})/(h_i + h_j)
///
/// Error       rounding
/// Source      uhlenbeck1930, S29
LinearStepResult exact_descent_step(double dt, Eigen::MatrixXd const& hessian,
                                    Eigen::MatrixXd const& diffusion);

/// Covariance of one step's noise where it is constant, normal and white; else nothing.
std::optional<Eigen::MatrixXd> constant_covariance(NoiseLaw const& law, int dim);

}  // namespace kramers
