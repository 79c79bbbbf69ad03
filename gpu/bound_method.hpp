// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include "gpu/draw_layout.hpp"
#include "gpu/plan.hpp"
#include "gpu/start_state.hpp"
#include "sde/concepts.hpp"
#include "sde/contracts.hpp"
#include "sde/methods.hpp"

namespace kramers {

/// A line of sde/methods.hpp makes sense on landscape L: its dynamics is an Sde with a Scheme for it,
/// or an Optimizer. A wrong pair fails here, with the clause that it violates.
template <class M, class L>
concept ValidMethod = Scheme < typename M::template Stepper<typename L::Real>,
typename M::template Dynamics<typename L::Real>,
    L > || Optimizer<typename M::template Dynamics<typename L::Real>, L>;

/// What loops are compiled for: landscape × step × noise type. Turns a plan into the structs that a
/// trajectory needs; shared by the host's workers, the CUDA kernels and replay. Several methods may
/// have the same step (sde/schemes/gradient_kick.hpp); which of them a plan means is known from its
/// key, and only its coefficients depend on that.
template <class L, class Step, class Noise_>
struct BoundMethod {
    using Landscape = L;
    using Real = typename L::Real;
    using Noise = Noise_;
    using Stepper = Step;
    static constexpr int dim = L::dim;
    static constexpr int normals = Stepper::template draws<L>().normals;
    using State = Vec<Real, dim>;
    using Layout = DrawLayout<normals>;

    static L landscape(Plan const& plan) { return L::make(plan.landscape.data()); }
    static Stepper stepper(Plan const& plan) {
        Stepper prepared{};
        bool const known = prepare(Methods{}, plan, prepared);
        KRAMERS_EXPECTS(known);
        static_cast<void>(known);
        return prepared;
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

  private:
    template <class... M>
    static bool prepare(MethodList<M...>, Plan const& plan, Stepper& to) {
        return (prepare_if<M>(plan, to) || ...);
    }
    template <class M>
    static bool prepare_if(Plan const& plan, Stepper& to) {
        if constexpr (std::is_same_v<typename M::template LoopStep<Real>, Stepper>) {
            if (plan.key.dynamics == M::dynamics && plan.key.scheme == M::scheme) {
                to = M::template prepare<Real>(plan.dynamics.data(), plan.dt);
                return true;
            }
        }
        return false;
    }
};

/// The loops that a valid method runs in.
template <class L, class M, class Noise>
    requires ValidMethod<M, L>
using LoopsOf = BoundMethod<L, typename M::template LoopStep<typename L::Real>, Noise>;

}  // namespace kramers
