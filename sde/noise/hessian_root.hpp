// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/math.hpp"
#include "sde/noise/amplitude.hpp"
#include "sde/vec.hpp"

/// Noise of covariance δ² H(x) in two dimensions, where H has an off-diagonal entry.
namespace kramers::coordinate {

/// What one evaluation makes of the two draws ξ of a step: √C_ii and draws with the correlations of
/// C, so that amplitude_i · draw_i = (S ξ)_i.
template <class T>
struct HessianNoise {
    Vec<T, 2> amplitude;
    Vec<T, 2> draw;
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

}  // namespace kramers::coordinate
