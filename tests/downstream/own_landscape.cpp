// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <kramers/gpu/composed/composition.hpp>
#include <kramers/gpu/dispatch.hpp>
#include <kramers/gpu/simulate.hpp>

namespace kramers {
void add_cosine_host_methods(MethodTable& table);  // compiled by kramers_landscape()
namespace composed {
void add_cosine_landscape(std::vector<LandscapeEntry>& list);
}
}  // namespace kramers

static double variance_of(kramers::Plan const& plan, kramers::Controls const& controls) {
    auto const result = kramers::simulate(plan, controls);
    double samples = 0.0, sum = 0.0;
    for (auto const& group : std::get<kramers::SnapshotTally>(result.tally).groups) {
        samples += static_cast<double>(group.samples);
        sum += group.second[0].value();
    }
    return sum / samples;
}

/// Variance of a cosine-rippled well, by a compiled loop and by a composed method, against the Gibbs law by a sum on a grid.
int main() {
    double const stiffness = 1.0, amplitude = 0.2, temperature = 0.5;
    kramers::register_methods(&kramers::add_cosine_host_methods);

    double weight = 0.0, square = 0.0;
    for (int k = -8000; k <= 8000; ++k) {
        double const x = k * 1e-3;
        double const v = 0.5 * stiffness * x * x + amplitude * std::cos(6.283185307179586 * x);
        double const w = std::exp(-v / temperature);
        weight += w;
        square += w * x * x;
    }
    double const expected = square / weight;

    kramers::Plan plan;
    plan.key = {"cosine", 1, "overdamped", "euler_maruyama", kramers::Precision::mixed};
    plan.landscape = {stiffness, amplitude};
    plan.dynamics = {temperature};
    plan.dt = 2e-3;
    plan.start.point = {0.0};
    plan.trajectories = 20'000;
    plan.seed = 1;
    kramers::SnapshotPlan snapshots;
    snapshots.burn_in = 5000;  // ten relaxation times
    plan.observe = snapshots;
    kramers::Controls controls;
    controls.backend = kramers::Backend::cpu;
    double const fused = variance_of(plan, controls);
    kramers::composed::register_landscapes(&kramers::composed::add_cosine_landscape);
    plan.key.scheme = "leimkuhler_matthews";
    plan.key.composed = true;
    double const composed = variance_of(plan, controls);
    std::printf("Gibbs %.4f  simulation %.4f and %.4f\n", expected, fused, composed);
    // 20 000 independent samples: 1 % standard error of a variance
    bool const agree =
        std::abs(fused / expected - 1.0) < 0.06 && std::abs(composed / expected - 1.0) < 0.06;
    return agree ? 0 : 1;
}
