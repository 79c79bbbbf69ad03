// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kramers {

/// The folder of plot.py: KRAMERS_PLOTS, an installed copy beside the executable, or the source
/// tree's.
std::filesystem::path recipe_folder();

/// Figures that can be drawn there, by name; none if the folder has no recipes.
std::vector<std::string> recipe_names();

}  // namespace kramers
