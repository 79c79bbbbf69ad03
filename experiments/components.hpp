// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sde/concepts.hpp"
#include "sde/limits.hpp"
#include "sde/parameters.hpp"
#include "sde/schemes/measured.hpp"

namespace kramers {

/// What a dynamics does with the [noise] table of a spec.
enum class NoiseUse {
    possible,  ///< an optimizer that kicks as well: without the table its gradient is exact
    needed,    ///< the noise of its gradient, or the covariance C(x) of its SDE
    own,       ///< none: its noise is one of its parameters
    stable     ///< none: stable increments, whose index is its parameter alpha
};

/// A scheme for one dynamics.
struct SchemeInfo {
    std::string_view name;
    std::string_view dynamics;
    std::string_view valid_for;  ///< in words; empty for an optimizer's iteration
    bool claims_orders = false;
    Orders additive{}, diagonal{}, general{};              ///< claimed for that noise; 0: no claim
    MeasuredOrders (*measured)(NoiseStructure) = nullptr;  ///< null: nothing to measure
    Orders for_noise(NoiseStructure structure) const;
};

/// A scheme that is valid for a dynamics and not in the lists of sde/methods.hpp.
struct UnlistedScheme {
    std::string_view name;
    std::string_view same_as;  ///< the listed scheme that takes the same step; empty: none
};

/// A dynamics as specs and `kramers list` see it. Read off sde/methods.hpp: nothing is declared
/// here.
struct DynamicsInfo {
    std::string_view name;
    std::string_view equation;
    std::string_view latex;  ///< of an SDE, without $
    std::span<Parameter const> parameters;
    std::vector<std::string> schemes;      ///< the ones valid for it that are compiled
    std::vector<UnlistedScheme> unlisted;  ///< the other valid ones
    bool optimizer = false;                ///< discrete: its clock is the iteration
    int memory = 0;                        ///< numbers per coordinate besides the position
    NoiseStructure noise = NoiseStructure::additive;
    NoiseUse noise_use = NoiseUse::needed;
    bool follows_rate = true;   ///< a schedule of the learning rate acts on it
    bool follows_noise = true;  ///< a schedule of the noise acts on it
    bool second_batch = false;  ///< sees two independent batches in each step
    bool gradient_flow =
        false;  ///< an SDE whose drift is -grad V, perhaps plus a noise-induced one
    /// SDEs that an optimizer tends to under this noise, and why some do not; null for an SDE.
    std::vector<SdeLimit> (*limits)(double const* values, StepNoise const& noise) = nullptr;

    /// Of an optimizer, where its header states one; else null.
    StabilityLimit (*stability)(double const* values) = nullptr;
    /// Of an optimizer: factor by which an iteration without noise shrinks the slowest mode of
    /// curvature h; nothing where it is no linear map of at most two numbers per coordinate.
    std::optional<double> (*decay)(double const* values, double h) = nullptr;

    int index_of(std::string_view parameter) const;  ///< -1: it has none of that name
    double value_of(std::string_view parameter, std::vector<double> const& values) const;
};

/// Every dynamics of sde/methods.hpp, in that order.
std::vector<DynamicsInfo> const& dynamics_components();
DynamicsInfo const* find_dynamics(std::string_view name);
std::vector<std::string> dynamics_names();

/// The noise laws of sde/noise, and their other names.
std::vector<std::string> noise_law_names();

/// What stands for a parameter that is not given; none where it must be.
std::optional<double> default_of(Parameter const& parameter);

/// Every valid pair of scheme and dynamics.
std::vector<SchemeInfo> const& scheme_components();

/// Compiled as one loop with this landscape: the fast path of plain Langevin dynamics and SGD.
bool is_compiled(std::string_view landscape, int dim, std::string_view dynamics,
                 std::string_view scheme);

/// Dimensions in which overdamped dynamics on this landscape has the bridge test of crossings: those
/// in which its Euler step is compiled as one loop.
std::vector<int> bridge_dims(std::string_view landscape);

}  // namespace kramers
