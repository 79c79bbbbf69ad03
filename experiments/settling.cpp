// SPDX-License-Identifier: Apache-2.0
#include "experiments/settling.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/numbers.hpp"

namespace kramers {
namespace {

/// Rate at which a kinetic motion forgets where it was: y'' = −γ y' − h y, the slower root.
double kinetic_rate(double friction, double curvature) {
    double const half = 0.5 * friction;
    double const discriminant = half * half - curvature;
    if (curvature < 0.0) return std::sqrt(discriminant) - half;  // away from the saddle
    return discriminant > 0.0 ? half - std::sqrt(discriminant) : half;
}

}  // namespace

double settling_time(Cell const& cell) {
    double const friction = fact(cell, "friction");
    bool const kinetic = cell.dynamics == "kinetic" && friction > 0.0;
    double slowest = infinite;
    for (double const curvature : {fact(cell, "min_curvature"), -fact(cell, "saddle_curvature")}) {
        if (!std::isfinite(curvature) || curvature == 0.0) continue;
        slowest =
            std::min(slowest, kinetic ? kinetic_rate(friction, curvature) : std::abs(curvature));
    }
    return std::isfinite(slowest) && slowest > 0.0 ? 10.0 / slowest : 0.0;
}

}  // namespace kramers
