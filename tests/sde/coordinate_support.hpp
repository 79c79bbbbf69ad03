// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "sde/coordinate.hpp"
#include "sde/schemes/measured.hpp"
#include "tests/support/seed.hpp"

/// Small models, landscapes and quadratures that the tests of schemes share. A scheme of one
/// coordinate is stepped here by hand: no engine, no random numbers.
namespace kramers::test {

using coordinate::Clock;
using coordinate::Draws;
using coordinate::Flow;
using coordinate::Model;
using coordinate::Site;

inline constexpr Clock<double> unit_clock{0.0, 0.0, 1.0, 1.0};

/// What all test models declare alike.
template <int Memory, NoiseStructure Structure>
struct TestModel {
    static constexpr std::string_view name = "test";
    static constexpr std::string_view equation = "see the class";
    static constexpr int memory = Memory;
    static constexpr unsigned needs = coordinate::needs_nothing;
    static constexpr NoiseStructure noise = Structure;
    static constexpr std::array<Parameter, 0> parameters() { return {}; }
    double increment_scale(double dt) const { return std::sqrt(dt); }
    template <class T>
    T position(Vec<T, 1 + Memory> const& s) const {
        return s[0];
    }
};

/// dX = −V'(X) dt + √(2T) dW
struct Descent : TestModel<0, NoiseStructure::additive> {
    double amplitude;
    static Descent make(double const* values) { return {{}, std::sqrt(2.0 * values[0])}; }
    static Descent at(double temperature) { return make(&temperature); }
    template <class T>
    Flow<T, 1> evaluate(Vec<T, 1> const&, Site<T> const& site, Clock<T> const& clock) const {
        return {{{-site.gradient}}, {{clock.noise * T(amplitude)}}, {{T(0)}}};
    }
};

/// dX = v dt, dv = (−V'(X) − γ v) dt + √(2γT) dW
struct Oscillator : TestModel<1, NoiseStructure::additive> {
    double friction;
    double amplitude;
    static Oscillator make(double const* values) {
        return {{}, values[0], std::sqrt(2.0 * values[0] * values[1])};
    }
    static Oscillator at(double friction, double temperature) {
        double const values[] = {friction, temperature};
        return make(values);
    }
    template <class T>
    Flow<T, 2> evaluate(Vec<T, 2> const& s, Site<T> const& site, Clock<T> const& clock) const {
        return {{{s[1], -site.gradient - T(friction) * s[1]}},
                {{T(0), clock.noise * T(amplitude)}},
                {{T(0), T(0)}}};
    }
};

/// dX = μX dt + σX dW:  X = x₀ exp((μ − σ²/2) t + σW)
struct GeometricBrownianMotion : TestModel<0, NoiseStructure::diagonal> {
    double mu;
    double sigma;
    static GeometricBrownianMotion make(double const* values) { return {{}, values[0], values[1]}; }
    template <class T>
    Flow<T, 1> evaluate(Vec<T, 1> const& s, Site<T> const&, Clock<T> const&) const {
        return {{{T(mu) * s[0]}}, {{T(sigma) * s[0]}}, {{T(0.5 * sigma * sigma) * s[0]}}};
    }
};

/// dX = −a² sin X cos³X dt + a cos²X dW:  X = arctan(aW + tan x₀). Its Stratonovich drift is zero.
struct Arctangent : TestModel<0, NoiseStructure::diagonal> {
    double a;
    static Arctangent make(double const* values) { return {{}, values[0]}; }
    template <class T>
    Flow<T, 1> evaluate(Vec<T, 1> const& s, Site<T> const&, Clock<T> const&) const {
        T const c = math::cos(s[0]);
        T const drift = -T(a * a) * math::sin(s[0]) * c * c * c;
        return {{{drift}}, {{T(a) * c * c}}, {{drift}}};
    }
};

/// dX = (X/2 + √(X²+1)) dt + √(X²+1) dW, X₀ = 0:  X = sinh(t + W)
struct HyperbolicSine : TestModel<0, NoiseStructure::diagonal> {
    static HyperbolicSine make(double const*) { return {}; }
    template <class T>
    Flow<T, 1> evaluate(Vec<T, 1> const& s, Site<T> const&, Clock<T> const&) const {
        T const root = math::sqrt(math::square(s[0]) + T(1));
        return {{{T(0.5) * s[0] + root}}, {{root}}, {{T(0.5) * s[0]}}};
    }
};

/// dX = (aX − X³) dt + σX dW:  X = x₀E/√(1 + 2x₀² ∫E²),  E = exp((a − σ²/2) t + σW)
struct Landau : TestModel<0, NoiseStructure::diagonal> {
    double a;
    double sigma;
    static Landau make(double const* values) { return {{}, values[0], values[1]}; }
    template <class T>
    Flow<T, 1> evaluate(Vec<T, 1> const& s, Site<T> const&, Clock<T> const&) const {
        T const x = s[0];
        return {{{x * (T(a) - x * x)}}, {{T(sigma) * x}}, {{T(0.5 * sigma * sigma) * x}}};
    }
};

/// No landscape: the model knows everything itself.
inline constexpr auto no_site = [](double) { return Site<double>{}; };
/// V = λx²/2
inline auto quadratic(double lambda) {
    return [lambda](double y) {
        return Site<double>{lambda * y, lambda * lambda * y, lambda, 1.0, 0.0};
    };
}
/// V = x⁴/4 − bx²/2
inline auto quartic(double b) {
    return [b](double y) {
        double const gradient = y * (y * y - b), hessian = 3.0 * y * y - b;
        return Site<double>{gradient, hessian * gradient, hessian, 1.0, 0.0};
    };
}

/// One step of a program.
template <class P, class SiteAt>
Vec<double, 1 + P::memory> step(P const& p, SiteAt const& site_at,
                                Vec<double, 1 + P::memory> const& s, Draws<double> const& draws,
                                Clock<double> const& clock = unit_clock) {
    Site<double> sites[P::evaluations]{};
    [&]<int... k>(std::integer_sequence<int, k...>) {
        ((sites[k] = site_at(p.template point<k>(s, sites, draws, clock))), ...);
    }
    (std::make_integer_sequence<int, P::evaluations>{});
    return p.finish(s, sites, draws, clock);
}

/// Nodes and weights of E f(ζ), ζ ~ N(0,1). The trapezoidal rule is exact for it up to
/// exp(−2π²/spacing²), for polynomials up to the tail beyond ±reach.
struct NormalNode {
    double z;
    double weight;
};
inline std::vector<NormalNode> normal_nodes(double spacing = 0.5, double reach = 9.0) {
    std::vector<NormalNode> nodes;
    int const n = static_cast<int>(reach / spacing);
    for (int i = -n; i <= n; ++i) {
        double const z = i * spacing;
        nodes.push_back({z, spacing * 0.3989422804014327 * std::exp(-0.5 * z * z)});
    }
    return nodes;
}
/// Draws and weights of one step: the second normal only where it is used.
inline std::vector<std::pair<Draws<double>, double>> draw_nodes(bool uses_second,
                                                                double spacing = 0.5) {
    std::vector<NormalNode> const line = normal_nodes(spacing);
    std::vector<std::pair<Draws<double>, double>> nodes;
    for (NormalNode const& a : line) {
        if (!uses_second) nodes.push_back({{a.z, 0.0}, a.weight});
        for (NormalNode const& b : line) {
            if (uses_second) nodes.push_back({{a.z, b.z}, a.weight * b.weight});
        }
    }
    return nodes;
}

template <int K>
using Matrix = std::array<std::array<double, K>, K>;

template <int K>
Matrix<K> product(Matrix<K> const& a, Matrix<K> const& b) {
    Matrix<K> c{};
    for (int i = 0; i < K; ++i)
        for (int j = 0; j < K; ++j)
            for (int k = 0; k < K; ++k) c[i][j] += a[i][k] * b[k][j];
    return c;
}
/// A S Aᵀ
template <int K>
Matrix<K> congruent(Matrix<K> const& a, Matrix<K> const& s) {
    Matrix<K> transposed{};
    for (int i = 0; i < K; ++i)
        for (int j = 0; j < K; ++j) transposed[i][j] = a[j][i];
    return product<K>(product<K>(a, s), transposed);
}

/// s' = map·s + columns[0] first + columns[1] second: a program on a quadratic.
template <int K>
struct LinearStep {
    Matrix<K> map;
    std::array<std::array<double, K>, 2> columns;

