// SPDX-License-Identifier: Apache-2.0
#include "experiments/recipes.hpp"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "experiments/suggest.hpp"

namespace kramers {

namespace fs = std::filesystem;

fs::path recipe_folder() {
    if (char const* path = std::getenv("KRAMERS_PLOTS"); path != nullptr && *path != '\0')
        return path;
    std::error_code error;
    fs::path const executable = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        fs::path const installed = executable.parent_path().parent_path() / "share/kramers/plots";
        if (fs::exists(installed / "plot.py", error)) return installed;
    }
    return KRAMERS_SOURCE_PLOTS;
}

std::vector<std::string> recipe_names() {
    std::vector<std::string> names;
    std::error_code error;
    for (auto const& entry : fs::directory_iterator(recipe_folder(), error))
        if (entry.path().extension() == ".py" &&
            !one_of(entry.path().stem().string(), {"plot", "load", "style"}))  // as in plot.py
            names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace kramers
