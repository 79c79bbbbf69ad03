// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "gpu/composed/thread_draws.hpp"
#include "gpu/composed/thread_lists.hpp"
#include "gpu/composed/thread_method.hpp"
#include "sde/coordinate.hpp"
#include "sde/dual.hpp"
#include "sde/noise/hessian_root.hpp"
#include "sde/noise/kinds.hpp"

/// One step of a composed method in one thread. Landscapes, laws and programs are chosen by switches
/// on numbers that all threads share, and each is a function that is called.
namespace kramers::composed {

/// Before a loop over coordinates: in many dimensions it stays a loop, or every program is compiled
/// Dim times over.
#if defined(__CUDACC__)
#define KRAMERS_COORDINATE_LOOP _Pragma("unroll (Dim <= 2 ? Dim : 1)")
#else
#define KRAMERS_COORDINATE_LOOP
#endif

namespace detail {

template <class Action, class... L>
KRAMERS_HD void visit(Types<L...>, int number, void const* data, Action& action) {
    int i = 0;
    ((i++ == number ? action(*static_cast<L const*>(data)) : void()), ...);
}

template <int Dim>
struct TakeGradient {
    Vec<double, Dim> const& x;
    Vec<double, Dim>& gradient;
    template <class L>
    KRAMERS_HD void operator()(L const& landscape) {
        gradient = landscape.gradient(x);
    }
};

template <int Dim>
struct TakeValue {
    Vec<double, Dim> const& x;
    double& value;
    template <class L>
    KRAMERS_HD void operator()(L const& landscape) {
        value = landscape.value(x);
    }
};

template <int Dim>
struct TakeSlope {
    Vec<Dual<double, 1>, Dim> const& x;
    Vec<double, Dim>& slope;
    template <class L>
    KRAMERS_HD void operator()(L const& landscape) {
        Vec<Dual<double, 1>, Dim> const g = landscape.gradient(x);
        for (int c = 0; c < Dim; ++c) slope[c] = g[c].derivative;
    }
};

template <int Dim>
struct TakeThird {
    Vec<Dual<Dual<double, 1>, 1>, Dim> const& x;
    Vec<double, Dim>& third;
    template <class L>
    KRAMERS_HD void operator()(L const& landscape) {
        if constexpr (L::separable || Dim == 1) {
            Vec<Dual<Dual<double, 1>, 1>, Dim> const g = landscape.gradient(x);
            for (int c = 0; c < Dim; ++c) third[c] = g[c].derivative.derivative;
        }
    }
};

}  // namespace detail

template <int Dim>
KRAMERS_CALLED Vec<double, Dim> gradient_at(ThreadMethod<Dim> const& m, Vec<double, Dim> const x) {
    Vec<double, Dim> gradient{};
    detail::TakeGradient<Dim> action{x, gradient};
    detail::visit(LandscapesOf<Dim>{}, m.landscape, m.landscape_data, action);
    return gradient;
}

template <int Dim>
KRAMERS_CALLED double value_at(ThreadMethod<Dim> const& m, Vec<double, Dim> const& x) {
    double value = 0.0;
    detail::TakeValue<Dim> action{x, value};
    detail::visit(LandscapesOf<Dim>{}, m.landscape, m.landscape_data, action);
    return value;
}

/// H(x) v
template <int Dim>
KRAMERS_CALLED void hessian_along(ThreadMethod<Dim> const& m, Vec<double, Dim> const& x,
                                  Vec<double, Dim> const& v, Vec<double, Dim>& product) {
    Vec<Dual<double, 1>, Dim> y;
    for (int c = 0; c < Dim; ++c) {
        y[c].value = x[c];
        y[c].derivative = v[c];
    }
    detail::TakeSlope<Dim> action{y, product};
    detail::visit(LandscapesOf<Dim>{}, m.landscape, m.landscape_data, action);
}

/// ∂_i H_ii, where the Hessian is diagonal
template <int Dim>
KRAMERS_CALLED void third_at(ThreadMethod<Dim> const& m, Vec<double, Dim> const& x,
                             Vec<double, Dim>& third) {
    Vec<Dual<Dual<double, 1>, 1>, Dim> y;
    for (int c = 0; c < Dim; ++c) {
        y[c].value.value = x[c];
        y[c].value.derivative = 1.0;
        y[c].derivative.value = 1.0;
        y[c].derivative.derivative = 0.0;
    }
    detail::TakeThird<Dim> action{y, third};
    detail::visit(LandscapesOf<Dim>{}, m.landscape, m.landscape_data, action);
}

namespace detail {

template <coordinate::NoiseAmplitude kind>
KRAMERS_HD void amplitude_of(coordinate::AmplitudeData const& data, double variance, bool slope,
                             coordinate::Place<double> const& place,
                             coordinate::Site<double>& site) {
    site.amplitude = coordinate::noise_amplitude<kind>(data, variance, place);
    site.variance_slope = slope ? coordinate::variance_slope<kind>(data, place) : 0.0;
}

/// Sets amplitude and variance_slope.
template <coordinate::NoiseAmplitude... kinds>
KRAMERS_CALLED void set_amplitude(coordinate::Kinds<kinds...>, coordinate::NoiseAmplitude kind,
                                  coordinate::AmplitudeData const& data, double variance,
                                  bool slope, coordinate::Place<double> const& place,
                                  coordinate::Site<double>& site) {
    ((kind == kinds ? amplitude_of<kinds>(data, variance, slope, place, site) : void()), ...);
}

/// Draws and amplitudes of noise of the whole Hessian at x.
template <int Dim>
KRAMERS_CALLED void mix_by_hessian(ThreadMethod<Dim> const& m, Vec<double, Dim> const& x,
                                   coordinate::Site<double>* sites, Vec<double, Dim>& draws) {
    Vec<double, Dim * Dim> hessian{};
    Vec<double, Dim> v, row{};
    KRAMERS_UNROLL_NOT
    for (int k = 0; k < Dim; ++k) {
        for (int c = 0; c < Dim; ++c) v[c] = c == k ? 1.0 : 0.0;
        hessian_along(m, x, v, row);
        for (int c = 0; c < Dim; ++c) hessian[k * Dim + c] = row[c];
    }
    coordinate::HessianNoise<double, Dim> noise;
    if constexpr (Dim == 2)
        noise = coordinate::hessian_noise<double>(m.amplitude_data, hessian[0], hessian[1],
                                                  hessian[3], draws);
    else noise = coordinate::hessian_noise<Dim>(m.amplitude_data, hessian, draws);
    for (int c = 0; c < Dim; ++c) sites[c].amplitude = noise.amplitude[c];
    draws = noise.draw;
}

}  // namespace detail

/// What an evaluation at x asks beyond the gradient g there, and an amplitude that depends on x;
/// mixes the draws of the step where the law does so.
template <int Dim>
KRAMERS_CALLED void look_further(ThreadMethod<Dim> const& m, Vec<double, Dim> const& x,
                                 Vec<double, Dim> const& g, coordinate::Site<double>* sites,
                                 Vec<double, Dim>& draws) {
    using namespace coordinate;
    Vec<double, Dim> hessian_gradient{}, hessian{}, third{};
    double value = 0.0, gradient_square = 0.0;
    if (m.needs & needs_value) value = value_at(m, x);
    if (m.needs & needs_gradient_square) gradient_square = dot(g, g);
    if (m.needs & needs_hessian_gradient) hessian_along(m, x, g, hessian_gradient);
    if ((m.needs & needs_hessian) && !m.mixes) {
        Vec<double, Dim> v, product{};
        int const passes = m.separable ? 1 : Dim;
        KRAMERS_UNROLL_NOT
        for (int k = 0; k < passes; ++k) {
            for (int c = 0; c < Dim; ++c) v[c] = m.separable || c == k ? 1.0 : 0.0;
            hessian_along(m, x, v, product);
            for (int c = 0; c < Dim; ++c)
                hessian[c] = m.separable || c == k ? product[c] : hessian[c];
        }
    }
    if (m.needs & needs_third) third_at(m, x, third);
    bool const constant = m.mixes || !depends_on_place(m.amplitude_kind);
    KRAMERS_UNROLL_NOT
    for (int c = 0; c < Dim; ++c) {
        sites[c].hessian_gradient = hessian_gradient[c];
        sites[c].hessian = hessian[c];
        if (!constant)
            detail::set_amplitude(KindsOf<all_amplitudes>{}, m.amplitude_kind, m.amplitude_data,
                                  m.variances[c], m.slope,
                                  Place<double>{x[c], g[c], hessian_gradient[c], hessian[c],
                                                third[c], value, gradient_square},
                                  sites[c]);
        if (m.transform != nullptr) {
            double sum = 0.0;
            for (int k = 0; k < Dim; ++k) sum = math::fma(m.transform[c * Dim + k], g[k], sum);
            sites[c].gradient = sum;
        }
    }
    if constexpr (Dim >= 2)
        if (m.mixes) detail::mix_by_hessian(m, x, sites, draws);
}

/// A step of one program on the state of a trajectory: entry m of coordinate c at m·Dim + c.
template <class P, int Dim>
struct ProgramStep {
    static constexpr int entries = 1 + P::memory;
    P const program;
    Vec<double, Dim> first;
    Vec<double, Dim> const second;
    coordinate::Clock<double> const clock;
    Vec<double, entries> state[Dim] = {};
    coordinate::Site<double> sites[Dim][P::evaluations] = {};

