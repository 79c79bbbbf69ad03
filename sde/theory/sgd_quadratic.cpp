// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/sgd_quadratic.hpp"

#include <cmath>

#include "sde/linear_algebra.hpp"

namespace kramers::theory {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

SgdQuadratic::SgdQuadratic(MatrixXd const& hessian, MatrixXd const& noise, double learning_rate)
    : rate_(learning_rate) {
    linear::SymmetricEigen const modes = linear::symmetric_eigen(hessian);
    curvature_ = modes.values;
    modes_ = modes.vectors;
    noise_ = linear::congruence(modes_.transpose(), noise);
}

double SgdQuadratic::stability_limit() const { return 2.0 / curvature_.maxCoeff(); }

bool SgdQuadratic::stable() const {
    return curvature_.minCoeff() > 0.0 && rate_ > 0.0 && rate_ < stability_limit();
}

MatrixXd SgdQuadratic::to_lab(MatrixXd const& modal) const {
    return linear::congruence(modes_, modal);
}

MatrixXd SgdQuadratic::stationary_covariance() const {
    MatrixXd sigma = rate_ * noise_;
    for (Index i = 0; i < sigma.rows(); ++i)
        for (Index j = 0; j < sigma.cols(); ++j) {
            double const hi = curvature_(i), hj = curvature_(j);
            sigma(i, j) /= hi + hj - rate_ * hi * hj;
        }
    return to_lab(sigma);
}

MatrixXd SgdQuadratic::autocovariance(long steps) const {
    VectorXd decay(curvature_.size());
    for (Index i = 0; i < decay.size(); ++i)
        decay(i) = std::pow(1.0 - rate_ * curvature_(i), static_cast<double>(steps));
    return linear::product(to_lab(decay.asDiagonal()), stationary_covariance());
}

VectorXd SgdQuadratic::mean(VectorXd const& start, long steps) const {
    VectorXd modal = linear::product(modes_.transpose(), start);
    for (Index i = 0; i < modal.size(); ++i)
        modal(i) *= std::pow(1.0 - rate_ * curvature_(i), static_cast<double>(steps));
    return linear::product(modes_, modal);
}

MatrixXd SgdQuadratic::covariance(long steps) const {
    MatrixXd s = rate_ * rate_ * noise_;
    for (Index i = 0; i < s.rows(); ++i)
        for (Index j = 0; j < s.cols(); ++j) {
            double const a = (1.0 - rate_ * curvature_(i)) * (1.0 - rate_ * curvature_(j));
            s(i, j) *= a == 1.0 ? static_cast<double>(steps)
                                : (1.0 - std::pow(a, static_cast<double>(steps))) / (1.0 - a);
        }
    return to_lab(s);
}

double SgdQuadratic::excess_loss() const {
    MatrixXd const modal = linear::congruence(modes_.transpose(), stationary_covariance());
    return 0.5 * curvature_.dot(modal.diagonal());
}

double SgdQuadratic::loss(VectorXd const& start, long steps) const {
    VectorXd const m = linear::product(modes_.transpose(), mean(start, steps));
    MatrixXd const s = linear::congruence(modes_.transpose(), covariance(steps));
    return 0.5 * curvature_.dot(m.cwiseAbs2() + s.diagonal());
}

double sgd_autocorrelation_time(double learning_rate, double curvature) {
    return (2.0 - learning_rate * curvature) / (learning_rate * curvature);
}

Interpolant sgd_interpolant(double learning_rate, double curvature, double noise) {
    double const a = -std::log1p(-learning_rate * curvature) / learning_rate;
    double const variance = learning_rate * noise / (curvature * (2.0 - learning_rate * curvature));
    return {a, a * variance};
}

double second_order_variance(double learning_rate, double curvature, double noise) {
    return learning_rate * noise / (2.0 * curvature) / (1.0 + 0.5 * learning_rate * curvature);
}

}  // namespace kramers::theory
