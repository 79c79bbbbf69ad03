// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "sde/models/levy_driven.hpp"
#include "sde/noise/catalogue.hpp"
#include "sde/noise/tail.hpp"
#include "sde/optimizers/adam.hpp"
#include "sde/optimizers/anti_pgd.hpp"
#include "sde/optimizers/heavy_ball.hpp"
#include "sde/optimizers/momentum_buffer.hpp"
#include "sde/optimizers/momentum_ema.hpp"
#include "sde/optimizers/nesterov.hpp"
#include "sde/optimizers/qhm.hpp"
#include "sde/optimizers/sgd.hpp"
#include "sde/optimizers/svag.hpp"
#include "tests/sde/linear_moments.hpp"

namespace noise_tail_limit_test {
/// Noise without a variance: what stands for it, and the Lévy-driven limits.
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using Values = std::vector<double>;

constexpr double h = 1.3, s = 0.7;

StepNoise stable(double alpha) {
    StepNoise noise;
    noise.no_covariance = "alpha < 2";
    noise.tail = StableTail{alpha, s};
    return noise;
}

NoiseLaw law_of(char const* name, Values values, double batch = 1.0, int dim = 1) {
    return *find_noise_law(name)->make({dim, batch, std::move(values), {}}).law;
}

double parameter(SdeLimit const& limit, std::string const& name) {
    for (SdeLimit::Value const& v : limit.parameters)
        if (v.name == name) return v.value;
    FAIL("no parameter ", name);
    return 0.0;
}

/// Scale of the stationary stable law of O on hx²/2, from its response to one kick: Σ |ψ_j|^α.
template <class O>
double stationary_scale(Values const& values, double alpha) {
    auto const map = test::linear_map<O>(values, h, s * s);
    auto state = map.first;
    double sum = 0.0;
    for (int k = 0; k < 4'000'000; ++k) {
        double const term = std::pow(std::fabs(state[0]), alpha);
        sum += term;
        if (k > 100 && state.norm() < 1e-12 * map.first.norm()) break;
        state = (map.step * state).eval();
    }
    return std::pow(sum, 1.0 / alpha);
}

/// Relative distance of that scale to the one of the SDE, σ (αh)^{−1/α} (S56). `power`: of the rate
/// in σ, to be 1 − 1/α.
template <class O>
double distance(Values const& values, double alpha, double twin = 0.0) {
    SdeLimit const limit = O::limits(values.data(), stable(alpha)).front();
    REQUIRE(limit.sde == LevyDriven::name);
    CHECK(parameter(limit, "alpha") == alpha);
    double const sigma = parameter(limit, "scale") * std::pow(limit.time_per_step, twin);
    return sigma * std::pow(alpha * h, -1.0 / alpha) / stationary_scale<O>(values, alpha) - 1.0;
}

template <class O, class Values_>
void check_order(Values_ const& values, double alpha) {
    CAPTURE(O::name);
    CAPTURE(alpha);
    double const order =
        std::log2(distance<O>(values(0.004), alpha) / distance<O>(values(0.002), alpha));
    CHECK(std::fabs(order - 1.0) < 0.1);
}

}  // namespace

TEST_CASE("stable limits: the stationary scale is met at order 1 in the learning rate") {
    auto const plain = [](double e) { return Values{e}; };
    auto const kicked = [](double e) { return Values{e, 0.0}; };
    auto const velocity = [](double e) { return Values{0.2 * e, 0.8}; };
    auto const average = [](double e) { return Values{e, 0.8}; };
    auto const hyperbolic = [](double e) { return Values{e, 0.8, 0.6}; };
    for (double const alpha : {0.6, 1.3, 1.8}) {
        check_order<coordinate::Sgd>(plain, alpha);
        check_order<AntiPgd>(kicked, alpha);
        check_order<HeavyBall>(velocity, alpha);
        check_order<MomentumBuffer>(velocity, alpha);
        check_order<Nesterov>(velocity, alpha);
        check_order<MomentumEma>(average, alpha);
        check_order<Qhm>(hyperbolic, alpha);
    }
}

TEST_CASE("stable limits: the scale goes like eta^(1 - 1/alpha), not like sqrt(eta)") {
    for (double const alpha : {0.6, 1.3, 1.8}) {
        double const twin = 0.5 - (1.0 - 1.0 / alpha);
        CHECK(std::fabs(distance<coordinate::Sgd>({0.002}, alpha)) < 0.01);
        CHECK(std::fabs(distance<coordinate::Sgd>({0.002}, alpha, twin)) > 0.25);
        CHECK(std::fabs(distance<HeavyBall>({0.0004, 0.8}, alpha, twin)) > 0.25);
    }
    // one Euler step of length eta is one step of sgd: eta s
    SdeLimit const limit = coordinate::Sgd::limits(Values{0.03}.data(), stable(1.5)).front();
    double const values[] = {parameter(limit, "scale"), 1.5};
    auto const model = LevyDriven::make(values);
    CHECK(model.scale * model.increment_scale(limit.time_per_step) ==
          doctest::Approx(0.03 * s).epsilon(1e-14));
}

