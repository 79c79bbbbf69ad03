// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "sde/models/adam_sde.hpp"
#include "sde/models/kinetic.hpp"
#include "sde/models/modified_equation.hpp"
#include "sde/models/momentum_sde.hpp"
#include "sde/models/ou_interpolant.hpp"
#include "sde/models/overdamped.hpp"
#include "sde/models/rmsprop_sde.hpp"
#include "sde/models/sign_sde.hpp"
#include "sde/optimizers/adam.hpp"
#include "sde/optimizers/adamw.hpp"
#include "sde/optimizers/anti_pgd.hpp"
#include "sde/optimizers/heavy_ball.hpp"
#include "sde/optimizers/momentum_buffer.hpp"
#include "sde/optimizers/momentum_ema.hpp"
#include "sde/optimizers/nesterov.hpp"
#include "sde/optimizers/perturbed_gd.hpp"
#include "sde/optimizers/rmsprop.hpp"
#include "sde/optimizers/rmsprop_w.hpp"
#include "sde/optimizers/sgd.hpp"
#include "sde/optimizers/sgld.hpp"
#include "sde/optimizers/sign_sgd.hpp"
#include "sde/optimizers/svag.hpp"
#include "tests/sde/linear_moments.hpp"

namespace optimizers_limits_test {
/// Every limit names a model that runs, and the model with those parameters and that clock is what
/// the optimizer tends to: on a quadratic both have exact moments, so no noise is drawn.
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using Values = std::vector<double>;

constexpr double h = 1.7;

template <class O>
SdeLimit limit_of(Values const& values, double c, std::string const& map) {
    for (SdeLimit const& one : O::limits(values.data(), c))
        if (one.map == map) return one;
    FAIL("no map ", map);
    return {};
}
double parameter(SdeLimit const& limit, std::string_view name) {
    for (SdeLimit::Value const& v : limit.parameters)
        if (v.name == name) return v.value;
    FAIL("no parameter ", name);
    return 0.0;
}

/// The values of model M in its own order: from the limit, else its defaults.
template <class M>
Values values_of(SdeLimit const& limit) {
    Values values;
    for (Parameter const& p : M::parameters()) {
        auto const at = std::find_if(limit.parameters.begin(), limit.parameters.end(),
                                     [&](auto const& v) { return v.name == p.name; });
        double const value = at == limit.parameters.end() ? p.fallback : at->value;
        CAPTURE(p.name);
        CHECK(value >= p.minimum);
        CHECK(value <= p.maximum);
        values.push_back(value);
    }
    // What is not a parameter of the model must be a number derived from them.
    for (SdeLimit::Value const& v : limit.parameters) {
        auto const& own = M::parameters();
        bool const known = std::any_of(own.begin(), own.end(),
                                       [&](Parameter const& p) { return p.name == v.name; });
        CHECK((known || v.name == "temperature" || v.name == "friction"));
        CHECK_FALSE(v.formula.empty());
    }
    return values;
}

struct Moments {
    double mean, variance;
};

/// Mean and variance of a linear model on hx²/2 at time t, from 1 at rest: Runge–Kutta of order 4 on
/// the moment equations, error far below 1e-9.
template <Model M>
Moments model_moments(SdeLimit const& limit, double c, double t) {
    constexpr int n = 1 + M::memory;
    using Matrix = Eigen::Matrix<double, n, n>;
    using Vector = Eigen::Matrix<double, n, 1>;
    M const model = M::make(values_of<M>(limit).data());
    Matrix drift;
    Vector noise;
    for (int i = 0; i < n; ++i) {
        Vec<double, n> s{};
        s[i] = 1.0;
        double const x = model.position(s);
        Site<double> const site{h * x, h * h * x, h, std::sqrt(c), 0.0};
        auto const flow = model.evaluate(s, site, Clock<double>{0.0, 0.0, 1.0, 1.0});
        for (int j = 0; j < n; ++j) {
            drift(j, i) = flow.drift[j];
            noise[j] = flow.noise[j];
        }
    }
    Matrix const kick = noise * noise.transpose();
    Vector mean = Vector::Unit(0);
    Matrix cov = Matrix::Zero();
    auto const slope = [&](Matrix const& s) -> Matrix {
        return drift * s + s * drift.transpose() + kick;
    };
    int const steps = 200 + static_cast<int>(200.0 * t * drift.norm());
    double const dt = t / steps;
    for (int k = 0; k < steps; ++k) {
        Vector const a1 = drift * mean, a2 = drift * (mean + 0.5 * dt * a1);
        Vector const a3 = drift * (mean + 0.5 * dt * a2), a4 = drift * (mean + dt * a3);
        mean += dt / 6 * (a1 + 2 * a2 + 2 * a3 + a4);
        Matrix const b1 = slope(cov), b2 = slope(cov + 0.5 * dt * b1);
        Matrix const b3 = slope(cov + 0.5 * dt * b2), b4 = slope(cov + dt * b3);
        cov += dt / 6 * (b1 + 2 * b2 + 2 * b3 + b4);
    }
    return {mean[0], cov(0, 0)};
}
Moments moments_of(SdeLimit const& limit, double c, double t) {
    if (limit.sde == "overdamped") return model_moments<coordinate::Overdamped>(limit, c, t);
    if (limit.sde == "modified_equation") return model_moments<ModifiedEquation>(limit, c, t);
    if (limit.sde == "kinetic") return model_moments<Kinetic>(limit, c, t);
    REQUIRE(limit.sde == "momentum_sde");
    return model_moments<MomentumSde>(limit, c, t);
}

/// Orders in `small` of the distance to a limit at one unit of time of effective gradient descent,
/// between small and small / 4. `shift`: steps by which the clock starts early.
template <class O, class Values_>
Moments order(Values_ const& values, std::string const& map, double small, double effective_time,
              double shift = 0.0) {
    Moments error[2]{};
    for (int i = 0; i < 2; ++i) {
        double const size = i == 0 ? small : small / 4;
        double const c = 0.6 / size;
        SdeLimit const limit = limit_of<O>(values(size), c, map);
        int const k = static_cast<int>(std::lround(effective_time / limit.time_per_step));
        auto const exact = test::linear_map<O>(values(size), h, c).after(k);
        Moments const sde = moments_of(limit, c, (k + shift) * limit.time_per_step);
        error[i] = {std::fabs(sde.mean / exact.mean[0] - 1.0),
                    std::fabs(sde.variance / exact.covariance(0, 0) - 1.0)};
    }
    return {std::log(error[0].mean / error[1].mean) / std::log(4.0),
            std::log(error[0].variance / error[1].variance) / std::log(4.0)};
}
bool equal(double a, double b) { return std::fabs(a - b) <= 1e-14 * std::fabs(b); }
/// At these sizes the next order moves a measured order by at most 0.1.
bool near(double measured, double claim) { return std::fabs(measured - claim) < 0.12; }

template <class O, class Values_>
void check_order(Values_ const& values, std::string const& map, double small, double shift = 0.0,
                 double variance_order = 0.0) {
    CAPTURE(O::name);
    CAPTURE(map);
    double const claim = limit_of<O>(values(small), 1.0, map).weak_order;
    Moments const measured = order<O>(values, map, small, 1.0, shift);
    CAPTURE(measured.mean);
    CAPTURE(measured.variance);
    CHECK(near(measured.mean, claim));
    CHECK(near(measured.variance, variance_order > 0.0 ? variance_order : claim));
}

TEST_CASE("limits of gradient steps: the claimed weak orders on a quadratic") {
    auto const sgd = [](double e) { return Values{e}; };
    check_order<coordinate::Sgd>(sgd, "first order", 0.02);
    check_order<coordinate::Sgd>(sgd, "first order, state-dependent noise", 0.02);
    // The corrected drift alone leaves the variance at first order.
    check_order<coordinate::Sgd>(sgd, "second order, drift", 0.02, 0.0, 1.0);
    check_order<coordinate::Sgd>(sgd, "second order, drift and diffusion", 0.02);
    check_order<Sgld>([](double e) { return Values{e, 0.3}; }, "first order", 0.02);
    check_order<PerturbedGd>(
        [](double e) {
            return Values{e, std::sqrt(0.4 * e)};
        },
        "first order", 0.02);
    check_order<AntiPgd>(
        [](double e) {
            return Values{e, std::sqrt(0.4 * e)};
        },
        "first order", 0.02);
    auto const svag = [](double inverse) { return Values{0.1, 1.0 / inverse}; };
    check_order<AntiPgd>(
        [](double e) {
            return Values{e, std::sqrt(0.4 * e)};
        },
        "first order, state-dependent noise", 0.02);
    check_order<Svag>(svag, "first order of sgd", 0.1);
    check_order<Svag>(svag, "first order of sgd, state-dependent noise", 0.1);
}

TEST_CASE("limits of Sgd: the interpolant has its mean and variance at every iteration") {
    double const c = 3.0;
    for (double const eta : {0.02, 0.1, 0.5}) {  // eta h up to 0.85
        SdeLimit const exact = limit_of<coordinate::Sgd>({eta}, c, "exact interpolant");
        SdeLimit const first =
            limit_of<coordinate::Sgd>({eta}, c, "first order, state-dependent noise");
        CHECK(std::isinf(exact.weak_order));
        for (int const k : {1, 3, 20}) {
            auto const sgd = test::linear_map<coordinate::Sgd>({eta}, h, c).after(k);
            auto const distance = [&](Moments const& m) {
                return std::fabs(m.mean - sgd.mean[0]) +
                       std::fabs(m.variance - sgd.covariance(0, 0));
            };
            CHECK(distance(model_moments<OuInterpolant>(exact, c, k * eta)) < 1e-9);
            CHECK(distance(model_moments<ModifiedEquation>(first, c, k * eta)) > 1e-4);
        }
    }
}

TEST_CASE(
    "limits of kicked steps: state-dependent noise beside a kick is refused with the reason") {
    auto const last = [](auto const& limits) { return limits.back(); };
    double const kicked[] = {0.1, 0.3}, plain[] = {0.1, 0.0};
    CHECK(last(Sgld::limits(kicked, 1.0)).not_here.find("2 temperature/eta") != std::string::npos);
    CHECK(last(PerturbedGd::limits(kicked, 1.0)).not_here.find("(kick_deviation/eta)^2") !=
          std::string::npos);
    CHECK(last(Sgld::limits(plain, 1.0)).not_here.empty());
    CHECK(last(PerturbedGd::limits(plain, 1.0)).not_here.empty());
    CHECK(last(AntiPgd::limits(kicked, 1.0)).not_here.empty());  // its kicks only smooth V
    // and that much more additive variance is right: the variance of one step on a flat V
    double const c = 1.0, eta = 0.1;
    double const sgld = eta * eta * c + 2.0 * eta * 0.3, pgd = eta * eta * c + 0.3 * 0.3;
    CHECK(equal(eta * eta * (c + 2.0 * 0.3 / eta), sgld));
    CHECK(equal(eta * eta * (c + 0.3 / eta * (0.3 / eta)), pgd));
    auto const one_step = [&](auto const& map) { return map.kick()(0, 0); };
    CHECK(equal(one_step(test::linear_map<Sgld>({eta, 0.3}, 0.0, c)), sgld));
    CHECK(equal(one_step(test::linear_map<PerturbedGd>({eta, 0.3}, 0.0, c)), pgd));
}

TEST_CASE("limits of momentum as an effective learning rate: weak order 1 at fixed momentum") {
    auto const fixed = [](double e) { return Values{e, 0.8}; };
    for (std::string const map :
         {"effective learning rate", "effective learning rate, state-dependent noise"}) {
        check_order<HeavyBall>(fixed, map, 0.001);
        check_order<MomentumEma>(fixed, map, 0.005);
        check_order<Nesterov>(fixed, map, 0.001);
    }
}

TEST_CASE("limits of momentum as friction: order 1/2, and 1 for the symmetric form") {
    auto const velocity = [](double e) { return Values{e, 1.0 - 1.5 * std::sqrt(e)}; };
    auto const average = [](double e) { return Values{e, 1.0 - 2.25 * e}; };
    for (std::string const map : {"friction", "friction, state-dependent noise"}) {
        check_order<HeavyBall>(velocity, map, 1e-4);
        check_order<MomentumEma>(average, map, 0.005);
        check_order<Nesterov>(velocity, map, 1e-4);
    }
    // Velocities live at half steps: at rest before step 0 is at rest half a step earlier.
    std::string const map = "friction, symmetric";
    CHECK(limit_of<HeavyBall>(velocity(0.01), 1.0, map).steps_ahead == 0.5);
    CHECK(limit_of<Nesterov>(velocity(0.01), 1.0, map).steps_ahead == 0.5);
    CHECK(limit_of<HeavyBall>(velocity(0.01), 1.0, "friction").steps_ahead == 0.0);
    check_order<HeavyBall>(velocity, map, 1e-4, 0.5);
    check_order<MomentumEma>(average, map, 0.01, 0.5);
    check_order<Nesterov>(velocity, map, 1e-4, 0.5);
    CHECK(near(order<HeavyBall>(velocity, map, 1e-4, 1.0).mean, 0.5));
}

TEST_CASE("limits: hand-computed friction, temperature and clock of momentum") {
    // eta = 0.04, mu = 0.9, c = 5: gamma = 0.1/0.2, T = 0.04·5/(2·0.1), one step is sqrt(0.04)
    SdeLimit const kinetic = limit_of<HeavyBall>({0.04, 0.9}, 5.0, "friction");
    CHECK(equal(parameter(kinetic, "friction"), 0.5));
    CHECK(equal(parameter(kinetic, "temperature"), 1.0));
    CHECK(equal(kinetic.time_per_step, 0.2));
    SdeLimit const symmetric = limit_of<HeavyBall>({0.04, 0.9}, 5.0, "friction, symmetric");
    CHECK(equal(parameter(symmetric, "friction"), 1.0 / 1.9));
    SdeLimit const effective = limit_of<HeavyBall>({0.04, 0.9}, 5.0, "effective learning rate");
    CHECK(equal(effective.time_per_step, 0.4));
    CHECK(equal(parameter(effective, "temperature"), 1.0));
    // an average with the same path
    SdeLimit const ema = limit_of<MomentumEma>({0.4, 0.9}, 5.0, "friction");
    CHECK(equal(parameter(ema, "friction"), 0.5));
    CHECK(equal(ema.time_per_step, 0.2));
}

TEST_CASE("limits: the map of temperatures, sigma^2 = 3 and B = 4") {
    double const c = 3.0 / 4.0, eta = 0.2, mu = 0.75;
    auto const temperature = [&](auto const& limits) {
        return parameter(limits.front(), "temperature");
    };
    double const v[] = {eta, mu};
    double const sgd = kramers::Sgd<double>::limit(Values{eta, 4.0, 3.0}.data()).temperature.value;
    CHECK(equal(temperature(coordinate::Sgd::limits(v, c)), sgd));
    CHECK(equal(sgd, 0.2 * 3.0 / 8.0));
    CHECK(equal(temperature(HeavyBall::limits(v, c)), 4.0 * sgd));
    CHECK(equal(temperature(MomentumBuffer::limits(v, c)), 4.0 * sgd));
    CHECK(equal(temperature(Nesterov::limits(v, c)), 4.0 * sgd));
    CHECK(equal(temperature(MomentumEma::limits(v, c)), sgd));
    CHECK(equal(temperature(Sgld::limits(v, c)), 0.75 + sgd));
    CHECK(equal(temperature(PerturbedGd::limits(v, 0.0)), 0.5625 / 0.4));
    CHECK(equal(temperature(AntiPgd::limits(v, c)), sgd));
}

TEST_CASE("limits of adaptive optimizers: parameters of the models that run, clocks") {
    double const rms[] = {0.1, 0.9, 0.01, 0.0, 0.2, 0.3};
    for (bool const decayed : {false, true}) {
        auto const limits = decayed ? RmspropW::limits(rms, 4.0) : Rmsprop::limits(rms, 4.0);
        double const decay = decayed ? 0.3 : 0.0;
        CHECK(limits[0].sde == RmspropSde::name);
        CHECK(equal(limits[0].time_per_step, 0.1));
        CHECK(equal(limits[1].time_per_step, 0.01));
        CHECK(values_of<RmspropSde>(limits[0]) == Values{0.1, 0.9, 0.01, 1.0, decay, 0.2});
        CHECK(values_of<RmspropSde>(limits[1]) == Values{0.1, 0.9, 0.01, 0.0, decay, 0.2});
    }
    double const adam[] = {0.1, 0.9, 0.99, 0.01, 0.3};
    CHECK(values_of<AdamSde>(Adam::limits(adam, 4.0)[0]) ==
          Values{0.1, 0.9, 0.99, 0.01, 0.0, 0.0, 0.0});
    CHECK(values_of<AdamSde>(AdamW::limits(adam, 4.0)[0]) ==
          Values{0.1, 0.9, 0.99, 0.01, 0.3, 0.0, 0.0});
    CHECK(values_of<AdamSde>(AdamW::limits(adam, 4.0)[1]) ==
          Values{0.1, 0.9, 0.99, 0.01, 0.3, 0.0, 1.0});
    CHECK(equal(Adam::limits(adam, 4.0)[1].time_per_step, 0.1));
    CHECK(equal(Adam::limits(adam, 4.0)[0].time_per_step, 0.01));
    CHECK(values_of<SignSde>(SignSgd::limits(adam, 4.0)[0]) == Values{0.1});
}

TEST_CASE("limits of Rmsprop: the temperature is that of a settled mean square") {
    // v stays at v_0 = c: the steps are those of gradient descent with eta / (sqrt(c) + epsilon).
    double const c = 4.0, epsilon = 0.5, eta = 1e-5;
    Values const v{eta, 0.99, epsilon, 1.0, c};
    auto const map = test::linear_map<Rmsprop>(v, h, c);
    double const a = map.step(0, 0), kick = map.first[0];
    double const temperature = parameter(Rmsprop::limits(v.data(), c)[0], "temperature");
    CHECK(std::fabs(h * kick * kick / (1.0 - a * a) / temperature - 1.0) < eta * h);
    CHECK(equal(temperature, eta * 4.0 / 5.0));
}

TEST_CASE("limits of SignSgd: the temperature is that of the exact lattice chain") {
    // x = eta j, P(j → j + 1) = Φ(−r j): weights from detailed balance, variance T/h (1 + π eta a/8)
    double const eta = 0.02, sigma = 2.0, r = eta * h / sigma;
    auto const cdf = [](double y) { return 0.5 * std::erfc(-y / std::sqrt(2.0)); };
    double weight = 1.0, sum = 1.0, square = 0.0;
    for (int j = 0; j < 200; ++j) {
        weight *= cdf(-r * j) / cdf(r * (j + 1));
        sum += 2.0 * weight;
        square += 2.0 * weight * eta * eta * (j + 1) * (j + 1);
    }
    double const temperature = parameter(SignSgd::limits(&eta, sigma * sigma)[0], "temperature");
    double const a = std::sqrt(2.0 / 3.14159265358979) * h / sigma;
    CHECK(std::fabs(h * square / sum / temperature - 1.0 - 3.14159265358979 / 8 * eta * a) <
          4.0 * eta * a * eta * a);
}

}  // namespace

}  // namespace optimizers_limits_test
