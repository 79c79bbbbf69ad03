// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// Milstein step.
///
///   s' = s + b dt + σ ΔW + ½ (σ·∂)σ (ΔW² − dt)
///
/// Facts       additive: Euler–Maruyama, strong 1, weak 1; diagonal: strong 1, weak 1; general:
///             strong ½, weak 1
/// Valid for   Itô models driven by Wiener processes, one per coordinate. Diagonal means that the
///             amplitude of a coordinate depends on that coordinate only; where it depends on others
///             the iterated integrals of pairs are missing and the strong order is ½.
/// Error       strong and weak O(dt)
/// Cost        1 gradient, 1 normal per coordinate; the slope of the noise variance
/// Source      milstein1974, kloeden1992 (10.3)
template <Model M>
struct Milstein {
    using Dynamics = M;
    static constexpr std::string_view name = "milstein";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 1;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = false;
    static constexpr bool uses_correction = true;
    static constexpr bool valid = corrected<M>;
    static constexpr std::string_view valid_for =
        "models driven by Wiener processes (no Levy noise) that know their whole noise-induced "
        "drift";
    static constexpr std::string_view same_as = additive<M> ? "euler_maruyama" : "";

    M model;
    double dt;
    double root_dt;

    static Milstein prepare(M const& m, double dt) {
        static_assert(valid, "Milstein is not valid for this model: see valid_for");
        return {m, dt, std::sqrt(dt)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid) return {0.0, 0.0};
        return structure == NoiseStructure::general ? Orders{0.5, 1.0} : Orders{1.0, 1.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.03, 0.11}, {1.00, 0.03}};
        if (structure == NoiseStructure::diagonal) return {{1.05, 0.14}, {1.00, 0.07}};
        return {{0.54, 0.15}, {1.00, 0.03}};
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
        T const excess = T(dt) * (math::square(draws.first) - T(1));
        return s + (T(dt) * flow.drift + draws.first * (T(root_dt) * flow.noise) +
                    excess * flow.correction);
    }
};

}  // namespace kramers::coordinate
