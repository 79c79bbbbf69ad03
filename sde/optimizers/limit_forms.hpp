// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "sde/limits.hpp"

/// The SDEs that several optimizers tend to, as their limits() list them.
namespace kramers::coordinate::limit_forms {

/// Largest momentum or averaging weight: 1 itself has no stationary state.
inline constexpr double below_one = 1.0 - 0x1p-53;

/// A number and how it follows from the optimizer's parameters.
struct Formula {
    double value;
    std::string text;
};

/// dX = −∇V dt + √(2T) dW at `rate` units of time per step.
inline SdeLimit overdamped(std::string map, Formula const& rate, Formula const& temperature,
                           std::string valid, std::string source) {
    SdeLimit limit;
    limit.map = std::move(map);
    limit.sde = "overdamped";
    limit.latex = R"(dX = -\nabla V(X)\,dt + \sqrt{2T}\,dW)";
    limit.parameters = {{"temperature", temperature.value, temperature.text}};
    limit.time_per_step = rate.value;
    limit.clock = "t = k " + rate.text;
    limit.weak_order = 1.0;
    limit.valid = std::move(valid);
    limit.source = std::move(source);
    return limit;
}

/// The modified equation of gradient steps of length `rate`, each with noise of covariance C(x).
/// Order 1 is the first-order limit for any C, order 2 corrects the drift, order 3 the diffusion as
/// well; the last two are of weak order 2.
inline SdeLimit modified_equation(std::string map, Formula const& rate, int order,
                                  std::string valid, std::string source) {
    std::string const drift =
        order == 1 ? R"(-\nabla V)" : R"(-\nabla\big(V + \tfrac{\eta}{4}|\nabla V|^2\big))";
    std::string const noise =
        order == 3 ? R"(\sqrt{\eta\tilde C}\,dW,\quad \tilde C_{ii} = C_{ii}(1 + \eta\,)"
                     R"(\partial_i^2V) + \tfrac{\eta}{2}\,\partial_iV\,\partial_iC_{ii})"
                   : R"(\sqrt{\eta C}\,dW)";
    SdeLimit limit;
    limit.map = std::move(map);
    limit.sde = "modified_equation";
    limit.latex = "dX = " + drift + R"(\,dt + )" + noise;
    limit.parameters = {{"learning_rate", rate.value, rate.text},
                        {"order", static_cast<double>(order), std::to_string(order)}};
    limit.time_per_step = rate.value;
    limit.clock = "t = k " + rate.text;
    limit.weak_order = order == 1 ? 1.0 : 2.0;
    limit.valid = std::move(valid);
    limit.source = std::move(source);
    return limit;
}

/// The OU process through the iterates of gradient descent on a quadratic.
inline SdeLimit interpolant(Formula const& rate) {
    SdeLimit limit;
    limit.map = "exact interpolant";
    limit.sde = "ou_interpolant";
    limit.latex = R"(dX = -AX\,dt + D^{1/2}dW,\quad A = -\eta^{-1}\log(I - \eta H),\quad )"
                  R"(D = A\Sigma_\infty + \Sigma_\infty A)";
    limit.parameters = {{"learning_rate", rate.value, rate.text}};
    limit.time_per_step = rate.value;
    limit.clock = "t = k " + rate.text;
    limit.weak_order = std::numeric_limits<double>::infinity();
    limit.valid = "quadratic V, constant normal noise, eta H < 1";
    limit.source = "uhlenbeck1930, mandt2017 (S6)";
    return limit;
}

/// A modified equation of a method that kicks as well: one noise law cannot have the variances of
/// gradient and kick.
inline void kicked(SdeLimit& limit, double kick, std::string const& variance) {
    limit.latex = R"(dX = -\nabla V\,dt + \sqrt{\eta(C + c_\zeta I)}\,dW)";
    if (kick != 0.0)
        limit.not_here = "the kick adds " + variance +
                         " to the variance of the gradient noise: run modified_equation with a law "
                         "that has so much more, e.g. in additive_variance";
}

/// dX = −∇V dt + σ dL with σ = rate^{1 − 1/α} s: n steps of noise rate·s add up to n^{1/α} rate·s,
/// and they take the time n·rate. In front of the other limits, where the noise has such a tail.
inline void add_stable(std::vector<SdeLimit>& limits, std::string map, Formula const& rate,
                       StepNoise const& noise, std::string valid, std::string source) {
    if (!noise.tail) return;
    auto const [alpha, scale] = *noise.tail;
    std::string const text =
        rate.text.find(' ') == std::string::npos ? rate.text : "(" + rate.text + ")";
    SdeLimit limit;
    limit.map = std::move(map);
    limit.sde = "levy_driven";
    limit.latex = R"(dX = -\nabla V(X)\,dt + \sigma\,dL^{\alpha},\quad )"
                  R"(\sigma = \eta^{1-1/\alpha}s)";
    limit.parameters = {{"scale", std::pow(rate.value, 1.0 - 1.0 / alpha) * scale,
                         text + "^(1 - 1/alpha) noise_scale"},
                        {"alpha", alpha, "alpha"}};
    limit.time_per_step = rate.value;
    limit.clock = "t = k " + rate.text;
    limit.valid = std::move(valid) + "; bounded smooth observables";
    limit.source = std::move(source);
    limits.insert(limits.begin(), std::move(limit));
}

/// A method that is heavy ball v' = μ v − η g up to the name of things.
struct Momentum {
    Formula rate;                  ///< η of the velocity form
    Formula effective;             ///< η/(1 − μ)
    std::string temperature_text;  ///< of T = c/2 times that
    Formula momentum;              ///< μ
    double power = 0.5;            ///< 1 − μ ~ η^power when the friction is fixed
    bool nesterov = false;
};

/// The limits of momentum: as an effective learning rate and as friction to leading order, both for
/// constant and for state-dependent noise, and as friction in the symmetric form. There v_k belongs to
/// the middle of its step: v_0 = 0 is rest half a step before t = 0, and a model started at rest has
/// run for k + 1/2 steps at iteration k (steps_ahead). Without that half step the order is that of the
/// leading form.
inline std::vector<SdeLimit> momentum(Momentum const& m, StepNoise const& noise) {
    double const c = noise.variance;
    double const mu = m.momentum.value;
    std::string const& mu_text = m.momentum.text;
    SdeLimit::Value const temperature{"temperature", m.effective.value * c / 2.0,
                                      m.temperature_text};
    SdeLimit::Value const friction{"friction", (1.0 - mu) / std::sqrt(m.rate.value),
                                   "(1 - " + mu_text + ") / sqrt(" + m.rate.text + ")"};
    std::string const fixed_momentum =
        mu_text + " fixed, eta -> 0; after 1 / (1 - " + mu_text + ") steps";
    std::string const fixed_friction =
        "friction fixed, eta -> 0: 1 - " + mu_text + (m.power == 1.0 ? " ~ eta" : " ~ sqrt(eta)");

    SdeLimit leading;
    leading.map = "friction";
    leading.sde = "kinetic";
    leading.latex = R"(dX = v\,dt,\quad dv = -\nabla V\,dt - \gamma v\,dt + \sqrt{2\gamma T}\,dW)";
    leading.parameters = {friction, temperature};
    leading.time_per_step = std::sqrt(m.rate.value);
    leading.clock = "t = k sqrt(" + m.rate.text + ")";
    leading.weak_order = leading.clock_power = m.power;
    leading.valid = "constant isotropic noise; " + fixed_friction;
    leading.source = m.nesterov ? "shi2022 (S10, S8a)" : "li2019 (S8a, E1, E22)";

    SdeLimit any_noise = leading;
    any_noise.map = "friction, state-dependent noise";
    any_noise.sde = "momentum_sde";
    any_noise.latex = R"(dX = v\,dt,\quad dv = -\gamma v\,dt - \nabla V\,dt + \eta^{1/4}C^{1/2}dW)";
    any_noise.parameters = {{"learning_rate", m.rate.value, m.rate.text},
                            {"momentum", mu, mu_text},
                            {"form", 0.0, "0"},
                            friction,
                            temperature};
    any_noise.valid = fixed_friction;

    SdeLimit symmetric = any_noise;
    symmetric.map = "friction, symmetric";
    symmetric.latex =
        std::string(R"(dX = v\,dt,\quad dv = -)") +
        (m.nesterov ? R"((\gamma + \sqrt{\eta}\,\nabla^2V)v\,dt)" : R"(\gamma v\,dt)") +
        R"( - \tfrac{2}{1+\mu}\big(\nabla V\,dt + \eta^{1/4}C^{1/2}dW\big))";
    symmetric.parameters[2] = {"form", m.nesterov ? 2.0 : 1.0, m.nesterov ? "2" : "1"};
    symmetric.parameters[3] = {"friction", friction.value * 2.0 / (1.0 + mu),
                               friction.formula + " 2 / (1 + " + mu_text + ")"};
    symmetric.weak_order = 2.0 * m.power;
    if (!m.nesterov)
        symmetric.valid = "eta -> 0, be it the friction or " + mu_text + " that is fixed";
    symmetric.valid += "; started at rest";
    symmetric.steps_ahead = 0.5;
    symmetric.clock = "t = (k + 1/2) sqrt(" + m.rate.text + ")";
    symmetric.source = m.nesterov ? "shi2022 (S10)" : "shi2022 (S8b)";

    std::vector<SdeLimit> all{
        overdamped("effective learning rate", m.effective, {temperature.value, temperature.formula},
                   "constant isotropic noise; " + fixed_momentum,
                   "mandt2017, wang2024 (S9, S4, S43)"),
        modified_equation("effective learning rate, state-dependent noise", m.effective, 1,
                          fixed_momentum, "mandt2017, wang2024 (S9, S4)"),
        leading, any_noise, symmetric};
    add_stable(all, "effective learning rate, stable noise", m.effective, noise, fixed_momentum,
               "simsekli2019, wang2024 (S9, S20)");
    return all;
}

/// x' = x − η (g/(√v + ε) + λ x); decayed: the optimizer has a λ.
struct Rmsprop {
    double learning_rate = 0.0;
    double beta = 0.0;
    double epsilon = 0.0;
    double initial_square = 0.0;
    bool decayed = false;
    double weight_decay = 0.0;
};

/// Temperature of small displacements under steps −η g/(√v + ε) where noise keeps v at c.
inline SdeLimit::Value adaptive_temperature(double eta, double epsilon, double c) {
    return {"temperature", eta * c / (2.0 * (std::sqrt(c) + epsilon)),
            "eta c / (2 (sqrt(c) + epsilon))"};
}

/// Limits of RMSProp with noise of variance c: the noise fixed, or far above the gradient.
inline std::vector<SdeLimit> rmsprop(Rmsprop const& r, StepNoise const& noise) {
    double const c = noise.variance;
    double const eta = r.learning_rate;
    SdeLimit fixed;
    fixed.map = "fixed noise";
    fixed.sde = "rmsprop_sde";
    fixed.latex = std::string(R"(dX = -P^{-1}\big(\nabla V\,dt + \sqrt{\eta}\,C^{1/2}dW\big))") +
                  (r.decayed ? R"( - \lambda X\,dt)" : "") +
                  R"(,\quad P = \operatorname{diag}\sqrt{v} + \epsilon,)"
                  R"(\quad dv = \rho\,(\nabla V^{\odot 2} + \operatorname{diag}C - v)\,dt)";
    fixed.parameters = {{"learning_rate", eta, "eta"},
                        {"beta", r.beta, "beta"},
                        {"epsilon", r.epsilon, "epsilon"},
                        {"scaling", 1.0, "1"},
                        {"initial_square", r.initial_square, "initial_square"}};
    if (r.decayed) fixed.parameters.push_back({"weight_decay", r.weight_decay, "lambda"});
    fixed.parameters.push_back(adaptive_temperature(eta, r.epsilon, c));
    fixed.time_per_step = eta;
    fixed.clock = "t = k eta";
    fixed.weak_order = 1.0;
    fixed.valid = "rho = (1 - beta) / eta and the noise fixed, eta -> 0";
    fixed.source = r.decayed ? "compagnoni2025 (S11b, S14)" : "compagnoni2025 (S11b)";

    SdeLimit above = fixed;
    above.map = "noise above gradient";
    above.latex = std::string(R"(dX = -P^{-1}(\nabla V\,dt + \sigma_0\Sigma^{1/2}dW))") +
                  (r.decayed ? R"( - \lambda_0 X\,dt)" : "") +
                  R"(,\quad P = \sigma_0\operatorname{diag}\sqrt{u} + \epsilon_0,)"
                  R"(\quad du = c_2(\operatorname{diag}\Sigma - u)\,dt)";
    above.parameters[3] = {"scaling", 0.0, "0"};
    above.time_per_step = eta * eta;
    above.clock = "t = k eta^2";
    above.weak_order = above.clock_power = 2.0;
    above.valid =
        std::string("sigma_0 = eta sigma, epsilon_0 = eta epsilon, c_2 = (1 - beta) / eta^2") +
        (r.decayed ? ", lambda_0 = lambda / eta" : "") + " fixed, eta -> 0";
    above.source = r.decayed ? "malladi2022, compagnoni2025 (S11a, S14)" : "malladi2022 (S11a)";
    return {fixed, above};
}

/// As Rmsprop, with a mean of the gradient and bias corrections.
struct Adam {
    double learning_rate = 0.0;
    double beta1 = 0.0;
    double beta2 = 0.0;
    double epsilon = 0.0;
    bool decayed = false;
    double weight_decay = 0.0;
};

/// Limits of Adam: noise of variance c far above the gradient, or fixed.
inline std::vector<SdeLimit> adam(Adam const& a, StepNoise const& noise) {
    double const c = noise.variance;
    double const eta = a.learning_rate;
    SdeLimit limit;
    limit.map = "noise above gradient";
    limit.sde = "adam_sde";
    limit.latex = std::string(R"(dX = -\tfrac{\sqrt{\gamma_2}}{\gamma_1}P^{-1}m\,dt)") +
                  (a.decayed ? R"( - \lambda_0 X\,dt)" : "") +
                  R"(,\quad dm = c_1(\nabla V - m)\,dt + c_1\sigma_0\Sigma^{1/2}dW,)"
                  R"(\quad du = c_2(\operatorname{diag}\Sigma - u)\,dt,)"
                  R"(\quad P = \sigma_0\operatorname{diag}\sqrt{u} + \epsilon_0\sqrt{\gamma_2},)"
                  R"(\quad \gamma_i = 1 - e^{-c_it})";
    limit.parameters = {{"learning_rate", eta, "eta"},
                        {"beta1", a.beta1, "beta1"},
                        {"beta2", a.beta2, "beta2"},
                        {"epsilon", a.epsilon, "epsilon"}};
    if (a.decayed) limit.parameters.push_back({"weight_decay", a.weight_decay, "lambda"});
    limit.parameters.push_back(adaptive_temperature(eta, a.epsilon, c));
    limit.time_per_step = eta * eta;
    limit.clock = "t = k eta^2";
    limit.weak_order = limit.clock_power = 2.0;
    limit.valid =
        std::string("sigma_0 = eta sigma, epsilon_0 = eta epsilon, c_i = (1 - beta_i) / eta^2") +
        (a.decayed ? ", lambda_0 = lambda / eta" : "") + " fixed, eta -> 0, from a time t_0 > 0";
    limit.source = a.decayed ? "malladi2022, compagnoni2025 (S12, S14)" : "malladi2022 (S12)";

    SdeLimit fixed = limit;
    fixed.map = "fixed noise";
    fixed.latex = std::string(R"(dX = -\tfrac{\sqrt{\gamma_2}}{\gamma_1}P^{-1}m\,dt)") +
                  (a.decayed ? R"( - \lambda X\,dt)" : "") +
                  R"(,\quad dm = \rho_1(\nabla V - m)\,dt + \rho_1\sqrt{\eta}\,C^{1/2}dW,)"
                  R"(\quad dv = \rho_2(\nabla V^{\odot 2} + \operatorname{diag}C - v)\,dt,)"
                  R"(\quad P = \operatorname{diag}\sqrt{v} + \epsilon\sqrt{\gamma_2},)"
                  R"(\quad \gamma_i = 1 - e^{-\rho_it})";
    fixed.parameters.insert(fixed.parameters.end() - 1, {"scaling", 1.0, "1"});
    fixed.time_per_step = eta;
    fixed.clock = "t = k eta";
    fixed.weak_order = fixed.clock_power = 1.0;
    fixed.valid = "rho_i = (1 - beta_i) / eta and the noise fixed, eta -> 0, from a time t_0 > 0";
    fixed.source = a.decayed ? "compagnoni2025 (S14)" : "compagnoni2025";
    return {limit, fixed};
}

}  // namespace kramers::coordinate::limit_forms
