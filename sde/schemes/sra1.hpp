// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// Rößler's SRA1 for additive noise.
///
///   H = s + ¾ b dt + (3/2) σ I₁₀/dt,   s' = s + (⅓ b + ⅔ b(H)) dt + σ ΔW
///
/// I₁₀ = ∫ W over the step = dt^{3/2} (z₁ + z₂/√3)/2, ΔW = √dt z₁.
///
/// Facts       additive: strong 3/2, weak 2
/// Valid for   additive noise driven by Wiener processes
/// Error       stationary variance on a quadratic: −(λ dt)²/6, relative
/// Cost        2 gradients, 2 normals per coordinate
/// Source      rossler2010
template <Model M>
struct Sra1 {
    using Dynamics = M;
    static constexpr std::string_view name = "sra1";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 2;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = true;
    static constexpr bool valid = additive<M>;
    static constexpr std::string_view valid_for =
        "models with additive noise driven by Wiener processes";

    M model;
    double dt;
    double root_dt;

    static Sra1 prepare(M const& m, double dt) {
        static_assert(valid, "Sra1 is not valid for this model: see valid_for");
        return {m, dt, std::sqrt(dt)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid || structure != NoiseStructure::additive) return {0.0, 0.0};
        return {1.5, 2.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.48, 0.26}, {2.01, 0.04}};
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
        Flow<T, 1 + memory> const flow = model.evaluate(s, sites[0], clock);
        Vec<T, 1 + memory> const drift =
            model.evaluate(stage<1>(s, sites, draws, clock), sites[1], clock).drift;
        return s + (T(dt / 3.0) * (flow.drift + T(2) * drift) +
                    draws.first * (T(root_dt) * flow.noise));
    }

    /// Where evaluation k is made: s, H.
    template <int k, class T>
    KRAMERS_HD Vec<T, 1 + memory> stage(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                        Draws<T> const& draws, Clock<T> const& clock) const {
        if constexpr (k == 0) {
            return s;
        } else {
            Flow<T, 1 + memory> const flow = model.evaluate(s, sites[0], clock);
            return s + (T(0.75 * dt) * flow.drift +
                        (T(1.5) * mean_of_path(T(root_dt), draws)) * flow.noise);
        }
    }
};

}  // namespace kramers::coordinate
