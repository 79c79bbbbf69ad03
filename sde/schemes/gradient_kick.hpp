// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/concepts.hpp"
#include "sde/hd.hpp"
#include "sde/vec.hpp"

namespace kramers {

/// A step along the gradient and a Gaussian kick: what several methods are once their coefficients
/// are numbers, so that the engine compiles its loops once for all of them.
///
///   x' = x + (−a ∇V(x) + b z)
///
/// Euler–Maruyama of overdamped Langevin has a = dt, b = √(2T dt); stochastic gradient descent has
/// a = η, b = ησ/√B. With Gaussian noise SGD *is* Euler–Maruyama of its limit SDE at dt = η.
///
/// Facts       same operations in the same order as the methods that it stands for, hence same bits
/// Valid for   methods with an overload of loop_step (sde/methods.hpp)
/// Cost        1 gradient and d normals per step
/// Source      maruyama1955; li2017 (S4)
template <class Real_>
struct GradientKick {
    using Real = Real_;
    template <class L>
    using State = Vec<Real, L::dim>;
    template <class L>
    using Draws = Vec<Real, L::dim>;

    Real step_size;
    Real kick;

    template <class L>
    static constexpr DrawCount draws() {
        return DrawCount{L::dim};
    }
    template <class L>
    KRAMERS_HD State<L> step(L const& l, State<L> const& x, Draws<L> const& z) const {
        return x + (step_size * -l.gradient(x) + kick * z);
    }
};

}  // namespace kramers
