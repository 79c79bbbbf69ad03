// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kramers {

/// Tail of a noise whose sums are stable: n draws add up to n^{1/α} times one of the law with
/// E exp(iωξ) = exp(−|sω|^α), exactly or for large n.
struct StableTail {
    double alpha;  ///< below 2
    double scale;  ///< s, of one step and coordinate
};

/// The noise of one step, as far as limits know it. A number stands for its variance.
struct StepNoise {
    double variance = 0.0;           ///< c, of one coordinate
    std::optional<StableTail> tail;  ///< what there is in place of a variance
    std::string no_covariance;       ///< why there is none; empty: there is one

    StepNoise() = default;
    StepNoise(double c) : variance(c) {}
};

/// One SDE that an optimizer tends to, with the maps of parameters and clock. An optimizer may have
/// several (momentum as an effective learning rate and as friction are different predictions, E22):
/// `map` says which one this is.
struct SdeLimit {
    struct Value {
        std::string name;  ///< parameter of the SDE, or a derived number such as "temperature"
        double value;
        std::string formula;  ///< how it follows from the optimizer's: "eta c / (2 (1 - mu))"
    };
    std::string map;    ///< name of the map: "first order", "effective learning rate", "friction"
    std::string sde;    ///< name of a model that runs: "overdamped", "modified_equation", "kinetic"
    std::string latex;  ///< the SDE as one LaTeX line, without $
    std::vector<Value> parameters;  ///< of that model, in the model's names
    double time_per_step = 0.0;     ///< SDE time of one iteration
    std::string clock;              ///< "t = eta k", "t = (k + 1/2) sqrt(eta)"
    /// Iterations that the SDE is ahead: started like the optimizer and at rest, it has run for
    /// k + steps_ahead of them at iteration k.
    double steps_ahead = 0.0;
    double weak_order = 1.0;  ///< of the distance in `small`, as claimed; ∞: the same law
    std::string small = "eta";
    double clock_power = 1.0;  ///< the time of an iteration goes like this power of `small`
    std::string valid;         ///< where it holds
    std::string source;        ///< bib key and formula
    std::string not_here{};    ///< why it is no limit under this noise; empty: it is one
};

/// "weak order 2 in eta, 1 in the time of an iteration"
std::string weak_order_text(SdeLimit const& limit);

/// What is driven by jumps needs no covariance; everything else does.
void refuse_without_covariance(std::vector<SdeLimit>& limits, StepNoise const& noise);

/// Learning rate times curvature of a quadratic below which an optimizer is stable (S26), as number
/// and in words.
struct StabilityLimit {
    double value;
    std::string_view text;
};

}  // namespace kramers
