// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// Rößler's SRIW1 for scalar or diagonal noise.
///
///   K₁ = s,                               H = s + ¾ b dt + (3/2) σ I₁₀/dt
///   K₂ = s + ¼ b dt + ½ σ √dt,            K₃ = s + b dt − σ √dt
///   K₄ = s + ¼ b dt + (−5 σ + 3 σ(K₂) + ½ σ(K₃)) √dt
///   s' = s + (⅓ b + ⅔ b(H)) dt + Σ wᵢ σ(Kᵢ)
///   w₁ = −ΔW − a + 2 c − 2 e,   w₂ = (4/3)(ΔW + a − c) + (5/3) e,   w₃ = (2/3)(ΔW − c − e) − ⅓ a,
///   w₄ = e,   a = (ΔW² − dt)/(2√dt),   c = I₁₀/dt,   e = (ΔW³ − 3 dt ΔW)/(6 dt)
///
/// I₁₀ = ∫ W over the step = dt^{3/2} (z₁ + z₂/√3)/2, ΔW = √dt z₁. With additive noise it is SRA1.
///
/// Facts       additive: strong 3/2, weak 2; diagonal: strong 3/2, weak 3/2 (its stages K₂, K₃ are
///             displaced by a fixed multiple of √dt: half orders stay in the mean; linear equations
///             reach 2); general: strong ½, weak 1
/// Valid for   Itô models driven by Wiener processes, one per coordinate. Diagonal means that the
///             amplitude of a coordinate depends on that coordinate only; where it depends on others
///             the mixed iterated integrals are missing and both orders drop.
/// Error       strong O(dt^{3/2})
/// Cost        5 gradients, 2 normals per coordinate
/// Source      rossler2010
template <Model M>
struct Sriw1 {
    using Dynamics = M;
    static constexpr std::string_view name = "sriw1";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 5;
    static constexpr unsigned needs = M::needs;
    static constexpr bool uses_second = true;
    static constexpr bool valid = wiener<M>;
    static constexpr std::string_view valid_for =
        "models driven by Wiener processes (no Levy noise)";
    static constexpr std::string_view same_as = additive<M> ? "sra1" : "";

    M model;
    double dt;
    double root_dt;

    static Sriw1 prepare(M const& m, double dt) {
        static_assert(valid, "Sriw1 is not valid for this model: see valid_for");
        return {m, dt, std::sqrt(dt)};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid) return {0.0, 0.0};
        return structure == NoiseStructure::general
                   ? Orders{0.5, 1.0}
                   : Orders{1.5, structure == NoiseStructure::additive ? 2.0 : 1.5};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.48, 0.26}, {2.01, 0.04}};
        if (structure == NoiseStructure::diagonal) return {{1.50, 0.14}, {1.51, 0.03}};
        return {{0.46, 0.17}, {1.04, 0.07}};
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
        T const root = T(root_dt);
        T const z = draws.first;
        T const w = root * z;
        T const a = T(0.5) * root * (math::square(z) - T(1));
        T const c = mean_of_path(root, draws);
        T const e = T(1.0 / 6.0) * w * (math::square(z) - T(3));
        Vec<T, 1 + memory> const noise =
            (T(2) * (c - e) - w - a) * flow.noise +
            (T(4.0 / 3.0) * (w + a - c) + T(5.0 / 3.0) * e) * noise_at<2>(s, sites, draws, clock) +
            (T(2.0 / 3.0) * (w - c - e) - T(1.0 / 3.0) * a) * noise_at<3>(s, sites, draws, clock) +
            e * noise_at<4>(s, sites, draws, clock);
        return s + (T(dt / 3.0) * (flow.drift + T(2) * drift) + noise);
    }

    /// Where evaluation k is made: s, H, K₂, K₃, K₄.
    template <int k, class T>
    KRAMERS_HD Vec<T, 1 + memory> stage(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                        Draws<T> const& draws, Clock<T> const& clock) const {
        if constexpr (k == 0) {
            return s;
        } else {
            Flow<T, 1 + memory> const flow = model.evaluate(s, sites[0], clock);
            T const root = T(root_dt);
            if constexpr (k == 1) {
                return s + (T(0.75 * dt) * flow.drift +
                            (T(1.5) * mean_of_path(root, draws)) * flow.noise);
            } else if constexpr (k == 2) {
                return s + (T(0.25 * dt) * flow.drift + (T(0.5) * root) * flow.noise);
            } else if constexpr (k == 3) {
                return s + (T(dt) * flow.drift - root * flow.noise);
            } else {
                return s +
                       (T(0.25 * dt) * flow.drift +
                        root * (T(3) * noise_at<2>(s, sites, draws, clock) +
                                T(0.5) * noise_at<3>(s, sites, draws, clock) - T(5) * flow.noise));
            }
        }
    }
    /// σ at stage k.
    template <int k, class T>
    KRAMERS_HD Vec<T, 1 + memory> noise_at(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                           Draws<T> const& draws, Clock<T> const& clock) const {
        return model.evaluate(stage<k>(s, sites, draws, clock), sites[k], clock).noise;
    }
};

}  // namespace kramers::coordinate
