// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "experiments/spec.hpp"
#include "sde/models/interpolant_step.hpp"

/// ou_interpolant, and exact_ou of overdamped, where Hessian or noise couple the coordinates: no program
/// that moves coordinates one by one can take that step, but on a quadratic it is a matrix and a normal
/// vector, which every plan has room for.
namespace kramers {

/// True: make_plan turns this cell's step into numbers.
bool takes_matrix_step(Cell const& cell);

/// That step, or why there is none.
LinearStepResult matrix_step(Cell const& cell, double dt);

}  // namespace kramers
