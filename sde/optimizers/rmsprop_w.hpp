// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/limit_forms.hpp"
#include "sde/optimizers/rmsprop.hpp"

namespace kramers::coordinate {

/// RMSProp with decoupled weight decay.
///
///   v' = β v + (1 − β) g²,   x' = x − η (g/(√v' + ε) + λ x)
///
/// Shape       x ∈ R^d, any d ≥ 1; one mean square per coordinate, kept as v − v_0
/// Parameters  learning_rate, beta, epsilon, delayed, initial_square  as in rmsprop
///             weight_decay  λ, 1/length, ≥ 0: the decay does not pass through v, and the learning
///                           rate and its schedule scale it
/// Facts       rmsprop at λ = 0. Limit SDE: that of rmsprop with the further drift −λ X per unit of
///             ηk. Not rmsprop on V + λ|x|²/2
/// Valid for   as rmsprop; ηλ < 2
/// Cost        1 gradient, 1 root and 1 division per coordinate and iteration
/// Source      loshchilov2019, compagnoni2025 (S14); stationary variance: S42
struct RmspropW {
    static constexpr std::string_view name = "rmsprop_w";
    static constexpr std::string_view equation =
        "v' = beta v + (1 - beta) g^2, x' = x - eta (g / (sqrt(v') + epsilon) + lambda x)";
    static constexpr int memory = 1;
    static constexpr bool uses_second = false;

    Rmsprop rmsprop;
    double weight_decay;

    static constexpr std::array<Parameter, 6> parameters() {
        constexpr auto own = Rmsprop::parameters();
        return {{own[0],
                 own[1],
                 own[2],
                 own[3],
                 own[4],
                 {"weight_decay", "1/length", required, 0.0, unbounded,
                  "lambda in x' = x - eta lambda x - ..."}}};
    }
    static RmspropW make(double const* values) { return {Rmsprop::make(values), values[5]}; }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        return limit_forms::rmsprop({.learning_rate = values[0],
                                     .beta = values[1],
                                     .epsilon = values[2],
                                     .initial_square = values[4],
                                     .decayed = true,
                                     .weight_decay = values[5]},
                                    noise);
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 2> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> iterate(Vec<T, 2> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        Vec<T, 2> r = rmsprop.advance(s, g);
        r[0] = s[0] - T(rmsprop.learning_rate) * clock.rate * (r[0] + T(weight_decay) * s[0]);
        return r;
    }
};

}  // namespace kramers::coordinate
