// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/limits.hpp"
#include "sde/math.hpp"

namespace kramers::coordinate {

/// Steps of constant length down the sign of the gradient.
///
///   x' = x − η sign(g),   sign(0) = 0
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  learning_rate  η, length, > 0
/// Facts       with constant η the path stays on the lattice x_0 + η Z. Limit SDE: sign_sde, clock
///             t = ηk; for Gaussian noise of deviation σ its drift is −erf(∂V/(√2 σ)). Where the
///             gradient is small against σ that is T = (ησ/2)√(π/2) with clock ηk√(2/π)/σ
/// Valid for   any noise with a density at 0; without noise it ends in a cycle of period two
/// Cost        1 gradient per iteration
/// Source      bernstein2018, compagnoni2025 (S13); stationary law: S39
struct SignSgd {
    static constexpr std::string_view name = "sign_sgd";
    static constexpr std::string_view equation = "x' = x - eta sign(g)";
    static constexpr int memory = 0;
    static constexpr bool uses_second = false;

    double learning_rate;

    static constexpr std::array<Parameter, 1> parameters() {
        return {{{"learning_rate", "length", required, 0.0, unbounded,
                  "eta in x' = x - eta sign(g)", true}}};
    }
    static SignSgd make(double const* values) { return {values[0]}; }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        double const eta = values[0];
        double const pi = 3.14159265358979323846;
        return {{.map = "first order",
                 .sde = "sign_sde",
                 .latex = R"(dX_i = -q_i\,dt + \sqrt{\eta(1 - q_i^2)}\,dW_i,)"
                          R"(\quad q_i = \operatorname{erf}\frac{\partial_iV}{\sqrt{2C_{ii}}})",
                 .parameters = {{"learning_rate", eta, "eta"},
                                {"temperature", 0.5 * eta * std::sqrt(0.5 * pi * noise.variance),
                                 "eta sqrt(pi c / 2) / 2"}},
                 .time_per_step = eta,
                 .clock = "t = k eta",
                 .weak_order = 1.0,
                 .valid =
                     "Gaussian noise, independent between coordinates; the temperature is that "
                     "of gradients far below the noise",
                 .source = "compagnoni2025 (S13)"}};
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 1> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> iterate(Vec<T, 1> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        T const rate = T(learning_rate) * clock.rate;
        T const zero = T(0);
        return {s[0] - math::select(g > zero, rate, math::select(g < zero, -rate, zero * g))};
    }
};

}  // namespace kramers::coordinate
