// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>

#include "experiments/spec.hpp"
#include "sde/models/interpolant_step.hpp"

/// ou_interpolant, and exact_ou of overdamped, where Hessian or noise couple the coordinates: no program
/// that moves coordinates one by one can take that step, but on a quadratic it is a matrix and a normal
/// vector, which every plan has room for.
namespace kramers {

/// H where V is quadratic: the Hessian is the same, to the last bit, at a few points of all sizes.
std::optional<Eigen::MatrixXd> constant_hessian(Potential const& potential);

/// True: make_plan turns this cell's step into numbers.
bool takes_matrix_step(Cell const& cell);

/// That step, or why there is none.
LinearStepResult matrix_step(Cell const& cell, double dt);

}  // namespace kramers
