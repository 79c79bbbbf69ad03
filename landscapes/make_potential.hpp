// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "landscapes/landscape_view.hpp"
#include "landscapes/traits.hpp"
#include "sde/parameters.hpp"

namespace kramers {

/// One entry of the catalogue: everything that is known of a landscape without its parameters.
struct LandscapeInfo {
    std::string_view name;
    std::vector<int> dims;  ///< compiled dimensions, ascending
    std::span<Parameter const> parameters;
    std::string_view formula;
    Growth growth;
    bool separable = false;
    std::string_view source;  ///< key in sde/theory/references.bib
};

/// Every landscape of landscapes/CMakeLists.txt, in its order.
std::vector<LandscapeInfo> const& landscape_catalogue();

/// The entry of that name, or nullptr.
LandscapeInfo const* find_landscape(std::string_view name);

/// The defaults in `dim` dimensions, one number per value (per-coordinate parameters count dim
/// times, matrices dim × dim times); NaN where the user must give one.
std::vector<double> default_values(LandscapeInfo const& info, int dim);

/// What is wrong with these values, one sentence each; empty: nothing.
std::vector<std::string> check_values(LandscapeInfo const& info, int dim,
                                      std::vector<double> const& values);

/// The host view of a landscape. `values` in the order of its parameters. Throws
/// std::invalid_argument, naming the problem and the choices, for what check_values refuses, an
/// unknown name and a dimension that is not compiled.
std::shared_ptr<LandscapeView const> make_landscape(std::string_view name, int dim,
                                                    std::vector<double> const& values);

/// The same, seen as theory and experiments see it.
std::shared_ptr<Potential const> make_potential(std::string_view name, int dim,
                                                std::vector<double> const& values);

}  // namespace kramers
