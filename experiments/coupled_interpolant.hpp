// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "experiments/spec.hpp"
#include "sde/models/interpolant_step.hpp"

/// ou_interpolant where Hessian or noise couple the coordinates: no program that moves coordinates one
/// by one can take its step, but on a quadratic the step is a matrix and a normal vector, which every
/// plan has room for.
namespace kramers {

/// True: make_plan turns this cell's step into numbers (interpolant_step).
bool is_coupled_interpolant(Cell const& cell);

/// The step of a coupled interpolant, or why there is none.
LinearStepResult coupled_step(Cell const& cell, double dt);

}  // namespace kramers
