// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace kramers {

/// The quantity that a simulation and a derivation are both asked for. Regions and points are named
/// as in the spec; the numbers behind the names travel in the plan and in the query of a prediction.
struct MeanFirstPassage {
    std::string to;
};  ///< E τ from the start to region `to`; time
struct EscapeRate {
    std::string to;
};  ///< arrivals per unit time once the hazard is constant; 1/time
struct StationaryDensity {
    std::vector<int> axes;
};  ///< marginal density over one or two coordinates
struct StationaryCovariance {
    int i = 0;
    int j = 0;
};  ///< Cov(x_i, x_j); length²
struct Autocovariance {
    int i = 0;
    int j = 0;
    double lag = 0.0;
};  ///< Cov(x_i(t+lag), x_j(t)); length²
struct RegionWeight {
    std::string region;
};  ///< stationary probability of a region
struct PassageBias {
    std::string to;
    std::string crossing;
};  ///< coefficient of the leading bias of E τ in dt

struct RungBias {
    std::string to;
    std::string rung;  ///< "coarsest" or "finest" of a dt ladder
};                     ///< E τ of that rung over its limit dt → 0, less 1

struct RestrictedMean {
    std::string to;
    double until = 0.0;
};  ///< E min(τ, until) from the start to region `to`; time
struct ExitShare {
    std::string to;
};  ///< P(region `to` is the first of the targets that is reached)

struct WeakError {
    std::string of;
};  ///< means under an optimizer minus those under the SDE `of`, as they fall with the learning rate

struct SuccessProbability {
    std::string entrant;
};  ///< of a race: P(the minimum below the last state lies in the goal), best cell of an entrant

using Estimand = std::variant<MeanFirstPassage, EscapeRate, StationaryDensity, StationaryCovariance,
                              Autocovariance, RegionWeight, PassageBias, RungBias, RestrictedMean,
                              ExitShare, WeakError, SuccessProbability>;

/// Name and arguments as printed in tables and reports, e.g. "mean_first_passage(to = other)".
std::string describe(Estimand const& estimand);

}  // namespace kramers
