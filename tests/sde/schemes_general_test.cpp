// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "sde/models/state_dependent.hpp"
#include "sde/noise/amplitude.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/milstein.hpp"
#include "sde/schemes/platen_weak2.hpp"
#include "sde/schemes/sriw1.hpp"
#include "sde/schemes/stochastic_heun.hpp"
#include "sde/schemes/tamed_euler.hpp"
#include "tests/sde/coordinate_support.hpp"
#include "tests/support/random.hpp"

namespace schemes_general_test {
// Orders under general noise: in the plane, with V = |x|²/2 and the noise of the gradient's norm,
//
//   dX_i = −X_i dt + g(X) dW_i,   g² = v + q|X|²,
//
// g ∂_j g differs from coordinate to coordinate, so the noises do not commute, and the amplitude of a
// coordinate depends on the other. Means of polynomials obey linear equations. Under
// multiplicative noise, g_i² = v + q X_i², the same loops find the orders of diagonal noise.

namespace {

using namespace kramers;
using namespace kramers::test;
namespace sc = kramers::coordinate;

using Point = std::array<double, 2>;
using Sites = std::array<Site<double>, 2>;
using M = sc::StateDependent;
using Noise = sc::NoiseAmplitude;

constexpr double v = 0.3, q = 0.8;
constexpr Point start{0.6, 0.5};

M model() {
    double const values[] = {1.0, 0.0};  // strength, Itô
    return M::make(values);
}

template <Noise kind>
Sites sites_at(Point const& y) {
    sc::AmplitudeData const data{q, 0.0, 0.0};
    Sites sites;
    for (std::size_t i = 0; i < 2; ++i) {
        double const square = y[0] * y[0] + y[1] * y[1];
        sc::Place<double> const place{y[i], y[i], y[i], 1.0, 0.0, 0.5 * square, square};
        sites[i] = {y[i], y[i], 1.0, sc::noise_amplitude<kind>(data, v, place),
                    sc::variance_slope<kind>(data, place)};
    }
    return sites;
}

/// One step: every evaluation point of both coordinates before the next one of either.
template <Noise kind, class S>
Point step_plane(S const& scheme, Point const& x, std::array<Draws<double>, 2> const& draws) {
    static_assert(S::memory == 0);
    Site<double> sites[2][S::evaluations]{};
    Vec<double, 1> const s[2] = {{{x[0]}}, {{x[1]}}};
    [&]<int... k>(std::integer_sequence<int, k...>) {
        auto const evaluate = [&]<int e>(std::integral_constant<int, e>) {
            Point y;
            for (std::size_t i = 0; i < 2; ++i)
                y[i] = scheme.template point<e>(s[i], sites[i], draws[i], unit_clock);
            Sites const found = sites_at<kind>(y);
            for (std::size_t i = 0; i < 2; ++i) sites[i][e] = found[i];
        };
        (evaluate(std::integral_constant<int, k>{}), ...);
    }
    (std::make_integer_sequence<int, S::evaluations>{});
    return {scheme.finish(s[0], sites[0], draws[0], unit_clock)[0],
            scheme.finish(s[1], sites[1], draws[1], unit_clock)[0]};
}

/// Coefficients of x^a y^b, a + b ≤ 4.
using Polynomial = std::array<std::array<double, 5>, 5>;
double at(Polynomial const& p, Point const& x) {
    double sum = 0.0;
    for (int a = 0; a <= 4; ++a)
        for (int b = 0; a + b <= 4; ++b)
            if (double const c = p[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
                c != 0.0)
                sum += c * std::pow(x[0], a) * std::pow(x[1], b);
    return sum;
}
/// x⁴ + x²y² + xy³ − y²
constexpr Polynomial observed{{{0, 0, -1, 0, 0}, {0, 0, 0, 1, 0}, {0, 0, 1}, {}, {1}}};

/// The generator of the equation, −x·∇ + ½ Σ g_i² ∂_i². It does not raise the degree.
template <Noise kind>
Polynomial generator(Polynomial const& p) {
    Polynomial r{};
    for (std::size_t a = 0; a <= 4; ++a)
        for (std::size_t b = 0; a + b <= 4; ++b) {
            double const c = p[a][b];
            double const both = kind == Noise::gradient_norm ? q : 0.0;
            r[a][b] -= static_cast<double>(a + b) * c;
            if (a >= 2) {
                double const half = 0.5 * static_cast<double>(a * (a - 1)) * c;
                r[a - 2][b] += half * v;
                r[a][b] += half * q;
                if (both > 0.0) r[a - 2][b + 2] += half * both;
            }
            if (b >= 2) {
                double const half = 0.5 * static_cast<double>(b * (b - 1)) * c;
                r[a][b - 2] += half * v;
                r[a][b] += half * q;
                if (both > 0.0) r[a + 2][b - 2] += half * both;
            }
        }
    return r;
}

/// E observed(X) at time t: Σ tⁿ/n! Lⁿ.
template <Noise kind>
double exact_mean(double t) {
    Polynomial term = observed;
    double sum = at(term, start);
    for (int n = 1; n < 25; ++n) {
        term = generator<kind>(term);
        for (auto& row : term)
            for (double& c : row) c *= t / n;
        sum += at(term, start);
    }
    return sum;
}

/// How far one step is from that, by quadrature over its normals: O(dt^{p+1}) at weak order p.
template <Noise kind, class S>
double one_step_error(double dt, bool one_draw) {
    S const scheme = S::prepare(model(), dt);
    auto const nodes = draw_nodes(S::uses_second, S::uses_second ? 0.75 : 0.5);
    double mean = 0.0;
    for (auto const& [first, weight] : nodes) {
        if (weight < 1e-18) continue;
        for (auto const& [second, other] : nodes) {
            if (weight * other < 1e-18) continue;
            Point const next = step_plane<kind>(scheme, start, {first, one_draw ? first : second});
            mean += weight * other * at(observed, next);
        }
    }
    return std::abs(mean - exact_mean<kind>(dt));
}
template <Noise kind, class S>
Order weak_order(bool one_draw = false) {
    auto const error = [&](double dt) { return one_step_error<kind, S>(dt, one_draw); };
    Order order = order_of(error(0.04), error(0.02), error(0.01));
    order.value -= 1.0;
    return order;
}

/// Strong order from the distances between steps dt and dt/2 on the same Brownian paths over [0, 1],
/// dt = 1/32, 1/64, 1/128. 64 groups of 24 paths; the interval is 5.42 standard errors (wrong once in
/// 10^6 fresh seeds) plus the change of the slope, at least 0.03.
template <Noise kind, class S>
Order strong_order() {
    constexpr int finest = 256, levels = 4, groups = 64, paths = 24;
    double const fine = 1.0 / finest, root = std::sqrt(fine);
    Random random(20251);
    std::vector<S> ladder;
    for (int l = 0; l < levels; ++l) ladder.push_back(S::prepare(model(), (8 >> l) * fine));
    double sum = 0.0, squares = 0.0, total[levels] = {};
    for (int g = 0; g < groups; ++g) {
        double distance[levels] = {};
        for (int path = 0; path < paths; ++path) {
            Point x[levels];
            double w[levels][2] = {}, i10[levels][2] = {};  // since the step began: W, ∫W
            for (Point& from : x) from = start;
            for (int k = 1; k <= finest; ++k) {
                double z[2][2];
                for (auto& row : z) row[0] = random.normal(), row[1] = random.normal();
                for (int l = 0; l < levels; ++l) {
                    int const every = 8 >> l;
                    double const h = every * fine;
                    std::array<Draws<double>, 2> draws;
                    for (std::size_t i = 0; i < 2; ++i) {
                        i10[l][i] += fine * w[l][i] +
                                     0.5 * fine * root * (z[i][0] + z[i][1] / std::sqrt(3.0));
                        w[l][i] += root * z[i][0];
                        double const first = w[l][i] / std::sqrt(h);
                        draws[i] = {
                            first, std::sqrt(3.0) * (2.0 * i10[l][i] / (h * std::sqrt(h)) - first)};
                    }
                    if (k % every != 0) continue;
                    x[l] = step_plane<kind>(ladder[static_cast<std::size_t>(l)], x[l], draws);
                    for (std::size_t i = 0; i < 2; ++i) w[l][i] = i10[l][i] = 0.0;
                }
            }
            for (int l = 0; l + 1 < levels; ++l) {
                double const d = std::hypot(x[l][0] - x[l + 1][0], x[l][1] - x[l + 1][1]);
                distance[l] += d, total[l] += d;
            }
        }
        double const slope = 0.5 * std::log2(distance[0] / distance[2]);
        sum += slope, squares += slope * slope;
    }
    double const mean = sum / groups;
    double const error = std::sqrt((squares / groups - mean * mean) / (groups - 1));
    double const bend = std::log2(total[0] * total[2] / (total[1] * total[1]));
    return {mean, 5.42 * error + std::fmax(std::abs(bend), 0.03)};
}

template <template <class> class S>
void check_general() {
    using Scheme = S<M>;
    Orders const claim = Scheme::orders(NoiseStructure::general);
    MeasuredOrders const row = Scheme::measured(NoiseStructure::general);
    check_row<Scheme>(weak_order<Noise::gradient_norm, Scheme>(), "weak, plane", claim.weak,
                      row.weak);
    check_row<Scheme>(strong_order<Noise::gradient_norm, Scheme>(), "strong, plane", claim.strong,
                      row.strong, Found::on_random_paths);
}

/// Broken twin: its noise-induced drift is forgotten.
struct Uncorrected : M {
    static Uncorrected make(double const* values) { return {M::make(values)}; }
    template <class T>
    Flow<T, 1> evaluate(Vec<T, 1> const& s, Site<T> const& site, Clock<T> const& clock) const {
        Flow<T, 1> flow = M::evaluate(s, site, clock);
        flow.correction = {};
        return flow;
    }
};
struct UncorrectedHeun : sc::StochasticHeun<Uncorrected> {
    static UncorrectedHeun prepare(M const& m, double dt) {
        return {sc::StochasticHeun<Uncorrected>::prepare({m}, dt)};
    }
};

}  // namespace

TEST_CASE("schemes: orders under noise that does not commute are the claimed ones") {
    check_general<sc::EulerMaruyama>();
    check_general<sc::Milstein>();
    check_general<sc::StochasticHeun>();
    check_general<sc::PlatenWeak2>();
    check_general<sc::Sriw1>();
    check_general<sc::TamedEuler>();
}

TEST_CASE("schemes: what those orders lack is the other coordinate in the noise, nothing else") {
    // Diagonal noise in the same plane, by the same code.
    CHECK(weak_order<Noise::multiplicative, sc::PlatenWeak2<M>>().settles(2.0));
    CHECK(strong_order<Noise::multiplicative, sc::Milstein<M>>().settles(1.0));
    CHECK(strong_order<Noise::multiplicative, sc::EulerMaruyama<M>>().settles(0.5));
    // Broken twins converge elsewhere: Heun with the Itô drift, one draw for both coordinates.
    CHECK(weak_order<Noise::gradient_norm, UncorrectedHeun>().value < 0.2);
    CHECK(weak_order<Noise::gradient_norm, sc::EulerMaruyama<M>>(true).value < 0.2);
}

}  // namespace schemes_general_test
