// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "landscapes/landscape_headers.inc"
#include "sde/hd.hpp"
#include "sde/methods.hpp"

/// The landscapes of one dimension and all programs as types, for code that chooses among them by a
/// number that is the same for all threads.
namespace kramers::composed {

template <class... T>
struct Types {};

namespace detail {

template <int dim, class L>
struct Listed {};

using Listing = Types<
#define KRAMERS_LANDSCAPE(stem, Class, dim) Listed<dim, Class<double, dim>>,
#include "landscapes/landscape_list.inc"
#undef KRAMERS_LANDSCAPE
    void>;

template <int Dim, class... Found>
auto with_dim(Types<Found...>, Types<void>) {
    return Types<Found...>{};
}
template <int Dim, class... Found, int dim, class L, class... Rest>
auto with_dim(Types<Found...>, Types<Listed<dim, L>, Rest...>) {
    if constexpr (dim == Dim) return with_dim<Dim>(Types<Found..., L>{}, Types<Rest...>{});
    else return with_dim<Dim>(Types<Found...>{}, Types<Rest...>{});
}

template <class... Found>
auto joined(Types<Found...>) {
    return Types<Found...>{};
}
template <class... Found, class... P, class... Lists>
auto joined(Types<Found...>, coordinate::ProgramList<P...>, Lists... lists) {
    return joined(Types<Found..., P...>{}, lists...);
}

template <class... P>
constexpr int most_entries(Types<P...>) {
    int most = 1;
    ((most = 1 + P::memory > most ? 1 + P::memory : most), ...);
    return most;
}

}  // namespace detail

template <int Dim>
using LandscapesOf = decltype(detail::with_dim<Dim>(Types<>{}, detail::Listing{}));

using AllPrograms = decltype(detail::joined(Types<>{}
#define KRAMERS_PROGRAM_LIST(list) \
    , coordinate::list {}
#include "gpu/composed/program_lists.inc"
#undef KRAMERS_PROGRAM_LIST
                                            ));

/// Numbers per coordinate of the largest state.
inline constexpr int max_entries = detail::most_entries(AllPrograms{});

}  // namespace kramers::composed
