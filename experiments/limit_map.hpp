// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/components.hpp"

namespace kramers {

/// An optimizer at some parameters, to be mapped to its limits and back.
struct MapPoint {
    DynamicsInfo const* dynamics = nullptr;
    std::vector<double> values;  ///< of its parameters
    std::optional<double> c;     ///< variance of the gradient noise of one step and coordinate
    std::vector<std::string> assumed{};  ///< parameters whose value stands for any
};

/// The value of this name among a limit's parameters.
std::optional<double> value_in(SdeLimit const& limit, std::string_view name);

/// The number that turns a value of a limit into `target`, all others as in `point`: of `unknown`,
/// a parameter of the optimizer or "c". Nothing where no positive number (of a momentum: none in
/// [0, 1)) does.
std::optional<double> solve_for(MapPoint point, std::string const& map, std::string const& unknown,
                                std::string const& name, double target);

/// One way back: numbers of the optimizer that give the limit the values asked for.
struct WayBack {
    std::vector<std::pair<std::string, double>> unknowns;
};

/// Every way back to `targets` (temperature, friction) by this limit: learning rate or c for a
/// temperature, learning rate or momentum for a friction, learning rate and momentum for both.
std::vector<WayBack> ways_back(MapPoint const& point, std::string const& map,
                               std::map<std::string, double> const& targets);

}  // namespace kramers
