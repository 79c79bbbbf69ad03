// SPDX-License-Identifier: Apache-2.0
// expect: Sde<
// expect: drift|Increment
#include "sde/models/overdamped.hpp"
#include "sde/optimizers/sgd.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "tests/compile_fail/parabola.hpp"

#if defined(KRAMERS_CORRECT)
using Model = kramers::Overdamped<double>;
#else
using Model = kramers::Sgd<double>;  // a map, not an Sde: it has no drift to discretise
#endif

template <class C, class M, class L>
    requires kramers::Scheme<C, M, L>
int normals_per_step(M const&, L const&) { return C::template draws<L>().normals; }

int use(Model const& model) {
    return normals_per_step<kramers::EulerMaruyama<Model>>(model, Parabola{});
}
