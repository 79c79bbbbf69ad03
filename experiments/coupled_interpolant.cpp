// SPDX-License-Identifier: Apache-2.0
#include "experiments/coupled_interpolant.hpp"

#include <cmath>

#include "sde/contracts.hpp"

namespace kramers {
namespace {

/// H where V is quadratic: the Hessian is the same, to the last bit, at a few points of all sizes.
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

}  // namespace

bool is_coupled_interpolant(Cell const& cell) {
    if (cell.dynamics != "ou_interpolant" || !cell.composed || cell.potential == nullptr)
        return false;
    bool const noise = cell.noise.amplitude == coordinate::NoiseAmplitude::covariance;
    return cell.dim > 1 && (noise || !cell.potential->separable()) &&
           constant_hessian(*cell.potential).has_value();
}

LinearStepResult coupled_step(Cell const& cell, double dt) {
    KRAMERS_EXPECTS(is_coupled_interpolant(cell));
    auto const covariance = constant_covariance(cell.noise, cell.dim);
    if (!covariance)
        return {{}, "the interpolant of SGD is known for constant, normal noise without memory"};
    if (!is_constant(cell.rate_schedule) || !is_constant(cell.noise_schedule))
        return {{},
                "ou_interpolant takes a schedule only where neither Hessian nor noise couple the "
                "coordinates: its step is computed once"};
    LinearScheme const scheme =
        cell.scheme == "euler_maruyama" ? LinearScheme::euler_maruyama : LinearScheme::exact;
    double const eta = cell.dynamics_values[0];  // OuInterpolant::parameters()
    return interpolant_step(eta, dt, *constant_hessian(*cell.potential), *covariance, scheme);
}

}  // namespace kramers
