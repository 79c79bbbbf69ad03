// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "experiments/matrix_step.hpp"
#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"

namespace kramers {
namespace {

constexpr char const* moved =
    "it moves the point where the gradient is taken; limits are those of noise added to the "
    "gradient";

/// What slow motion under one constant c says: T = rate c/2 with the c summed over the memory.
bool has_one_number(SdeLimit const& limit) {
    return limit.sde == "overdamped" || limit.sde == "kinetic";
}

bool remembers(NoiseLaw const& law) {
    return law.memory != coordinate::NoiseMemory::white ||
           (law.shape == coordinate::NoiseShape::population &&
            law.order == coordinate::PopulationOrder::reshuffled);
}

std::string why_no_interpolant(SdeLimit const& limit, Cell const& cell) {
    auto const hessian = constant_hessian(*cell.potential);
    if (!hessian) return "it is for quadratics";
    auto const covariance = constant_covariance(cell.noise, cell.dim);
    if (!covariance) return "it is for constant, normal noise without memory";
    double const eta = limit.time_per_step;
    return interpolant_step(eta, eta, *hessian, *covariance).reason;
}

}  // namespace

std::string why_not_white(NoiseLaw const& law) {
    if (remembers(law))
        return "its draws depend on each other; the SDEs compared here are the limits of white "
               "noise";
    if (law.point_shift != 0.0) return moved;
    return {};
}

std::string why_no_limit(SdeLimit const& limit, Draft const& draft) {
    NoiseLaw const& law = draft.cell.noise;
    bool const normal = law.shape == coordinate::NoiseShape::gaussian;
    if (limit.sde == "sign_sde" && !normal)
        return "its drift is the mean sign of a gradient with normal noise";
    if (!draft.has_landscape()) return {};
    if (limit.sde == "ou_interpolant") return why_no_interpolant(limit, draft.cell);
    if (law.point_shift != 0.0) return moved;
    if (has_one_number(limit) && !common_value(draft.long_run))
        return "it is for constant isotropic noise: " + why_no_temperature(draft);
    if (has_one_number(limit) || !remembers(law)) return {};
    return "its C is that of one step, and the draws of this noise depend on each other: what slow "
           "motion feels is their sum over all lags";
}

}  // namespace kramers
