// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/coordinate.hpp"

/// How large the gradient noise is, and where: its variance C_ii at a point, its root and its slope.
namespace kramers::coordinate {

/// Where C_ii comes from. v_i: a variance given per coordinate (0 unless said).
enum class NoiseAmplitude {
    constant,    ///< v_i
    covariance,  ///< v_i, and the draws of a step are mixed: ζ ← R ζ, R Rᵀ the correlations
    hessian,     ///< δ² max(H_ii, floor); for a diagonal Hessian (else hessian_root.hpp)
    loss,        ///< v_i + s² max(V − offset, 0)
    gradient_norm,   ///< v_i + s² |∇V|²
    gradient,        ///< q (∂_iV)², amplitude √q ∂_iV with its sign
    multiplicative,  ///< v_i + m x_i²
    least_squares    ///< q [max(H_ii, 0) (2 max(V − offset, 0) + floor) + (∂_iV)²]
};

inline constexpr NoiseAmplitude all_amplitudes[] = {
    NoiseAmplitude::constant,       NoiseAmplitude::covariance,    NoiseAmplitude::hessian,
    NoiseAmplitude::loss,           NoiseAmplitude::gradient_norm, NoiseAmplitude::gradient,
    NoiseAmplitude::multiplicative, NoiseAmplitude::least_squares,
};

/// False: C_ii is v_i everywhere.
KRAMERS_HD constexpr bool depends_on_place(NoiseAmplitude kind) {
    return kind != NoiseAmplitude::constant && kind != NoiseAmplitude::covariance;
}

/// True: C_ii looks at other coordinates than x_i even where the Hessian is diagonal.
KRAMERS_HD constexpr bool sees_all_coordinates(NoiseAmplitude kind) {
    return kind == NoiseAmplitude::loss || kind == NoiseAmplitude::gradient_norm ||
           kind == NoiseAmplitude::least_squares;
}

/// Numbers of an amplitude.
struct AmplitudeData {
    double factor = 0.0;  ///< δ², s², q or m
    double offset = 0.0;  ///< loss, least_squares: V where the noise of the loss vanishes, energy
    double floor = 0.0;   ///< hessian: smallest curvature that counts, energy/length²;
                          ///< least_squares: variance of a label, energy
};

/// What an amplitude may look at. Only what needs_of and slope_needs_of name is read, beside x and
/// the gradient.
template <class T>
struct Place {
    T x;
    T gradient;          ///< ∂_iV
    T hessian_gradient;  ///< (H ∇V)_i
    T hessian;           ///< H_ii
    T third;             ///< ∂_i H_ii
    T value;             ///< V
    T gradient_square;   ///< |∇V|²
};

/// Bits of Needs that noise_amplitude reads.
KRAMERS_HD constexpr unsigned needs_of(NoiseAmplitude kind) {
    switch (kind) {
        case NoiseAmplitude::hessian: return needs_hessian;
        case NoiseAmplitude::loss: return needs_value;
        case NoiseAmplitude::gradient_norm: return needs_gradient_square;
        case NoiseAmplitude::least_squares: return needs_hessian | needs_value;
        default: return needs_nothing;
    }
}

/// Bits of Needs that variance_slope reads.
KRAMERS_HD constexpr unsigned slope_needs_of(NoiseAmplitude kind) {
    switch (kind) {
        case NoiseAmplitude::hessian: return needs_hessian | needs_third;
        case NoiseAmplitude::loss: return needs_value;
        case NoiseAmplitude::gradient_norm: return needs_hessian_gradient;
        case NoiseAmplitude::gradient: return needs_hessian;
        case NoiseAmplitude::least_squares: return needs_hessian | needs_value | needs_third;
        default: return needs_nothing;
    }
}

/// √C_ii, standard deviation of one step's gradient noise, energy/length (of `gradient`: signed).
/// For shapes of another variance than 1 (shape_variance) it is the scale of the law instead.
///
/// Source      mori2022 (loss), mandt2017 (constant), neelakantan2015, ziyin2022 (least_squares)
template <NoiseAmplitude kind, class T>
KRAMERS_HD T noise_amplitude(AmplitudeData const& data, T coordinate_variance,
                             Place<T> const& place) {
    T const factor = T(data.factor);
    if constexpr (kind == NoiseAmplitude::hessian) {
        return math::sqrt(factor * math::max(place.hessian, T(data.floor)));
    } else if constexpr (kind == NoiseAmplitude::loss) {
        T const excess = math::max(place.value - T(data.offset), T(0));
        return math::sqrt(coordinate_variance + factor * excess);
    } else if constexpr (kind == NoiseAmplitude::gradient_norm) {
        return math::sqrt(coordinate_variance + factor * place.gradient_square);
    } else if constexpr (kind == NoiseAmplitude::gradient) {
        return math::sqrt(factor) * place.gradient;
    } else if constexpr (kind == NoiseAmplitude::multiplicative) {
        return math::sqrt(coordinate_variance + factor * math::square(place.x));
    } else if constexpr (kind == NoiseAmplitude::least_squares) {
        T const loss = T(2) * math::max(place.value - T(data.offset), T(0)) + T(data.floor);
        return math::sqrt(factor *
                          (math::max(place.hessian, T(0)) * loss + math::square(place.gradient)));
    } else {
        return math::sqrt(coordinate_variance);
    }
}

/// ∂_i C_ii, energy²/length³.
template <NoiseAmplitude kind, class T>
KRAMERS_HD T variance_slope(AmplitudeData const& data, Place<T> const& place) {
    T const factor = T(data.factor);
    if constexpr (kind == NoiseAmplitude::hessian) {
        return math::select(place.hessian > T(data.floor), factor * place.third, T(0));
    } else if constexpr (kind == NoiseAmplitude::loss) {
        return math::select(place.value > T(data.offset), factor * place.gradient, T(0));
    } else if constexpr (kind == NoiseAmplitude::gradient_norm) {
        return T(2) * factor * place.hessian_gradient;
    } else if constexpr (kind == NoiseAmplitude::gradient) {
        return T(2) * factor * place.gradient * place.hessian;
    } else if constexpr (kind == NoiseAmplitude::multiplicative) {
        return T(2) * factor * place.x;
    } else if constexpr (kind == NoiseAmplitude::least_squares) {
        T const excess = place.value - T(data.offset);
        T const loss = T(2) * math::max(excess, T(0)) + T(data.floor);
        T const rising = math::select(excess > T(0), place.gradient, T(0));
        T const curved = place.third * loss + T(2) * place.hessian * rising;
        return factor * (math::select(place.hessian > T(0), curved, T(0)) +
                         T(2) * place.gradient * place.hessian);
    } else {
        return T(0);
    }
}

}  // namespace kramers::coordinate
