// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/exact_ou.hpp"
#include "sde/schemes/milstein.hpp"
#include "sde/schemes/platen_weak2.hpp"
#include "sde/schemes/sra1.hpp"
#include "sde/schemes/sriw1.hpp"
#include "sde/schemes/stochastic_heun.hpp"
#include "tests/sde/coordinate_support.hpp"
#include "tests/support/random.hpp"

namespace schemes_strong_test {
// Strong orders on nonlinear equations with a solution in closed form, both on the same Brownian
// paths. 64 groups of 48 paths; an order is read off mean absolute errors at dt = 1/32, 1/64, 1/128 per group.
// Its interval is 5.42 standard errors (Student, 63 degrees of freedom: wrong once in 10^6 fresh
// seeds) plus the change of the slope along the ladder (at least 0.03); it must contain the claim and exclude its
// neighbours half an order away.

namespace {

using namespace kramers;
using namespace kramers::test;
namespace sc = kramers::coordinate;

constexpr int groups = 64, paths_per_group = 48, finest = 128, inner = 4, levels = 3;
constexpr double linear = 0.5;                          // a of the Landau problem
constexpr double weak_noise = 0.8, strong_noise = 1.2;  // its σ, and that of its logarithm

/// One Brownian path on [0, 1]: increments and I₁₀ of the finest steps, W₁, and ∫E² of Landau for
/// both strengths of noise.
struct Path {
    double w[finest], i10[finest], end, weak, strong;
};

Path make_path(Random& random) {
    Path p{};
    double const h = 1.0 / (finest * inner);
    double t = 0.0;
    // ∫ E² over a small step to second order, ∫W² by its mean
    auto const small = [&](double sigma, double w, double i10) {
        double const alpha = linear - 0.5 * sigma * sigma;
        return std::exp(2.0 * (alpha * t + sigma * w)) *
               (h + (alpha + sigma * sigma) * h * h + 2.0 * sigma * i10);
    };
    for (int k = 0; k < finest; ++k) {
        for (int i = 0; i < inner; ++i) {
            double const z1 = random.normal(), z2 = random.normal();
            double const dw = std::sqrt(h) * z1;
            double const i10 = 0.5 * h * std::sqrt(h) * (z1 + z2 / std::sqrt(3.0));
            p.weak += small(weak_noise, p.end + p.w[k], i10);
            p.strong += small(strong_noise, p.end + p.w[k], i10);
            p.i10[k] += i10 + h * p.w[k];
            p.w[k] += dw;
            t += h;
        }
        p.end += p.w[k];
    }
    return p;
}

std::vector<Path> const& paths() {
    static std::vector<Path> const all = [] {
        Random random(20240611);
        std::vector<Path> made;
        for (int i = 0; i < groups * paths_per_group; ++i) made.push_back(make_path(random));
        return made;
    }();
    return all;
}

double landau(double x0, double sigma, double end, double integral) {
    double const e = std::exp(linear - 0.5 * sigma * sigma + sigma * end);
    return x0 * e / std::sqrt(1.0 + 2.0 * x0 * x0 * integral);
}

/// dZ = (a − σ²/2 − exp(2Z)) dt + σ dW, the logarithm of the Landau problem: additive noise.
struct LogLandau : TestModel<0, NoiseStructure::additive> {
    static LogLandau make(double const*) { return {}; }
    template <class T>
    Flow<T, 1> evaluate(Vec<T, 1> const& s, Site<T> const&, Clock<T> const&) const {
        T const drift = T(linear - 0.5 * strong_noise * strong_noise) - math::exp(T(2) * s[0]);
        return {{{drift}}, {{T(strong_noise)}}, {{T(0)}}};
    }
};

// Problem: the model, its start, the solution, what is compared, and whether the measured orders that
// a scheme prints are those found here.
struct ArctangentProblem {
    static constexpr std::string_view name = "arctan";
    static constexpr bool is_row = false;
    using M = Arctangent;
    static M model() { return {{}, 1.0}; }
    static constexpr double start = 0.5;
    static double exact(Path const& p) { return std::atan(p.end + std::tan(start)); }
    static double observe(double x) { return x; }
};
struct SineProblem {
    static constexpr std::string_view name = "sinh";
    static constexpr bool is_row = false;
    using M = HyperbolicSine;
    static M model() { return {}; }
    static constexpr double start = 0.0;
    static double exact(Path const& p) { return 1.0 + p.end; }
    static double observe(double x) { return std::asinh(x); }
};
struct LandauProblem {
    static constexpr std::string_view name = "Landau";
    static constexpr bool is_row = true;
    using M = Landau;
    static M model() { return {{}, linear, weak_noise}; }
    static constexpr double start = 0.4;
    static double exact(Path const& p) { return landau(start, weak_noise, p.end, p.weak); }
    static double observe(double x) { return x; }
};
struct LogLandauProblem {
    static constexpr std::string_view name = "log Landau (additive)";
    static constexpr bool is_row = true;
    using M = LogLandau;
    static M model() { return {}; }
    static constexpr double start = -0.22314355131420976;  // ln 0.8
    static double exact(Path const& p) {
        return std::log(landau(0.8, strong_noise, p.end, p.strong));
    }
    static double observe(double x) { return x; }
};

template <class S, class P>
double end_of(S const& scheme, Path const& p, int every) {
    double const h = static_cast<double>(every) / finest, fine = 1.0 / finest;
    Vec<double, 1> x{{P::start}};
    for (int k = 0; k < finest; k += every) {
        double w = 0.0, i10 = 0.0;
        for (int i = 0; i < every; ++i) {
            i10 += p.i10[k + i] + fine * w;
            w += p.w[k + i];
        }
        double const z1 = w / std::sqrt(h);
        double const z2 = std::sqrt(3.0) * (2.0 * i10 / (h * std::sqrt(h)) - z1);
        x = step(scheme, no_site, x, {z1, z2});
    }
    return P::observe(x[0]);
}

template <class S, class P>
Order strong_order() {
    std::vector<S> ladder;
    for (int every : {4, 2, 1}) {
        ladder.push_back(S::prepare(P::model(), static_cast<double>(every) / finest));
    }
    double sum = 0.0, squares = 0.0, total[levels] = {};
    for (int g = 0; g < groups; ++g) {
        double error[levels] = {};
        for (int i = 0; i < paths_per_group; ++i) {
            Path const& p = paths()[static_cast<std::size_t>(g * paths_per_group + i)];
            double const exact = P::exact(p);
            for (int l = 0; l < levels; ++l) {
                double const e =
                    std::abs(end_of<S, P>(ladder[static_cast<std::size_t>(l)], p, 4 >> l) - exact);
                error[l] += e, total[l] += e;
            }
        }
        double const slope = 0.5 * std::log2(error[0] / error[2]);
        sum += slope, squares += slope * slope;
    }
    double const mean = sum / groups;
    double const standard_error = std::sqrt((squares / groups - mean * mean) / (groups - 1));
    double const bend = std::log2(total[0] * total[2] / (total[1] * total[1]));
    return {mean, 5.42 * standard_error + std::fmax(std::abs(bend), 0.03)};
}

template <template <class> class S, class P>
void check() {
    using Scheme = S<typename P::M>;
    double const claim = Scheme::orders(P::M::noise).strong;
    Order const order = strong_order<Scheme, P>();
    std::string const problem = std::string("strong, ").append(P::name);
    if constexpr (P::is_row)
        check_row<Scheme>(order, problem, claim, Scheme::measured(P::M::noise).strong,
                          Found::on_random_paths);
    else CHECK_MESSAGE(order.settles(claim), order.row(Scheme::name, problem, claim));
}

/// Broken twins: the second normal forgotten; the correction forgotten; ΔW² without − dt.
template <class Base>
struct OneNormal : Base {
    template <int k, class T>
    T point(Vec<T, 1> const& s, Site<T> const* y, Draws<T> const& d, Clock<T> const& c) const {
        return Base::template point<k>(s, y, Draws<T>{d.first, T(0)}, c);
    }
    template <class T>
    Vec<T, 1> finish(Vec<T, 1> const& s, Site<T> const* y, Draws<T> const& d,
                     Clock<T> const& c) const {
        return Base::finish(s, y, Draws<T>{d.first, T(0)}, c);
    }
};
template <class M>
struct Sra1OneNormal : OneNormal<sc::Sra1<M>> {
    static Sra1OneNormal prepare(M const& m, double dt) { return {{sc::Sra1<M>::prepare(m, dt)}}; }
};
template <class M>
struct Sriw1OneNormal : OneNormal<sc::Sriw1<M>> {
    static Sriw1OneNormal prepare(M const& m, double dt) {
        return {{sc::Sriw1<M>::prepare(m, dt)}};
    }
};
struct Uncorrected : Arctangent {
    static Uncorrected make(double const* values) { return {Arctangent::make(values)}; }
    template <class T>
    Flow<T, 1> evaluate(Vec<T, 1> const& s, Site<T> const& site, Clock<T> const& clock) const {
        Flow<T, 1> flow = Arctangent::evaluate(s, site, clock);
        flow.correction = {};
        return flow;
    }
};
struct UncorrectedProblem : ArctangentProblem {
    using M = Uncorrected;
    static M model() { return {ArctangentProblem::model()}; }
};

}  // namespace

TEST_CASE("schemes: strong orders with diagonal noise are the claimed ones") {
    check<sc::EulerMaruyama, ArctangentProblem>();
    check<sc::Milstein, ArctangentProblem>();
    check<sc::StochasticHeun, ArctangentProblem>();
    check<sc::PlatenWeak2, ArctangentProblem>();
    check<sc::Sriw1, ArctangentProblem>();
    check<sc::EulerMaruyama, SineProblem>();
    check<sc::Milstein, SineProblem>();
    check<sc::StochasticHeun, SineProblem>();
    check<sc::PlatenWeak2, SineProblem>();
    check<sc::Sriw1, SineProblem>();
    check<sc::EulerMaruyama, LandauProblem>();
    check<sc::Milstein, LandauProblem>();
    check<sc::StochasticHeun, LandauProblem>();
    check<sc::PlatenWeak2, LandauProblem>();
    check<sc::Sriw1, LandauProblem>();
}

TEST_CASE("schemes: strong orders with additive noise are the claimed ones") {
    // With additive noise Milstein is Euler–Maruyama, Platen's scheme is Heun's, SRIW1 is SRA1.
    check<sc::EulerMaruyama, LogLandauProblem>();
    check<sc::Milstein, LogLandauProblem>();
    check<sc::StochasticHeun, LogLandauProblem>();
    check<sc::PlatenWeak2, LogLandauProblem>();
    check<sc::Sra1, LogLandauProblem>();
    check<sc::Sriw1, LogLandauProblem>();
    check<sc::ExactOu, LogLandauProblem>();
}

TEST_CASE("schemes: a measured order that is not found is seen") {
    using Euler = sc::EulerMaruyama<LogLandau>;
    MeasuredOrder const row = Euler::measured(NoiseStructure::additive).strong;
    Order const same{row.value + 0.004, row.half_width - 0.004};
    CHECK(is_row(same, row));
    CHECK_FALSE(is_row(same, {row.value - 0.01, row.half_width}));  // one unit of the last digit
    CHECK_FALSE(is_row(same, {row.value, row.half_width + 0.01}));
    Order const found = strong_order<Euler, LogLandauProblem>();
    for (MeasuredOrder const& other :
         {Euler::measured(NoiseStructure::diagonal).strong,
          sc::Sra1<LogLandau>::measured(NoiseStructure::additive).strong}) {
        CHECK_FALSE(is_row(found, other));
        CHECK_FALSE(is_row(found, other, Found::on_random_paths));
    }
}

TEST_CASE("schemes: strong orders of broken twins fall") {
    CHECK_FALSE(strong_order<Sra1OneNormal<LogLandau>, LogLandauProblem>().settles(1.5));
    CHECK_FALSE(strong_order<Sriw1OneNormal<Landau>, LandauProblem>().settles(1.5));
    CHECK_FALSE(strong_order<sc::Milstein<Uncorrected>, UncorrectedProblem>().settles(1.0));
    // Heun without the correction converges to another process: no order at all.
    CHECK(strong_order<sc::StochasticHeun<Uncorrected>, UncorrectedProblem>().value < 0.2);
}

}  // namespace schemes_strong_test
