// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// Stochastic Heun step: the trapezoidal rule on drift and noise alike.
///
///   ŝ = s + b̃ dt + σ ΔW,   s' = s + ½ (b̃ + b̃(ŝ)) dt + ½ (σ + σ(ŝ)) ΔW,   b̃ = b − ½ (σ·∂)σ
///
/// The rule converges to the Stratonovich solution; with the Stratonovich drift b̃ that is the
/// solution of the model's Itô equation.
///
/// Facts       additive: strong 1, weak 2; diagonal: strong 1, weak 1; general: strong ½, weak 1
/// Valid for   models driven by Wiener processes, one per coordinate
/// Error       stationary variance on a quadratic with additive noise: −(λ dt)²/4, relative
/// Cost        2 gradients, 1 normal per coordinate; the slope of the noise variance
/// Source      rumelin1982
template <Model M>
struct StochasticHeun {
    using Dynamics = M;
    static constexpr std::string_view name = "stochastic_heun";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 2;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool uses_correction = true;
    static constexpr bool valid = corrected<M>;
    static constexpr std::string_view valid_for =
        "models driven by Wiener processes (no Levy noise) that know their whole noise-induced "
        "drift";
    static constexpr std::string_view same_as = additive<M> ? "platen_weak2" : "";

    M model;
    double dt;
    double root_dt;

    static StochasticHeun prepare(M const& m, double dt) {
        static_assert(valid, "StochasticHeun is not valid for this model: see valid_for");
        return {m, dt, std::sqrt(dt)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid) return {0.0, 0.0};
        if (structure == NoiseStructure::additive) return {1.0, 2.0};
        return structure == NoiseStructure::diagonal ? Orders{1.0, 1.0} : Orders{0.5, 1.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.01, 0.15}, {2.00, 0.03}};
        if (structure == NoiseStructure::diagonal) return {{0.98, 0.16}, {1.00, 0.03}};
        return {{0.53, 0.17}, {1.01, 0.06}};
    }
    template <int k, class T>
    KRAMERS_HD T point(Vec<T, 1 + memory> const& s, Site<T> const* sites, Draws<T> const& draws,
                       Clock<T> const& clock) const {
        if constexpr (k == 0) {
            return model.position(s);
        } else {
            return model.position(s + increment(s, sites[0], draws, clock));
        }
    }
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> finish(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                         Draws<T> const& draws, Clock<T> const& clock) const {
        Vec<T, 1 + memory> const first = increment(s, sites[0], draws, clock);
        Vec<T, 1 + memory> const second = increment(s + first, sites[1], draws, clock);
        return s + T(0.5) * (first + second);
    }

    /// b̃ dt + σ ΔW at a state.
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> increment(Vec<T, 1 + memory> const& s, Site<T> const& site,
                                            Draws<T> const& draws, Clock<T> const& clock) const {
        Flow<T, 1 + memory> const flow = model.evaluate(s, site, clock);
        return T(dt) * (flow.drift - flow.correction) + draws.first * (T(root_dt) * flow.noise);
    }
};

}  // namespace kramers::coordinate
