// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/math.hpp"
#include "sde/noise/amplitude.hpp"
#include "sde/vec.hpp"

/// Noise of covariance δ² H(x), where H has off-diagonal entries.
namespace kramers::coordinate {

/// What one evaluation makes of the two draws ξ of a step: √C_ii and draws with the correlations of
/// C, so that amplitude_i · draw_i = (S ξ)_i.
template <class T, int Dim = 2>
struct HessianNoise {
    Vec<T, Dim> amplitude;
    Vec<T, Dim> draw;
};

/// C = S², S the symmetric root of δ² max(H, floor), the maximum taken of the eigenvalues m ± r:
///
///   m = (H_00 + H_11)/2,  h = (H_00 − H_11)/2,  r = √(h² + H_01²),  s± = δ √max(m ± r, floor)
///   S = (s₊ + s₋)/2 + (s₊ − s₋)/(2r) (h, H_01; H_01, −h)
///
/// Error       exact
/// Source      liu2021, S20
template <class T>
KRAMERS_HD HessianNoise<T> hessian_noise(AmplitudeData const& data, T h00, T h01, T h11,
                                         Vec<T, 2> const& xi) {
    T const mean = T(0.5) * (h00 + h11), half = T(0.5) * (h00 - h11);
    T const radius = math::sqrt(half * half + h01 * h01);
    T const factor = T(data.factor), floor = T(data.floor);
    T const upper = math::sqrt(factor * math::max(mean + radius, floor));
    T const lower = math::sqrt(factor * math::max(mean - radius, floor));
    // A multiple of the identity has s₊ = s₋: whatever stands for r, the tilt is 0.
    T const tilt = T(0.5) * (upper - lower) / math::select(radius > T(0), radius, T(1));
    T const common = T(0.5) * (upper + lower);
    T const s00 = common + tilt * half, s01 = tilt * h01, s11 = common - tilt * half;
    HessianNoise<T> noise;
    noise.amplitude[0] = math::sqrt(s00 * s00 + s01 * s01);
    noise.amplitude[1] = math::sqrt(s01 * s01 + s11 * s11);
    noise.draw[0] = s00 * xi[0] + s01 * xi[1];
    noise.draw[1] = s01 * xi[0] + s11 * xi[1];
    for (int c = 0; c < 2; ++c) {
        T const scale = noise.amplitude[c];
        noise.draw[c] = noise.draw[c] / math::select(scale > T(0), scale, T(1));
    }
    return noise;
}

/// Sweeps of cyclic Jacobi rotations that leave nothing off the diagonal beyond the rounding of the
/// entries, in every symmetric matrix that was tried (random, degenerate, graded, of rank one, with
/// entries over twelve decades).
KRAMERS_HD constexpr int jacobi_sweeps(int dim) { return dim <= 4 ? 6 : dim <= 8 ? 8 : 9; }

namespace detail {

/// a[i], b[i] ← c a − s b, s a + c b
template <int lanes>
KRAMERS_HD void turn(double* __restrict__ a, double* __restrict__ b, double const* __restrict__ c,
                     double const* __restrict__ s) {
    for (int i = 0; i < lanes; ++i) {
        double const x = a[i], y = b[i];
        a[i] = math::fma(c[i], x, -(s[i] * y));
        b[i] = math::fma(s[i], x, c[i] * y);
    }
}

/// The rotation that makes the entry b of (a, b; b, d) vanish and leaves the larger eigenvalue in a.
/// Sorted so, equal eigenvalues end up side by side; where they do not, the rotations between them
/// undo part of what the others did, and dozens of sweeps are not enough.
template <int lanes>
KRAMERS_HD void jacobi_angle(double* __restrict__ a, double* __restrict__ b, double* __restrict__ d,
                             double* __restrict__ c, double* __restrict__ s) {
    for (int i = 0; i < lanes; ++i) {
        double const twice = 2.0 * b[i], gap = d[i] - a[i];
        double const root = math::sqrt(math::fma(gap, gap, twice * twice));
        double const base = gap + math::select(gap < 0.0, -root, root);
        double const t = twice / math::select(math::abs(base) > 0.0, base, 1.0);
        double const cosine = 1.0 / math::sqrt(math::fma(t, t, 1.0)), sine = t * cosine;
        double const left = math::fma(-t, b[i], a[i]), right = math::fma(t, b[i], d[i]);
        bool const swap = gap > 0.0;
        a[i] = math::select(swap, right, left);
        d[i] = math::select(swap, left, right);
        b[i] = 0.0;
        c[i] = math::select(swap, sine, cosine);
        s[i] = math::select(swap, -cosine, sine);
    }
}

}  // namespace detail

/// Eigenvalues (left on the diagonal) and eigenvectors of symmetric matrices beside each other: entry
/// (r, c) of lane i is number (r·dim + c)·lanes + i, entry r of eigenvector k number (k·dim + r)·lanes
/// + i. Only the upper triangle is read.
///
/// Error       eigenvalues to a few ulp of the largest (held by tests/sde/hessian_root_test.cpp)
/// Cost        jacobi_sweeps(d)·d(d − 1)/2 rotations of 2(d − 1) pairs, 2 roots and 2 divisions each
/// Source      golub2013, algorithm 8.5.3, with a fixed number of sweeps
template <int lanes>
KRAMERS_HD void diagonalize(int dim, double* matrix, double* vectors) {
    auto const at = [&](int r, int c) { return matrix + (r * dim + c) * lanes; };
    for (int k = 0; k < dim * dim; ++k)
        for (int i = 0; i < lanes; ++i) vectors[k * lanes + i] = k % (dim + 1) == 0 ? 1.0 : 0.0;
    alignas(64) double c[lanes], s[lanes];
    int const sweeps = jacobi_sweeps(dim);
    KRAMERS_UNROLL_NOT
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        KRAMERS_UNROLL_NOT
        for (int p = 0; p < dim - 1; ++p) {
            KRAMERS_UNROLL_NOT
            for (int q = p + 1; q < dim; ++q) {
                detail::jacobi_angle<lanes>(at(p, p), at(p, q), at(q, q), c, s);
                KRAMERS_UNROLL_NOT
                for (int k = 0; k < p; ++k) detail::turn<lanes>(at(k, p), at(k, q), c, s);
                KRAMERS_UNROLL_NOT
                for (int k = p + 1; k < q; ++k) detail::turn<lanes>(at(p, k), at(k, q), c, s);
                KRAMERS_UNROLL_NOT
                for (int k = q + 1; k < dim; ++k) detail::turn<lanes>(at(p, k), at(q, k), c, s);
                double* const first = vectors + p * dim * lanes;
                double* const second = vectors + q * dim * lanes;
                KRAMERS_UNROLL_NOT
                for (int k = 0; k < dim * lanes; k += lanes)
                    detail::turn<lanes>(first + k, second + k, c, s);
            }
        }
    }
}

