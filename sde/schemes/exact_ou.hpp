// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sde/dual.hpp"
#include "sde/schemes/scheme.hpp"

namespace kramers::coordinate {

/// Exact update of the linear part of the drift, coordinate by coordinate.
///
///   x' = x + b φ(λ dt) dt + σ √(φ(2λ dt) dt) ζ,   φ(z) = (1 − e^{−z})/z,   λ = −∂b/∂x at x
///
/// λ is found by differentiating the model's drift at the site: the gradient varies with H_ii, and
/// (H∇V)_i with H_ii².
///
/// Facts       additive: strong 1, weak 1; on a separable quadratic exact in law
/// Valid for   additive noise driven by Wiener processes, models without memory
/// Error       none where the drift is linear and the Hessian diagonal; elsewhere O(dt). On a quadratic
///             whose coordinates are coupled specs take the exact matrix step (interpolant_step.hpp)
/// Cost        1 gradient, the diagonal of the Hessian, 3 exponentials or logarithms, 1 normal per
///             coordinate
/// Source      uhlenbeck1930, gillespie1996
template <Model M>
struct ExactOu {
    using Dynamics = M;
    static constexpr std::string_view name = "exact_ou";
    static constexpr int memory = M::memory;
    static constexpr int evaluations = 1;
    static constexpr unsigned needs = M::needs | needs_hessian;
    static constexpr bool uses_second = false;
    static constexpr bool valid = additive<M> && M::memory == 0;
    static constexpr std::string_view valid_for =
        "models without memory, with additive noise driven by Wiener processes";

    M model;
    double dt;

    static ExactOu prepare(M const& m, double dt) {
        static_assert(valid, "ExactOu is not valid for this model: see valid_for");
        return {m, dt};
    }
    static constexpr Orders orders(NoiseStructure structure) {
        if (!valid || structure != NoiseStructure::additive) return {0.0, 0.0};
        return {1.0, 1.0};
    }
    static constexpr MeasuredOrders measured(NoiseStructure structure) {
        if (structure == NoiseStructure::additive) return {{1.00, 0.08}, {1.00, 0.03}};
        return {};
    }
    template <int k, class T>
    KRAMERS_HD T point(Vec<T, 1 + memory> const& s, Site<T> const*, Draws<T> const&,
                       Clock<T> const&) const {
        return model.position(s);
    }
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> finish(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                         Draws<T> const& draws, Clock<T> const& clock) const {
        using D = Dual<T>;
        Site<T> const& y = sites[0];
        T const zero = T(0);
        Flow<D, 1> const flow = model.evaluate(
            Vec<D, 1>{{D(s[0], T(1))}},
            Site<D>{D(y.gradient, y.hessian), D(y.hessian_gradient, math::square(y.hessian)),
                    D(y.hessian, zero), D(y.amplitude, zero), D(y.variance_slope, zero)},
            Clock<D>{D(clock.step, zero), D(clock.time, zero), D(clock.rate, zero),
                     D(clock.noise, zero)});
        T const z = -(T(dt) * flow.drift[0].derivative);
        T const kick = flow.noise[0].value * math::sqrt(T(dt) * phi(T(2) * z));
        return {{s[0] + (T(dt) * phi(z) * flow.drift[0].value + kick * draws.first)}};
    }

    /// (1 − e^{−z})/z to a few ulp, 1 at 0. Near 0, with u the rounded e^{−z}, (u − 1)/log u: the
    /// rounding of u cancels.
    template <class T>
    KRAMERS_HD static T phi(T z) {
        T const u = math::exp(-z);
        bool const near = math::abs(z) < T(0.5);
        T const denominator = math::select(near, math::log(math::select(near, u, T(0.5))), -z);
        return math::select(u - T(1) < T(0) || u - T(1) > T(0), (u - T(1)) / denominator, T(1));
    }
};

}  // namespace kramers::coordinate
