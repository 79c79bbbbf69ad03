// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

#include "gpu/plan.hpp"
#include "sde/coordinate.hpp"
#include "sde/dual.hpp"
#include "sde/noise/population.hpp"
#include "sde/random/normal.hpp"

/// A trajectory of a composed method as it is defined: a plain loop that calls the program, the law
/// and the landscape, with the draws that the stream names.
namespace kramers::checks {

using coordinate::Clock;
using coordinate::Draws;
using coordinate::Place;
using coordinate::Site;
using Vector = std::vector<double>;

/// What a broken engine would do.
enum class Fault { none, reused_draw, swapped_draws, wider_noise, late_clock, other_trajectory };
inline constexpr Fault faults[] = {Fault::reused_draw, Fault::swapped_draws, Fault::wider_noise,
                                   Fault::late_clock, Fault::other_trajectory};

/// What a broken noise of a whole Hessian would be: its root entry by entry, its floor on the
/// diagonal entries instead of the eigenvalues, or nothing but the diagonal.
enum class RootFault { none, entrywise, floored_entries, diagonal };

/// A landscape at a point, by its own formulas.
struct Facts {
    Vector gradient, hessian_gradient, hessian, third;
    Eigen::MatrixXd curvature;  ///< the whole Hessian
    double value = 0.0, gradient_square = 0.0;
};
using Oracle = std::function<Facts(Vector const&)>;

template <class L>
Oracle oracle_of(Vector const& values) {
    return [l = L::make(values.data())](Vector const& x) {
        constexpr int dim = L::dim;
        using One = Dual<double, 1>;
        using Two = Dual<One, 1>;
        Vec<double, dim> point{};
        for (int i = 0; i < dim; ++i) point[i] = x[static_cast<std::size_t>(i)];
        Vec<double, dim> const g = l.gradient(point);
        Vec<One, dim> along{};
        for (int i = 0; i < dim; ++i) along[i] = One(point[i], g[i]);
        Vec<One, dim> const turned = l.gradient(along);
        Facts f;
        f.value = l.value(point);
        f.gradient_square = dot(g, g);
        f.curvature.resize(dim, dim);
        for (int i = 0; i < dim; ++i) {
            f.gradient.push_back(g[i]);
            f.hessian_gradient.push_back(turned[i].derivative);
            Vec<Two, dim> y{};
            for (int j = 0; j < dim; ++j) {
                double const seed = i == j ? 1.0 : 0.0;
                y[j] = Two(One(point[j], seed), One(seed, 0.0));
            }
            Vec<Two, dim> const column = l.gradient(y);
            for (int j = 0; j < dim; ++j) f.curvature(j, i) = column[j].value.derivative;
            Two const row = column[i];
            f.hessian.push_back(row.value.derivative);
            f.third.push_back(row.derivative.derivative);
        }
        return f;
    };
}

inline Vec<double, 2> amplitude_and_slope(NoiseLaw const& law, double variance,
                                          Place<double> const& p) {
    Vec<double, 2> found{};
    [&]<std::size_t... i>(std::index_sequence<i...>) {
        using coordinate::all_amplitudes;
        ((law.amplitude == all_amplitudes[i]
              ? void(found = {coordinate::noise_amplitude<all_amplitudes[i]>(law.amplitude_data,
                                                                             variance, p),
                              coordinate::variance_slope<all_amplitudes[i]>(law.amplitude_data, p)})
              : void()),
         ...);
    }
    (std::make_index_sequence<std::size(coordinate::all_amplitudes)>{});
    return found;
}

inline double shaped(NoiseLaw const& law, double z, double const u[4]) {
    double found = 0.0;
    [&]<std::size_t... i>(std::index_sequence<i...>) {
        using coordinate::all_shapes;
        ((law.shape == all_shapes[i] ? void(found = coordinate::shaped<all_shapes[i]>(
                                                law.shape_data, z, u[0], u[1], u[2], u[3]))
                                     : void()),
         ...);
    }
    (std::make_index_sequence<std::size(coordinate::all_shapes)>{});
    return found;
}

/// Symmetric root of δ² max(H, floor), by its eigenvectors.
inline Eigen::MatrixXd hessian_root(NoiseLaw const& law, Eigen::MatrixXd H, RootFault fault) {
    auto const floored = [&](auto const& entries) {
        return (law.amplitude_data.factor * entries.cwiseMax(law.amplitude_data.floor))
            .cwiseSqrt()
            .eval();
    };
    if (fault == RootFault::entrywise) return floored(H.array()).matrix();
    if (fault == RootFault::diagonal)
        return floored(H.diagonal().array()).matrix().asDiagonal().toDenseMatrix();
    Eigen::MatrixXd const C = H;
    if (fault == RootFault::floored_entries)
        H.diagonal() = C.diagonal().cwiseMax(law.amplitude_data.floor);
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const solver(H);
    Eigen::VectorXd const roots =
        fault == RootFault::floored_entries
            ? (law.amplitude_data.factor * solver.eigenvalues().cwiseMax(0.0)).cwiseSqrt().eval()
            : floored(solver.eigenvalues());
    return solver.eigenvectors() * roots.asDiagonal() * solver.eigenvectors().transpose();
}

/// The random numbers of a plan's trajectory, from their addresses.
struct Stream {
    Plan const& plan;
    std::uint64_t id;

