// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sde/models/overdamped.hpp"
#include "sde/optimizers/sgd.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/iterate.hpp"

namespace kramers {

/// A dynamics together with a scheme that is valid for it.
template <template <class> class Dynamics_, template <class> class Scheme_>
struct Method {
    template <class Real>
    using Dynamics = Dynamics_<Real>;
    /// What one trajectory runs: coefficients only, ready to step.
    template <class Real>
    using Stepper = Scheme_<Dynamics_<Real>>;
    static constexpr std::string_view dynamics = Dynamics_<double>::name;
    static constexpr std::string_view scheme = Stepper<double>::name;

    /// Coefficients from parameter values (in the order of parameters()) and the time step.
    template <class Real>
    static Stepper<Real> prepare(double const* values, double dt) {
        return Stepper<Real>::prepare(Dynamics<Real>::make(values), dt);
    }
};

template <class... M>
struct MethodList {};

/// Every valid pair. A relation, not a product: a scheme appears once per dynamics it is valid for.
using Methods = MethodList<Method<Overdamped, EulerMaruyama>, Method<Sgd, Iterate>>;

/// Calls visit.template operator()<M>() for each method.
template <class Visit, class... M>
void for_each_method(MethodList<M...>, Visit&& visit) {
    (visit.template operator()<M>(), ...);
}

}  // namespace kramers
