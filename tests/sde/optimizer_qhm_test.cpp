// SPDX-License-Identifier: Apache-2.0
#include "sde/optimizers/qhm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "sde/models/modified_equation.hpp"
#include "sde/models/overdamped.hpp"
#include "sde/optimizers/momentum_ema.hpp"
#include "sde/optimizers/nesterov.hpp"
#include "sde/optimizers/sgd.hpp"
#include "tests/sde/linear_moments.hpp"
#include "tests/support/random.hpp"

namespace optimizer_qhm_test {
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using test::linear_map;
using Values = std::vector<double>;
using Real = long double;

constexpr int steps = 300;

/// V′ of ½x² + |x|³/30: curvatures between 1 and 2 on these paths.
template <class T>
T slope(T x) {
    return x + T(0.1) * x * (x < T(0) ? -x : x);
}

struct Draw {
    double normal, rate, noise;
};
std::vector<Draw> draws(bool schedule) {
    test::Random random(1810);
    std::vector<Draw> all;
    for (int k = 0; k < steps; ++k) {
        all.push_back({random.normal(), schedule ? 0.5 + 1.0 / (1.0 + 0.02 * k) : 1.0,
                       schedule ? 1.0 - 0.002 * k : 1.0});
    }
    return all;
}

/// Positions of a program with state-dependent noise, from 1.5.
template <class O>
std::vector<double> path(Values const& values, bool schedule) {
    auto const program = Iterate<O>::prepare(O::make(values.data()), 0.0);
    Vec<double, 1 + O::memory> state{};
    state[0] = 1.5;
    std::vector<double> points;
    for (Draw const& draw : draws(schedule)) {
        Clock<double> const clock{static_cast<double>(points.size()), 0.0, draw.rate, draw.noise};
        Draws<double> const now{draw.normal, 0.0};
        Site<double> site{};
        double const y = program.template point<0>(state, &site, now, clock);
        site.gradient = slope(y);
        site.amplitude = 0.5 + 0.1 * y * y;
        state = program.finish(state, &site, now, clock);
        points.push_back(state[0]);
    }
    return points;
}

enum class Published { algorithm, old_average, swapped_weights };

/// The pseudo-code of the publication once more, in long double; or with a slip.
std::vector<double> published(Real eta, Real beta, Real nu, bool schedule,
                              Published form = Published::algorithm) {
    Real theta = 1.5L, momentum = 0.0L;
    std::vector<double> points;
    for (Draw const& draw : draws(schedule)) {
        Real const xi = (0.5L + 0.1L * theta * theta) * draw.normal * draw.noise;
        Real const g = slope(theta) + xi;
        Real const before = momentum;
        momentum *= beta;
        momentum += (1 - beta) * g;
        Real const weight = form == Published::swapped_weights ? 1 - nu : nu;
        Real const used = form == Published::old_average ? before : momentum;
        theta -= eta * draw.rate * ((1 - weight) * g + weight * used);
        points.push_back(static_cast<double>(theta));
    }
    return points;
}

double gap(std::vector<double> const& a, std::vector<double> const& b) {
    double worst = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        double const e = std::fabs(a[k] - b[k]);
        if (!(e <= worst)) worst = e;
    }
    return worst;
}

/// A step rounds at most 8 numbers of size at most 4, 3.6e-15; the powers of the map sum to about 40.
constexpr double rounding = 1.5e-13;

constexpr double h = 1.7, c = 0.6, eta = 0.3, beta = 0.8, nu = 0.7;

/// ARMA(2, 1) of the position: φ₁ = 1 + β − ηha, φ₂ = −(β − ηhb), noise −η (a ξ_k − b ξ_{k−1}).
double variance(double e, double b_, double n) {
    double const a = 1.0 - n * b_, b = b_ * (1.0 - n);
    double const first = 1.0 + b_ - e * h * a, second = e * h * b - b_;
    double const kick = e * e * c * ((1.0 - second) * (a * a + b * b) - 2.0 * a * b * first);
    return kick / ((1.0 + second) * ((1.0 - second) * (1.0 - second) - first * first));
}
/// The same as the docstring states it.
double closed(double e, double b_, double n) {
    double const b = b_ * (1.0 - n), s = 1.0 + b_ - 2.0 * n * b_;
    return e * c * (1.0 - b_ * b_ + e * h * b * s) /
           (h * (1.0 - b_ + e * h * b) * (2.0 * (1.0 + b_) - e * h * s));
}
bool equal(double a, double b) { return std::fabs(a - b) <= 1e-11 * std::fabs(b); }

}  // namespace

TEST_CASE("Qhm: 300 steps follow the published pseudo-code, with and without schedules") {
    for (bool const schedule : {false, true}) {
        CAPTURE(schedule);
        auto const own = path<Qhm>({0.1, 0.9, 0.7}, schedule);
        CHECK(gap(own, published(0.1L, 0.9L, 0.7L, schedule)) < rounding);
        CHECK(gap(own, published(0.1L, 0.9L, 0.7L, schedule, Published::old_average)) > 1e-3);
        CHECK(gap(own, published(0.1L, 0.9L, 0.7L, schedule, Published::swapped_weights)) > 1e-3);
    }
}

