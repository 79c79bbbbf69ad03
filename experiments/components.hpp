// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sde/parameters.hpp"

namespace kramers {

/// A dynamics as specs and `kramers list` see it. Read off sde/methods.hpp: nothing is declared
/// here.
struct DynamicsInfo {
    std::string_view name;
    std::string_view equation;
    std::vector<Parameter> parameters;
    std::vector<std::string> schemes;  ///< the ones valid for it
    bool optimizer = false;            ///< discrete: its clock is the iteration

    /// Temperature and time per step of the SDE, or of the one an optimizer tends to. An SDE's time
    /// per step is its scheme's dt, here 0.
    struct Clock {
        double temperature = 0.0;
        double time_per_step = 0.0;
    };
    Clock (*clock)(double const* values) = nullptr;
};

/// Every dynamics of sde/methods.hpp, in that order.
std::vector<DynamicsInfo> const& dynamics_components();
DynamicsInfo const* find_dynamics(std::string_view name);
std::vector<std::string> dynamics_names();

}  // namespace kramers
