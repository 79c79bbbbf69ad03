// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <concepts>
#include <string_view>

#include "sde/coordinate.hpp"
#include "sde/schemes/measured.hpp"

/// What the schemes of coordinate dynamics share.
///
/// Time-dependent coefficients are frozen over a step at its start: every stage sees the same clock,
/// so a schedule that changes inside a step is followed to first order only.
namespace kramers::coordinate {

/// A scheme: a Program made from a model and a step, which says for which models it is `valid` (and
/// in words, `valid_for`), which orders it reaches there and which ones were found. prepare() of an
/// invalid pair does not compile; every other member may be asked. Where its step is that of another
/// scheme for a model, `same_as` is the other's name.
template <class S>
concept Scheme = Program<S> && requires(typename S::Dynamics const& model) {
    { S::name } -> std::convertible_to<std::string_view>;
    { S::valid } -> std::convertible_to<bool>;
    { S::valid_for } -> std::convertible_to<std::string_view>;
    { S::orders(NoiseStructure{}) } -> std::same_as<Orders>;
    { S::measured(NoiseStructure{}) } -> std::same_as<MeasuredOrders>;
    { S::prepare(model, double{}) } -> std::same_as<S>;
};

/// Driven by Wiener processes: a model driven by something else says `static constexpr bool levy =
/// true`.
template <class M>
inline constexpr bool wiener = !requires {
    requires static_cast<bool>(M::levy);
};

/// Driven by Wiener processes, and its noise-induced drift (Flow::correction) is all there: a model that
/// leaves part of it out says `static constexpr bool partial_correction = true`.
template <class M>
inline constexpr bool corrected = wiener<M> && !requires {
    requires static_cast<bool>(M::partial_correction);
};

/// Driven by Wiener processes of constant amplitude.
template <class M>
inline constexpr bool additive = wiener<M>&& M::noise == NoiseStructure::additive;

/// Position and velocity with linear friction, dX = v dt, dv = (F(x) − γ v) dt + σ dW: γ is the
/// member `friction`; F and σ come from evaluate() at v = 0.
template <class M>
inline constexpr bool kinetic = wiener<M>&& M::memory == 1 && requires(M const& m) {
    { m.friction } -> std::convertible_to<double>;
};

/// (1/h) ∫₀ʰ W ds = √h (z₁ + z₂/√3)/2, the mean of the Wiener path W over the step, W_h = √h z₁:
/// normal, variance h/3, covariance h/2 with W_h.
template <class T>
KRAMERS_HD T mean_of_path(T root_dt, Draws<T> const& draws) {
    return root_dt * (T(0.5) * draws.first + T(0.28867513459481288) * draws.second);
}

/// F(x) of a kinetic model.
template <class M, class T>
KRAMERS_HD T force(M const& model, Vec<T, 2> s, Site<T> const& site, Clock<T> const& clock) {
    s[1] = T(0);
    return model.evaluate(s, site, clock).drift[1];
}
/// σ of a kinetic model, in dv = … + σ dW.
template <class M, class T>
KRAMERS_HD T noise_of_velocity(M const& model, Vec<T, 2> const& s, Site<T> const& site,
                               Clock<T> const& clock) {
    return model.evaluate(s, site, clock).noise[1];
}

/// The exact solution of dv = −γ v dt + σ dW over a time h: v' = decay·v + σ·spread·ζ with
/// decay = exp(−γh), spread² = (1 − exp(−2γh))/(2γ) → h as γ → 0.
struct FrictionStep {
    double decay;
    double spread;

    static FrictionStep over(double h, double friction) {
        double const twice = 2.0 * friction;
        return {std::exp(-friction * h),
                std::sqrt(friction == 0.0 ? h : -std::expm1(-twice * h) / twice)};
    }
    template <class T>
    KRAMERS_HD T apply(T v, T sigma, T zeta) const {
        return T(decay) * v + T(spread) * sigma * zeta;
    }
};

}  // namespace kramers::coordinate
