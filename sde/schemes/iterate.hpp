// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/concepts.hpp"

namespace kramers {

/// The trivial scheme of a discrete algorithm: one step is one iteration, no time discretisation.
///
///   x' = iterate(x, draws)
///
/// Facts       exact
/// Valid for   every Optimizer; ignores dt
/// Cost        that of the optimizer
template <class O>
struct Iterate {
    using Model = O;
    using Real = typename O::Real;
    template <class L>
    using State = typename O::template State<L>;
    template <class L>
    using Draws = typename O::template Draws<L>;
    static constexpr std::string_view name = "iterate";

    O optimizer;

    static Iterate prepare(O const& o, double) { return {o}; }
    template <class L>
    static constexpr DrawCount draws() {
        return O::template draws<L>();
    }
    template <class L>
    KRAMERS_HD State<L> step(L const& l, State<L> const& x, Draws<L> const& z) const {
        return optimizer.iterate(l, x, z);
    }
};

}  // namespace kramers
