// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "gpu/draw_layout.hpp"
#include "gpu/plan.hpp"
#include "gpu/start_state.hpp"
#include "sde/concepts.hpp"

namespace kramers {

/// A line of sde/methods.hpp makes sense on landscape L: its dynamics is an Sde with a Scheme for it,
/// or an Optimizer. A wrong pair fails here, with the clause that it violates.
template <class M, class L>
concept ValidMethod = Scheme < typename M::template Stepper<typename L::Real>,
typename M::template Dynamics<typename L::Real>,
    L > || Optimizer<typename M::template Dynamics<typename L::Real>, L>;

/// One compiled method: landscape × (dynamics, scheme) × precision. Turns a plan into the structs
/// that a trajectory needs; shared by the host's workers, the CUDA kernels and replay.
template <class L, class M, class Noise_>
    requires ValidMethod<M, L>
struct BoundMethod {
    using Landscape = L;
    using Real = typename L::Real;
    using Noise = Noise_;
    using Stepper = typename M::template Stepper<Real>;
    static constexpr int dim = L::dim;
    /// No path between iterates, hence no bridge.
    static constexpr bool discrete = M::scheme == std::string_view("iterate");
    static constexpr int normals = Stepper::template draws<L>().normals;
    using State = Vec<Real, dim>;
    using Layout = DrawLayout<normals>;

    static L landscape(Plan const& plan) { return L::make(plan.landscape.data()); }
    static Stepper stepper(Plan const& plan) {
        return M::template prepare<Real>(plan.dynamics.data(), plan.dt);
    }
    static StartData<dim> start(Plan const& plan) {
        StartData<dim> data{};
        if (plan.start.kind == StartKind::quantile_table) {
            data.table = plan.start.table.data();
            data.entries = static_cast<int>(plan.start.table.size()) / dim;
        } else {
            for (int i = 0; i < dim; ++i)
                data.point[i] = plan.start.point[static_cast<std::size_t>(i)];
        }
        return data;
    }
};

}  // namespace kramers
