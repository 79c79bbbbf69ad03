// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "sde/hd.hpp"
#include "sde/math.hpp"

/// The law of one draw ζ of the gradient noise, symmetric but for the mask: mean 0 (where it has
/// one), variance 1 unless said. Every sampler takes a fixed number of draws: no rejection.
namespace kramers::coordinate {

enum class NoiseShape {
    gaussian,
    rademacher,   ///< ±1
    three_point,  ///< 0, ±√3 with probability 2/3, 1/6, 1/6: the moments of a normal up to 5
    student_t,    ///< t_ν, variance ν/(ν − 2)
    stable,       ///< E e^{iωζ} = e^{−|ω|^α}, each coordinate by itself; α = 2 is N(0, 2)
    isotropic_stable,  ///< E e^{iω·ζ} = e^{−|ω|^α}: all coordinates jump together
    compound_poisson,  ///< a Poisson number of normal jumps per step
    two_lump,          ///< mixture of two normals with a given excess kurtosis
    uniform,           ///< on (−√3, √3): what rounding to a grid leaves (bennett1948)
    bernoulli,         ///< (b/p − 1)/√((1 − p)/p), b = 1 with probability p, else 0
    population         ///< mean over a batch of a finite population (sde/noise/population.hpp)
};

inline constexpr NoiseShape all_shapes[] = {
    NoiseShape::gaussian,   NoiseShape::rademacher, NoiseShape::three_point,
    NoiseShape::student_t,  NoiseShape::stable,     NoiseShape::isotropic_stable,
    NoiseShape::two_lump,   NoiseShape::bernoulli,  NoiseShape::compound_poisson,
    NoiseShape::population, NoiseShape::uniform,
};

/// Random numbers that `shaped` reads.
struct DrawNeeds {
    bool normal;      ///< z
    int uniforms;     ///< u1, u2: of the coordinate
    int shared;       ///< s1, s2: the same for all coordinates of a step
    bool population;  ///< z is population_offset instead of a normal
};

KRAMERS_HD constexpr DrawNeeds draw_needs(NoiseShape shape) {
    switch (shape) {
        case NoiseShape::rademacher:
        case NoiseShape::three_point:
        case NoiseShape::uniform:
        case NoiseShape::bernoulli: return {false, 1, 0, false};
        case NoiseShape::student_t:
        case NoiseShape::stable: return {false, 2, 0, false};
        case NoiseShape::isotropic_stable: return {true, 0, 2, false};
        case NoiseShape::compound_poisson:
        case NoiseShape::two_lump: return {true, 1, 0, false};
        case NoiseShape::population: return {false, 0, 0, true};
        default: return {true, 0, 0, false};
    }
}

/// True: the moments of a normal up to 5, which schemes of weak order 2 expect.
KRAMERS_HD constexpr bool has_normal_moments(NoiseShape shape) {
    return shape == NoiseShape::gaussian || shape == NoiseShape::three_point;
}

/// Smallest α of a stable law. P(|ζ| > x) falls as x^−α: at 0.02 one draw in 10^6 is infinite, at
/// 0.01 one in 10^3; and the scale dt^{1/α} of a step, at dt = 10^−6, is 10^−300.
inline constexpr double smallest_alpha = 0.02;
inline constexpr std::string_view why_smallest_alpha =
    "below, jumps and the scale dt^(1/alpha) of a step leave the range of double precision";

inline constexpr int most_jumps = 48;
inline constexpr double largest_jump_rate = 10.0;

/// Numbers of a shape; made by the functions at the end of this file.
struct ShapeData {
    double degrees = 0.0;               ///< ν of student_t
    double alpha = 2.0;                 ///< of the stable ones, in [smallest_alpha, 2]
    double jump_variance = 1.0;         ///< 1/λ, compound_poisson
    double more_than[most_jumps] = {};  ///< P(jumps > k), compound_poisson
    double lump = 0.0;                  ///< two_lump: ζ = ±lump + width± z
    double lower_width = 1.0;
    double upper_width = 1.0;
    double keep = 0.5;   ///< p, bernoulli
    double kept = 1.0;   ///< √((1 − p)/p), its value with probability p
    double gone = -1.0;  ///< −√(p/(1 − p)), with probability 1 − p
};

/// Uniform in (0, 1) from 64 bits: midpoints of 2^64 bins near 0, where T resolves them; never 0,
/// never 1. Tails are drawn from the side of 0.
template <class T>
KRAMERS_HD T uniform_from(std::uint32_t high, std::uint32_t low) {
    double const u =
        math::fma(static_cast<double>(high), 0x1p-32, (static_cast<double>(low) + 0.5) * 0x1p-64);
    if constexpr (sizeof(T) == sizeof(float)) {
        return math::min(static_cast<T>(u), T(0x1.fffffep-1F));
    } else {
        return math::min(static_cast<T>(u), T(0x1.fffffffffffffp-1));
    }
}

namespace detail {

/// Student's t by the polar method: √(ν (u1^{−2/ν} − 1)) cos 2πu2.
///
/// Valid for   0.5 ≤ ν ≤ 1e4; the tail is right to a probability of 1e-19
/// Error       exact
/// Source      bailey1994
template <class T>
KRAMERS_HD T student_t(T degrees, T u1, T u2) {
    T const square = degrees * (math::exp(T(-2) / degrees * math::log(u1)) - T(1));
    return math::sqrt(math::max(square, T(0))) * math::cos2pi(u2);
}

/// Symmetric stable, with U = ±(π/2)(1 − v), W = −ln u2:
///
///   ζ = sin αU / cos^{1/α} U · (cos((1 − α)U) / W)^{(1 − α)/α}
///
/// Valid for   smallest_alpha ≤ α ≤ 2; the tail is right to a probability of 1e-16, or 10^{−308 α},
///             beyond which ζ is infinite
/// Error       exact
/// Source      chambers1976; S56
template <class T>
KRAMERS_HD T symmetric_stable(T alpha, T u1, T u2) {
    // v counts from the ends of U, where the tail is: cos U = sin(πv/2) keeps its digits.
    T const v = T(2) * math::min(u1, T(1) - u1);
    T const angle = T(0.25) * (T(1) - v);  // |U|/2π
    T const rest = T(1) - alpha;
    T const cosine = math::max(math::cos2pi(rest * angle), T(1e-30));
    T const log_ratio = math::log(cosine) - math::log(-math::log(u2));
    T const power = (rest * log_ratio - math::log(math::sin2pi(T(0.25) * v))) / alpha;
    T const size = math::sin2pi(alpha * angle) * math::exp(power);
    return math::select(u1 < T(0.5), -size, size);
}

/// √(2A), A > 0 stable of index a = α/2: E e^{−λA} = e^{−λ^a}, so √(2A) z with a normal vector z
/// has E e^{iω·ζ} = e^{−|ω|^α}. θ = π(1 − s1), W = −ln s2:
///
///   A = sin aθ / sin^{1/a} θ · (sin((1 − a)θ) / W)^{(1 − a)/a}
///
/// Error       exact
/// Source      kanter1975, samorodnitsky1994 (sub-Gaussian vectors)
template <class T>
KRAMERS_HD T stable_radius(T alpha, T s1, T s2) {
    T const a = T(0.5) * alpha;
    T const angle = T(0.5) * (T(1) - s1);  // θ/2π
    T const rest = T(1) - a;
    T const sine = math::max(math::sin2pi(rest * angle), T(1e-30));
    T const log_ratio = math::log(sine) - math::log(-math::log(s2));
    T const power = (rest * log_ratio - math::log(math::sin2pi(T(0.5) * s1))) / alpha;
    return math::sqrt(T(2) * math::sin2pi(a * angle)) * math::exp(power);
}

/// How many of more_than u lies below. A fold, not a loop: lane loops around it vectorize.
template <class T, int... k>
KRAMERS_HD T jumps_at(ShapeData const& data, T u, std::integer_sequence<int, k...>) {
    return (math::select(u < T(data.more_than[k]), T(1), T(0)) + ...);
}

/// √(n/λ) z, n ~ Poisson(λ) by inversion of u: given n jumps, their sum is normal.
///
/// Facts       variance 1, excess kurtosis 3/λ
template <class T>
KRAMERS_HD T compound_poisson(ShapeData const& data, T z, T u) {
    T const jumps = jumps_at(data, u, std::make_integer_sequence<int, most_jumps>{});
    return math::sqrt(jumps * T(data.jump_variance)) * z;
}

}  // namespace detail

/// One draw ζ from a standard normal z and uniforms in (0, 1): u1, u2 of the coordinate, s1, s2 of
/// the step. Reads what draw_needs(shape) says.
template <NoiseShape shape, class T>
KRAMERS_HD T shaped(ShapeData const& data, T z, T u1, T u2, T s1, T s2) {
    if constexpr (shape == NoiseShape::rademacher) {
        return math::select(u1 < T(0.5), T(-1), T(1));
    } else if constexpr (shape == NoiseShape::three_point) {
        T const root = T(1.7320508075688772);
        T const upper = math::select(u1 > T(5.0 / 6.0), root, T(0));
        return math::select(u1 < T(1.0 / 6.0), -root, upper);
    } else if constexpr (shape == NoiseShape::student_t) {
        return detail::student_t(T(data.degrees), u1, u2);
    } else if constexpr (shape == NoiseShape::stable) {
        return detail::symmetric_stable(T(data.alpha), u1, u2);
    } else if constexpr (shape == NoiseShape::isotropic_stable) {
        return detail::stable_radius(T(data.alpha), s1, s2) * z;
    } else if constexpr (shape == NoiseShape::compound_poisson) {
        return detail::compound_poisson(data, z, u1);
    } else if constexpr (shape == NoiseShape::two_lump) {
        T const lower = T(data.lower_width) * z - T(data.lump);
        return math::select(u1 < T(0.5), lower, T(data.upper_width) * z + T(data.lump));
    } else if constexpr (shape == NoiseShape::uniform) {
        return T(1.7320508075688772) * (u1 - (T(1) - u1));
    } else if constexpr (shape == NoiseShape::bernoulli) {
        return math::select(u1 < T(data.keep), T(data.kept), T(data.gone));
    } else {
        return z;
    }
}

/// t_ν.
inline ShapeData student_shape(double degrees) {
    ShapeData data;
    data.degrees = degrees;
    return data;
}

/// Stable of index α, one coordinate or isotropic.
inline ShapeData stable_shape(double alpha) {
    ShapeData data;
    data.alpha = alpha;
    return data;
}

/// λ jumps per step on average, 0 < λ ≤ largest_jump_rate; jumps N(0, 1/λ).
inline ShapeData jump_shape(double rate) {
    ShapeData data;
    data.jump_variance = 1.0 / rate;
    double tail = 0.0;
    for (int n = 2 * most_jumps; n > 0; --n) {
        tail += std::exp(n * std::log(rate) - rate - std::lgamma(n + 1.0));
        if (n <= most_jumps) data.more_than[n - 1] = tail;
    }
    return data;
}

/// Unit variance and this excess kurtosis, −2 … 3. Below 0: ±m + √(1 − m²) z, excess −2m⁴ (two
/// points at −2). Above: √(1 ± δ) z, excess 3δ².
inline ShapeData lump_shape(double excess_kurtosis) {
    ShapeData data;
    if (excess_kurtosis < 0.0) {
        double const square = std::sqrt(-0.5 * excess_kurtosis);
        data.lump = std::sqrt(square);
        data.lower_width = data.upper_width = std::sqrt(1.0 - square);
    } else {
        double const spread = std::sqrt(excess_kurtosis / 3.0);
        data.lower_width = std::sqrt(1.0 - spread);
        data.upper_width = std::sqrt(1.0 + spread);
    }
    return data;
}

/// Each draw kept with probability p in (0, 1]; p = 1 is no noise.
inline ShapeData mask_shape(double keep) {
    ShapeData data;
    data.keep = keep;
    data.kept = std::sqrt((1.0 - keep) / keep);
    data.gone = keep < 1.0 ? -std::sqrt(keep / (1.0 - keep)) : 0.0;
    return data;
}

/// Variance of ζ; ∞ where it has none.
inline double shape_variance(NoiseShape shape, ShapeData const& data) {
    switch (shape) {
        case NoiseShape::student_t:
            return data.degrees > 2.0 ? data.degrees / (data.degrees - 2.0) : HUGE_VAL;
        case NoiseShape::stable:
        case NoiseShape::isotropic_stable: return data.alpha < 2.0 ? HUGE_VAL : 2.0;
        default: return 1.0;
    }
}

}  // namespace kramers::coordinate
