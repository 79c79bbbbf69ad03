// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/adam.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Adam with decoupled weight decay.
///
///   x' = x − η (m̂/(√v̂ + ε) + λ x),   m̂, v̂ as in adam
///
/// Shape       x ∈ R^d, any d ≥ 1; the four memories of adam per coordinate
/// Parameters  learning_rate, beta1, beta2, epsilon  as in adam
///             weight_decay  λ, 1/length, ≥ 0: the decay does not pass through the moments. Scaled by
///                           the learning rate and its schedule; in Loshchilov and Hutter's
///                           algorithm 2 only by the schedule: λ_theirs = η λ
/// Facts       adam at λ = 0. Limit SDE: adam_sde with the further drift −λ X per unit of ηk. Not
///             adam on V + λ|x|²/2
/// Valid for   as adam; ηλ < 2
/// Cost        1 gradient, 1 root and 3 divisions per coordinate and iteration
/// Source      loshchilov2019, paszke2019 (λ), compagnoni2025 (S14); stationary variance: S42
struct AdamW {
    static constexpr std::string_view name = "adamw";
    static constexpr std::string_view equation =
        "x' = x - eta (mhat / (sqrt(vhat) + epsilon) + lambda x)";
    static constexpr int memory = 4;
    static constexpr bool uses_second = false;

    Adam adam;
    double weight_decay;

    static constexpr std::array<Parameter, 5> parameters() {
        constexpr auto own = Adam::parameters();
        return {{own[0],
                 own[1],
                 own[2],
                 own[3],
                 {"weight_decay", "1/length", required, 0.0, unbounded,
                  "lambda in x' = x - eta lambda x - ..."}}};
    }
    static AdamW make(double const* values) { return {Adam::make(values), values[4]}; }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        return limit_forms::adam({.learning_rate = values[0],
                                  .beta1 = values[1],
                                  .beta2 = values[2],
                                  .epsilon = values[3],
                                  .decayed = true,
                                  .weight_decay = values[4]},
                                 noise);
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 5> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 5> iterate(Vec<T, 5> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        Vec<T, 5> r = adam.advance(s, g);
        r[0] = s[0] - T(adam.learning_rate) * clock.rate * (r[0] + T(weight_decay) * s[0]);
        return r;
    }
};

}  // namespace kramers::coordinate
