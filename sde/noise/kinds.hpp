// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iterator>
#include <utility>

namespace kramers::coordinate {

/// Enumerators as template arguments, to fold over: code that is chosen by an enum of a noise law
/// follows the list of its header, and a new entry is written there only.
template <auto... kind>
struct Kinds {};

namespace detail {

template <auto const& list, class Indices>
struct KindsIn;
template <auto const& list, std::size_t... i>
struct KindsIn<list, std::index_sequence<i...>> {
    using Type = Kinds<list[i]...>;
};

}  // namespace detail

/// Those of a list such as all_shapes.
template <auto const& list>
using KindsOf = typename detail::KindsIn<list, std::make_index_sequence<std::size(list)>>::Type;

}  // namespace kramers::coordinate
