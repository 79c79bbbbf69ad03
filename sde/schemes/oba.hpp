// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// OBA splitting of Langevin dynamics, which is heavy-ball descent.
///
///   O: v = e^{−γdt} v + σ √((1 − e^{−2γdt})/(2γ)) ζ;  B: v += F(x) dt;  A: x += v dt
///
/// Heavy ball v' = μv − η(∂V + ξ), x' = x + v' with Gaussian ξ of variance c is this step with
/// dt = √η, γ = −ln μ/√η, σ²/(2γ) = ηc/(1 − μ²) and heavy-ball velocity √η v.
///
/// Facts       additive: strong 1, weak 1
/// Valid for   kinetic models; on a quadratic λ dt² < 2(1 + e^{−γdt})
/// Error       on a quadratic Var x = (T/λ)(1 + e)²/(2(1 + e) − λ dt²), e = e^{−γdt}
/// Cost        1 gradient, 1 normal per coordinate
/// Source      leimkuhler2016, polyak1964
template <Model M>
struct Oba {
    using Dynamics = M;
    static constexpr std::string_view name = "oba";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 1;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool valid = kinetic<M>;
    static constexpr std::string_view valid_for =
        "models (position, velocity) with a member friction, driven by Wiener processes";

    M model;
    double dt;
    FrictionStep friction;

    static Oba prepare(M const& m, double dt) {
        static_assert(valid, "Oba is not valid for this model: see valid_for");
        return {m, dt, FrictionStep::over(dt, m.friction)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid || structure != NoiseStructure::additive) return {0.0, 0.0};
        return {1.0, 1.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.00, 0.03}, {1.00, 0.03}};
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
        T const sigma = noise_of_velocity(model, s, sites[0], clock);
        T const v =
            friction.apply(s[1], sigma, draws.first) + T(dt) * force(model, s, sites[0], clock);
        return {{s[0] + T(dt) * v, v}};
    }
};

}  // namespace kramers::coordinate
