// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "gpu/composed/composition.hpp"
#include "sde/noise/catalogue.hpp"
#include "tests/gpu/plans.hpp"

/// Small plans of composed methods.
namespace kramers::testing {

/// Values of the parameters of a program: defaults, and something mild for what has none.
inline std::vector<double> mild_values(composed::ProgramEntry const& program) {
    std::vector<double> values;
    for (Parameter const& p : program.parameters) {
        double value = p.fallback;
        if (std::isnan(value)) {
            value = 0.5;
            if (p.name == "learning_rate") value = 0.015625;
            if (p.name == "temperature") value = 0.125;
            if (p.name == "alpha") value = 1.5;
            if (p.name == "ell") value = 3.0;
            value = std::fmin(std::fmax(value, p.minimum), p.maximum);
        }
        values.push_back(value);
    }
    return values;
}

inline NoiseLaw isotropic(double variance, int dim) {
    NoiseLaw law;
    law.variances.assign(static_cast<std::size_t>(dim), variance);
    return law;
}

/// A law of the catalogue with mild parameters; its table, if it needs one, is made up.
inline NoiseLaw mild_law(NoiseLawEntry const& entry, int dim) {
    NoiseRequest request;
    request.dim = dim;
    for (Parameter const& p : entry.parameters) {
        double value = std::isnan(p.fallback) ? 0.5 : p.fallback;
        if (std::isnan(p.fallback)) value = std::fmin(std::fmax(value, p.minimum), p.maximum);
        if (p.name == "degrees") value = 5.0;
        if (p.name == "alpha") value = 1.5;
        int const count = p.per_coordinate ? dim : 1;
        for (int i = 0; i < count; ++i) request.values.push_back(value);
    }
    if (entry.table == "covariance")
        for (int i = 0; i < dim; ++i)
            for (int j = 0; j < dim; ++j) request.table.push_back(i == j ? 1.0 : 0.25);
    else if (!entry.table.empty())
        for (int n = 0; n < 6; ++n)
            for (int j = 0; j < dim; ++j) request.table.push_back(std::sin(1.0 + 3 * n + j));
    if (entry.batch_is_of_data) request.batch_size = 2.0;
    NoiseLawResult const result = entry.make(request);
    if (!result.law) throw std::runtime_error(std::string(entry.name) + ": " + result.reason);
    return *result.law;
}

/// The law, but where white normal noise meets a model driven by a stable process: its process.
inline NoiseLaw driving(composed::ProgramEntry const& program, NoiseLaw const& law, int dim) {
    bool const normal = law.shape == coordinate::NoiseShape::gaussian &&
                        law.amplitude == coordinate::NoiseAmplitude::constant &&
                        law.memory == coordinate::NoiseMemory::white && law.point_shift == 0.0;
    if (program.dynamics != std::string_view("levy_driven") || !normal) return law;
    return mild_law(*find_noise_law("stable"), dim);
}

/// From the left minimum of the double well (half-width 1, barrier ¼) to the right one, 600 steps at
/// most.
inline Plan composed_plan(composed::ProgramEntry const& program, NoiseLaw const& law,
                          std::uint64_t trajectories = 400) {
    Plan plan = double_well_plan(0.2, 0.03125, trajectories);
    plan.key.dynamics = std::string(program.dynamics);
    plan.key.scheme = std::string(program.scheme);
    plan.key.composed = true;
    plan.dynamics = mild_values(program);
    plan.composition.noise = driving(program, law, 1);
    plan.composition.iterations_per_step = program.discrete ? 1.0 : 2.0;
    passage(plan).max_steps = 600;
    passage(plan).targets = {half_space({1.0}, 0.0)};
    return plan;
}

/// The same in the two-dimensional Rastrigin landscape, out of a ball around the global minimum.
inline Plan composed_plane_plan(composed::ProgramEntry const& program, NoiseLaw const& law,
                                std::uint64_t trajectories = 300) {
    Plan plan = rastrigin_plan(2, trajectories);
    plan.key.dynamics = std::string(program.dynamics);
    plan.key.scheme = std::string(program.scheme);
    plan.key.composed = true;
    plan.dynamics = mild_values(program);
    plan.composition.noise = driving(program, law, 2);
    passage(plan).max_steps = 400;
    return plan;
}

}  // namespace kramers::testing
