// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sde/random/isa.hpp"

/// What the engine is measured against: the same double well (half-width 1, barrier ¼), the same
/// Euler–Maruyama step with a first-passage check, written the way one writes it first.
namespace kramers::bench {

struct ReferenceProblem {
    double temperature;
    double dt;
    double start;
    double target;
    std::uint64_t trajectories;
    std::uint64_t steps;
};

/// The naive researcher's loop: double, std::mt19937 and std::normal_distribution, one trajectory
/// after another. Returns the number of arrivals.
std::uint64_t naive_loop(ReferenceProblem const& problem);

/// The straightforward port: the engine's own step, one trajectory per index under Thrust's
/// for_each_n on one thread, scalar Philox and Box–Muller with std::log, std::sqrt, std::sin and
/// std::cos. Same -O3 and same instruction set as the engine; no fast-math. Returns arrivals.
template <class Real>
std::uint64_t scalar_loop(ReferenceProblem const& problem, Isa isa);

extern template std::uint64_t scalar_loop<float>(ReferenceProblem const&, Isa);
extern template std::uint64_t scalar_loop<double>(ReferenceProblem const&, Isa);

/// Cycles per second right now, from a chain of dependent additions.
double clock_frequency();

}  // namespace kramers::bench
