// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/hd.hpp"
#include "sde/math.hpp"

/// How the noise of one step depends on that of the steps before.
namespace kramers::coordinate {

enum class NoiseMemory {
    white,           ///< ξ_k = ζ_k
    anticorrelated,  ///< ξ_k = (ζ_k − θ ζ_{k−1})/√(1 + θ²), ζ_{−1} = 0
    coloured         ///< ξ_k = ρ ξ_{k−1} + √(1 − ρ²) ζ_k, ξ_0 = ζ_0
};

inline constexpr NoiseMemory all_memories[] = {NoiseMemory::white, NoiseMemory::anticorrelated,
                                               NoiseMemory::coloured};

/// Numbers of a memory; made by memory_data.
struct MemoryData {
    double past = 0.0;     ///< weight of what was kept: −θ/√(1 + θ²) or ρ
    double present = 1.0;  ///< weight of the draw: 1/√(1 + θ²) or √(1 − ρ²)
};

/// True: one number per coordinate is kept from step to step, 0 at the start.
KRAMERS_HD constexpr bool remembers(NoiseMemory memory) { return memory != NoiseMemory::white; }

/// The noise of this step from a fresh draw ζ and what was kept; updates what is kept.
///
/// Facts       anticorrelated: with θ = 1 the sum telescopes, Σ_{k<n} ξ_k = ζ_{n−1}/√2; the first
///             step has variance 1/(1 + θ²), all others 1. coloured: variance 1 from step 0;
///             ρ = e^{−1/n} for a correlation of n steps
/// Source      orvieto2022 (anticorrelated, S19), uhlenbeck1930 (coloured)
template <NoiseMemory memory, class T>
KRAMERS_HD T remember(MemoryData const& data, T zeta, T& kept, T step) {
    if constexpr (memory == NoiseMemory::anticorrelated) {
        T const xi = T(data.present) * zeta + T(data.past) * kept;
        kept = zeta;
        return xi;
    } else if constexpr (memory == NoiseMemory::coloured) {
        T const next = T(data.present) * zeta + T(data.past) * kept;
        kept = math::select(step < T(0.5), zeta, next);
        return kept;
    } else {
        return zeta;
    }
}

/// coefficient: θ (anticorrelated) or ρ in (−1, 1) (coloured).
inline MemoryData memory_data(NoiseMemory memory, double coefficient) {
    switch (memory) {
        case NoiseMemory::anticorrelated: {
            double const present = 1.0 / math::sqrt(1.0 + coefficient * coefficient);
            return {-coefficient * present, present};
        }
        case NoiseMemory::coloured:
            return {coefficient, math::sqrt((1.0 - coefficient) * (1.0 + coefficient))};
        default: return {};
    }
}

/// Long-run variance Σ_j R_j over that of one step R_0, what a slow motion feels:
/// (1 − θ)²/(1 + θ²) or (1 + ρ)/(1 − ρ).
inline double long_run_factor(NoiseMemory memory, MemoryData const& data) {
    switch (memory) {
        case NoiseMemory::anticorrelated: return math::square(data.present + data.past);
        case NoiseMemory::coloured: return (1.0 + data.past) / (1.0 - data.past);
        default: return 1.0;
    }
}

}  // namespace kramers::coordinate
