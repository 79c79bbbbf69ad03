// SPDX-License-Identifier: Apache-2.0
#include "experiments/linear_noise.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "experiments/limit_map.hpp"
#include "experiments/matrix_step.hpp"
#include "experiments/suggest.hpp"
#include "sde/linear_algebra.hpp"
#include "sde/noise/covariance.hpp"

namespace kramers {
namespace {

using Eigen::MatrixXd;

/// C of one step, where steps are independent and C is the same everywhere: as the law says, or
/// because the Hessian that it follows is.
std::optional<MatrixXd> covariance_on(MatrixXd const& hessian, NoiseLaw const& law) {
    bool const reshuffled = law.shape == coordinate::NoiseShape::population &&
                            law.order == coordinate::PopulationOrder::reshuffled;
    if (law.memory != coordinate::NoiseMemory::white || reshuffled || law.point_shift != 0.0)
        return std::nullopt;
    if (law.amplitude == coordinate::NoiseAmplitude::hessian) {
        if (law.shape != coordinate::NoiseShape::gaussian) return std::nullopt;
        linear::SymmetricEigen const modes = linear::symmetric_eigen(hessian);
        Eigen::VectorXd const seen = modes.values.cwiseMax(law.amplitude_data.floor);
        return linear::congruence(modes.vectors, law.amplitude_data.factor * seen.asDiagonal());
    }
    auto const dim = hessian.rows();
    std::vector<double> const rows = covariance_per_step(law, static_cast<int>(dim));
    if (rows.empty()) return std::nullopt;
    return Eigen::Map<MatrixXd const>(rows.data(), dim, dim);  // symmetric
}

/// What C is multiplied by to be D, and the map of an optimizer whose steps theory does not know.
struct Factor {
    double value;
    std::string map;
};

std::optional<Factor> factor_of(Draft const& draft) {
    DynamicsInfo const& d = *draft.dynamics;
    auto const value = [&](char const* name) { return d.value_of(name, draft.values); };
    if (d.name == "sgd") return Factor{0.5 * value("learning_rate"), {}};
    if (d.name == "anisotropic_overdamped") return Factor{value("temperature"), {}};
    if (d.name == "state_dependent") return Factor{0.5 * value("strength"), {}};
    if (d.name == "modified_equation" && value("order") < 2.0 && value("weight_decay") == 0.0)
        return Factor{0.5 * value("learning_rate"), {}};
    if (!d.optimizer) return std::nullopt;
    for (SdeLimit const& limit : draft.limits)
        if (auto const rate = value_in(limit, "learning_rate");
            rate && limit.not_here.empty() &&
            value_in(limit, "weight_decay").value_or(0.0) == 0.0 &&
            limit.map == "effective learning rate, state-dependent noise")
            return Factor{0.5 * *rate, limit.map};
    return std::nullopt;
}

}  // namespace

void take_linear_noise(Draft& draft) {
    Cell& cell = draft.cell;
    if (cell.has_temperature || cell.theory.scope != TheoryScope::nothing) return;
    if (!draft.has_landscape() || draft.circulates || draft.values.empty()) return;
    auto const hessian = constant_hessian(*cell.potential);
    auto const factor = factor_of(draft);
    if (!hessian || !factor) return;
    auto const covariance = covariance_on(*hessian, cell.noise);
    if (!covariance || covariance->isZero(0.0)) return;
    cell.diffusion = factor->value * *covariance;
    cell.theory = {TheoryScope::linear, factor->map,
                   "the noise has a covariance and no one temperature; of a quadratic ou_limit and "
                   "sgd_discrete know the second moments"};
}

}  // namespace kramers