    Matrix<K> covariance() const {
        Matrix<K> q{};
        for (auto const& c : columns)
            for (int i = 0; i < K; ++i)
                for (int j = 0; j < K; ++j) q[i][j] += c[i] * c[j];
        return q;
    }
    /// S = A S Aᵀ + Q by doubling.
    Matrix<K> stationary() const {
        Matrix<K> s = covariance(), a = map;
        for (int k = 0; k < 60; ++k) {
            Matrix<K> const more = congruent<K>(a, s);
            for (int i = 0; i < K; ++i)
                for (int j = 0; j < K; ++j) s[i][j] += more[i][j];
            a = product<K>(a, a);
        }
        return s;
    }
};

/// Found by stepping unit vectors.
template <class P, class SiteAt>
LinearStep<1 + P::memory> linear_step(P const& p, SiteAt const& site_at) {
    constexpr int K = 1 + P::memory;
    LinearStep<K> r{};
    for (int j = 0; j < K; ++j) {
        Vec<double, K> unit{};
        unit[j] = 1.0;
        Vec<double, K> const image = step(p, site_at, unit, {0.0, 0.0});
        for (int i = 0; i < K; ++i) r.map[i][j] = image[i];
    }
    Vec<double, K> const first = step(p, site_at, Vec<double, K>{}, {1.0, 0.0});
    Vec<double, K> const second = step(p, site_at, Vec<double, K>{}, {0.0, 1.0});
    for (int i = 0; i < K; ++i) r.columns[0][i] = first[i], r.columns[1][i] = second[i];
    return r;
}

/// An order of convergence read off a ladder of steps, with an interval.
struct Order {
    double value;
    double half_width;

