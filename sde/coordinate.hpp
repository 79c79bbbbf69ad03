// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include "sde/concepts.hpp"
#include "sde/hd.hpp"
#include "sde/math.hpp"
#include "sde/vec.hpp"

/// Dynamics written one coordinate at a time.
///
/// Nearly every optimizer and every SDE of this project couples its coordinates only through the
/// landscape: given the gradient (and perhaps a few more numbers) at a point, each coordinate moves
/// by itself. Written so, a step is a short scalar program with evaluations of the landscape in
/// between, and
///
///   - the landscape and the program are compiled apart: their number adds, it does not multiply;
///   - the program does not know the dimension;
///   - the text runs as double, as dual number, in a loop over lanes and in a CUDA thread.
///
/// The state of a coordinate is Vec<T, 1 + memory>; entry 0 is the position x_i that the landscape,
/// regions and snapshots see, the others (velocity, moments, …) start at 0.
namespace kramers::coordinate {

/// What an evaluation needs besides the gradient; bits.
enum Needs : unsigned {
    needs_nothing = 0,
    needs_hessian_gradient = 1,  ///< (H ∇V)_i
    needs_hessian = 2,           ///< H_ii
    needs_variance_slope = 4,    ///< ∂_i C_ii
    needs_value = 8,             ///< V, used by noise laws
    needs_gradient_square = 16,  ///< |∇V|², used by noise laws
    needs_third = 32,            ///< ∂_i H_ii, used by noise laws
};

/// What a dynamics knows about one coordinate at one evaluation point y.
template <class T>
struct Site {
    T gradient;          ///< ∂_i V(y)
    T hessian_gradient;  ///< (H(y) ∇V(y))_i; only if needed
    T hessian;           ///< H_ii(y); only if needed
    T amplitude;         ///< √C_ii(y): standard deviation of the gradient noise of one step
    T variance_slope;    ///< ∂_i C_ii(y); only if needed
};

/// Random numbers of one coordinate and one step.
template <class T>
struct Draws {
    T first;   ///< ζ of the noise law, after its memory; a standard normal for the Gaussian law
    T second;  ///< only if uses_second: an independent standard normal, or a ζ of a second batch
};

/// When a step happens.
template <class T>
struct Clock {
    T step;   ///< index of the step, from 0
    T time;   ///< step·dt, start of the step; 0 for an optimizer
    T rate;   ///< factor of the learning-rate schedule, u_k (1: constant)
    T noise;  ///< factor of the noise schedule on every injected amplitude (1: constant)
};

/// An optimizer that mixes gradient and noise itself (`static constexpr bool sees_site = true`): its
/// iterate gets the site in place of g.
template <class O>
concept SeesSite = requires {
    requires O::sees_site;
};

/// An optimizer whose second draw is that of another batch (`static constexpr bool second_batch =
/// true`), of the same law as the first and independent of it.
template <class O>
concept DrawsTwoBatches = requires {
    requires O::second_batch;
    requires O::uses_second;
};

/// What iterate gets: g, the gradient with its noise, or the site. Both are taken at query().
template <class O, class T>
using Seen = std::conditional_t<SeesSite<O>, Site<T>, T>;

/// A discrete algorithm for one coordinate.
template <class O>
concept Optimizer = std::is_trivially_copyable_v<O> &&
    requires(O const& o, Vec<double, 1 + O::memory> const& s, Seen<O, double> const& g,
             Draws<double> const& draws, Clock<double> const& clock, double const* values) {
    { O::name } -> std::convertible_to<std::string_view>;
    { O::equation } -> std::convertible_to<std::string_view>;
    { O::memory } -> std::convertible_to<int>;
    { O::uses_second } -> std::convertible_to<bool>;
    O::parameters();
    { O::make(values) } -> std::same_as<O>;
    { o.query(s, clock) } -> std::same_as<double>;
    { o.iterate(s, g, draws, clock) } -> std::same_as<Vec<double, 1 + O::memory>>;
};

/// Itô drift and noise of one coordinate: ds = drift dt + noise dW_i, one Wiener process (or Lévy
/// process) per coordinate. correction = ½ (noise · ∂_x) noise, what Itô drift exceeds the
/// Stratonovich one by; 0 for additive noise.
template <class T, int K>
struct Flow {
    Vec<T, K> drift;
    Vec<T, K> noise;
    Vec<T, K> correction;
};

/// An SDE for one coordinate.
template <class M>
concept Model = std::is_trivially_copyable_v<M> &&
    requires(M const& m, Vec<double, 1 + M::memory> const& s, Site<double> const& site,
             Clock<double> const& clock, double const* values) {
    { M::name } -> std::convertible_to<std::string_view>;
    { M::equation } -> std::convertible_to<std::string_view>;
    { M::memory } -> std::convertible_to<int>;
    { M::needs } -> std::convertible_to<unsigned>;
    { M::noise } -> std::convertible_to<NoiseStructure>;  // additive or diagonal
    M::parameters();
    { M::make(values) } -> std::same_as<M>;
    // dW over a step is increment_scale(dt)·ζ; √dt but for Lévy processes.
    { m.increment_scale(double{}) } -> std::same_as<double>;
    // Where the landscape is evaluated: the position, but for a look-ahead.
    { m.position(s) } -> std::same_as<double>;
    { m.evaluate(s, site, clock) } -> std::same_as<Flow<double, 1 + M::memory>>;
};

/// One step as a program: point<0> … point<evaluations − 1> say where the landscape is evaluated,
/// given the sites found so far; finish makes the new state from all of them. Schemes and Iterate
/// produce these.
template <class P>
concept Program = std::is_trivially_copyable_v<P> &&
    requires(P const& p, Vec<double, 1 + P::memory> const& s, Site<double> const* sites,
             Draws<double> const& draws, Clock<double> const& clock) {
    { P::memory } -> std::convertible_to<int>;
    { P::evaluations } -> std::convertible_to<int>;
    { P::needs } -> std::convertible_to<unsigned>;
    { P::uses_second } -> std::convertible_to<bool>;
    { p.template point<0>(s, sites, draws, clock) } -> std::same_as<double>;
    { p.finish(s, sites, draws, clock) } -> std::same_as<Vec<double, 1 + P::memory>>;
};

/// The trivial scheme of an optimizer: one step is one iteration.
///
///   g = ∂V(query) + u ζ √C,   x' = iterate(x, g)
///
/// Facts       exact
/// Cost        1 gradient
template <Optimizer O>
struct Iterate {
    using Dynamics = O;
    static constexpr std::string_view name = "iterate";
    static constexpr int memory = O::memory;
    static constexpr int evaluations = 1;
    static constexpr unsigned needs = needs_nothing;
    static constexpr bool uses_second = O::uses_second;

    O optimizer;

    static Iterate prepare(O const& o, double) { return {o}; }

    template <int k, class T>
    KRAMERS_HD T point(Vec<T, 1 + memory> const& s, Site<T> const*, Draws<T> const&,
                       Clock<T> const& clock) const {
        return optimizer.query(s, clock);
    }
    template <class T>
    KRAMERS_HD Vec<T, 1 + memory> finish(Vec<T, 1 + memory> const& s, Site<T> const* sites,
                                         Draws<T> const& draws, Clock<T> const& clock) const {
        if constexpr (SeesSite<O>) {
            return optimizer.iterate(s, sites[0], draws, clock);
        } else {
            T const g = sites[0].gradient + clock.noise * (sites[0].amplitude * draws.first);
            return optimizer.iterate(s, g, draws, clock);
        }
    }
};

}  // namespace kramers::coordinate
