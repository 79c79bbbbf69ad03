// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <string_view>

#include "gpu/composed/rows.hpp"
#include "sde/coordinate.hpp"
#include "sde/dual.hpp"
#include "sde/unroll.hpp"

/// A landscape as the composed engine sees it: one kernel that writes what a step needs to know at
/// the points of many lanes. Compiled once per landscape and dimension, for any dynamics.
namespace kramers::composed {

/// All rows: dim rows of lanes, but value and gradient_square, which have one.
struct OracleArgs {
    void const* landscape = nullptr;
    unsigned needs = 0;  ///< coordinate::Needs
    int lanes = 0;
    double const* point = nullptr;
    double* gradient = nullptr;
    double* hessian_gradient = nullptr;
    double* hessian = nullptr;
    double* cross = nullptr;  ///< one row, H_01 of a plane; with the hessian, null: not wanted
    /// The same beyond a plane: H_rc of lane i ≤ lane_quantum is number (r·dim + c)·lane_quantum + i.
    double* whole = nullptr;
    double* third = nullptr;  ///< ∂_i H_ii; separable landscapes only
    double* value = nullptr;
    double* gradient_square = nullptr;
};

using OracleKernel = void (*)(OracleArgs const&);

inline constexpr std::size_t max_landscape_bytes = 8192;

struct LandscapeEntry {
    std::string_view name;
    int dim;
    bool separable;                                   ///< its Hessian is diagonal
    void (*make)(double const* values, void* place);  ///< into max_landscape_bytes
    OracleKernel (*oracle)(Isa isa);
};

template <class L>
struct Oracle {
    static constexpr int dim = L::dim;
    static constexpr bool diagonal_hessian = L::separable || dim == 1;
    using One = Dual<double, 1>;

    KRAMERS_HD static Vec<double, dim> load(double const* rows, int i) {
        Vec<double, dim> x;
        KRAMERS_UNROLL
        for (int c = 0; c < dim; ++c) x[c] = rows[c * lane_count + i];
        return x;
    }

    KRAMERS_HD static void run(OracleArgs const& args) {
        L const landscape = *static_cast<L const*>(args.landscape);
        int const n = args.lanes;
        KRAMERS_LANE_LOOP
        for (int i = 0; i < n; ++i) {
            Vec<double, dim> const g = landscape.gradient(load(args.point, i));
            KRAMERS_UNROLL
            for (int c = 0; c < dim; ++c) args.gradient[c * lane_count + i] = g[c];
        }
        if (args.needs == 0) return;
        if (args.needs & coordinate::needs_value) {
            KRAMERS_LANE_LOOP
            for (int i = 0; i < n; ++i) args.value[i] = landscape.value(load(args.point, i));
        }
        if (args.needs & coordinate::needs_gradient_square) {
            KRAMERS_LANE_LOOP
            for (int i = 0; i < n; ++i) {
                Vec<double, dim> const g = load(args.gradient, i);
                args.gradient_square[i] = dot(g, g);
            }
        }
        if (args.needs & coordinate::needs_hessian_gradient) along_gradient(args, landscape);
        if (args.needs & coordinate::needs_hessian) {
            if constexpr (diagonal_hessian) {
                diagonal(args, landscape);
            } else if constexpr (dim == 2) {
                if (args.cross != nullptr) plane(args, landscape);
                else diagonal(args, landscape);
            } else {
                if (args.whole != nullptr) whole(args, landscape);
                else diagonal(args, landscape);
            }
        }
        if constexpr (diagonal_hessian)
            if (args.needs & coordinate::needs_third) third(args, landscape);
    }

  private:
    KRAMERS_HD static void along_gradient(OracleArgs const& args, L const& landscape) {
        KRAMERS_LANE_LOOP
        for (int i = 0; i < args.lanes; ++i) {
            Vec<One, dim> x;
            KRAMERS_UNROLL
            for (int c = 0; c < dim; ++c) {
                x[c].value = args.point[c * lane_count + i];
                x[c].derivative = args.gradient[c * lane_count + i];
            }
            Vec<One, dim> const g = landscape.gradient(x);
            KRAMERS_UNROLL
            for (int c = 0; c < dim; ++c)
                args.hessian_gradient[c * lane_count + i] = g[c].derivative;
        }
    }

