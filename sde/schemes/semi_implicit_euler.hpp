// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// Semi-implicit (symplectic) Euler step of Langevin dynamics: the new velocity moves the position.
///
///   v' = v + (F(x) − γ v) dt + σ √dt ζ,   x' = x + v' dt
///
/// Facts       additive: strong 1, weak 1
/// Valid for   kinetic models; on a quadratic λ dt² + 2γ dt < 4
/// Error       on a quadratic Var x = (T/λ)(4 − 2γdt)/(4 − 2γdt − λdt²)
/// Cost        1 gradient, 1 normal per coordinate
/// Source      leimkuhler2016
template <Model M>
struct SemiImplicitEuler {
    using Dynamics = M;
    static constexpr std::string_view name = "semi_implicit_euler";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 1;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool valid = kinetic<M>;
    static constexpr std::string_view valid_for =
        "models (position, velocity) with a member friction, driven by Wiener processes";

    M model;
    double dt;
    double root_dt;

    static SemiImplicitEuler prepare(M const& m, double dt) {
        static_assert(valid, "SemiImplicitEuler is not valid for this model: see valid_for");
        return {m, dt, std::sqrt(dt)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid || structure != NoiseStructure::additive) return {0.0, 0.0};
        return {1.0, 1.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.00, 0.03}, {1.01, 0.06}};
        return {};
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
        T const v = s[1] + (T(dt) * flow.drift[1] + draws.first * (T(root_dt) * flow.noise[1]));
        return {{s[0] + T(dt) * v, v}};
    }
};

}  // namespace kramers::coordinate
