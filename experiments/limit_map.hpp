// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/components.hpp"
#include "experiments/spec.hpp"

namespace kramers {

/// An optimizer at some parameters, to be mapped to its limits and back.
struct MapPoint {
    DynamicsInfo const* dynamics = nullptr;
    std::vector<double> values;  ///< of its parameters
    std::optional<double> c;     ///< variance of the gradient noise of one step and coordinate
    std::vector<std::string> assumed{};   ///< parameters whose value stands for any
    std::optional<double> alpha{};        ///< of stable noise, in place of c
    std::optional<double> noise_scale{};  ///< s of that noise, of one step and coordinate

    std::optional<StepNoise> law{};  ///< of a spec whose noise has neither c nor alpha

    Cell const* cell = nullptr;  ///< of a spec: its limits are those of that landscape and noise

    bool is_given(std::string_view parameter) const;  ///< false: its value stands for any

    /// What the limits are told; a noise of unknown size is silent, or of scale 1.
    StepNoise noise() const;
    std::vector<SdeLimit> limits() const;
};

/// The value of this name among a limit's parameters.
std::optional<double> value_in(SdeLimit const& limit, std::string_view name);

/// The number that turns a value of a limit into `target`, all others as in `point`: of `unknown`,
/// a parameter of the optimizer, "c" or "noise_scale". Nothing where no positive number (of a momentum: none in
/// [0, 1)) does.
std::optional<double> solve_for(MapPoint point, std::string const& map, std::string const& unknown,
                                std::string const& name, double target);

/// One way back: numbers of the optimizer that give the limit the values asked for.
struct WayBack {
    std::vector<std::pair<std::string, double>> unknowns;
};

/// Those of the targets that this limit has.
std::map<std::string, double> targets_of(SdeLimit const& limit,
                                         std::map<std::string, double> const& targets);

/// Every way back to `targets` (temperature, friction, scale) by this limit: learning rate or c for a
/// temperature, learning rate or momentum for a friction; for both learning rate and momentum, or
/// momentum and c where c is not given and the learning rate is;
/// learning rate or noise_scale for the scale of a driving stable process.
std::vector<WayBack> ways_back(MapPoint const& point, std::string const& map,
                               std::map<std::string, double> const& targets);

}  // namespace kramers
