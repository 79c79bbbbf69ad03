// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers::coordinate {

/// Anti-PGD: gradient descent with anticorrelated kicks, each taken back in the next step.
///
///   x_{k+1} = x_k − η g(x_k) + s (ζ_{k+1} − ζ_k),   ζ ~ N(0, 1), ζ_0 = 0
///
/// The kicks telescope: z = x − s ζ makes steps z' = z − η g(z + s ζ), so that the mean drift is
/// down the smoothed V + ½ s² tr ∇²V + …
///
/// Shape       x ∈ R^d, any d ≥ 1; the last kick of each coordinate is remembered
/// Parameters  learning_rate   η, length²/energy, > 0
///             kick_deviation  s, length, ≥ 0: not scaled by a learning-rate schedule
/// Facts       limit SDE for s² ∝ η: overdamped with T = ηc/2 from the gradient noise alone, clock
///             t = ηk; the kicks only smooth V. A noise schedule scales each kick when it is made;
///             what is taken back is the kick as it was made
/// Valid for   quadratic V: 0 < η h < 2 for every curvature h
/// Error       stationary variance on a quadratic 2s²/(2 − ηh) + ηc/(h(2 − ηh)), exact
/// Cost        1 gradient and 1 further normal per coordinate and iteration
/// Source      orvieto2022 (S19)
struct AntiPgd {
    static constexpr std::string_view name = "anti_pgd";
    static constexpr std::string_view equation = "x' = x - eta g + s (zeta' - zeta)";
    static constexpr int memory = 1;
    static constexpr bool uses_second = true;

    double learning_rate;
    double kick_deviation;

    static constexpr std::array<Parameter, 2> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in x' = x - eta g + s (zeta' - zeta)", true},
                 {"kick_deviation", "length", required, 0.0, unbounded,
                  "s in x' = x - eta g + s (zeta' - zeta)"}}};
    }
    static AntiPgd make(double const* values) { return {values[0], values[1]}; }
    static StabilityLimit stability(double const*) { return {2.0, "2"}; }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        limit_forms::Formula const rate{values[0], "eta"};
        std::string const small =
            "kick_deviation^2 ~ eta; at fixed kick_deviation V becomes V + kick_deviation^2 "
            "tr(V'') / 2 to leading order";
        std::vector<SdeLimit> all{
            limit_forms::overdamped("first order", rate,
                                    {values[0] * noise.variance / 2.0, "eta c / 2"},
                                    "constant isotropic noise, " + small, "orvieto2022 (S19)"),
            limit_forms::modified_equation("first order, state-dependent noise", rate, 1, small,
                                           "orvieto2022, li2017 (S19, S4)")};
        limit_forms::add_stable(all, "first order, stable noise", rate, noise, small,
                                "orvieto2022, simsekli2019 (S19, S20)");
        return all;
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 2> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 2> iterate(Vec<T, 2> const& s, T const& g, Draws<T> const& draws,
                                 Clock<T> const& clock) const {
        T const kick = clock.noise * T(kick_deviation) * draws.second;
        return {s[0] + ((kick - s[1]) - T(learning_rate) * clock.rate * g), kick};
    }
};

}  // namespace kramers::coordinate