/// Rows of lanes, `stride` numbers apart: the draws of a step and what is made of them.
struct HessianRows {
    double const* draw;
    double* amplitude;
    double* mixed;
    int stride;
};

/// Noise as above in any dimension: S = Σ_k s_k v_k v_kᵀ, s_k = δ √max(h_k, floor), h_k and v_k the
/// eigenvalues and eigenvectors of H. Matrix and vectors are laid out as `diagonalize` has them; the
/// matrix is used up.
///
/// Error       C to a few ulp of its largest entry
/// Source      liu2021, S20
template <int lanes>
KRAMERS_HD void hessian_noise(AmplitudeData const& data, int dim, double* matrix, double* vectors,
                              HessianRows const& rows) {
    diagonalize<lanes>(dim, matrix, vectors);
    double const factor = data.factor, floor = data.floor;
    // Row k now keeps s_k and s_k (v_k · ξ); its own diagonal entry is read before.
    KRAMERS_UNROLL_NOT
    for (int k = 0; k < dim; ++k) {
        double* const row = matrix + k * dim * lanes;
        double const* const vector = vectors + k * dim * lanes;
        alignas(64) double sum[lanes];
        for (int i = 0; i < lanes; ++i) sum[i] = 0.0;
        KRAMERS_UNROLL_NOT
        for (int c = 0; c < dim; ++c)
            for (int i = 0; i < lanes; ++i)
                sum[i] = math::fma(vector[c * lanes + i], rows.draw[c * rows.stride + i], sum[i]);
        for (int i = 0; i < lanes; ++i) {
            double const root = math::sqrt(factor * math::max(row[k * lanes + i], floor));
            row[i] = root;
            row[lanes + i] = root * sum[i];
        }
    }
    KRAMERS_UNROLL_NOT
    for (int c = 0; c < dim; ++c) {
        alignas(64) double sum[lanes], square[lanes];
        for (int i = 0; i < lanes; ++i) sum[i] = square[i] = 0.0;
        KRAMERS_UNROLL_NOT
        for (int k = 0; k < dim; ++k) {
            double const* const row = matrix + k * dim * lanes;
            double const* const vector = vectors + (k * dim + c) * lanes;
            for (int i = 0; i < lanes; ++i) {
                double const entry = row[i] * vector[i];
                square[i] = math::fma(entry, entry, square[i]);
                sum[i] = math::fma(row[lanes + i], vector[i], sum[i]);
            }
        }
        for (int i = 0; i < lanes; ++i) {
            double const scale = math::sqrt(square[i]);
            rows.amplitude[c * rows.stride + i] = scale;
            rows.mixed[c * rows.stride + i] = sum[i] / math::select(scale > 0.0, scale, 1.0);
        }
    }
}

/// The same of one matrix, row-major.
template <int Dim>
KRAMERS_HD HessianNoise<double, Dim> hessian_noise(AmplitudeData const& data,
                                                   Vec<double, Dim * Dim> matrix,
                                                   Vec<double, Dim> const& xi) {
    Vec<double, Dim * Dim> vectors;
    HessianNoise<double, Dim> noise;
    hessian_noise<1>(data, Dim, matrix.data, vectors.data,
                     {xi.data, noise.amplitude.data, noise.draw.data, 1});
    return noise;
}

}  // namespace kramers::coordinate