    KRAMERS_HD coordinate::Draws<double> draws(int c) const { return {first[c], second[c]}; }

    template <int k>
    KRAMERS_HD void evaluate(ThreadMethod<Dim> const& m) {
        Vec<double, Dim> x;
        KRAMERS_COORDINATE_LOOP
        for (int c = 0; c < Dim; ++c)
            x[c] = program.template point<k>(state[c], sites[c], draws(c), clock);
        if (m.point_shift != 0.0) {
            KRAMERS_COORDINATE_LOOP
            for (int c = 0; c < Dim; ++c) x[c] += (m.point_shift * clock.noise) * first[c];
        }
        Vec<double, Dim> const g = gradient_at(m, x);
        KRAMERS_COORDINATE_LOOP
        for (int c = 0; c < Dim; ++c) {
            sites[c][k].gradient = g[c];
            sites[c][k].amplitude = m.amplitude[c];
        }
        if (m.looks_further) {
            coordinate::Site<double> further[Dim];
            KRAMERS_COORDINATE_LOOP
            for (int c = 0; c < Dim; ++c) further[c] = sites[c][k];
            Vec<double, Dim> mixed = first;
            look_further(m, x, g, further, mixed);
            first = mixed;
            KRAMERS_COORDINATE_LOOP
            for (int c = 0; c < Dim; ++c) sites[c][k] = further[c];
        }
    }
    template <int... k>
    KRAMERS_HD void evaluate_all(ThreadMethod<Dim> const& m, std::integer_sequence<int, k...>) {
        (evaluate<k>(m), ...);
    }
};

template <class P, int Dim>
KRAMERS_CALLED void program_step(ThreadMethod<Dim> const& m, double* state,
                                 Vec<double, Dim> const& first, Vec<double, Dim> const& second,
                                 coordinate::Clock<double> const& clock) {
    using Step = ProgramStep<P, Dim>;
    static_assert(sizeof(P) <= ThreadMethod<Dim>::program_bytes);
    Step step{*reinterpret_cast<P const*>(m.program_data), first, second, clock};
    KRAMERS_COORDINATE_LOOP
    for (int c = 0; c < Dim; ++c)
        for (int e = 0; e < Step::entries; ++e) step.state[c][e] = state[e * Dim + c];
    step.evaluate_all(m, std::make_integer_sequence<int, P::evaluations>{});
    KRAMERS_COORDINATE_LOOP
    for (int c = 0; c < Dim; ++c) {
        Vec<double, Step::entries> const next =
            step.program.finish(step.state[c], step.sites[c], step.draws(c), clock);
        for (int e = 0; e < Step::entries; ++e) state[e * Dim + c] = next[e];
    }
}

namespace detail {

template <int Dim, class... P>
KRAMERS_HD void choose_program(Types<P...>, ThreadMethod<Dim> const& m, double* state,
                               Vec<double, Dim> const& first, Vec<double, Dim> const& second,
                               coordinate::Clock<double> const& clock) {
    int i = 0;
    ((i++ == m.program ? program_step<P, Dim>(m, state, first, second, clock) : void()), ...);
}

}  // namespace detail

/// A trajectory on its way: the rows of its state and of the memory of its noise, and the normals of
/// the steps that share a call.
template <int Dim>
struct Trajectory {
    double state[(max_entries + 1) * Dim];
    Vec<double, Dim> first[call_steps<Dim>];
    Vec<double, Dim> second[call_steps<Dim>];

