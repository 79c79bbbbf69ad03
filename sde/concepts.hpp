// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include "sde/parameters.hpp"
#include "sde/vec.hpp"

namespace kramers {

/// How the diffusion of an Sde depends on the state and mixes its noises. Decides which schemes are
/// valid and which orders they reach.
enum class NoiseStructure { additive, diagonal, general };

/// Strong and weak order of a scheme for one noise structure; 0: makes no claim.
struct Orders {
    double strong;
    double weak;
};

/// Numbers drawn in one step, by role. Fixed at compile time: no rejection inside a step.
struct DrawCount {
    int normals;
};

/// A loss V on R^dim, in energy units, with its gradient.
template <class L>
concept Landscape = std::is_trivially_copyable_v<L> &&
    requires(L const& l, Vec<typename L::Real, L::dim> const& x, double const* values) {
    { L::name } -> std::convertible_to<std::string_view>;
    // Parameter array, the only declaration; per_coordinate ones stand for dim values.
    L::parameters();
    // From parameter values in that order; invariants (1/a², …) are computed here, in double.
    { L::make(values) } -> std::same_as<L>;
    // Both are templated on the scalar, so dual numbers flow through them too.
    { l.value(x) } -> std::same_as<typename L::Real>;
    { l.gradient(x) } -> std::same_as<Vec<typename L::Real, L::dim>>;
};

/// dX = drift dt + √(2D) dW. A model is its parameters; the landscape is passed in.
template <class M, class L>
concept Sde = Landscape<L> && std::is_trivially_copyable_v<M> &&
    requires(M const& m, L const& l, typename M::template State<L> const& s,
             typename M::template Increment<L> const& dw, double factor, double const* values) {
    { M::name } -> std::convertible_to<std::string_view>;
    M::parameters();
    { M::make(values) } -> std::same_as<M>;
    { m.drift(l, s) } -> std::same_as<typename M::template State<L>>;
    // √(2D(s))·dw: the product, never the matrix
    { m.diffuse(l, s, dw) } -> std::same_as<typename M::template State<L>>;
    // The same model with its noise amplitude multiplied by factor (a scheme folds √dt in once).
    { m.with_noise_scaled(factor) } -> std::same_as<M>;
    { M::noise } -> std::convertible_to<NoiseStructure>;
    typename M::Law;
};

/// One time step of an Sde. Coefficients of (model, dt) are computed by prepare() on the host, in
/// double, and travel as data.
template <class C, class M, class L>
concept Scheme = Sde<M, L> && std::is_trivially_copyable_v<C> &&
    requires(C const& c, M const& m, L const& l, typename M::template State<L> const& s,
             typename C::template Draws<L> const& draws) {
    { C::name } -> std::convertible_to<std::string_view>;
    { C::prepare(m, double{}) } -> std::same_as<C>;
    { c.step(l, s, draws) } -> std::same_as<typename M::template State<L>>;
    { C::template draws<L>() } -> std::same_as<DrawCount>;
    { C::orders(NoiseStructure{}) } -> std::same_as<Orders>;
};

/// A discrete algorithm x ↦ x'. Its clock is the iteration k.
template <class O, class L>
concept Optimizer = Landscape<L> && std::is_trivially_copyable_v<O> &&
    requires(O const& o, L const& l, typename O::template State<L> const& s,
             typename O::template Draws<L> const& draws, double const* values) {
    { O::name } -> std::convertible_to<std::string_view>;
    O::parameters();
    { O::make(values) } -> std::same_as<O>;
    { o.iterate(l, s, draws) } -> std::same_as<typename O::template State<L>>;
    { O::template draws<L>() } -> std::same_as<DrawCount>;
    // What it tends to as the learning rate goes to 0, with the parameter and clock map.
    O::limit(values);
    typename O::Law;
};

/// Law of the noise increments: which kind of draw a step consumes.
struct Gaussian {
    static constexpr std::string_view name = "gaussian";
};

}  // namespace kramers
