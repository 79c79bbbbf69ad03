// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sde/theory/absorbing.hpp"

namespace kramers::theory {

/// A diffusion on a line, dX = b(X) dt + √(2T) dW, that starts at a point.
struct LineMotion {
    std::function<double(double)> drift;  ///< b, length/time
    double start = 0.0;
    double lower = 0.0, upper = 0.0;                    ///< ends of the line
    bool absorbs_lower = false, absorbs_upper = false;  ///< else an end reflects
};

/// One step of time, over which the temperature is constant.
struct LineStep {
    double dt = 0.0, temperature = 0.0;
};

struct LineLaw {
    std::vector<double> position, mass;  ///< of what has not been absorbed
    double arrived = 0.0;                ///< probability of having been absorbed
    double mean_steps = 0.0;             ///< E of the steps until then, at most all
    double weight(Interval1D const& interval) const;
};

/// The law after `steps` steps, by finite volumes: hops between `nodes` nodes at rates that keep
/// exp(−V/T) exactly. Crank–Nicolson after four implicit Euler steps, which smooth the start.
///
/// Valid for   T > 0; cells much shorter than √(T/curvature)
/// Error       O(h²) in the cells, O(dt²) in the steps but for the first four
/// Cost        O(nodes · steps)
/// Source      risken1989 (Fokker-Planck equation), scharfetter1969 (rates of hops)
LineLaw evolve(LineMotion const& motion, std::uint64_t steps,
               std::function<LineStep(std::uint64_t)> const& step, int nodes = 400);

}  // namespace kramers::theory