TEST_CASE("Qhm: nu = 0 is Sgd and nu = 1 is MomentumEma, bit for bit; nu = beta is Nesterov") {
    auto const sgd = path<coordinate::Sgd>({0.1}, true);
    auto const ema = path<MomentumEma>({0.1, 0.9}, true);
    CHECK(gap(path<Qhm>({0.1, 0.9, 0.0}, true), sgd) == 0.0);
    CHECK(gap(path<Qhm>({0.1, 0.0, 0.7}, true), sgd) < rounding);
    CHECK(gap(path<Qhm>({0.1, 0.9, 1.0}, true), ema) == 0.0);
    CHECK(gap(path<Qhm>({0.1, 0.9, 0.1}, true), sgd) > 1e-3);
    // The look-ahead point of Nesterov, whose gradients are taken there: same stationary law.
    auto const look = linear_map<Nesterov>({eta * (1.0 - beta), beta}, h, c).covariance();
    double const at = look(0, 0) + 2.0 * beta * look(0, 1) + beta * beta * look(1, 1);
    CHECK(equal(linear_map<Qhm>({eta, beta, beta}, h, c).covariance()(0, 0), at));
    CHECK_FALSE(equal(linear_map<Qhm>({eta, beta, nu}, h, c).covariance()(0, 0), at));
}

TEST_CASE("Qhm: stationary variance on a quadratic is the closed one") {
    for (double const e : {0.01, 0.3, 1.0})
        for (double const b : {0.0, 0.5, 0.9})
            for (double const n : {0.0, 0.3, 0.7, 1.0}) {
                CAPTURE(e);
                CAPTURE(b);
                CAPTURE(n);
                auto const map = linear_map<Qhm>({e, b, n}, h, c);
                CHECK(equal(map.covariance()(0, 0), variance(e, b, n)));
                CHECK(equal(map.covariance()(0, 0), closed(e, b, n)));
                CHECK(equal(map.long_run(), c / (h * h)));
            }
    // Twin: the weights of gradient and average swapped.
    CHECK_FALSE(equal(linear_map<Qhm>({eta, beta, 1.0 - nu}, h, c).covariance()(0, 0),
                      closed(eta, beta, nu)));
}

TEST_CASE("Qhm: it contracts exactly for eta h < 2 (1 + beta)/(1 + beta - 2 nu beta)") {
    for (double const b : {0.0, 0.5, 0.9})
        for (double const n : {0.0, 0.4, 1.0}) {
            double const edge = 2.0 * (1.0 + b) / (1.0 + b - 2.0 * n * b) / h;
            CHECK(linear_map<Qhm>({0.999 * edge, b, n}, h, c).contracts());
            CHECK_FALSE(linear_map<Qhm>({1.001 * edge, b, n}, h, c).contracts());
        }
}

TEST_CASE("Qhm: both limits run, have T = eta c/2, and are reached at weak order 1") {
    double const values[] = {0.2, 0.9, 0.7};
    auto const limits = Qhm::limits(values, 3.0);
    REQUIRE(limits.size() == 2);
    CHECK(limits[0].sde == coordinate::Overdamped::name);
    CHECK(limits[1].sde == ModifiedEquation::name);
    CHECK(limits[0].parameters[0].value == doctest::Approx(0.3).epsilon(1e-15));
    CHECK(limits[0].time_per_step == 0.2);
    // Mean and variance of the Ornstein–Uhlenbeck process from 1 at t = 1, clock and T of the limit.
    auto const error = [](double e, double lost) {
        Values const v{e, beta, nu};
        double const noise = 0.6 / e;
        SdeLimit const limit = Qhm::limits(v.data(), noise)[0];
        double const T = limit.parameters[0].value * lost;
        int const k = static_cast<int>(std::lround(1.0 / limit.time_per_step));
        auto const exact = linear_map<Qhm>(v, h, noise).after(k);
        double const t = k * limit.time_per_step;
        return Values{std::fabs(exact.mean[0] / std::exp(-h * t) - 1.0),
                      std::fabs(exact.covariance(0, 0) * h / T / -std::expm1(-2.0 * h * t) - 1.0)};
    };
    auto const order = [&](double lost) {
        Values const coarse = error(0.004, lost), fine = error(0.001, lost);
        return Values{0.5 * std::log2(coarse[0] / fine[0]), 0.5 * std::log2(coarse[1] / fine[1])};
    };
    for (double const measured : order(1.0)) CHECK(std::fabs(measured - 1.0) < 0.12);
    // Twin: T = eta c (1 - beta)/2 has no order at all.
    CHECK(std::fabs(order(1.0 - beta)[1]) < 0.1);
}

}  // namespace optimizer_qhm_test
