// SPDX-License-Identifier: Apache-2.0
#include "experiments/coupling.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/numbers.hpp"

namespace kramers {
namespace {

/// Variance of the kick of one iteration; 0: none.
double kick_variance(DynamicsInfo const& d, std::vector<double> const& values) {
    double const eta = d.value_of("learning_rate", values);
    if (d.name == "sgld") return 2.0 * eta * d.value_of("temperature", values);
    double const s = d.index_of("kick_deviation") < 0 ? 0.0 : d.value_of("kick_deviation", values);
    return d.name == "anti_pgd" ? 2.0 * s * s : s * s;
}

}  // namespace

double own_noise_share(Draft const& draft) {
    DynamicsInfo const& d = *draft.dynamics;
    if (draft.values.empty()) return 0.0;
    if (d.second_batch) {
        double const ell = d.value_of("ell", draft.values);
        double const second = 0.5 * (1.0 - std::sqrt(2.0 * ell - 1.0));
        return second * second / ell;
    }
    double const kick = kick_variance(d, draft.values);
    if (kick == 0.0) return 0.0;
    if (is_silent(draft.cell.noise)) return 1.0;
    if (draft.variance.values.empty()) return missing;
    double const eta = d.value_of("learning_rate", draft.values);
    double const c = *std::ranges::max_element(draft.variance.values);
    return kick / (kick + eta * eta * c);
}

}  // namespace kramers
