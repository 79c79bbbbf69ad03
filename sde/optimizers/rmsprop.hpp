// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/math.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// RMSProp: the gradient over the root of a running mean of its square.
///
///   v' = β v + (1 − β) g²,   x' = x − η g/(√v' + ε)
///
/// Shape       x ∈ R^d, any d ≥ 1; one mean square per coordinate, kept as v − v_0
/// Parameters  learning_rate   η, length, > 0
///             beta            β, 0 ≤ β < 1
///             epsilon         ε, energy/length, ≥ 0, outside the root
///             delayed         0: divides by v' (Tieleman and Hinton); 1: by v, before its update
///                             (Malladi et al.)
///             initial_square  v_0, (energy/length)², ≥ 0
/// Facts       no bias correction, no momentum, not centred. Limit SDE: rmsprop_sde, clock t = ηk
///             (fixed noise) or η²k (noise far above the gradient). There T = ησ/2 with
///             σ² the noise variance of one step and clock ηk/σ. β = 0, delayed = 0, ε = 0 is
///             sign_sgd
/// Valid for   delayed = 1 needs v_0 > 0: with v_0 = 0 its first step is η g/ε. ε = 0 divides 0 by 0
///             where g = v = 0
/// Cost        1 gradient, 1 root and 1 division per coordinate and iteration
/// Source      tieleman2012, malladi2022 (S11a), compagnoni2025 (S11b); stationary variance: S40
struct Rmsprop {
    static constexpr std::string_view name = "rmsprop";
    static constexpr std::string_view equation =
        "v' = beta v + (1 - beta) g^2, x' = x - eta g / (sqrt(v') + epsilon)";
    static constexpr int memory = 1;
    static constexpr bool uses_second = false;

    double learning_rate;
    double beta;
    double epsilon;
    double delayed;
    double initial_square;

    static constexpr std::array<Parameter, 5> parameters() {
        return {{{"learning_rate", "length", required, 0.0, unbounded,
                  "eta in x' = x - eta g / (sqrt(v') + epsilon)", true},
                 {"beta", "1", 0.99, 0.0, limit_forms::below_one,
                  "beta in v' = beta v + (1 - beta) g^2"},
                 {"epsilon", "energy/length", 1e-8, 0.0, unbounded,
                  "epsilon beside the root: sqrt(v) + epsilon"},
                 choice_parameter(
                     "delayed", 0.0, 0.0, 1.0,
                     "1: step k divides by v_k, 0: by v_{k+1}, which contains its own gradient"),
                 {"initial_square", "energy^2/length^2", 0.0, 0.0, unbounded, "v_0"}}};
    }
    static Rmsprop make(double const* values) {
        return {values[0], values[1], values[2], values[3], values[4]};
    }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        return limit_forms::rmsprop({.learning_rate = values[0],
                                     .beta = values[1],
                                     .epsilon = values[2],
                                     .initial_square = values[4]},
                                    noise);
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 2> const& s, Clock<T> const&) const {
        return s[0];
    }
    /// The new memory and, in entry 0, the step g/(√v + ε) per learning rate.
    template <class T>
    KRAMERS_HD Vec<T, 2> advance(Vec<T, 2> const& s, T const& g) const {
        T const start = T(initial_square);
        T const v = T(beta) * s[1] + (T(1) - T(beta)) * (g * g - start);
        // Rounding could make v_0 + (v − v_0) a little negative where v is far below v_0.
        T const used = math::max(start + math::select(delayed > 0.5, s[1], v), T(0));
        return {g / (math::sqrt(used) + T(epsilon)), v};
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> iterate(Vec<T, 2> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        Vec<T, 2> r = advance(s, g);
        r[0] = s[0] - T(learning_rate) * clock.rate * r[0];
        return r;
    }
};

}  // namespace kramers::coordinate
