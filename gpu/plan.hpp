// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "estimators/tallies/groups.hpp"
#include "sde/noise/law.hpp"
#include "sde/noise/schedule.hpp"
#include "sde/regions.hpp"
#include "sde/starts.hpp"

namespace kramers {

enum class Precision { single, mixed, full };  ///< specs say "float", "mixed", "double"
enum class Crossing { endpoint, bridge };

/// What is simulated: the names that select one compiled method.
struct MethodKey {
    std::string landscape;
    int dim = 1;
    std::string dynamics;
    std::string scheme;  ///< "iterate" for an optimizer
    Precision precision = Precision::mixed;
    /// Put together at run time from landscape, program and noise law (gpu/composed) rather than
    /// compiled as one loop. Any landscape, any method, any law; mixed or full precision.
    bool composed = false;
    friend bool operator==(MethodKey const&, MethodKey const&) = default;
};

inline constexpr int max_targets = 4;
inline constexpr int max_dim = 32;

/// Run every trajectory until it enters a target, diverges or has made max_steps steps.
struct PassagePlan {
    std::vector<Region> targets;  ///< 1 to max_targets; an arrival carries the index of its target
    Crossing crossing = Crossing::endpoint;  ///< bridge: Brownian-bridge test inside each step
    std::uint64_t max_steps = 0;   ///< trajectories still running then are censored; ≤ 2^40
    double noise_amplitude = 0.0;  ///< √(2T) per unit time; the bridge test needs it
};

/// A histogram over one coordinate (bins_y = 0) or a pair of coordinates.
struct HistogramPlan {
    int axis_x = 0;
    double lower_x = 0.0, upper_x = 1.0;
    int bins_x = 0;
    int axis_y = 0;
    double lower_y = 0.0, upper_y = 1.0;
    int bins_y = 0;
    std::size_t cells() const {
        return static_cast<std::size_t>(bins_x) * static_cast<std::size_t>(bins_y > 0 ? bins_y : 1);
    }
};

/// A function φ of one coordinate whose mean is wanted: (f x)^p, cos(f x) or sin(f x).
struct Observable {
    enum class Kind { power, cosine, sine };
    Kind kind = Kind::power;
    int exponent = 1;  ///< p of a power, 1 to 8
    int axis = 0;
    double factor = 1.0;  ///< f, 1/length for a dimensionless argument
    friend bool operator==(Observable const&, Observable const&) = default;
};

inline constexpr int max_observables = 8;

/// Run every trajectory for burn_in steps, then observe it `snapshots` times, `stride` steps apart
/// (the first observation is right after the burn-in).
struct SnapshotPlan {
    std::uint64_t burn_in = 0;
    std::uint64_t snapshots = 1;
    std::uint64_t stride = 1;
    std::vector<HistogramPlan> histograms;
    std::vector<Region> regions;          ///< counts of snapshots inside each
    std::vector<Observable> observables;  ///< sums of each, at most max_observables
    bool lagged = false;         ///< also sum x_i(first snapshot)·x_j(k-th snapshot) for every k
    bool keep_final = false;     ///< also keep each state of the last snapshot; host threads only
    std::vector<double> origin;  ///< dim values; moments are of x − origin
    double moment_scale =
        1.0;  ///< length by which x − origin is divided before fixed-point summation
};

/// What a composed method has besides landscape and program. Ignored by the others.
struct Composition {
    NoiseLaw noise;                           ///< of the gradient; none by default
    coordinate::ScheduleData rate;            ///< factor on the learning rate
    coordinate::ScheduleData noise_schedule;  ///< factor on injected amplitudes
    double iterations_per_step = 1.0;  ///< schedules count iterations: dt / η for an SDE, else 1
    std::vector<double> gradient_transform;  ///< dim × dim, row-major: ∇V becomes M ∇V; empty: I
};

/// One simulation as plain numbers: can be printed, costed and tested without a device.
/// A run is a pure function of it: same plan, same bits, whatever the threads, ISA or device.
struct Plan {
    MethodKey key;
    std::vector<double> landscape;  ///< values in the order of the landscape's parameters()
    std::vector<double> dynamics;   ///< values in the order of the dynamics' parameters()
    double dt = 0.0;                ///< time per step; an optimizer ignores it
    Composition composition;
    Start start;
    std::uint64_t trajectories = 0;
    std::uint64_t seed = 0;
    double divergence_bound =
        1e6;  ///< a state with some |x_i| beyond it, or non-finite, has diverged
    int noise_refinement =
        1;  ///< r: a step's normal is the sum of r fine normals / √r; a power of two, at most 8 (a
            ///< composed method: 64)
    std::variant<PassagePlan, SnapshotPlan> observe;
};

}  // namespace kramers
