// SPDX-License-Identifier: Apache-2.0
// expect: Landscape
// expect: gradient
#include <array>

#include "sde/concepts.hpp"

/// A parabola; its gradient is left out unless KRAMERS_CORRECT is defined.
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
#if defined(KRAMERS_CORRECT)
    template <class T>
    kramers::Vec<T, 1> gradient(kramers::Vec<T, 1> const& x) const {
        return x;
    }
#endif
};

template <kramers::Landscape L>
double curvature(L const&) {
    return 1.0;
}

double use() { return curvature(Parabola{}); }
