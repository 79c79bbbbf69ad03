// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "sde/models/ou_interpolant.hpp"
#include "sde/models/overdamped.hpp"
#include "sde/models/rmsprop_sde.hpp"
#include "sde/schemes/aboba.hpp"
#include "sde/schemes/baoab.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/exact_ou.hpp"
#include "sde/schemes/leimkuhler_matthews.hpp"
#include "sde/schemes/milstein.hpp"
#include "sde/schemes/oba.hpp"
#include "sde/schemes/obabo.hpp"
#include "sde/schemes/platen_weak2.hpp"
#include "sde/schemes/semi_implicit_euler.hpp"
#include "sde/schemes/sra1.hpp"
#include "sde/schemes/sriw1.hpp"
#include "sde/schemes/stochastic_heun.hpp"
#include "tests/sde/coordinate_support.hpp"

namespace schemes_linear_test {
// On a quadratic a step is a linear map plus a linear function of the normals: found by stepping unit
// vectors, and the stationary covariance from the discrete Lyapunov equation. No random numbers.

namespace {

using namespace kramers;
using namespace kramers::test;
namespace sc = kramers::coordinate;

/// Var·λ/T of a scheme on dX = −λX dt + √(2T) dW.
template <template <class> class S>
double variance_ratio(double lambda, double dt, double temperature) {
    auto const scheme = S<Descent>::prepare(Descent::at(temperature), dt);
    return linear_step(scheme, quadratic(lambda)).stationary()[0][0] * lambda / temperature;
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-12 * std::abs(b); }
/// Broken twin: the noise is added after Heun's rule for the drift, not inside the predictor.
template <class M>
struct HeunOnTheDrift : sc::StochasticHeun<M> {
    static HeunOnTheDrift prepare(M const& m, double dt) {
        return {sc::StochasticHeun<M>::prepare(m, dt)};
    }
    template <int k, class T>
    T point(Vec<T, 1> const& s, Site<T> const* sites, Draws<T> const&, Clock<T> const& c) const {
        return sc::StochasticHeun<M>::template point<k>(s, sites, Draws<T>{}, c);
    }
};

/// Broken twin: the second normal of I₁₀ is forgotten.
template <class M>
struct Sra1OneNormal : sc::Sra1<M> {
    static Sra1OneNormal prepare(M const& m, double dt) { return {sc::Sra1<M>::prepare(m, dt)}; }
    template <int k, class T>
    T point(Vec<T, 1> const& s, Site<T> const* sites, Draws<T> const& d, Clock<T> const& c) const {
        return sc::Sra1<M>::template point<k>(s, sites, Draws<T>{d.first, T(0)}, c);
    }
};

struct QuarticLandscape {
    using Real = double;
    static constexpr int dim = 1;
    Vec<double, 1> gradient(Vec<double, 1> const& x) const {
        return {{x[0] * (x[0] * x[0] - 1.0)}};
    }
};

}  // namespace

TEST_CASE(
    "schemes: stationary variance of an Ornstein-Uhlenbeck process is the exact discrete one") {
    for (auto const& [lambda, dt, temperature] :
         {std::array{1.0, 0.3, 0.5}, std::array{2.5, 0.2, 0.7}, std::array{4.0, 0.3, 0.1}}) {
        double const z = lambda * dt;
        CAPTURE(z);
        double const euler = 1.0 / (1.0 - z / 2.0);
        double const bracket = 1.0 - z / 2.0 + z * z / 4.0;
        double const heun = (1.0 - z / 2.0) / bracket;
        double const sra1 = (1.0 - z + z * z / 3.0) / ((1.0 - z / 2.0) * bracket);
        CHECK(close(variance_ratio<sc::EulerMaruyama>(lambda, dt, temperature), euler));
        CHECK(close(variance_ratio<sc::Milstein>(lambda, dt, temperature), euler));
        CHECK(close(variance_ratio<sc::StochasticHeun>(lambda, dt, temperature), heun));
        CHECK(close(variance_ratio<sc::PlatenWeak2>(lambda, dt, temperature), heun));
        CHECK(close(variance_ratio<sc::Sra1>(lambda, dt, temperature), sra1));
        CHECK(close(variance_ratio<sc::Sriw1>(lambda, dt, temperature), sra1));
        CHECK(close(variance_ratio<sc::LeimkuhlerMatthews>(lambda, dt, temperature), 1.0));
        CHECK(close(variance_ratio<sc::ExactOu>(lambda, dt, temperature), 1.0));

        double const drift_only = 1.0 / ((1.0 - z / 2.0) * bracket);
        CHECK(close(variance_ratio<HeunOnTheDrift>(lambda, dt, temperature), drift_only));
        CHECK_FALSE(close(variance_ratio<HeunOnTheDrift>(lambda, dt, temperature), heun));
        CHECK_FALSE(close(variance_ratio<Sra1OneNormal>(lambda, dt, temperature), sra1));
    }
    // The same numbers from another program (λ = 1, dt = 0.3, T = ½).
    CHECK(close(variance_ratio<sc::EulerMaruyama>(1.0, 0.3, 0.5) / 2.0, 0.58823529411764706));
    CHECK(close(variance_ratio<sc::StochasticHeun>(1.0, 0.3, 0.5) / 2.0, 0.48710601719197708));
    CHECK(close(variance_ratio<sc::Sra1>(1.0, 0.3, 0.5) / 2.0, 0.49216248103826058));
    CHECK(close(variance_ratio<HeunOnTheDrift>(1.0, 0.3, 0.5) / 2.0, 0.67419517950446654));
}

TEST_CASE("ExactOu: its decay and spread are those of the solution, for any linear drift") {
    for (double const lambda : {3.0, 0.5, 1e-3, 1e-9, 0.0, -1e-9, -0.7}) {
        CAPTURE(lambda);
        double const dt = 0.4;
        auto const linear =
            linear_step(sc::ExactOu<Descent>::prepare(Descent::at(0.5), dt), quadratic(lambda));
        double const z = lambda * dt;
        double const spread = lambda == 0.0 ? dt : -std::expm1(-2.0 * z) / (2.0 * lambda);
        CHECK(std::abs(linear.map[0][0] - std::exp(-z)) < 4e-16);
        CHECK(std::abs(linear.columns[0][0] - std::sqrt(spread)) < 4e-16);
    }
    for (double z = -20.0; z < 50.0; z += 0.0137) {
        double const exact = -std::expm1(-z) / z;
        CHECK(std::abs(sc::ExactOu<Descent>::phi(z) - exact) <= 8e-16 * exact);
        float const narrow = sc::ExactOu<Descent>::phi(static_cast<float>(z));
        double const rounded = static_cast<float>(z);
        CHECK(std::abs(narrow + std::expm1(-rounded) / rounded) <= 8 * 6e-8 * exact);
    }
    CHECK(sc::ExactOu<Descent>::phi(800.0) == 1.0 / 800.0);
}

TEST_CASE("ExactOu: of the interpolating Ornstein-Uhlenbeck process it is SGD, at dt = eta") {
    // x' = (1 − ηh) x − η √C ζ, the sign of ζ being free; here √C = 1
    double const eta = 0.3;
    auto const scheme = sc::ExactOu<sc::OuInterpolant>::prepare(sc::OuInterpolant::make(&eta), eta);
    for (double const h : {2.0, 0.5, 1e-6, -0.4}) {
        auto const linear = linear_step(scheme, quadratic(h));
        CHECK(std::abs(linear.map[0][0] - (1.0 - eta * h)) < 1e-15);
        CHECK(std::abs(std::abs(linear.columns[0][0]) - eta) < 1e-15);
    }
}

namespace {

/// How far a step of one scheme is from that of another, at most; a quartic well.
template <class A, class B>
double distance_of(typename A::Dynamics const& m) {
    auto const a = A::prepare(m, 0.2);
    auto const b = B::prepare(m, 0.2);
    double largest = 0.0;
    for (double const z : {-1.3, 0.2, 2.4}) {
        Draws<double> const draws{z, 0.6 - z};
        Vec<double, 1 + A::memory> s{};
        s[0] = 0.8;
        auto const left = step(a, quartic(1.0), s, draws), right = step(b, quartic(1.0), s, draws);
        for (int i = 0; i <= A::memory; ++i)
            largest = std::fmax(largest, std::abs(left[i] - right[i]));
    }
    return largest;
}
template <template <class> class A, template <class> class B>
void check_same() {
    CHECK(A<Descent>::same_as == B<Descent>::name);
    CHECK(distance_of<A<Descent>, B<Descent>>(Descent::at(0.3)) < 1e-15);
    Oscillator const m = Oscillator::at(0.7, 0.3);
    CHECK(distance_of<A<Oscillator>, B<Oscillator>>(m) < 1e-15);
    CHECK(A<GeometricBrownianMotion>::same_as.empty());
}

}  // namespace

TEST_CASE("schemes: with additive noise some take the step of another, as they say") {
    check_same<sc::Milstein, sc::EulerMaruyama>();
    check_same<sc::Sriw1, sc::Sra1>();
    check_same<sc::StochasticHeun, sc::PlatenWeak2>();
    check_same<sc::PlatenWeak2, sc::StochasticHeun>();
    CHECK(distance_of<sc::Sra1<Descent>, sc::PlatenWeak2<Descent>>(Descent::at(0.3)) > 1e-3);
    CHECK(distance_of<sc::PlatenWeak2<Landau>, sc::StochasticHeun<Landau>>({{}, 0.5, 0.8}) > 1e-3);
}

TEST_CASE("EulerMaruyama: one coordinate at a time, it is bitwise the fused step") {
    using Fused = kramers::EulerMaruyama<kramers::Overdamped<double>>;
    double const temperature = 0.37;
    auto const fused = Fused::prepare(kramers::Overdamped<double>::make(&temperature), 0.013);
    auto const scheme = sc::EulerMaruyama<Descent>::prepare(Descent::make(&temperature), 0.013);
    Vec<double, 1> x{{0.7}}, y = x;
    for (int k = 0; k < 200; ++k) {
        double const z = std::sin(1.7 * k);
        x = fused.step(QuarticLandscape{}, x, Vec<double, 1>{{z}});
        y = step(scheme, quartic(1.0), y, {z, 0.0});
        REQUIRE(x[0] == y[0]);
    }
}

namespace {

/// Does a noise schedule reach the noise, and does float follow double?
template <class S>
void check_clock_and_float(S const& scheme) {
    constexpr int K = 1 + S::memory;
    INFO(S::name);
    Vec<double, K> s{};
    s[0] = 0.7;
    Draws<double> const draws{0.4, -0.9}, louder{0.8, -1.8};
    auto const flat = [](double) { return Site<double>{}; };
    Vec<double, K> const still = step(scheme, flat, Vec<double, K>{}, louder);
    Vec<double, K> const scheduled =
        step(scheme, flat, Vec<double, K>{}, draws, {0.0, 0.0, 1.0, 2.0});
    CHECK(std::abs(still[0] - scheduled[0]) < 1e-15);

    Vec<double, K> const wide = step(scheme, quadratic(1.3), s, draws);
    Site<float> sites[S::evaluations]{};
    Draws<float> const narrow{0.4F, -0.9F};
    Clock<float> const clock{0.0F, 0.0F, 1.0F, 1.0F};
    [&]<int... k>(std::integer_sequence<int, k...>) {
        ((sites[k] =
              Site<float>{1.3F * scheme.template point<k>(cast<float>(s), sites, narrow, clock),
                          0.0F, 1.3F, 0.0F, 0.0F}),
         ...);
    }
    (std::make_integer_sequence<int, S::evaluations>{});
    CHECK(std::abs(scheme.finish(cast<float>(s), sites, narrow, clock)[0] - wide[0]) < 4e-7);
}

}  // namespace

TEST_CASE("schemes: a noise schedule scales the noise, float follows double") {
    Descent const m = Descent::at(0.5);
    check_clock_and_float(sc::EulerMaruyama<Descent>::prepare(m, 0.1));
    check_clock_and_float(sc::Milstein<Descent>::prepare(m, 0.1));
    check_clock_and_float(sc::StochasticHeun<Descent>::prepare(m, 0.1));
    check_clock_and_float(sc::PlatenWeak2<Descent>::prepare(m, 0.1));
    check_clock_and_float(sc::Sra1<Descent>::prepare(m, 0.1));
    check_clock_and_float(sc::Sriw1<Descent>::prepare(m, 0.1));
    check_clock_and_float(sc::LeimkuhlerMatthews<Descent>::prepare(m, 0.1));
    check_clock_and_float(sc::ExactOu<Descent>::prepare(m, 0.1));
    Oscillator const k = Oscillator::at(1.0, 0.5);
    check_clock_and_float(sc::Baoab<Oscillator>::prepare(k, 0.1));
    check_clock_and_float(sc::Aboba<Oscillator>::prepare(k, 0.1));
    check_clock_and_float(sc::Obabo<Oscillator>::prepare(k, 0.1));
    check_clock_and_float(sc::Oba<Oscillator>::prepare(k, 0.1));
    check_clock_and_float(sc::SemiImplicitEuler<Oscillator>::prepare(k, 0.1));
}

TEST_CASE("schemes: each says for which models it is valid") {
    using Gbm = GeometricBrownianMotion;
    static_assert(sc::Scheme<sc::EulerMaruyama<Gbm>> && sc::Scheme<sc::Milstein<Gbm>> &&
                  sc::Scheme<sc::StochasticHeun<Gbm>> && sc::Scheme<sc::PlatenWeak2<Gbm>> &&
                  sc::Scheme<sc::Sriw1<Gbm>> && sc::Scheme<sc::Sra1<Descent>> &&
                  sc::Scheme<sc::LeimkuhlerMatthews<Descent>> && sc::Scheme<sc::ExactOu<Descent>>);
    static_assert(sc::Scheme<sc::Baoab<Oscillator>> && sc::Scheme<sc::Aboba<Oscillator>> &&
                  sc::Scheme<sc::Obabo<Oscillator>> && sc::Scheme<sc::Oba<Oscillator>> &&
                  sc::Scheme<sc::SemiImplicitEuler<Oscillator>>);
    CHECK(sc::Sra1<Descent>::valid);
    CHECK(sc::Sra1<Oscillator>::valid);
    CHECK_FALSE(sc::Sra1<Gbm>::valid);
    CHECK_FALSE(sc::LeimkuhlerMatthews<Gbm>::valid);
    CHECK_FALSE(sc::LeimkuhlerMatthews<Oscillator>::valid);
    CHECK_FALSE(sc::ExactOu<Oscillator>::valid);
    CHECK(sc::Baoab<Oscillator>::valid);
    CHECK_FALSE(sc::Baoab<Descent>::valid);
    // Part of its noise-induced drift is left out: schemes that take it would find another process.
    CHECK_FALSE(sc::Milstein<sc::RmspropSde>::valid);
    CHECK_FALSE(sc::StochasticHeun<sc::RmspropSde>::valid);
    CHECK(sc::PlatenWeak2<sc::RmspropSde>::valid);
    CHECK_FALSE(sc::Oba<Descent>::valid);
    CHECK(sc::Sra1<Gbm>::orders(NoiseStructure::additive).strong == 0.0);
    CHECK(sc::LeimkuhlerMatthews<Descent>::memory == 1);
    CHECK(sc::PlatenWeak2<Descent>::evaluations == 2);
    CHECK(sc::PlatenWeak2<Gbm>::evaluations == 4);
}

}  // namespace schemes_linear_test
