// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "sde/concepts.hpp"

/// The smallest landscape there is, to form pairs with.
struct Parabola {
    using Real = double;
    static constexpr int dim = 1;
    static constexpr std::string_view name = "parabola";
    static constexpr std::array<kramers::Parameter, 0> parameters() { return {}; }
    static Parabola make(double const*) { return {}; }
    template <class T>
    T value(kramers::Vec<T, 1> const& x) const {
        return T(0.5) * x[0] * x[0];
    }
    template <class T>
    kramers::Vec<T, 1> gradient(kramers::Vec<T, 1> const& x) const {
        return x;
    }
};
