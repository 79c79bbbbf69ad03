// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include "gpu/plan.hpp"
#include "sde/math.hpp"
#include "sde/regions.hpp"

namespace kramers {

/// The regions that end a trajectory, in the scalar of its state.
template <class Real, int Dim>
struct Targets {
    RegionData<Real, Dim> region[max_targets];
    int count;
    Real bridge_rate;  ///< 2/(σ² dt), σ² = 2T: exponent of the bridge test per distance²
};

template <class Real, int Dim>
Targets<Real, Dim> make_targets(PassagePlan const& passage, double dt) {
    Targets<Real, Dim> targets{};
    targets.count = static_cast<int>(passage.targets.size());
    for (int t = 0; t < targets.count; ++t)
        targets.region[t] = region_data<Real, Dim>(passage.targets[static_cast<std::size_t>(t)]);
    double const variance = passage.noise_amplitude * passage.noise_amplitude * dt;
    // No noise: the bridge is a straight line. A huge finite rate keeps 0 · rate out of NaN.
    targets.bridge_rate = static_cast<Real>(variance > 0.0 ? 2.0 / variance : 1e30);
    return targets;
}

/// A uniform number in (0, 1) from one word, at the resolution of the noise.
KRAMERS_HD void uniform_from(std::uint32_t word, float& u) {
    u = (static_cast<float>(static_cast<std::int32_t>(word >> 8)) + 0.5f) * 0x1p-24f;
}
KRAMERS_HD void uniform_from(std::uint32_t word, double& u) {
    u = (static_cast<double>(word) + 0.5) * 0x1p-32;
}

/// Did the path cross between two step ends at signed distances `before` > 0 and `after`?
/// Grid detection: after ≤ 0. A NaN counts as an event, so that divergence is looked at.
template <class Real>
KRAMERS_HD bool crossed_endpoint(Real after) {
    return !(after > Real(0));
}

/// Brownian bridge: crossed with probability exp(−2 before·after/(σ² dt)); certain when after ≤ 0.
/// Exact for a flat boundary and constant noise; the uniform has 2^-24 (float) or 2^-32 (double)
/// resolution, so crossings less likely than that per step are missed.
/// Source: gobet2000; Asmussen, Glynn, Pitman, Ann. Appl. Probab. 5 (1995) 875 (E48).
template <class Noise, class Real>
KRAMERS_HD bool crossed_bridge(Real before, Real after, Real rate, std::uint32_t word) {
    Noise u;
    uniform_from(word, u);
    return !(u >= math::exp(static_cast<Noise>(-(before * after * rate))));
}

}  // namespace kramers
