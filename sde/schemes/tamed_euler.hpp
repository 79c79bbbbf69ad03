// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// Tamed Euler step: Euler–Maruyama whose drift moves no coordinate by 1 or more.
///
///   s' = s + (b dt/(1 + dt|b|) + σ ΔW)
///
/// The source divides by 1 + dt‖b‖, the norm of the whole drift; here each coordinate is tamed by
/// itself. In one dimension they are the same.
///
/// Facts       additive: strong 1, weak 1; diagonal and general: strong ½, weak 1
/// Valid for   models whose state is the position, driven by Wiener processes, read in the Itô
///             sense. Made for drifts that grow faster than linearly and point inwards, where
///             Euler–Maruyama explodes. The 1 in the denominator is a length: where |b| dt is not
///             small the path is bounded but slow, and comes back from x in more than |x| steps
/// Error       strong and weak O(dt); b|b| dt² per step on top of Euler–Maruyama
/// Cost        1 gradient and 1 division, 1 normal per coordinate
/// Source      hutzenthaler2012
template <Model M>
struct TamedEuler {
    using Dynamics = M;
    static constexpr std::string_view name = "tamed_euler";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 1;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool valid = wiener<M> && M::memory == 0;
    static constexpr std::string_view valid_for =
        "models without memory that are driven by Wiener processes";

    M model;
    double dt;
    double root_dt;

    static TamedEuler prepare(M const& m, double dt) {
        static_assert(valid, "TamedEuler is not valid for this model: see valid_for");
        return {m, dt, std::sqrt(dt)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid) return {0.0, 0.0};
        return structure == NoiseStructure::additive ? Orders{1.0, 1.0} : Orders{0.5, 1.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{0.97, 0.11}, {1.00, 0.03}};
        if (structure == NoiseStructure::diagonal) return {{0.47, 0.15}, {1.00, 0.03}};
        return {{0.55, 0.15}, {1.00, 0.03}};
    }
    template <int k, class T>
    KRAMERS_HD T point(Vec<T, 1 + memory> const& s, Site<T> const*, Draws<T> const&,
                       Clock<T> const&) const {
        return model.position(s);
    }
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> finish(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                         Draws<T> const& draws, Clock<T> const& clock) const {
        Flow<T, 1 + memory> const flow = model.evaluate(s, sites[0], clock);
        Vec<T, 1 + memory> next = s;
        for (int i = 0; i <= memory; ++i) {
            T const drift = T(dt) * flow.drift[i];
            T const kick = draws.first * (T(root_dt) * flow.noise[i]);
            next[i] = s[i] + (drift / (T(1) + math::abs(drift)) + kick);
        }
        return next;
    }
};

}  // namespace kramers::coordinate
