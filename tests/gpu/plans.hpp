// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include "gpu/simulate.hpp"

/// Small plans that several engine tests share.
namespace kramers::testing {

inline Region half_space(std::vector<double> normal, double offset) {
    Region r;
    r.a = std::move(normal);
    r.offset = offset;
    return r;
}

inline Region interval_outside(double lower, double upper) {
    Region r;
    r.kind = RegionKind::box;
    r.a = {0.5 * (lower + upper)};
    r.extent = {0.5 * (upper - lower)};
    r.complement = true;
    return r;
}

/// Quartic double well (half-width 1, barrier ¼), from the left minimum to the right one.
inline Plan double_well_plan(double temperature = 0.15, double dt = 0.02,
                             std::uint64_t trajectories = 1000) {
    Plan plan;
    plan.key = {"double_well", 1, "overdamped", "euler_maruyama", Precision::mixed};
    plan.landscape = {1.0, 0.25};
    plan.dynamics = {temperature};
    plan.dt = dt;
    plan.start.point = {-1.0};
    plan.trajectories = trajectories;
    plan.seed = 20240229;
    PassagePlan passage;
    passage.targets = {half_space({1.0}, 1.0)};
    passage.max_steps = 200000;
    passage.noise_amplitude = std::sqrt(2.0 * temperature);
    plan.observe = passage;
    return plan;
}

/// Rastrigin in d dimensions, amplitude 1, exits from a ball around the global minimum.
inline Plan rastrigin_plan(int dim, std::uint64_t trajectories = 500) {
    Plan plan;
    plan.key = {"rastrigin", dim, "overdamped", "euler_maruyama", Precision::mixed};
    plan.landscape = {1.0};
    plan.dynamics = {1.5};
    plan.dt = 0.004;
    plan.start.point.assign(static_cast<std::size_t>(dim), 0.0);
    plan.trajectories = trajectories;
    plan.seed = 7;
    PassagePlan passage;
    Region ball;
    ball.kind = RegionKind::ball;
    ball.a.assign(static_cast<std::size_t>(dim), 0.0);
    ball.extent = {0.7 * std::sqrt(static_cast<double>(dim))};
    ball.complement = true;
    passage.targets = {ball};
    passage.max_steps = 100000;
    passage.noise_amplitude = std::sqrt(3.0);
    plan.observe = passage;
    return plan;
}

inline PassagePlan& passage(Plan& plan) { return std::get<PassagePlan>(plan.observe); }

inline std::vector<PassageSlot> slots_of(Plan const& plan, Controls const& controls = {}) {
    return std::get<PassageTally>(simulate(plan, controls).tally).slots;
}

/// 64-bit FNV-1a over 8-byte words: the fingerprint that every compiler, ISA and device must repeat.
inline std::uint64_t fingerprint(std::vector<PassageSlot> const& slots) {
    std::uint64_t hash = 14695981039346656037ull;
    for (PassageSlot const& slot : slots)
        for (int byte = 0; byte < 8; ++byte)
            hash = (hash ^ ((slot.bits >> (8 * byte)) & 0xff)) * 1099511628211ull;
    return hash;
}

/// Instruction sets that can be forced on this CPU.
inline std::vector<Isa> supported_isas() {
    std::vector<Isa> list;
    for (Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512})
        if (isa_supported(isa)) list.push_back(isa);
    return list;
}

}  // namespace kramers::testing
