// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "sde/concepts.hpp"
#include "sde/conventions.hpp"
#include "sde/coordinate.hpp"
#include "sde/optimizers/limit_forms.hpp"

namespace kramers {

/// Stochastic gradient descent with Gaussian minibatch noise.
///
///   x' = x − η (∇V(x) + ξ),   ξ ~ N(0, σ²/B · I)
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  learning_rate      η, length²/energy, > 0
///             batch_size         B ≥ 1
///             gradient_variance  σ², variance of one sample's gradient per coordinate
/// Facts       limit SDE: overdamped with T = ησ²/(2B), clock t = ηk, weak order 1 in η. With this
///             Gaussian noise the algorithm *is* Euler–Maruyama of that SDE at dt = η.
/// Valid for   quadratic V: 0 < η h < 2 for every curvature h
/// Cost        1 gradient and d normals per iteration
/// Source      li2017 (S4), liu2021 (S22)
template <class Real_>
struct Sgd {
    using Real = Real_;
    using Law = Gaussian;
    template <class L>
    using State = Vec<Real, L::dim>;
    template <class L>
    using Draws = Vec<Real, L::dim>;
    static constexpr std::string_view name = "sgd";
    static constexpr std::string_view equation =
        "x' = x - eta (grad V + xi), xi ~ N(0, sigma^2/B) per coordinate";

    Real learning_rate;
    Real kick;  // η σ / √B

    static constexpr std::array<Parameter, 3> parameters() {
        return {{{"learning_rate", "length^2/energy", required, 0.0, unbounded,
                  "eta in x' = x - eta (grad V + noise)", true},
                 {"batch_size", "1", 1.0, 1.0, unbounded, "B, samples per gradient"},
                 {"gradient_variance", "energy^2/length^2", required, 0.0, unbounded,
                  "sigma^2, variance of one sample's gradient, per coordinate"}}};
    }
    static Sgd make(double const* values) {
        return {static_cast<Real>(values[0]),
                static_cast<Real>(values[0] * std::sqrt(values[2] / values[1]))};
    }

    /// The SDE it tends to, and the clock: one iteration is `time_per_step` of its time.
    struct Limit {
        std::string_view sde;
        Temperature temperature;
        double time_per_step;
        int weak_order;
    };
    static Limit limit(double const* values) {
        return {"overdamped",
                temperature_from(LearningRate{values[0]}, BatchSize{values[1]},
                                 GradientVariance{values[2]}),
                values[0], 1};
    }

    template <class L>
    static constexpr DrawCount draws() {
        return DrawCount{L::dim};
    }
    template <class L>
    KRAMERS_HD State<L> iterate(L const& l, State<L> const& x, Draws<L> const& z) const {
        return x + (learning_rate * -l.gradient(x) + kick * z);
    }
};

}  // namespace kramers

namespace kramers::coordinate {

/// Stochastic gradient descent under any gradient noise.
///
///   x' = x − η g
///
/// Shape       x ∈ R^d, any d ≥ 1
/// Parameters  learning_rate  η, length²/energy, > 0
/// Facts       limit SDEs, clock t = ηk, c the noise variance of one step: overdamped with
///             T = ηc/2 (weak order 1); modified equations with corrected drift, and with corrected
///             drift and diffusion (weak order 2); on quadratics ou_interpolant, which has the same law
///             at every step; noise without a variance: levy_driven
/// Valid for   quadratic V: 0 < η h < 2 for every curvature h. The equation with corrected drift
///             alone is worse than the first-order one in stationary variances
/// Cost        1 gradient per iteration
/// Source      li2017 (S4), li2019 (S5), zygalakis2011 (E39), liu2021 (S22)
struct Sgd {
    static constexpr std::string_view name = "sgd";
    static constexpr std::string_view equation = "x' = x - eta g";
    static constexpr int memory = 0;
    static constexpr bool uses_second = false;

    double learning_rate;

    static constexpr std::array<Parameter, 1> parameters() {
        return {kramers::Sgd<double>::parameters()[0]};
    }
    static Sgd make(double const* values) { return {values[0]}; }
    static StabilityLimit stability(double const*) { return {2.0, "2"}; }
    static std::vector<SdeLimit> limits(double const* values, StepNoise const& noise) {
        limit_forms::Formula const rate{values[0], "eta"};
        using limit_forms::modified_equation;
        std::vector<SdeLimit> all{
            limit_forms::overdamped(
                "first order", rate, {values[0] * noise.variance / 2.0, "eta c / 2"},
                "constant isotropic noise, eta |V''| << 1", "li2017 (S4, S43, E1)"),
            modified_equation("first order, state-dependent noise", rate, 1, "eta |V''| << 1",
                              "li2017 (S4)"),
            modified_equation("second order, drift", rate, 2,
                              "finite times; not stationary variances", "li2019 (S5)"),
            modified_equation("second order, drift and diffusion", rate, 3,
                              "diagonal V'', C_ii a function of x_i; finite times",
                              "zygalakis2011 (E39)"),
            limit_forms::interpolant(rate)};
        limit_forms::add_stable(all, "first order, stable noise", rate, noise, "eta |V''| << 1",
                                "simsekli2019 (S20, S56, E46)");
        return all;
    }

    template <class T>
    KRAMERS_HD T query(Vec<T, 1> const& s, Clock<T> const&) const {
        return s[0];
    }
    template <class T>
    KRAMERS_HD Vec<T, 1> iterate(Vec<T, 1> const& s, T const& g, Draws<T> const&,
                                 Clock<T> const& clock) const {
        return {s[0] - T(learning_rate) * clock.rate * g};
    }
};

}  // namespace kramers::coordinate
