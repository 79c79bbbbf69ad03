// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Quasi-hyperbolic momentum: a mean of plain gradient and averaged gradient.
///
///   p' = β p + (1 − β) g(x),   x' = x − η ((1 − ν) g(x) + ν p'),   p_0 = 0
///
/// Shape       x ∈ R^d, any d ≥ 1; one average per coordinate
/// Parameters  learning_rate  η, length²/energy, > 0
///             beta           β, 0 ≤ β < 1
///             nu             ν, 0 ≤ ν ≤ 1, weight of the average
/// Facts       ν = 0 is sgd, ν = 1 is momentum_ema; ν = β is the path of nesterov's look-ahead point
///             with μ = β and learning rate η(1 − β). A gradient moves x by η in all, so for fixed
///             β, ν and η → 0 it is sgd with η: clock t = ηk, T = ηc/2, c the noise variance of one
///             step. On V = hx²/2, with b = β(1 − ν) and s = 1 + β − 2νβ, the stationary variance
///             is ηc (1 − β² + ηhbs)/(h (1 − β + ηhb)(2(1 + β) − ηhs))
/// Valid for   quadratic V: 0 < η h < 2(1 + β)/(1 + β − 2νβ) for every curvature h
/// Error       no bias correction: the first 1/(1 − β) steps are shorter, down to 1 − νβ
/// Cost        1 gradient per iteration
/// Source      ma2019 (algorithm 1), gitman2019
struct Qhm {
    static constexpr std::string_view name = "qhm";
    static constexpr std::string_view equation =
        "p' = beta p + (1 - beta) g, x' = x - eta ((1 - nu) g + nu p')";
    static constexpr int memory = 1;
    static constexpr bool uses_second = false;

    double learning_rate;
    double beta;
    double nu;

    static constexpr std::array<Parameter, 3> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in x' = x - eta ((1 - nu) g + nu p')", true},
                 {"beta", "1", 0.999, 0.0, limit_forms::below_one,
                  "beta in p' = beta p + (1 - beta) g"},
                 {"nu", "1", 0.7, 0.0, 1.0, "weight of the average; 0 is sgd, 1 momentum_ema"}}};
    }
    static Qhm make(double const* values) { return {values[0], values[1], values[2]}; }
    static StabilityLimit stability(double const* values) {
        return {2.0 * (1.0 + values[1]) / (1.0 + values[1] - 2.0 * values[1] * values[2]),
                "2 (1 + beta) / (1 + beta - 2 nu beta)"};
    }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        limit_forms::Formula const rate{values[0], "eta"};
        std::string const fixed = "beta and nu fixed, eta -> 0; after 1 / (1 - beta) steps";
        std::vector<SdeLimit> all{
            limit_forms::overdamped("effective learning rate", rate,
                                    {values[0] * noise.variance / 2.0, "eta c / 2"},
                                    "constant isotropic noise; " + fixed, "ma2019, gitman2019"),
            limit_forms::modified_equation("effective learning rate, state-dependent noise", rate,
                                           1, fixed, "ma2019, gitman2019")};
        limit_forms::add_stable(all, "effective learning rate, stable noise", rate, noise, fixed,
                                "simsekli2019, ma2019 (S20)");
        return all;
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 2> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> iterate(Vec<T, 2> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        T const p = T(beta) * s[1] + (T(1) - T(beta)) * g;
        T const mean = (T(1) - T(nu)) * g + T(nu) * p;
        return {s[0] - T(learning_rate) * clock.rate * mean, p};
    }
};

}  // namespace kramers::coordinate
