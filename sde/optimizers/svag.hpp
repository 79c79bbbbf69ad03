// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Stochastic variance amplified gradient: SGD made to look like its own SDE.
///
///   x' = x − (η/ℓ) (r₁ g₁ + r₂ g₂),   r₁,₂ = (1 ± √(2ℓ − 1))/2
///
/// g₁ and g₂ are gradients of two independent batches at x. As r₁ + r₂ = 1 and r₁² + r₂² = ℓ, the
/// step is ℓ times shorter and its noise has ℓ times the variance: ℓ steps do what one of sgd does.
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  learning_rate  η of the sgd it stands for, length²/energy, > 0
///             ell            ℓ ≥ 1; 1 is sgd, path by path
/// Facts       limit SDE for ℓ → ∞ at fixed η: the first-order one of sgd, T = ηc/2, at η/ℓ of its
///             time per step. The noise of a step has, besides ℓ times the variance of one draw,
///             (3ℓ − 1)/2 times its third and (ℓ² + 2ℓ − 1)/2 times its fourth cumulant
/// Valid for   noise of any shape without memory: both batches are drawn from it at x. Without a
///             finite variance there is no limit. Quadratic V: 0 < η h < 2ℓ
/// Error       stationary variance on a quadratic ηc/(h(2 − ηh/ℓ)), exact; skewness O(ℓ^{−1}) and
///             excess kurtosis O(ℓ^{−1}) of what is not Gaussian
/// Cost        1 gradient (at one point both batches have the same mean) and 1 further draw of the
///             law per iteration
/// Source      li2021 (S18)
struct Svag {
    static constexpr std::string_view name = "svag";
    static constexpr std::string_view equation =
        "x' = x - (eta/l) (r1 g1 + r2 g2), r = (1 +- sqrt(2l - 1))/2";
    static constexpr int memory = 0;
    static constexpr bool uses_second = true;
    static constexpr bool second_batch = true;
    static constexpr bool sees_site = true;

    double learning_rate;  // η/ℓ
    double first;          // r₁
    double second;         // r₂

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in x' = x - (eta/l) (r1 g1 + r2 g2)", true},
                 {"ell", "1", required, 1.0, unbounded, "l, steps that replace one of sgd"}}};
    }
    static Svag make(double const* values) {
        return {values[0] / values[1], 0.5 * (1.0 + std::sqrt(2.0 * values[1] - 1.0)),
                0.5 * (1.0 - std::sqrt(2.0 * values[1] - 1.0))};
    }
    static StabilityLimit stability(double const* values) { return {2.0 * values[1], "2 ell"}; }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        limit_forms::Formula const rate{values[0] / values[1], "eta / ell"};
        std::vector<SdeLimit> all{
            limit_forms::overdamped(
                "first order of sgd", rate, {values[0] * noise.variance / 2.0, "eta c / 2"},
                "constant isotropic noise; ell -> infinity at fixed eta", "li2021 (S18)"),
            limit_forms::modified_equation("first order of sgd, state-dependent noise",
                                           {values[0], "eta"}, 1, "ell -> infinity at fixed eta",
                                           "li2021 (S18)")};
        all[1].time_per_step = rate.value;
        all[1].clock = "t = k " + rate.text;
        for (SdeLimit& limit : all) limit.small = rate.text;
        return all;
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 1> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> iterate(Vec<T, 1> const& s, Site<T> const& site, Draws<T> const& draws,
                                 Clock<T> const& clock) const {
        T const noise = site.amplitude * (T(first) * draws.first + T(second) * draws.second);
        return {s[0] - T(learning_rate) * clock.rate * (site.gradient + clock.noise * noise)};
    }
};

}  // namespace kramers::coordinate
