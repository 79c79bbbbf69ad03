// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "experiments/csv.hpp"
#include "experiments/spec.hpp"

namespace kramers {

/// Theory between the cells, for smooth lines in figures: columns name, target, x, value.
///   escape, temperature swept   x = barrier/temperature, value = predicted mean passage time
///   stationary, SGD on a quadratic with the learning rate swept
///                               x = learning_rate · curvature, value = predicted variance;
///                               target = coordinate
/// No rows for other sweeps.
CsvTable theory_curves(Spec const& spec);

/// The densities in one dimension that the spec itself gives, by the bins of their histograms:
/// columns cell, axis, name, lower, upper, density.
CsvTable given_densities(Spec const& spec);

}  // namespace kramers
