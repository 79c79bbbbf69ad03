// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// Platen's explicit scheme of weak order 2, without derivatives, with Gaussian increments.
///
///   ŝ = s + b dt + σ ΔW,   s± = s + b dt ± σ √dt
///   s' = s + ½ (b + b(ŝ)) dt + ¼ (σ₊ + σ₋ + 2σ) ΔW + ¼ (σ₊ − σ₋) (ΔW² − dt)/√dt
///
/// With additive noise that is Heun's rule, and only its two gradients are taken.
///
/// Facts       additive and diagonal: strong 1, weak 2; general: strong ½, weak 1
/// Valid for   Itô models driven by Wiener processes, one per coordinate. Diagonal means that the
///             amplitude of a coordinate depends on that coordinate only; where it depends on others
///             the mixed iterated integrals are missing and both orders drop.
/// Error       weak O(dt²)
/// Cost        4 gradients (additive: 2), 1 normal per coordinate
/// Source      kloeden1992 (15.1)
template <Model M>
struct PlatenWeak2 {
    using Dynamics = M;
    static constexpr std::string_view name = "platen_weak2";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = M::noise == NoiseStructure::additive ? 2 : 4;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool valid = wiener<M>;
    static constexpr std::string_view valid_for =
        "models driven by Wiener processes (no Levy noise)";
    static constexpr std::string_view same_as = additive<M> ? "stochastic_heun" : "";

    M model;
    double dt;
    double root_dt;

    static PlatenWeak2 prepare(M const& m, double dt) {
        static_assert(valid, "PlatenWeak2 is not valid for this model: see valid_for");
        return {m, dt, std::sqrt(dt)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid) return {0.0, 0.0};
        return structure == NoiseStructure::general ? Orders{0.5, 1.0} : Orders{1.0, 2.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.01, 0.15}, {2.00, 0.03}};
        if (structure == NoiseStructure::diagonal) return {{0.97, 0.21}, {2.00, 0.03}};
        return {{0.48, 0.14}, {1.01, 0.07}};
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
        Flow<T, 1 + memory> const end =
            model.evaluate(stage<1>(s, sites, draws, clock), sites[1], clock);
        Vec<T, 1 + memory> const drift = T(0.5 * dt) * (flow.drift + end.drift);
        if constexpr (evaluations == 2) {
            return s + (drift + draws.first * (T(root_dt) * flow.noise));
        } else {
            Vec<T, 1 + memory> const above =
                model.evaluate(stage<2>(s, sites, draws, clock), sites[2], clock).noise;
            Vec<T, 1 + memory> const below =
                model.evaluate(stage<3>(s, sites, draws, clock), sites[3], clock).noise;
            T const quarter = T(0.25 * root_dt);
            return s + (drift + (quarter * draws.first) * (above + below + T(2) * flow.noise) +
                        (quarter * (math::square(draws.first) - T(1))) * (above - below));
        }
    }

    /// Where evaluation k is made: s, ŝ, s₊, s₋.
    template <int k, class T>
    KRAMERS_HD Vec<T, 1 + memory> stage(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                        Draws<T> const& draws, Clock<T> const& clock) const {
        if constexpr (k == 0) {
            return s;
        } else {
            Flow<T, 1 + memory> const flow = model.evaluate(s, sites[0], clock);
            T const z = k == 1 ? draws.first : (k == 2 ? T(1) : T(-1));
            return s + (T(dt) * flow.drift + z * (T(root_dt) * flow.noise));
        }
    }
};

}  // namespace kramers::coordinate
