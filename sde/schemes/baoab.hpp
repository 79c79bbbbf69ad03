// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// BAOAB splitting of Langevin dynamics.
///
///   B: v += F(x) dt/2;  A: x += v dt/2;  O: v = e^{−γdt} v + σ √((1 − e^{−2γdt})/(2γ)) ζ;  A;  B
///
/// Facts       additive: strong 1, weak 2; configurational averages on a quadratic are exact
/// Valid for   kinetic models with additive noise; on a quadratic λ dt² < 4
/// Error       on a quadratic Var x exact, Var v (1 − λ dt²/4) T
/// Cost        2 gradients (the last one of a step is taken again by the next), 1 normal per
///             coordinate
/// Source      leimkuhler2013, leimkuhler2016
template <Model M>
struct Baoab {
    using Dynamics = M;
    static constexpr std::string_view name = "baoab";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 2;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool valid = kinetic<M> && additive<M>;
    static constexpr std::string_view valid_for =
        "models (position, velocity) with a member friction and additive noise driven by Wiener "
        "processes";

    M model;
    double half;  // dt/2
    FrictionStep friction;

    static Baoab prepare(M const& m, double dt) {
        static_assert(valid, "Baoab is not valid for this model: see valid_for");
        return {m, 0.5 * dt, FrictionStep::over(dt, m.friction)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid || structure != NoiseStructure::additive) return {0.0, 0.0};
        return {1.0, 2.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.00, 0.03}, {2.00, 0.03}};
        return {};
    }
    template <int k, class T>
    KRAMERS_HD T point(Vec<T, 1 + memory> const& s, Site<T> const* sites, Draws<T> const& draws,
                       Clock<T> const& clock) const {
        return model.position(stage<k>(s, sites, draws, clock));
    }
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> finish(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                         Draws<T> const& draws, Clock<T> const& clock) const {
        Vec<T, 1 + memory> const last = stage<1>(s, sites, draws, clock);
        return {{last[0], last[1] + T(half) * force(model, last, sites[1], clock)}};
    }

    /// The state at evaluation k: after nothing, after B A O A.
    template <int k, class T>
    KRAMERS_HD Vec<T, 1 + memory> stage(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                        Draws<T> const& draws, Clock<T> const& clock) const {
        if constexpr (k == 0) {
            return s;
        } else {
            T const v = s[1] + T(half) * force(model, s, sites[0], clock);
            T const sigma = noise_of_velocity(model, s, sites[0], clock);
            T const w = friction.apply(v, sigma, draws.first);
            return {{s[0] + T(half) * (v + w), w}};
        }
    }
};

}  // namespace kramers::coordinate