    KRAMERS_HD Vec<double, Dim> position() const {
        Vec<double, Dim> x;
        for (int c = 0; c < Dim; ++c) x[c] = state[c];
        return x;
    }
    KRAMERS_HD void start(Vec<double, Dim> const& x) {
        for (int r = 0; r < (max_entries + 1) * Dim; ++r) state[r] = r < Dim ? x[r] : 0.0;
    }
    /// rows of `count` numbers each
    KRAMERS_HD void load(double const* rows, int used, std::uint64_t count, std::uint64_t at) {
        start(Vec<double, Dim>{});
        KRAMERS_UNROLL_NOT
        for (int r = 0; r < used; ++r) state[r] = rows[static_cast<std::uint64_t>(r) * count + at];
    }
    KRAMERS_HD void save(double* rows, int used, std::uint64_t count, std::uint64_t at) const {
        KRAMERS_UNROLL_NOT
        for (int r = 0; r < used; ++r) rows[static_cast<std::uint64_t>(r) * count + at] = state[r];
    }
    /// For the call_steps steps from `step` on.
    KRAMERS_HD void draw(ThreadMethod<Dim> const& m, std::uint64_t step, std::uint64_t id) {
        draw_normals(m, Purpose::increment, step, id, first);
        if (m.uses_second) draw_normals(m, Purpose::second_increment, step, id, second);
    }
    /// Step number `step`, the j-th of its call.
    KRAMERS_HD void advance(ThreadMethod<Dim> const& m, int j, std::uint64_t step,
                            std::uint64_t id) {
        coordinate::Clock<double> clock{0.0, 0.0, 1.0, 1.0};
        if (m.keeps_clock) clock = clock_at(m, step);
        if (m.shapes) {
            shape_draws(m, first_batch(), step, id, first[j]);
            remember_draws(m, step, first[j], state + m.entries * Dim);
            if (m.second_batch) shape_draws(m, second_batch(), step, id, second[j]);
        }
        detail::choose_program(AllPrograms{}, m, state, first[j], second[j], clock);
    }
};

}  // namespace kramers::composed
