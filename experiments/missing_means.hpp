// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/report.hpp"

namespace kramers {

/// One sentence for each target whose mean time has no estimate in some cell: in how many, and why
/// in the first of them.
std::vector<std::string> missing_means(Report const& report);

}  // namespace kramers
