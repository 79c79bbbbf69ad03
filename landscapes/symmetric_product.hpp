// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/math.hpp"
#include "sde/unroll.hpp"
#include "sde/vec.hpp"

namespace kramers {

/// H x of a symmetric H, by rows: x_0 h_0, then fma(h_j, x_j, ·) for j = 1, 2, …, h_j the rows of H.
/// Row after row and not sum after sum, so that no coordinate waits for another.
template <class T, int Dim, class Real, int Size>
    requires(Size == Dim * Dim)
KRAMERS_HD Vec<T, Dim> symmetric_product(Vec<Real, Size> const& h, Vec<T, Dim> const& x) {
    Vec<T, Dim> product{};
    KRAMERS_UNROLL_SHORT
    for (int i = 0; i < Dim; ++i) product[i] = T(h[i]) * x[0];
    KRAMERS_UNROLL_SHORT
    for (int j = 1; j < Dim; ++j) {
        KRAMERS_UNROLL_SHORT
        for (int i = 0; i < Dim; ++i) product[i] = math::fma(T(h[j * Dim + i]), x[j], product[i]);
    }
    return product;
}

}  // namespace kramers