TEST_CASE("stable limits: whatever has a covariance is none, and it says why") {
    auto all = coordinate::Sgd::limits(Values{0.01}.data(), stable(1.5));
    refuse_without_covariance(all, stable(1.5));
    CHECK(all.front().not_here.empty());
    for (std::size_t k = 1; k < all.size(); ++k)
        CHECK(all[k].not_here.find("alpha < 2") != std::string::npos);
    for (SdeLimit const& limit : Svag::limits(Values{0.01, 2.0}.data(), stable(1.5)))
        CHECK(limit.sde != LevyDriven::name);
    auto normal = coordinate::Sgd::limits(Values{0.01}.data(), 1.0);
    refuse_without_covariance(normal, 1.0);
    for (SdeLimit const& limit : normal) {
        CHECK(limit.not_here.empty());
        CHECK(limit.sde != LevyDriven::name);
    }
}

TEST_CASE("stable_tail: of a stable law its own scale, that of a mean of B") {
    auto const tail = stable_tail(law_of("stable", {2.0, 1.5}, 8.0), 1);
    REQUIRE(tail);
    CHECK(tail->alpha == 1.5);
    CHECK(tail->scale == doctest::Approx(2.0 * std::pow(8.0, 1.0 / 1.5 - 1.0)).epsilon(1e-14));
    CHECK_FALSE(stable_tail(law_of("stable", {2.0, 2.0}), 1));
    CHECK(step_noise(law_of("stable", {2.0, 2.0}), 1).variance == doctest::Approx(8.0));
    CHECK(step_noise(law_of("stable", {2.0, 2.0}), 1).no_covariance.empty());
    CHECK_FALSE(step_noise(law_of("stable", {2.0, 1.5}, 1.0, 3), 3).no_covariance.empty());
}

TEST_CASE("stable_tail: Student's with nu = 1 is Cauchy's, and stable as it is") {
    auto const tail = stable_tail(law_of("student_t", {4.0, 1.0}), 1);
    REQUIRE(tail);
    CHECK(tail->alpha == 1.0);
    CHECK(tail->scale == doctest::Approx(2.0).epsilon(1e-14));
}

TEST_CASE("stable_tail: Student's characteristic function leaves 1 like |s w|^nu") {
    for (double const nu : {0.7, 1.2, 1.5, 1.8}) {
        CAPTURE(nu);
        // E exp(iwt) = K_{ν/2}(√ν w) (√ν w)^{ν/2} / (Γ(ν/2) 2^{ν/2−1}) = 1 − (s w)^ν + b w² + …
        auto const gap = [nu](double w) {
            double const z = std::sqrt(nu) * w;
            return 1.0 - std::cyl_bessel_k(0.5 * nu, z) * std::pow(z, 0.5 * nu) /
                             (std::tgamma(0.5 * nu) * std::exp2(0.5 * nu - 1.0));
        };
        double const w = 1e-3;  // the next term beyond w² is w^{2 + ν}
        double const power =
            (4.0 * gap(w) - gap(2.0 * w)) / (4.0 - std::exp2(nu)) / std::pow(w, nu);
        double const scale = std::pow(power, 1.0 / nu);
        auto const tail = stable_tail(law_of("student_t", {1.0, nu}), 1);
        REQUIRE(tail);
        CHECK(tail->scale == doctest::Approx(scale).epsilon(1e-5));
        // the tail without nu^{nu/2}
        if (nu != 1.0) CHECK(std::fabs(tail->scale / std::sqrt(nu) / scale - 1.0) > 0.05);
    }
    CHECK_FALSE(stable_tail(law_of("student_t", {1.0, 2.0}), 1));
    CHECK_FALSE(step_noise(law_of("student_t", {1.0, 2.0}), 1).no_covariance.empty());
    CHECK_FALSE(stable_tail(law_of("student_t", {1.0, 1.5}, 1.0, 2), 2));  // jumps along the axes
    CHECK(step_noise(law_of("student_t", {1.0, 4.0}), 1).variance == doctest::Approx(2.0));
}

}  // namespace noise_tail_limit_test
