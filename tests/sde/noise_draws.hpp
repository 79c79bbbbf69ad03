// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "estimators/estimate.hpp"
#include "sde/noise/shape.hpp"
#include "sde/random/normal.hpp"
#include "tests/support/seed.hpp"

/// Draws of noise laws for tests, and means over them with an honest error bar.
namespace kramers::test {

/// 2^20: relative standard error of the variance of a normal 0.0014.
inline constexpr int many = 1 << 20;

/// Four uniforms in (0, 1) with 64-bit words.
struct Uniforms4 {
    double u[4];
};

inline Uniforms4 uniforms4(std::uint64_t seed, std::uint64_t call, int block,
                           std::uint64_t trajectory) {
    Words4 const high = words4(seed, call, block, Purpose::law, trajectory);
    Words4 const low = words4(seed, call, block, low_bits_of(Purpose::law), trajectory);
    Uniforms4 r{};
    for (int i = 0; i < 4; ++i) r.u[i] = coordinate::uniform_from<double>(high.w[i], low.w[i]);
    return r;
}

/// `count` independent draws. The first uniform is multiplied by `squeeze`: with a small one, draws
/// from the tail.
template <coordinate::NoiseShape shape>
std::vector<double> draws_of(coordinate::ShapeData const& data, std::uint64_t fixed_seed,
                             int count = many, double squeeze = 1.0) {
    std::uint64_t const s = seed(fixed_seed);
    constexpr auto needs = coordinate::draw_needs(shape);
    std::vector<double> draws(static_cast<std::size_t>(count));
    double z[4] = {};
    Uniforms4 u{};
    for (std::size_t i = 0; i < draws.size(); ++i) {
        if (needs.normal && i % 4 == 0) normals4<double>(s, i / 4, 0, Purpose::increment, 1, z);
        if (needs.uniforms + needs.shared > 0) u = uniforms4(s, i, 0, 1);
        double const first = squeeze * u.u[0];
        draws[i] = coordinate::shaped<shape, double>(data, z[i % 4], first, u.u[1], u.u[2], u.u[3]);
    }
    return draws;
}

/// Mean of f over independent draws, its error from 64 groups.
template <class F>
Estimate mean_of(std::vector<double> const& draws, F f) {
    constexpr std::size_t groups = 64;
    std::size_t const size = draws.size() / groups;
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t g = 0; g < groups; ++g) {
        double mean = 0.0;
        for (std::size_t i = 0; i < size; ++i) mean += f(draws[g * size + i]);
        mean /= static_cast<double>(size);
        sum += mean;
        squares += mean * mean;
    }
    Estimate e;
    e.value = sum / groups;
    e.standard_error =
        std::sqrt(std::max(squares / groups - e.value * e.value, 0.0) / (groups - 1.0));
    e.degrees_of_freedom = groups - 1.0;
    e.trajectories = draws.size();
    return e;
}

inline double second(double x) { return x * x; }
inline double fourth(double x) { return x * x * x * x; }

/// The same draws multiplied by a factor: broken twins.
inline std::vector<double> scaled(std::vector<double> draws, double factor) {
    for (double& x : draws) x *= factor;
    return draws;
}

}  // namespace kramers::test
