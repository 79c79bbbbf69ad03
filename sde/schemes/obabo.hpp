// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// OBABO splitting of Langevin dynamics: velocity Verlet between two half steps of friction.
///
///   O: v = e^{−γdt/2} v + σ √((1 − e^{−γdt})/(2γ)) ζ;  B: v += F(x) dt/2;  A: x += v dt;  B;  O
///
/// Facts       additive: weak 2, no strong claim (its normals are not those of one Wiener path)
/// Valid for   kinetic models with additive noise; on a quadratic λ dt² < 4
/// Error       on a quadratic Var x (T/λ)/(1 − λ dt²/4), Var v exact
/// Cost        2 gradients (the last one of a step is taken again by the next), 2 normals per
///             coordinate
/// Source      bussi2007, leimkuhler2016
template <Model M>
struct Obabo {
    using Dynamics = M;
    static constexpr std::string_view name = "obabo";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 2;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = true;
    static constexpr bool valid = kinetic<M> && additive<M>;
    static constexpr std::string_view valid_for =
        "models (position, velocity) with a member friction and additive noise driven by Wiener "
        "processes";

    M model;
    double dt;
    FrictionStep friction;  // over dt/2

    static Obabo prepare(M const& m, double dt) {
        static_assert(valid, "Obabo is not valid for this model: see valid_for");
        return {m, dt, FrictionStep::over(0.5 * dt, m.friction)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid || structure != NoiseStructure::additive) return {0.0, 0.0};
        return {0.0, 2.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{}, {1.99, 0.03}};
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
        T const v = last[1] + T(0.5 * dt) * force(model, last, sites[1], clock);
        T const sigma = noise_of_velocity(model, s, sites[0], clock);
        return {{last[0], friction.apply(v, sigma, draws.second)}};
    }

    /// The state at evaluation k: after nothing, after O B A.
    template <int k, class T>
    KRAMERS_HD Vec<T, 1 + memory> stage(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                        Draws<T> const& draws, Clock<T> const& clock) const {
        if constexpr (k == 0) {
            return s;
        } else {
            T const sigma = noise_of_velocity(model, s, sites[0], clock);
            T const v = friction.apply(s[1], sigma, draws.first) +
                        T(0.5 * dt) * force(model, s, sites[0], clock);
            return {{s[0] + T(dt) * v, v}};
        }
    }
};

}  // namespace kramers::coordinate
