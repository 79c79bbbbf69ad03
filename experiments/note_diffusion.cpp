// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/limit_map.hpp"
#include "experiments/resolve_parts.hpp"
#include "sde/noise/covariance.hpp"
#include "sde/noise/tail.hpp"

namespace kramers {
namespace {

void say(Draft& draft, std::string text) { draft.cell.notes.push_back(std::move(text)); }

/// What C is multiplied by to be the D of an SDE.
struct DiffusionFactor {
    double value;
    std::string text;  ///< "eta/2"
    std::string of;    ///< "dX = … + sqrt(2D) dW"
};

std::optional<DiffusionFactor> factor_of_model(DynamicsInfo const& d,
                                               std::vector<double> const& values) {
    auto const value = [&](char const* name) { return d.value_of(name, values); };
    if (d.name == "modified_equation" && value("order") < 3.0)
        return {{0.5 * value("learning_rate"), "eta/2", "sqrt(2D) dW"}};
    if (d.name == "state_dependent") return {{0.5 * value("strength"), "s/2", "sqrt(2D) dW"}};
    if (d.name == "anisotropic_overdamped") return {{value("temperature"), "T", "sqrt(2D) dW"}};
    if (d.name != "momentum_sde") return std::nullopt;
    double const kappa = value("form") >= 1.0 ? 2.0 / (1.0 + value("momentum")) : 1.0;
    return {{0.5 * kappa * kappa * std::sqrt(value("learning_rate")), "kappa^2 sqrt(eta)/2",
             "sqrt(2D) dW, the noise of v"}};
}

std::optional<DiffusionFactor> factor_of(Draft const& draft) {
    if (!draft.dynamics->optimizer) return factor_of_model(*draft.dynamics, draft.values);
    for (SdeLimit const& limit : draft.limits)
        if (auto const rate = value_in(limit, "learning_rate");
            limit.not_here.empty() && limit.sde == "modified_equation" && rate) {
            std::string formula;
            for (SdeLimit::Value const& v : limit.parameters)
                if (v.name == "learning_rate") formula = v.formula;
            bool const word = formula.find_first_of(" /") == std::string::npos;
            return {{0.5 * *rate, word ? formula + "/2" : "(" + formula + ")/2",
                     fmt::format("sqrt(2D) dW by the limit \"{}\"", limit.map)}};
        }
    return std::nullopt;
}

}  // namespace

std::string matrix_text(std::vector<double> const& matrix, int dim, double factor) {
    std::string text;
    for (std::size_t k = 0; k < matrix.size(); ++k) {
        std::size_t const column = k % static_cast<std::size_t>(dim);
        text += fmt::format("{}{:.6g}{}",
                            column > 0 ? ", "
                            : k > 0    ? "], ["
                                       : "[[",
                            factor * matrix[k], k + 1 == matrix.size() ? "]]" : "");
    }
    return text;
}

void note_covariance(Draft& draft) {
    NoiseLaw const& law = draft.cell.noise;
    if (draft.variance.values.empty()) {
        say(draft, fmt::format("c, sigma: no constant, as {}", draft.variance.reason));
        if (auto const tail = stable_tail(law, draft.cell.dim))
            say(draft,
                fmt::format("n steps of noise add up to n^(1/alpha) noise_scale times a stable "
                            "number, alpha = {:.6g}, noise_scale = {:.6g}",
                            tail->alpha, tail->scale));
        return;
    }
    say(draft, fmt::format("c_i = {:.6g}: variance of the gradient noise of one step in each "
                           "coordinate, B = {:.6g} samples",
                           fmt::join(draft.variance.values, ", "), draft.batch_size));
    if (draft.variance.correlated)
        say(draft,
            fmt::format("C = {}: covariance of the gradient noise of one step",
                        matrix_text(covariance_per_step(law, draft.cell.dim), draft.cell.dim)));
}

void note_diffusion(Draft& draft) {
    NoiseLaw const& law = draft.cell.noise;
    if (draft.law == nullptr || common_value(draft.long_run)) return;
    if (!draft.variance.reason.empty() && std::isinf(shape_variance(law.shape, law.shape_data)))
        return;  // no C: nothing diffuses
    auto const factor = factor_of(draft);
    if (!factor) return;
    if (draft.variance.values.empty()) {
        say(draft, fmt::format("D(x) = {} C(x) = {:.6g} C(x) in {}, C = {}", factor->text,
                               factor->value, factor->of, draft.law->covariance));
    } else if (draft.variance.correlated) {
        std::vector<double> const matrix = covariance_per_step(law, draft.cell.dim);
        say(draft, fmt::format("D = {} C = {} in {}", factor->text,
                               matrix_text(matrix, draft.cell.dim, factor->value), factor->of));
    } else {
        std::vector<double> all = draft.long_run.values;
        for (double& d : all) d *= factor->value;
        say(draft, fmt::format("D_i = {} c_i = {:.6g} in {}", factor->text, fmt::join(all, ", "),
                               factor->of));
    }
}

}  // namespace kramers
