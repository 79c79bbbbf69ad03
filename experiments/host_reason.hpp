// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "experiments/spec.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

/// Why a method runs on host threads although there is a GPU, or why --backend cuda refuses it;
/// empty: it does not, or no GPU is wanted. `gpu`: one is visible.
std::string host_reason(MethodKey const& key, Controls const& controls, bool gpu);

/// The same for every simulation of a cell, each reason once.
std::string host_reason(Cell const& cell, Controls const& controls, bool gpu);

}  // namespace kramers
