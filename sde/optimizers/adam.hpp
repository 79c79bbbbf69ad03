// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/math.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Adam, with bias correction of both moments.
///
///   m' = β₁ m + (1 − β₁) g,   v' = β₂ v + (1 − β₂) g²,
///   x' = x − η m̂/(√v̂ + ε),   m̂ = m'/(1 − β₁^{k+1}),   v̂ = v'/(1 − β₂^{k+1})
///
/// Shape       x ∈ R^d, any d ≥ 1; four memories per coordinate: m, v, 1 − β₁^k and 1 − β₂^k, the
///             last two by c' = β c + (1 − β) from 0
/// Parameters  learning_rate  η, length, > 0
///             beta1, beta2   β₁, β₂, in [0, 1)
///             epsilon        ε, energy/length, ≥ 0, outside the root and after the correction of v
/// Facts       the first step is −η sign(g) up to ε. Limit SDE: adam_sde, clock t = ηk at fixed
///             noise or t = η²k when noise is far above the gradient; there T = ησ/2 whatever β₁, with σ² the noise variance of
///             one step and clock ηk/σ
/// Valid for   ε = 0 divides 0 by 0 where g = v = 0
/// Error       in float the corrections are exact to 1e-7/(1 − β)
/// Cost        1 gradient, 1 root and 3 divisions per coordinate and iteration
/// Source      kingma2015 (algorithm 1), malladi2022 (S12); stationary variance: S41
struct Adam {
    static constexpr std::string_view name = "adam";
    static constexpr std::string_view equation =
        "x' = x - eta mhat / (sqrt(vhat) + epsilon), mhat = m' / (1 - beta1^k), vhat = v' / (1 - "
        "beta2^k)";
    static constexpr int memory = 4;
    static constexpr bool uses_second = false;

    double learning_rate;
    double beta1;
    double beta2;
    double epsilon;

    static constexpr std::array<Parameter, 4> parameters() {
        return {{{"learning_rate", "length", required, 0.0, unbounded,
                  "eta in x' = x - eta mhat / (sqrt(vhat) + epsilon)", true},
                 {"beta1", "1", 0.9, 0.0, limit_forms::below_one,
                  "beta1 in m' = beta1 m + (1 - beta1) g"},
                 {"beta2", "1", 0.999, 0.0, limit_forms::below_one,
                  "beta2 in v' = beta2 v + (1 - beta2) g^2"},
                 {"epsilon", "energy/length", 1e-8, 0.0, unbounded,
                  "epsilon beside the root: sqrt(v) + epsilon"}}};
    }
    static Adam make(double const* values) { return {values[0], values[1], values[2], values[3]}; }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        return limit_forms::adam({.learning_rate = values[0],
                                  .beta1 = values[1],
                                  .beta2 = values[2],
                                  .epsilon = values[3]},
                                 noise);
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 5> const& s, Clock<T> const&) const {
        return s[0];
    }
    /// The new memories and, in entry 0, the step m̂/(√v̂ + ε) per learning rate.
    template <class T>
    KRAMERS_HD Vec<T, 5> advance(Vec<T, 5> const& s, T const& g) const {
        T const one = T(1);
        T const m = T(beta1) * s[1] + (one - T(beta1)) * g;
        T const v = T(beta2) * s[2] + (one - T(beta2)) * (g * g);
        T const c1 = T(beta1) * s[3] + (one - T(beta1));
        T const c2 = T(beta2) * s[4] + (one - T(beta2));
        return {(m / c1) / (math::sqrt(v / c2) + T(epsilon)), m, v, c1, c2};
    }
    template <class T>
    KRAMERS_HD Vec<T, 5> iterate(Vec<T, 5> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        Vec<T, 5> r = advance(s, g);
        r[0] = s[0] - T(learning_rate) * clock.rate * r[0];
        return r;
    }
};

}  // namespace kramers::coordinate
