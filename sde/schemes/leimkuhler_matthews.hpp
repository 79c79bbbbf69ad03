// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// Leimkuhler–Matthews step: Euler–Maruyama with the mean of two successive normals.
///
///   x' = x + b dt + σ √dt (R_k + R_{k+1})/2
///
/// Memory: R_k, which starts at 0 (the very first kick has half its size).
///
/// Facts       additive: weak 1 for transients, no strong claim; stationary averages to second order
/// Valid for   additive noise driven by Wiener processes, models without memory
/// Error       stationary averages O(dt²); exact stationary variance on a quadratic
/// Cost        1 gradient, 1 normal per coordinate
/// Source      leimkuhler2013
template <Model M>
struct LeimkuhlerMatthews {
    using Dynamics = M;
    static constexpr std::string_view name = "leimkuhler_matthews";
    static constexpr int memory = M::memory + 1;
    static constexpr int evaluations = 1;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool valid = additive<M> && M::memory == 0;
    static constexpr std::string_view valid_for =
        "models without memory, with additive noise driven by Wiener processes";

    M model;
    double dt;
    double half_root_dt;

    static LeimkuhlerMatthews prepare(M const& m, double dt) {
        static_assert(valid, "LeimkuhlerMatthews is not valid for this model: see valid_for");
        return {m, dt, 0.5 * std::sqrt(dt)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid || structure != NoiseStructure::additive) return {0.0, 0.0};
        return {0.0, 1.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{}, {1.00, 0.03}};
        return {};
    }
    template <int k, class T>
    KRAMERS_HD T point(Vec<T, 1 + memory> const& s, Site<T> const*, Draws<T> const&,
                       Clock<T> const&) const {
        return model.position(Vec<T, 1>{{s[0]}});
    }
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> finish(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                         Draws<T> const& draws, Clock<T> const& clock) const {
        Flow<T, 1> const flow = model.evaluate(Vec<T, 1>{{s[0]}}, sites[0], clock);
        T const kick = (T(half_root_dt) * flow.noise[0]) * (s[1] + draws.first);
        return {{s[0] + (T(dt) * flow.drift[0] + kick), draws.first}};
    }
};

}  // namespace kramers::coordinate
