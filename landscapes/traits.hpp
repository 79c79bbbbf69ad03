// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string_view>

#include "sde/concepts.hpp"

namespace kramers {

/// How V grows along a ray to infinity: V(r u) ~ c(u) r^power with c(u) > 0, for the rays u of
/// slowest growth. 0: V stays bounded and exp(−V/T) has no norm; unbounded: faster than any power.
struct Growth {
    double power;
    std::string_view statement;  ///< the same in words
};

/// A named critical point as its landscape announces it; Newton's method finds the digits.
template <int Dim>
struct CriticalSeed {
    std::string_view name;   ///< "minimum.left", "saddle", "minimum.global", …
    int morse_index;         ///< 0 minimum, 1 saddle, Dim maximum (1 in one dimension)
    Vec<double, Dim> guess;  ///< length
    double reach;            ///< the point lies within this distance of the guess, per coordinate
};

/// Where a parameter has to lie for all named critical points to exist.
struct ExistenceBound {
    std::string_view parameter;
    double lower;
    double upper;
    std::string_view why;  ///< what happens outside
};

/// What a landscape says of itself on the host, next to its formula and nowhere else.
template <class L>
concept DescribedLandscape = Landscape<L> && requires(L const& l) {
    { L::formula } -> std::convertible_to<std::string_view>;
    { L::growth } -> std::convertible_to<Growth>;
    { L::separable } -> std::convertible_to<bool>;
    { L::source } -> std::convertible_to<std::string_view>;  // key in sde/theory/references.bib
    // Calls visit(CriticalSeed<dim>) for every named critical point.
    l.critical_seeds([](CriticalSeed<L::dim> const&) {});
};

}  // namespace kramers
