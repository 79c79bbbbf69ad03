// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "gpu/simulate.hpp"

namespace kramers {

/// What decides how long a particle-step of a plan takes: method, noise law, refinement, what is
/// observed how often, and how long a trajectory is where starting it is not free. Plans of one kind
/// share a measurement. `steps` is expected per trajectory.
std::string calibration_kind(Plan const& plan, double steps);

/// What a step costs. On host threads a block of lanes takes as long for one trajectory as for all.
struct StepTime {
    double particle = 0.0;  ///< seconds per particle-step, all lanes of all threads busy
    double block = 0.0;     ///< host: seconds of a thread per step of its lanes; 0: a GPU
};

/// Measured on a copy of the plan with shorter and at first fewer trajectories. It grows until
/// `enough` seconds are measured, and is repeated where it cannot: a shorter time is mostly that of
/// starting.
StepTime measured_step(Plan plan, Controls controls, double enough);

/// Mean steps per trajectory of each plan, by a pilot of a few trajectories each, all in one batch.
std::vector<double> pilot_steps(std::vector<Plan> plans, Controls controls);

}  // namespace kramers
