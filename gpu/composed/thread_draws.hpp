// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/composed/thread_method.hpp"
#include "gpu/draw_layout.hpp"
#include "sde/noise/kinds.hpp"
#include "sde/random/normal.hpp"
#include "sde/random/streams.hpp"

/// The noise of a composed step, drawn by one thread: the numbers that the lane blocks draw
/// (gpu/composed/draw_rows.hpp, noise_kernels.cpp).
namespace kramers::composed {

/// A function of its own in device code: called, so that code adds up instead of multiplying.
#define KRAMERS_CALLED KRAMERS_HOST_DEVICE __attribute__((noinline))

template <int Dim>
inline constexpr int call_steps = DrawLayout<Dim>::steps_per_call;

namespace detail {

/// The normals of the steps that share a call; see thread_normals (gpu/thread_noise.hpp).
template <class Noise, int Dim>
KRAMERS_HD void call_normals(std::uint64_t seed, std::uint64_t step, Purpose purpose,
                             std::uint64_t trajectory, int refinement,
                             Vec<double, Dim> (&z)[call_steps<Dim>]) {
    using Layout = DrawLayout<Dim>;
    constexpr int steps = Layout::steps_per_call;
    constexpr int per_step = Layout::rows_per_step;
    Noise words[4 * Layout::blocks];
    Noise sum[steps][Dim] = {};
    int step_of_call = 0;  // coarse step that the current fine normal belongs to
    int filled = 0;        // fine normals already in it
    std::uint64_t call = first_call<Layout>(step, refinement);
    KRAMERS_UNROLL_NOT
    for (int e = 0; e < refinement; ++e, ++call) {
        for (int b = 0; b < Layout::blocks; ++b)
            normals4(seed, call, b, purpose, trajectory, words + 4 * b);
        for (int j = 0; j < steps; ++j) {
            int const to = refinement == 1 ? j : step_of_call;
            for (int k = 0; k < steps; ++k)
                for (int c = 0; c < Dim; ++c) {
                    Noise const z1 = words[j * per_step + c];
                    Noise const more = filled == 0 ? z1 : sum[k][c] + z1;
                    sum[k][c] = k == to ? more : sum[k][c];
                }
            bool const complete = ++filled == refinement;
            filled = complete ? 0 : filled;
            step_of_call += complete;
        }
    }
    Noise const scale = static_cast<Noise>(1.0 / math::sqrt(static_cast<double>(refinement)));
    for (int j = 0; j < steps; ++j)
        for (int c = 0; c < Dim; ++c)
            z[j][c] = static_cast<double>(refinement == 1 ? sum[j][c] : sum[j][c] * scale);
}

KRAMERS_HD std::uint32_t word_of(Words4 const& words, int i) {
    std::uint32_t const low = i == 0 ? words.w[0] : words.w[1];
    std::uint32_t const high = i == 2 ? words.w[2] : words.w[3];
    return i < 2 ? low : high;
}

/// Uniform numbers of one step that has `count` of them, component after component.
struct Uniforms {
    std::uint64_t seed, step, trajectory;
    Purpose purpose;
    int count;
    int block = -1;
    Words4 high{}, low{};

