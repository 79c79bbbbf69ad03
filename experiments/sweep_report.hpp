// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/report.hpp"

namespace kramers {

/// sweep.csv: one row per cell × estimand × target (× rung), the swept keys as columns,
/// empty where a cell does not sweep one. An estimate that does not exist, as a mean under
/// censoring, has a row with its counts and no value.
std::string sweep_table(Report const& report);

/// sweep.json: the cells as they were frozen when the sweep began, each with a hash of its plans.
/// `identity` is that of the request.
std::string sweep_json(Spec const& spec, std::string const& identity);

/// The identity in a sweep.json, empty when it has none.
std::string sweep_identity(std::string const& json);

}  // namespace kramers
