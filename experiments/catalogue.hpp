// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/load_spec.hpp"

namespace kramers {

/// One file of experiments/catalog/ or experiments/starters/, embedded in the library when it was built.
struct CatalogueEntry {
    std::string_view name;  ///< file stem
    std::string_view text;
};

/// Every experiment of the catalogue, by name.
std::vector<CatalogueEntry> const& catalogue();

/// Commented specs to begin with, by name: what `kramers new` writes.
std::vector<CatalogueEntry> const& starters();

/// A catalogue experiment by name, or a spec file by path. Throws InputError when it is neither.
SpecText open_spec(std::string const& name_or_path);

}  // namespace kramers
