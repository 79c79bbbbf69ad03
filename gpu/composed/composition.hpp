// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "gpu/composed/oracle.hpp"
#include "gpu/composed/program.hpp"
#include "gpu/plan.hpp"

/// Landscape, program and noise law, compiled apart and put together by a plan.
namespace kramers::composed {

/// Every landscape in every dimension, from landscapes/CMakeLists.txt.
std::vector<LandscapeEntry> const& landscapes();
/// Every program, from sde/methods.hpp.
std::vector<ProgramEntry> const& programs();

LandscapeEntry const* find_landscape(std::string_view name, int dim);
ProgramEntry const* find_program(std::string_view dynamics, std::string_view scheme);

/// Why the parts do not go together ("hessian noise needs a diagonal Hessian: …"); empty: they do.
/// values: parameters of the dynamics; null: whatever they are.
std::string why_not(LandscapeEntry const& landscape, ProgramEntry const& program,
                    Composition const& composition, double const* values = nullptr);

/// What evaluations of this composition ask of the landscape, program and law together.
unsigned needs_of(ProgramEntry const& program, Composition const& composition,
                  double const* values = nullptr);

/// True: noise of the Hessian mixes its draws, as a Hessian with off-diagonal entries does.
bool mixes_by_hessian(LandscapeEntry const& landscape, NoiseLaw const& law);

/// A landscape from outside of the tree. Call before the first simulation.
void register_landscapes(void (*add)(std::vector<LandscapeEntry>&));

/// Steps of a lane block, also the grid on which divergence is tested.
constexpr int block_steps(int dim) { return dim == 1 ? 20 : dim == 2 ? 12 : 4; }

}  // namespace kramers::composed
