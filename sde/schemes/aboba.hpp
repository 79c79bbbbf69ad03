// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// ABOBA splitting of Langevin dynamics.
///
///   A: x += v dt/2;  B: v += F(x) dt/2;  O: v = e^{−γdt} v + σ √((1 − e^{−2γdt})/(2γ)) ζ;  B;  A
///
/// Facts       additive: strong 1, weak 2; configurational averages on a quadratic are exact
/// Valid for   kinetic models with additive noise; on a quadratic λ dt² < 4
/// Error       on a quadratic Var x exact, Var v T/(1 − λ dt²/4)
/// Cost        1 gradient, 1 normal per coordinate
/// Source      leimkuhler2013, leimkuhler2016
template <Model M>
struct Aboba {
    using Dynamics = M;
    static constexpr std::string_view name = "aboba";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 1;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool valid = kinetic<M> && additive<M>;
    static constexpr std::string_view valid_for =
        "models (position, velocity) with a member friction and additive noise driven by Wiener "
        "processes";

    M model;
    double half;  // dt/2
    FrictionStep friction;

    static Aboba prepare(M const& m, double dt) {
        static_assert(valid, "Aboba is not valid for this model: see valid_for");
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
    KRAMERS_HD T point(Vec<T, 1 + memory> const& s, Site<T> const*, Draws<T> const&,
                       Clock<T> const&) const {
        return model.position(drifted(s));
    }
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> finish(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                         Draws<T> const& draws, Clock<T> const& clock) const {
        Vec<T, 1 + memory> const middle = drifted(s);
        T const kick = T(half) * force(model, middle, sites[0], clock);
        T const sigma = noise_of_velocity(model, middle, sites[0], clock);
        T const v = friction.apply(s[1] + kick, sigma, draws.first) + kick;
        return {{s[0] + T(half) * (s[1] + v), v}};
    }

    /// After the first A.
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> drifted(Vec<T, 1 + memory> const& s) const {
        return {{s[0] + T(half) * s[1], s[1]}};
    }
};

}  // namespace kramers::coordinate
