// SPDX-License-Identifier: Apache-2.0
#include "sde/schemes/tamed_euler.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "sde/models/kinetic.hpp"
#include "sde/models/levy_driven.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "tests/sde/coordinate_support.hpp"
#include "tests/support/random.hpp"

namespace scheme_tamed_euler_test {
namespace {
using namespace kramers;
using namespace kramers::test;
namespace sc = kramers::coordinate;

template <class S>
double next(S const& scheme, double b, double x, double z) {
    return step(scheme, quartic(b), Vec<double, 1>{{x}}, {z, 0.0})[0];
}

/// The law of a scheme with additive noise on V = x⁴/4 − bx²/2: a density on a grid, moved by the
/// Chapman–Kolmogorov equation. The grid resolves the kick of a step: its sums are exact to e^{−40}.
struct Density {
    double spacing;
    std::vector<double> x, p;

    template <class S>
    Density(S const& scheme, double b, double x0, int steps, double reach = 4.0) {
        double const kick = next(scheme, b, x0, 1.0) - next(scheme, b, x0, 0.0);
        spacing = 0.7 * kick;
        int const n = static_cast<int>(reach / spacing);
        std::vector<double> mean;
        for (int i = -n; i <= n; ++i) {
            x.push_back(i * spacing);
            mean.push_back(next(scheme, b, x.back(), 0.0));
            p.push_back(normal(x.back() - next(scheme, b, x0, 0.0), kick));
        }
        std::vector<double> kernel;
        for (double const y : x)
            for (double const m : mean) kernel.push_back(spacing * normal(y - m, kick));
        std::vector<double> moved(p.size());
        for (int k = 1; k < steps; ++k) {
            for (std::size_t i = 0; i < p.size(); ++i) {
                moved[i] = 0.0;
                for (std::size_t j = 0; j < p.size(); ++j)
                    moved[i] += kernel[i * p.size() + j] * p[j];
            }
            p.swap(moved);
        }
    }
    static double normal(double distance, double width) {
        double const z = distance / width;
        return 0.3989422804014327 / width * std::exp(-0.5 * z * z);
    }
    double moment(int power) const {
        double sum = 0.0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += spacing * p[i] * std::pow(x[i], power);
        return sum;
    }
};

/// Transient moments of dX = (bX − X³) dt + √(2T) dW, from two unrelated solvers (to 1e-10).
struct Transient {
    double temperature, b, x0, t, moment[5];
};
constexpr Transient transients[] = {
    {0.25, 1.0, 0.5, 1.0, {1.0, 0.583312529051, 0.719672300999, 0.0, 0.882410065557}},
    {0.5, -1.0, 1.0, 0.5, {1.0, 0.405445664519, 0.369054808854, 0.0, 0.304853577128}}};

template <class S>
Order weak_order(Transient const& p, int power) {
    auto const error = [&](int steps) {
        S const scheme = S::prepare(Descent::at(p.temperature), p.t / steps);
        return std::abs(Density(scheme, p.b, p.x0, steps).moment(power) - p.moment[power]);
    };
    return order_of(error(32), error(64), error(128));
}

template <class S>
void report(Order const& order, std::string const& problem, double claim) {
    CHECK_MESSAGE(order.settles(claim), order.row(S::name, problem, claim));
}

/// Broken twins: dt forgotten in the denominator; its root, another way to tame, of order ½.
template <class M, bool Root>
struct Twin : sc::TamedEuler<M> {
    static Twin prepare(M const& m, double dt) { return {sc::TamedEuler<M>::prepare(m, dt)}; }
    template <class T>
    Vec<T, 1> finish(Vec<T, 1> const& s, Site<T> const* sites, Draws<T> const& draws,
                     Clock<T> const& clock) const {
        auto const flow = this->model.evaluate(s, sites[0], clock);
        T const b = flow.drift[0], size = T(Root ? this->root_dt : 1.0) * math::abs(b);
        T const kick = draws.first * (T(this->root_dt) * flow.noise[0]);
        return {{s[0] + (T(this->dt) * b / (T(1) + size) + kick)}};
    }
};

/// Strong order from the distances between steps dt and dt/2 on the same Brownian paths over [0, 1],
/// dt = 1/64, 1/128, 1/256. 64 groups of 32 paths; the interval is 5.42 standard errors (wrong once
/// in 10^6 fresh seeds) plus the change of the slope, at least 0.03.
template <class S, class SiteAt>
Order strong_order(typename S::Dynamics const& model, SiteAt const& site_at, double x0) {
    constexpr int finest = 512, levels = 4, groups = 64;
    Random random(20120);
    std::vector<S> ladder;
    for (int l = 0; l < levels; ++l) ladder.push_back(S::prepare(model, double(8 >> l) / finest));
    double sum = 0.0, squares = 0.0, total[3] = {};
    for (int g = 0; g < groups; ++g) {
        double distance[3] = {};
        for (int path = 0; path < 32; ++path) {
            Vec<double, 1> x[levels];
            double w[levels] = {};
            for (auto& start : x) start[0] = x0;
            for (int k = 1; k <= finest; ++k) {
                double const z = random.normal();
                for (int l = 0; l < levels; ++l) {
                    int const every = 8 >> l;
                    w[l] += z;
                    if (k % every != 0) continue;
                    x[l] = step(ladder[static_cast<std::size_t>(l)], site_at, x[l],
                                {w[l] / std::sqrt(every), 0.0});
                    w[l] = 0.0;
                }
            }
            for (int l = 0; l < 3; ++l) {
                double const d = std::abs(x[l][0] - x[l + 1][0]);
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

}  // namespace

TEST_CASE("TamedEuler: one step by hand, and the drift of any strength moves by less than 1") {
    // V' = 8 − 2 = 6 at x = 2, b = 1, dt = ½: −3/(1 + 3) − and √(2·¼·½)·2 = 1: 2 − ¾ + 1
    auto const scheme = sc::TamedEuler<Descent>::prepare(Descent::at(0.25), 0.5);
    CHECK(next(scheme, 1.0, 2.0, 2.0) == doctest::Approx(2.25).epsilon(1e-15));
    CHECK(next(scheme, 1.0, -2.0, -2.0) == doctest::Approx(-2.25).epsilon(1e-15));
    for (double const x : {1.5, 10.0, 1e3, 1e5}) {
        CHECK(next(scheme, 0.0, x, 0.0) < x);
        CHECK(next(scheme, 0.0, x, 0.0) >= x - 1.0);
    }
    Draws<double> const draws{0.4, 0.0};
    auto const flat = [](double) { return Site<double>{}; };
    CHECK(step(scheme, flat, Vec<double, 1>{}, draws, {0.0, 0.0, 1.0, 2.0})[0] ==
          doctest::Approx(0.4).epsilon(1e-15));
    Site<float> const site{6.0F, 0.0F, 0.0F, 0.0F, 0.0F};
    CHECK(std::abs(scheme.finish(Vec<float, 1>{{2.0F}}, &site, Draws<float>{2.0F, 0.0F},
                                 Clock<float>{0.0F, 0.0F, 1.0F, 1.0F})[0] -
                   2.25F) < 4e-7F);
}

TEST_CASE("TamedEuler: bounded where Euler-Maruyama explodes from the same start") {
    // The worst that kicks of three standard deviations can do: push outwards always. κ = 3 √(2T dt)
    // = 0.95 is held where dt x³/(1 + dt x³) = κ, x = 5.7.
    double const dt = 0.1, temperature = 0.5, kick = 3.0 * std::sqrt(2.0 * temperature * dt);
    double const held = std::cbrt(kick / (1.0 - kick) / dt);
    auto const tamed = sc::TamedEuler<Descent>::prepare(Descent::at(temperature), dt);
    auto const euler = sc::EulerMaruyama<Descent>::prepare(Descent::at(temperature), dt);
    for (double const start : {0.0, 6.0, 30.0}) {
        CAPTURE(start);
        double x = start, y = start, farthest = 0.0;
        for (int k = 0; k < 20000; ++k) {
            x = next(tamed, 0.0, x, 3.0);
            y = next(euler, 0.0, y, 3.0);
            farthest = std::fmax(farthest, std::abs(x));
        }
        CHECK(farthest <= std::fmax(start, held + kick));
        CHECK(x == doctest::Approx(held).epsilon(1e-6));
        CHECK(std::isfinite(y) == (start < 6.0));  // |x| < √(2/dt) = 4.5 is stable without noise
    }
}

TEST_CASE("TamedEuler: weak orders of transients in a quartic well are the claimed ones") {
    using Scheme = sc::TamedEuler<Descent>;
    double const claim = Scheme::orders(NoiseStructure::additive).weak;
    for (Transient const& p : transients)
        for (int const power : {1, 2, 4})
            report<Scheme>(weak_order<Scheme>(p, power),
                           "weak, quartic, E x^" + std::to_string(power), claim);
    CHECK(is_row(weak_order<Scheme>(transients[1], 2),
                 Scheme::measured(NoiseStructure::additive).weak));
    CHECK_FALSE(weak_order<Twin<Descent, false>>(transients[0], 2).settles(1.0));
    CHECK(weak_order<Twin<Descent, false>>(transients[0], 2).value < 0.2);
    CHECK_FALSE(weak_order<Twin<Descent, true>>(transients[0], 2).settles(1.0));
}

TEST_CASE("TamedEuler: strong order 1 with additive noise, 1/2 with multiplicative noise") {
    using Additive = sc::TamedEuler<Descent>;
    using Diagonal = sc::TamedEuler<Landau>;
    check_row<Additive>(strong_order<Additive>(Descent::at(0.5), quartic(1.0), 0.5),
                        "strong, quartic", Additive::orders(NoiseStructure::additive).strong,
                        Additive::measured(NoiseStructure::additive).strong,
                        Found::on_random_paths);
    check_row<Diagonal>(strong_order<Diagonal>({{}, 0.5, 0.8}, no_site, 0.4), "strong, Landau",
                        Diagonal::orders(NoiseStructure::diagonal).strong,
                        Diagonal::measured(NoiseStructure::diagonal).strong,
                        Found::on_random_paths);
    using Half = Twin<Descent, true>;
    CHECK_FALSE(strong_order<Half>(Descent::at(0.5), quartic(1.0), 0.5).settles(1.0));
}

TEST_CASE("TamedEuler: its stationary law tends to exp(-V/T) at order 1") {
    // V = x⁴/4 + x²/2, T = ½; from 0 it is stationary at t = 8 to e^{−2·8·(gap > 1)}.
    double weight = 0.0, exact = 0.0;
    for (double x = -6.0; x < 6.0; x += 0.01) {
        double const w = std::exp(-2.0 * (x * x * x * x / 4.0 + x * x / 2.0));
        weight += w, exact += w * x * x;
    }
    exact /= weight;
    auto const order = [&]<class S>(S const&) {
        auto const error = [&](int steps) {
            S const scheme = S::prepare(Descent::at(0.5), 8.0 / steps);
            return std::abs(Density(scheme, -1.0, 0.0, steps, 3.0).moment(2) - exact);
        };
        return order_of(error(160), error(320), error(640));
    };
    report<sc::TamedEuler<Descent>>(order(sc::TamedEuler<Descent>{}), "stationary, quartic", 1.0);
    CHECK_FALSE(order(Twin<Descent, false>{}).settles(1.0));
}

TEST_CASE("TamedEuler: valid for Wiener noise and models without memory") {
    static_assert(sc::Scheme<sc::TamedEuler<Descent>> && sc::Scheme<sc::TamedEuler<Landau>>);
    CHECK_FALSE(sc::TamedEuler<sc::Kinetic>::valid);
    CHECK_FALSE(sc::TamedEuler<sc::LevyDriven>::valid);
    CHECK(sc::TamedEuler<sc::LevyDriven>::orders(NoiseStructure::additive).weak == 0.0);
}

}  // namespace scheme_tamed_euler_test