    KRAMERS_HD double operator()(int component) {
        DrawAddress const at = address_of(step, component, count);
        if (at.block != block) {
            block = at.block;
            high = words4(seed, at.call, block, purpose, trajectory);
            low = words4(seed, at.call, block, low_bits_of(purpose), trajectory);
        }
        return coordinate::uniform_from<double>(word_of(high, at.word), word_of(low, at.word));
    }
};

template <coordinate::NoiseShape... shapes>
KRAMERS_CALLED double shaped_draw(coordinate::Kinds<shapes...>, coordinate::NoiseShape shape,
                                  coordinate::ShapeData const& data, double z, double u1, double u2,
                                  double s1, double s2) {
    double draw = z;
    ((shape == shapes ? void(draw = coordinate::shaped<shapes>(data, z, u1, u2, s1, s2)) : void()),
     ...);
    return draw;
}

template <int Dim, coordinate::NoiseMemory... memories>
KRAMERS_HD void remember_with(coordinate::Kinds<memories...>, ThreadMethod<Dim> const& m,
                              double step, Vec<double, Dim>& draws, double* kept) {
    auto const all = [&]<coordinate::NoiseMemory memory> {
        for (int c = 0; c < Dim; ++c)
            draws[c] = coordinate::remember<memory>(m.memory_data, draws[c], kept[c], step);
    };
    ((m.memory == memories ? all.template operator()<memories>() : void()), ...);
}

KRAMERS_CALLED inline void batch_offsets(coordinate::PopulationData const& data, std::uint64_t seed,
                                         std::uint64_t trajectory, std::uint64_t step,
                                         double* out) {
    coordinate::population_offsets(data, seed, trajectory, step, out, 1);
}

}  // namespace detail

/// Standard normals of the call_steps steps from `step` on, a multiple of them.
template <int Dim>
KRAMERS_CALLED void draw_normals(ThreadMethod<Dim> const& m, Purpose purpose, std::uint64_t step,
                                 std::uint64_t trajectory, Vec<double, Dim> (&z)[call_steps<Dim>]) {
    if (m.full) detail::call_normals<double>(m.seed, step, purpose, trajectory, m.refinement, z);
    else detail::call_normals<float>(m.seed, step, purpose, trajectory, m.refinement, z);
}

/// Shape and mixing of the draws of one step. draws: standard normals in, ζ out.
template <int Dim>
KRAMERS_CALLED void shape_draws(ThreadMethod<Dim> const& m, LawStreams const& streams,
                                std::uint64_t step, std::uint64_t trajectory,
                                Vec<double, Dim>& draws) {
    using coordinate::KindsOf;
    coordinate::DrawNeeds const needs = coordinate::draw_needs(m.shape);
    if (needs.population) {
        coordinate::PopulationData population = m.population;
        population.stream = streams.minibatch;
        detail::batch_offsets(population, m.seed, trajectory, step, draws.data);
    } else if (m.shape != coordinate::NoiseShape::gaussian) {
        int const own = needs.uniforms * Dim;
        detail::Uniforms uniform{m.seed, step, trajectory, streams.words, own + needs.shared};
        double s1 = 0.5, s2 = 0.5;
        if (needs.shared > 0) {
            s1 = uniform(own);
            s2 = uniform(own + 1);
        }
        KRAMERS_UNROLL_NOT
        for (int c = 0; c < Dim; ++c) {
            double u1 = 0.5, u2 = 0.5;
            if (needs.uniforms > 0) u1 = uniform(c * needs.uniforms);
            if (needs.uniforms > 1) u2 = uniform(c * needs.uniforms + 1);
            draws[c] = detail::shaped_draw(KindsOf<coordinate::all_shapes>{}, m.shape, m.shape_data,
                                           draws[c], u1, u2, s1, s2);
        }
    }
    if (m.factor != nullptr)
        for (int r = Dim - 1; r >= 0; --r) {
            double mixed = m.factor[r * Dim + r] * draws[r];
            for (int c = 0; c < r; ++c) mixed = math::fma(m.factor[r * Dim + c], draws[c], mixed);
            draws[r] = mixed;
        }
}

/// Memory of the draws of one step: ζ in, ξ out; kept: Dim numbers from step to step, if the law has
/// one.
template <int Dim>
KRAMERS_CALLED void remember_draws(ThreadMethod<Dim> const& m, std::uint64_t step,
                                   Vec<double, Dim>& draws, double* kept) {
    if (coordinate::remembers(m.memory))
        detail::remember_with(coordinate::KindsOf<coordinate::all_memories>{}, m,
                              static_cast<double>(step), draws, kept);
}

/// Time and the factors of the schedules.
template <int Dim>
KRAMERS_CALLED coordinate::Clock<double> clock_at(ThreadMethod<Dim> const& m, std::uint64_t step) {
    auto const at = static_cast<double>(step);
    double const k = at * m.iterations_per_step;
    return {at, at * m.dt, coordinate::schedule_factor(m.rate, k),
            coordinate::schedule_factor(m.noise, k)};
}

}  // namespace kramers::composed
