// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "sde/coordinate.hpp"
#include "sde/noise/shape.hpp"

namespace kramers::coordinate {

/// Overdamped motion driven by a symmetric α-stable process.
///
///   dX = −V′ dt + σ dL,   E exp(iωL_t) = exp(−t |ω|^α)
///
/// Shape       X ∈ R^d, any d ≥ 1; state of a coordinate (x)
/// Parameters  scale  σ, length/time^{1/α}, ≥ 0
///             alpha  α, stability index, smallest_alpha ≤ α ≤ 2
/// Facts       an increment over dt is dt^{1/α} times a stable number of scale 1. α = 2 is variance
///             2 per unit time: overdamped with T = σ². On V = λx²/2 the law is stable with scale
///             σ ((1 − exp(−αλt))/(αλ))^{1/α} (S56). Escape times are powers of σ (E42–E44).
/// Valid for   draws from the stable noise law with the same α; a law whose coordinates are
///             independent jumps along the axes, an isotropic one in every direction (E41).
///             A boundary is jumped over with probability 1: no bridge correction (E43).
/// Cost        1 gradient and 1 stable number per coordinate and evaluation
/// Source      samorodnitsky1994; chambers1976
struct LevyDriven {
    static constexpr std::string_view name = "levy_driven";
    static constexpr std::string_view equation =
        "dX = -grad V dt + sigma dL, E exp(i w L_t) = exp(-t |w|^alpha)";
    static constexpr std::string_view latex = R"(dX = -\nabla V(X)\,dt + \sigma\,dL^{\alpha})";
    static constexpr int memory = 0;
    static constexpr unsigned needs = needs_nothing;
    static constexpr NoiseStructure noise = NoiseStructure::additive;
    static constexpr bool levy = true;

    double scale;
    double alpha;

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"scale", "length/time^(1/alpha)", required, 0.0, unbounded,
                  "sigma in dX = -grad V dt + sigma dL"},
                 {"alpha", "1", required, smallest_alpha, 2.0,
                  "stability index of L; 2 is Brownian motion of variance 2t", false, false, false,
                  false, why_smallest_alpha}}};
    }
    static LevyDriven make(double const* values) { return {values[0], values[1]}; }

    double increment_scale(double dt) const { return std::pow(dt, 1.0 / alpha); }
    template <class T>
    KRAMERS_HD T position(Vec<T, 1> const& s) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Flow<T, 1> evaluate(Vec<T, 1> const&, Site<T> const& site,
                                   Clock<T> const& clock) const {
        return {{{-site.gradient}}, {{T(scale) * clock.noise}}, {{T(0)}}};
    }
};
static_assert(Model<LevyDriven>);

}  // namespace kramers::coordinate
