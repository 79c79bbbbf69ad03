// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/ornstein_uhlenbeck.hpp"

#include "sde/linear_algebra.hpp"

namespace kramers::theory {

using Eigen::MatrixXd;

bool OrnsteinUhlenbeck::stable() const { return linear::smallest_real_part(drift) > 0.0; }

MatrixXd OrnsteinUhlenbeck::stationary_covariance() const {
    Eigen::Index const d = drift.rows();
    MatrixXd system = MatrixXd::Zero(d * d, d * d);  // acts on Σ stacked by columns
    for (Eigen::Index i = 0; i < d; ++i)
        for (Eigen::Index j = 0; j < d; ++j)
            for (Eigen::Index k = 0; k < d; ++k) {
                system(i + j * d, k + j * d) += drift(i, k);
                system(i + j * d, i + k * d) += drift(j, k);
            }
    MatrixXd const rhs = 2.0 * diffusion;
    MatrixXd const solution =
        linear::least_squares(system, Eigen::Map<MatrixXd const>(rhs.data(), d * d, 1));
    MatrixXd const sigma = Eigen::Map<MatrixXd const>(solution.data(), d, d);
    return 0.5 * (sigma + sigma.transpose());
}

MatrixXd OrnsteinUhlenbeck::autocovariance(double lag) const {
    return linear::product(linear::exponential(-lag * drift), stationary_covariance());
}

Eigen::VectorXd OrnsteinUhlenbeck::mean(Eigen::VectorXd const& start, double time) const {
    return linear::product(linear::exponential(-time * drift), start);
}

MatrixXd OrnsteinUhlenbeck::covariance(double time) const {
    MatrixXd const sigma = stationary_covariance();
    return sigma - linear::congruence(linear::exponential(-time * drift), sigma);
}

OrnsteinUhlenbeck sgd_limit(MatrixXd const& hessian, MatrixXd const& noise, double learning_rate) {
    return {hessian, 0.5 * learning_rate * noise};
}

}  // namespace kramers::theory