    bool contains(double order) const { return std::abs(value - order) <= half_width; }
    /// The interval contains the claim and excludes its neighbours half an order away.
    bool settles(double claim) const {
        return contains(claim) && !contains(claim - 0.5) && !contains(claim + 0.5);
    }
    std::string row(std::string_view scheme, std::string_view problem, double claim) const {
        return std::string(scheme) + ", " + std::string(problem) + ": claimed " +
               std::to_string(claim) + ", measured " + std::to_string(value) + " +- " +
               std::to_string(half_width);
    }
};
/// From errors at dt, dt/2, dt/4: the two slopes extrapolated to dt = 0; their difference, at least
/// 0.03, is the half-width. `statistical` is added to it.
inline Order order_of(double coarse, double middle, double fine, double statistical = 0.0) {
    double const first = std::log2(coarse / middle), second = std::log2(middle / fine);
    double const drift = second - first;
    return {second + drift, std::fmax(std::abs(drift), 0.03) + statistical};
}

/// Whether the interval of an order comes from quadrature or from paths of fixed seeds.
enum class Found { by_quadrature, on_random_paths };

/// A row of `kramers list schemes` is what is found here, digit by digit; with fresh seeds, within
/// the interval.
inline bool is_row(Order const& found, MeasuredOrder const& row, Found how = Found::by_quadrature) {
    if (how == Found::on_random_paths && seed(1) != 1) return found.contains(row.value);
    double const digits = 0.00501;
    return std::abs(found.value - row.value) < digits &&
           std::abs(found.half_width - row.half_width) < digits;
}

/// The claim is settled and the row of the scheme tells what was found.
template <class S>
void check_row(Order const& found, std::string_view problem, double claim, MeasuredOrder const& row,
               Found how = Found::by_quadrature) {
    std::string const text = found.row(S::name, problem, claim);
    CHECK_MESSAGE(found.settles(claim), text);
    CHECK_MESSAGE(is_row(found, row, how), text, ", its row says ", row.value, " +- ",
                  row.half_width);
}

}  // namespace kramers::test
