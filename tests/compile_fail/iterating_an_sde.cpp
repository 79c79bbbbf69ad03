// SPDX-License-Identifier: Apache-2.0
// expect: Optimizer
// expect: iterate|Draws
#include "sde/models/overdamped.hpp"
#include "sde/optimizers/sgd.hpp"
#include "tests/compile_fail/parabola.hpp"

#if defined(KRAMERS_CORRECT)
using Dynamics = kramers::Sgd<double>;
#else
using Dynamics = kramers::Overdamped<double>;  // continuous time: nothing to iterate
#endif

template <class L, kramers::Optimizer<L> O>
int weak_order(O const&, double const* values) {
    return O::limit(values).weak_order;
}

int use(Dynamics const& dynamics, double const* values) {
    return weak_order<Parabola>(dynamics, values);
}