    double normal(Purpose purpose, std::uint64_t step, int c) const {
        DrawAddress const a = address_of(step, c, plan.key.dim);
        if (plan.key.precision == Precision::full) {
            double z[4];
            normals4<double>(plan.seed, a.call, a.block, purpose, id, z);
            return z[a.word];
        }
        float z[4];
        normals4<float>(plan.seed, a.call, a.block, purpose, id, z);
        return static_cast<double>(z[a.word]);
    }
    double open_unit(Purpose purpose, std::uint64_t step, int row, int rows) const {
        DrawAddress const a = address_of(step, row, rows);
        auto const high = words4(plan.seed, a.call, a.block, purpose, id);
        auto const low = words4(plan.seed, a.call, a.block, low_bits_of(purpose), id);
        return coordinate::uniform_from<double>(high.w[a.word], low.w[a.word]);
    }
    /// ζ of every coordinate: shape, then correlations.
    Vector law(std::uint64_t step, bool second = false) const {
        Purpose const normals = second ? Purpose::second_increment : Purpose::increment;
        Purpose const words = second ? Purpose::second_law : Purpose::law;
        NoiseLaw const& l = plan.composition.noise;
        int const dim = plan.key.dim;
        Vector zeta(static_cast<std::size_t>(dim));
        auto const needs = coordinate::draw_needs(l.shape);
        int const own = needs.uniforms * dim, rows = own + needs.shared;
        for (int c = 0; c < dim; ++c) {
            double const z = needs.normal ? normal(normals, step, c) : 0.0;
            double u[4] = {0.5, 0.5, 0.5, 0.5};
            for (int k = 0; k < needs.uniforms; ++k)
                u[k] = open_unit(words, step, c * needs.uniforms + k, rows);
            for (int k = 0; k < needs.shared; ++k) u[2 + k] = open_unit(words, step, own + k, rows);
            zeta[static_cast<std::size_t>(c)] = shaped(l, z, u);
        }
        if (needs.population)
            coordinate::population_offsets(
                population_data(l, dim, second ? Purpose::second_minibatch : Purpose::minibatch),
                plan.seed, id, step, zeta.data(), 1);
        if (l.factor.empty()) return zeta;
        Vector mixed = zeta;
        for (int r = 0; r < dim; ++r) {
            auto const w = [&](int c) { return l.factor[static_cast<std::size_t>(r * dim + c)]; };
            auto const row = static_cast<std::size_t>(r);
            mixed[row] = w(r) * zeta[row];
            for (int c = 0; c < r; ++c)
                mixed[row] = math::fma(w(c), zeta[static_cast<std::size_t>(c)], mixed[row]);
        }
        return mixed;
    }
};

/// A program without its type: what it does with the state of one coordinate.
struct ProgramView {
    int entries = 1, evaluations = 1;
    bool uses_second = false, second_batch = false, discrete = false;
    std::function<double(int k, Vector const&, Site<double> const*, Draws<double> const&,
                         Clock<double> const&)>
        point;
    std::function<Vector(Vector const&, Site<double> const*, Draws<double> const&,
                         Clock<double> const&)>
        finish;
};

template <class P>
ProgramView program_view(Plan const& plan) {
    constexpr int entries = 1 + P::memory;
    using State = Vec<double, entries>;
    auto const program = P::prepare(P::Dynamics::make(plan.dynamics.data()), plan.dt);
    auto const state = [](Vector const& v) {
        State s{};
        for (int m = 0; m < entries; ++m) s[m] = v[static_cast<std::size_t>(m)];
        return s;
    };
    ProgramView view{entries,
                     P::evaluations,
                     P::uses_second,
                     coordinate::DrawsTwoBatches<typename P::Dynamics>,
                     P::name == "iterate",
                     {},
                     {}};
    view.point = [=](int k, Vector const& v, Site<double> const* sites, Draws<double> const& draws,
                     Clock<double> const& clock) {
        double y = 0.0;
        [&]<int... e>(std::integer_sequence<int, e...>) {
            ((k == e ? void(y = program.template point<e>(state(v), sites, draws, clock)) : void()),
             ...);
        }
        (std::make_integer_sequence<int, P::evaluations>{});
        return y;
    };
    view.finish = [=](Vector const& v, Site<double> const* sites, Draws<double> const& draws,
                      Clock<double> const& clock) {
        State const s = program.finish(state(v), sites, draws, clock);
        return Vector(s.data, s.data + entries);
    };
    return view;
}

/// Positions after 0, 1, …, `steps` steps, dim numbers each.
inline Vector path_of(Plan const& plan, ProgramView const& program, Oracle const& oracle,
                      std::uint64_t id, std::uint64_t steps, Fault fault,
                      RootFault root_fault = RootFault::none) {
    using namespace coordinate;
    NoiseLaw const& law = plan.composition.noise;
    auto const dim = static_cast<std::size_t>(plan.key.dim);
    Stream const stream{plan, fault == Fault::other_trajectory ? id + 1 : id};
    std::vector<Vector> state(dim, Vector(static_cast<std::size_t>(program.entries), 0.0));
    for (std::size_t c = 0; c < dim; ++c) state[c][0] = plan.start.point[c];
    Vector kept(dim, 0.0), path = plan.start.point;
    for (std::uint64_t k = 0; k < steps; ++k) {
        double const step = static_cast<double>(fault == Fault::late_clock ? k + 1 : k);
        double const tick = step * plan.composition.iterations_per_step;
        Clock<double> const clock{step, program.discrete ? 0.0 : step * plan.dt,
                                  schedule_factor(plan.composition.rate, tick),
                                  schedule_factor(plan.composition.noise_schedule, tick)};
        std::uint64_t const drawn = fault == Fault::reused_draw && k == 7 ? 6 : k;
        Vector xi = stream.law(drawn);
        if (fault == Fault::swapped_draws) std::swap(xi.front(), xi.back());
        for (std::size_t c = 0; c < dim; ++c) {
            if (law.memory == NoiseMemory::anticorrelated)
                xi[c] =
                    remember<NoiseMemory::anticorrelated>(law.memory_data, xi[c], kept[c], step);
            if (law.memory == NoiseMemory::coloured)
                xi[c] = remember<NoiseMemory::coloured>(law.memory_data, xi[c], kept[c], step);
        }
        std::vector<Draws<double>> draws(dim);
        Vector const again = program.second_batch ? stream.law(drawn, true) : Vector(dim, 0.0);
        for (std::size_t c = 0; c < dim; ++c) {
            draws[c] = {xi[c], again[c]};
            if (program.uses_second && !program.second_batch)
                draws[c].second =
                    stream.normal(Purpose::second_increment, drawn, static_cast<int>(c));
        }
        std::vector<std::vector<Site<double>>> sites(
            dim, std::vector<Site<double>>(static_cast<std::size_t>(program.evaluations)));
        for (int e = 0; e < program.evaluations; ++e) {
            Vector y(dim);
            for (std::size_t c = 0; c < dim; ++c) {
                y[c] = program.point(e, state[c], sites[c].data(), draws[c], clock);
                if (law.point_shift != 0.0) y[c] += (law.point_shift * clock.noise) * xi[c];
            }
            Facts const f = oracle(y);
            bool const mixes =
                law.amplitude == NoiseAmplitude::hessian && !f.curvature.isDiagonal(0.0);
            Eigen::MatrixXd root;
            if (mixes) root = checks::hessian_root(law, f.curvature, root_fault);
            Vector const before = xi;
            for (std::size_t c = 0; c < dim; ++c) {
                Place<double> const place{
                    y[c],       f.gradient[c], f.hessian_gradient[c], f.hessian[c],
                    f.third[c], f.value,       f.gradient_square};
                auto const a =
                    amplitude_and_slope(law, law.variances.empty() ? 0.0 : law.variances[c], place);
                double const factor = fault == Fault::wider_noise ? 1.0 + 1e-12 : 1.0;
                sites[c][static_cast<std::size_t>(e)] = {f.gradient[c], f.hessian_gradient[c],
                                                         f.hessian[c], factor * a[0], a[1]};
                if (!mixes) continue;
                auto const row = root.row(static_cast<Eigen::Index>(c));
                double sum = 0.0;
                for (std::size_t j = 0; j < dim; ++j)
                    sum += row(static_cast<Eigen::Index>(j)) * before[j];
                sites[c][static_cast<std::size_t>(e)].amplitude = factor * row.norm();
                draws[c].first = row.norm() > 0.0 ? sum / row.norm() : 0.0;
            }
        }
        for (std::size_t c = 0; c < dim; ++c) {
            state[c] = program.finish(state[c], sites[c].data(), draws[c], clock);
            path.push_back(state[c][0]);
        }
    }
    return path;
}

}  // namespace kramers::checks