    /// Lane i in the direction of coordinate k; of all of them where the Hessian is diagonal.
    KRAMERS_HD static Vec<One, dim> along(OracleArgs const& args, int i, int k) {
        Vec<One, dim> x;
        KRAMERS_UNROLL
        for (int c = 0; c < dim; ++c) {
            x[c].value = args.point[c * lane_count + i];
            x[c].derivative = diagonal_hessian || c == k ? 1.0 : 0.0;
        }
        return x;
    }

    /// One pass with the direction (1, …, 1) where the Hessian is diagonal, else one per coordinate.
    KRAMERS_HD static void diagonal(OracleArgs const& args, L const& landscape) {
        for (int k = 0; k < (diagonal_hessian ? 1 : dim); ++k) {
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i) {
                Vec<One, dim> const g = landscape.gradient(along(args, i, k));
                if constexpr (diagonal_hessian) KRAMERS_UNROLL
                for (int c = 0; c < dim; ++c) args.hessian[c * lane_count + i] = g[c].derivative;
                else KRAMERS_UNROLL for (int c = 0; c < dim; ++c) if (c == k)
                    args.hessian[c * lane_count + i] = g[c].derivative;
            }
        }
    }

    /// One pass per coordinate, which gives a row.
    KRAMERS_HD static void whole(OracleArgs const& args, L const& landscape) {
        for (int k = 0; k < dim; ++k) {
            double* const row = args.whole + k * dim * lane_quantum;
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i) {
                Vec<One, dim> const g = landscape.gradient(along(args, i, k));
                KRAMERS_UNROLL
                for (int c = 0; c < dim; ++c) row[c * lane_quantum + i] = g[c].derivative;
            }
            for (int i = 0; i < args.lanes; ++i)
                args.hessian[k * lane_count + i] = row[k * lane_quantum + i];
        }
    }

    /// The Hessian of a plane, column after column.
    KRAMERS_HD static void plane(OracleArgs const& args, L const& landscape) {
        KRAMERS_LANE_LOOP
        for (int i = 0; i < args.lanes; ++i) {
            double const x0 = args.point[i], x1 = args.point[lane_count + i];
            Vec<One, dim> const first = landscape.gradient(Vec<One, dim>{{{x0, 1.0}, {x1, 0.0}}});
            Vec<One, dim> const second = landscape.gradient(Vec<One, dim>{{{x0, 0.0}, {x1, 1.0}}});
            args.hessian[i] = first[0].derivative;
            args.cross[i] = first[1].derivative;
            args.hessian[lane_count + i] = second[1].derivative;
        }
    }

    KRAMERS_HD static void third(OracleArgs const& args, L const& landscape) {
        using Two = Dual<One, 1>;
        KRAMERS_LANE_LOOP
        for (int i = 0; i < args.lanes; ++i) {
            Vec<Two, dim> x;
            KRAMERS_UNROLL
            for (int c = 0; c < dim; ++c) {
                x[c].value.value = args.point[c * lane_count + i];
                x[c].value.derivative = 1.0;
                x[c].derivative.value = 1.0;
                x[c].derivative.derivative = 0.0;
            }
            Vec<Two, dim> const g = landscape.gradient(x);
            KRAMERS_UNROLL
            for (int c = 0; c < dim; ++c)
                args.third[c * lane_count + i] = g[c].derivative.derivative;
        }
    }
};

template <class L>
LandscapeEntry landscape_entry() {
    static_assert(sizeof(L) <= max_landscape_bytes && alignof(L) <= 16);
    return {L::name, L::dim, Oracle<L>::diagonal_hessian,
            [](double const* values, void* place) { ::new (place) L(L::make(values)); },
            &Clones<Oracle<L>, OracleArgs>::select};
}

}  // namespace kramers::composed
