// SPDX-License-Identifier: Apache-2.0
#include "experiments/matrix_step.hpp"

#include <cmath>

#include "sde/contracts.hpp"

namespace kramers {

std::optional<Eigen::MatrixXd> constant_hessian(Potential const& potential) {
    Eigen::VectorXd x = Eigen::VectorXd::Zero(potential.dim());
    Eigen::MatrixXd const first = potential.hessian(x);
    for (double const size : {0.01, 0.7, 30.0})
        for (double const phase : {0.0, 2.0}) {
            for (Eigen::Index i = 0; i < x.size(); ++i)
                x[i] = size * std::cos(phase + 1.7 * static_cast<double>(i));
            if (potential.hessian(x) != first) return std::nullopt;
        }
    return first;
}

bool takes_matrix_step(Cell const& cell) {
    bool const interpolant = cell.dynamics == "ou_interpolant";
    bool const langevin = cell.dynamics == "overdamped" && cell.scheme == "exact_ou";
    if (!(interpolant || langevin) || !cell.composed || cell.potential == nullptr) return false;
    bool const noise = cell.noise.amplitude == coordinate::NoiseAmplitude::covariance;
    return cell.dim > 1 && (noise || !cell.potential->separable()) &&
           constant_hessian(*cell.potential).has_value();
}

LinearStepResult matrix_step(Cell const& cell, double dt) {
    KRAMERS_EXPECTS(takes_matrix_step(cell));
    if (!is_constant(cell.rate_schedule) || !is_constant(cell.noise_schedule))
        return {{},
                cell.dynamics +
                    " takes a schedule only where neither Hessian nor noise couple the "
                    "coordinates: its step is computed once"};
    Eigen::MatrixXd const hessian = *constant_hessian(*cell.potential);
    if (cell.dynamics == "overdamped") {
        double const temperature = cell.dynamics_values[0];  // Overdamped::parameters()
        LinearStepResult result = exact_descent_step(
            dt, hessian, 2.0 * temperature * Eigen::MatrixXd::Identity(cell.dim, cell.dim));
        // On the draws of other schemes the same path: dX = … + √(2T) dW, the descent has − ξ.
        if (result.step)
            for (double& f : result.step->noise.factor) f = -f;
        return result;
    }
    auto const covariance = constant_covariance(cell.noise, cell.dim);
    if (!covariance)
        return {{}, "the interpolant of SGD is known for constant, normal noise without memory"};
    LinearScheme const scheme =
        cell.scheme == "euler_maruyama" ? LinearScheme::euler_maruyama : LinearScheme::exact;
    double const eta = cell.dynamics_values[0];  // OuInterpolant::parameters()
    return interpolant_step(eta, dt, hessian, *covariance, scheme);
}

}  // namespace kramers
