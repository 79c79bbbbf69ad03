// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/reader.hpp"
#include "experiments/spec.hpp"
#include "sde/theory/catalogue.hpp"

namespace kramers {

/// Reads against = { formula | number | table | points, … } of a claim; `name` gets what it is called
/// in tables. The points of a table's file are written into the spec. Problems are collected.
GivenPrediction read_given(Reader& claim, Table& against, std::string const& folder,
                           std::string& name);

/// What is wrong with its formulas in a cell, each message saying which one and where in it.
std::vector<std::string> problems_of(GivenPrediction const& given, Estimand const& estimand,
                                     Cell const& cell);

/// The value in a cell. Out of domain where its own condition fails, and a table outside its range.
/// Precondition: no problems.
PredictionResult predict_given(ClaimSpec const& claim, Cell const& cell);

/// The average of the density over every bin (8-point Gauss–Legendre per axis). In its formula `x`
/// (in two dimensions x and y) is the position, x0, x1, … the coordinate, V the potential there
/// where no coordinate is left out. Out of domain where it is negative or its integral over the
/// histogram exceeds 1.
theory::DensityPrediction predict_given_density(ClaimSpec const& claim, Cell const& cell,
                                                std::vector<std::vector<double>> const& bin_edges);

/// y at x between the points, or nothing outside their range.
std::optional<double> interpolate(GivenPrediction const& table, double x);

}  // namespace kramers
