// SPDX-License-Identifier: Apache-2.0
#include "sde/models/interpolant_step.hpp"

#include <cmath>
#include <utility>

#include "sde/linear_algebra.hpp"

namespace kramers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// (e^{px} − 1)/(e^x − 1), p at 0
double power_ratio(double p, double x) { return x == 0.0 ? p : std::expm1(p * x) / std::expm1(x); }

/// x/(e^x − 1), 1 at 0
double bernoulli(double x) { return x == 0.0 ? 1.0 : x / std::expm1(x); }

std::vector<double> by_rows(MatrixXd const& m) {
    std::vector<double> values;
    for (Index i = 0; i < m.rows(); ++i)
        for (Index j = 0; j < m.cols(); ++j) values.push_back(m(i, j));
    return values;
}

MatrixXd symmetric(MatrixXd const& m) { return 0.5 * (m + m.transpose()); }

/// (1 − e^{−ht})/h, t at 0
double relaxed(double h, double t) { return h == 0.0 ? t : -std::expm1(-h * t) / h; }

/// The step whose M has these factors on the axes and whose Q is `spread` there.
LinearStepResult turned_back(MatrixXd const& axes, VectorXd const& factors,
                             MatrixXd const& spread) {
    LinearStep step;
    step.transform =
        by_rows(symmetric(linear::congruence(axes, factors.asDiagonal().toDenseMatrix())));
    NoiseLawResult law = covariance_law(by_rows(symmetric(linear::congruence(axes, spread))),
                                        static_cast<int>(axes.rows()));
    if (!law.law) return {{}, std::move(law.reason)};
    step.noise = *std::move(law.law);
    return {std::move(step), {}};
}

}  // namespace

LinearStepResult interpolant_step(double learning_rate, double dt, MatrixXd const& hessian,
                                  MatrixXd const& covariance, LinearScheme scheme) {
    double const eta = learning_rate, p = dt / eta;
    auto const [h, axes] = linear::symmetric_eigen(hessian);
    Index const dim = h.size();
    if (!(eta * h.maxCoeff() < 1.0))
        return {{},
                "the interpolant of SGD exists for learning_rate * curvature < 1 only: beyond, the "
                "iterates alternate"};
    MatrixXd const c = linear::congruence(axes.transpose(), covariance);
    VectorXd logs(dim), factors(dim);  // log l_i, M_i
    for (Index i = 0; i < dim; ++i) {
        logs[i] = std::log1p(-eta * h[i]);
        double const shrunk =
            scheme == LinearScheme::exact ? -std::expm1(p * logs[i]) : -p * logs[i];
        factors[i] = h[i] == 0.0 ? dt : shrunk / h[i];
    }
    MatrixXd diffusion(dim, dim), spread(dim, dim);
    for (Index i = 0; i < dim; ++i)
        for (Index j = 0; j < dim; ++j) {
            double const both = logs[i] + logs[j];
            diffusion(i, j) = eta * c(i, j) * bernoulli(both);
            spread(i, j) = scheme == LinearScheme::exact
                               ? eta * eta * c(i, j) * power_ratio(p, both)
                               : dt * diffusion(i, j);
        }
    VectorXd const sizes = linear::symmetric_eigen(symmetric(diffusion)).values;
    if (sizes.minCoeff() < -1e-12 * sizes.cwiseAbs().maxCoeff())
        return {
            {},
            "SGD has no interpolant here: noise and Hessian do not commute, and the diffusion "
            "matrix that would be needed has a negative eigenvalue; a smaller learning_rate has "
            "one"};
    return turned_back(axes, factors, spread);
}

LinearStepResult exact_descent_step(double dt, MatrixXd const& hessian, MatrixXd const& diffusion) {
    auto const [h, axes] = linear::symmetric_eigen(hessian);
    Index const dim = h.size();
    MatrixXd const d = linear::congruence(axes.transpose(), diffusion);
    VectorXd factors(dim);
    MatrixXd spread(dim, dim);
    for (Index i = 0; i < dim; ++i) {
        factors[i] = relaxed(h[i], dt);
        for (Index j = 0; j < dim; ++j) spread(i, j) = d(i, j) * relaxed(h[i] + h[j], dt);
    }
    return turned_back(axes, factors, spread);
}

std::optional<MatrixXd> constant_covariance(NoiseLaw const& law, int dim) {
    if (depends_on_place(law.amplitude) || law.shape != coordinate::NoiseShape::gaussian ||
        remembers(law.memory) || law.point_shift != 0.0)
        return std::nullopt;
    MatrixXd scale = MatrixXd::Zero(dim, dim);
    for (std::size_t i = 0; i < law.variances.size(); ++i) {
        auto const k = static_cast<Index>(i);
        scale(k, k) = std::sqrt(law.variances[i]);
    }
    if (law.factor.empty()) return MatrixXd(scale.cwiseAbs2());
    MatrixXd factor(dim, dim);
    for (Index i = 0; i < dim; ++i)
        for (Index j = 0; j < dim; ++j)
            factor(i, j) = law.factor[static_cast<std::size_t>(i * dim + j)];
    factor = linear::product(scale, factor);
    return linear::congruence(factor, MatrixXd::Identity(dim, dim));
}

}  // namespace kramers
