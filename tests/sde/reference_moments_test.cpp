// SPDX-License-Identifier: Apache-2.0
// Tabulated variances of optimizers on V = hx²/2 and of minibatch noise, from the maps and laws that
// run: no formula of the tables is typed here.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "sde/noise/law.hpp"
#include "sde/optimizers/anti_pgd.hpp"
#include "sde/optimizers/heavy_ball.hpp"
#include "sde/optimizers/momentum_ema.hpp"
#include "sde/optimizers/nesterov.hpp"
#include "sde/optimizers/perturbed_gd.hpp"
#include "sde/optimizers/sgd.hpp"
#include "sde/optimizers/sgld.hpp"
#include "sde/optimizers/svag.hpp"
#include "tests/sde/linear_moments.hpp"
#include "tests/sde/noise_draws.hpp"
#include "tests/support/statistics.hpp"

namespace reference_moments_test {
using namespace kramers;
using namespace kramers::coordinate;
using namespace kramers::test;

namespace {

double off(double value, double reference) { return std::abs(value / reference - 1.0); }

/// A population of N per-sample gradients ±√variance.
NoiseLaw coins(int samples, double variance, double batch, PopulationOrder order) {
    std::vector<double> table;
    for (int n = 0; n < samples; ++n)
        table.push_back(n % 2 == 0 ? std::sqrt(variance) : -std::sqrt(variance));
    auto const result = population_law(table, 1, batch, order);
    REQUIRE(result.law);
    return *result.law;
}

/// Stationary variances of descent m = 0 … M − 1 steps into an epoch whose steps have variance v and
/// whose noise sums to zero, the steps being alike: covariance −v/(M − 1) of any two.
std::vector<double> epoch_variances(LinearMap<1> const& map, double v, int steps, double apart) {
    double const a = map.step(0, 0), kick = map.first(0) * map.first(0);  // η² of unit noise
    auto const fresh = [&](int m) {
        double sum = 0.0;
        for (int i = 0; i < m; ++i)
            for (int j = 0; j < m; ++j) sum += std::pow(a, i + j) * (i == j ? v : apart);
        return kick * sum;
    };
    double const edge = fresh(steps) / (1.0 - std::pow(a, 2 * steps));
    std::vector<double> all;
    for (int m = 0; m < steps; ++m) all.push_back(std::pow(a, 2 * m) * edge + fresh(m));
    return all;
}
double average(std::vector<double> const& values) {
    double sum = 0.0;
    for (double const v : values) sum += v;
    return sum / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("Minibatch noise: variances and the covariance of two batches of an epoch, R001 - R003") {
    std::vector<double> const gradients{1.0, 2.5, -0.3, 4.0, 0.7, 1.1};
    auto const variance = [&](PopulationOrder order) {
        return population_law(gradients, 1, 2.0, order).law->variances[0];
    };
    double const with = 0.9616666666666667, without = 0.7693333333333333,
                 apart = -0.38466666666666666;
    CHECK(off(variance(PopulationOrder::with_replacement), with) < 1e-14);
    CHECK(off(variance(PopulationOrder::without_replacement), without) < 1e-14);
    NoiseLaw const shuffled = *population_law(gradients, 1, 2.0, PopulationOrder::reshuffled).law;
    CHECK(off(shuffled.variances[0], without) < 1e-14);
    // The noise of the three steps sums to zero in every epoch: v + 2 Cov = 0.
    auto const data = population_data(shuffled, 1);
    std::uint64_t const s = seed(404);
    std::vector<double> products;
    for (std::uint64_t n = 0; n < (1U << 15); ++n) {
        double const first = population_offset(data, s, n, 0, 0);
        double const second = population_offset(data, s, n, 1, 0);
        double const third = population_offset(data, s, n, 2, 0);
        CHECK(std::abs(first + second + third) < 1e-14);
        products.push_back(shuffled.variances[0] * first * second);
    }
    CHECK(off(-0.5 * shuffled.variances[0], apart) < 1e-14);
    Estimate const seen = mean_of(products, [](double x) { return x; });
    CHECK(check_consistent(seen, apart, 0.05));
    CHECK_FALSE(check_consistent(seen, 0.0, 0.05));  // as if batches were independent
}

TEST_CASE("Reshuffled descent on a quadratic, R004 - R009") {
    auto const variances = [](double eta, double h, double pop, int samples, double batch) {
        auto const map = linear_map<coordinate::Sgd>({eta}, h, 1.0);
        double const v = coins(samples, pop, batch, PopulationOrder::reshuffled).variances[0];
        int const steps = samples / static_cast<int>(batch);
        return epoch_variances(map, v, steps, -v / (steps - 1));
    };
    auto const first = variances(0.05, 1.0, 2.0, 64, 8.0);
    CHECK(off(first[0], 8.845569323802018e-05) < 1e-12);
    CHECK(off(first[4], 0.0011581763783940515) < 1e-12);
    CHECK(off(average(first), 0.000793698842115639) < 1e-12);
    auto const second = variances(0.2, 2.0, 1.0, 16, 4.0);
    CHECK(off(second[0], 0.003824362606232295) < 1e-13);
    CHECK(off(average(second), 0.0068) < 1e-13);
    double const replaced = coins(64, 2.0, 8.0, PopulationOrder::with_replacement).variances[0];
    CHECK(off(linear_map<coordinate::Sgd>({0.05}, 1.0, replaced).covariance()(0, 0),
              0.00641025641025641) < 1e-12);
    // The twin: batches without replacement that forget each other.
    double const v = coins(16, 1.0, 4.0, PopulationOrder::reshuffled).variances[0];
    auto const twin = epoch_variances(linear_map<coordinate::Sgd>({0.2}, 2.0, 1.0), v, 4, 0.0);
    CHECK(off(average(twin), 0.0068) > 0.5);
}

TEST_CASE("Descent: variance, memory and the two rules of scaling, R028, R029, R043 - R048, R156") {
    auto const sgd = [](double eta, double h, double c) {
        return linear_map<coordinate::Sgd>({eta}, h, c);
    };
    auto const variance = [&](double eta, double h, double c) {
        return sgd(eta, h, c).covariance()(0, 0);
    };
    CHECK(off(variance(0.1, 1.0, 1.0), 0.05263157894736842) < 1e-12);
    CHECK(off(sgd(0.1, 1.0, 1.0).long_run() / variance(0.1, 1.0, 1.0), 19.0) < 1e-12);
    CHECK(off(variance(1.5, 1.0, 1.0), 3.0) < 1e-12);
    CHECK(off(sgd(1.5, 1.0, 1.0).long_run() / 3.0, 1.0 / 3.0) < 1e-12);
    CHECK(off(variance(0.2, 2.0, 1.0), 0.0625) < 1e-12);
    double const before = variance(0.05, 2.0, 1.0 / 32.0);
    CHECK(off(variance(0.2, 2.0, 1.0 / 128.0) / before, 1.1875) < 1e-12);
    CHECK(off(variance(0.1, 2.0, 1.0 / 128.0) / before, 0.5277777777777778) < 1e-12);
}

TEST_CASE("Momentum: covariances, memory and correlation of neighbours, R053 - R059, R063 - R067") {
    auto const ball = linear_map<HeavyBall>({0.1, 0.9}, 2.0, 1.0);
    auto const cov = ball.covariance();
    CHECK(off(cov(0, 0), 0.2638888888888889) < 1e-11);
    CHECK(off(cov(1, 1), 0.05555555555555555) < 1e-11);
    CHECK(off(cov(0, 1), 0.027777777777777776) < 1e-11);
    CHECK(off(ball.long_run() / cov(0, 0), 0.9473684210526315) < 1e-11);
    CHECK(off((ball.step * cov)(0, 0) / cov(0, 0), 0.8947368421052632) < 1e-11);
    auto const large = linear_map<HeavyBall>({3.0, 0.9}, 1.0, 1.0).covariance();
    CHECK(off(large(0, 0), 71.25) < 1e-11);
    CHECK(off(large(1, 1), 225.0) < 1e-11);
    auto const average = linear_map<MomentumEma>({0.1, 0.9}, 2.0, 1.0).covariance();
    CHECK(off(average(0, 0), 0.02513227513227513) < 1e-11);
    CHECK(off(average(1, 1), 0.05291005291005291) < 1e-11);
    auto const nesterov = linear_map<Nesterov>({0.1, 0.9}, 2.0, 1.0);
    auto const n = nesterov.covariance();
    CHECK(off(n(0, 0), 0.09479717813051146) < 1e-11);
    CHECK(off(n(0, 0) + 1.8 * n(0, 1) + 0.81 * n(1, 1), 0.13249559082892418) < 1e-11);
    CHECK(off(nesterov.long_run() / n(0, 0), 2.6372093023255814) < 1e-11);
}

TEST_CASE(
    "Momentum: where it stops to contract and where it stops to turn, R068 - R070, R235 - 237") {
    auto const at_limit = [](auto const& make, double limit) {
        CHECK(std::abs((Eigen::Matrix2d::Identity() + make(limit).step).determinant()) < 1e-13);
        CHECK(make(0.999 * limit).contracts());
        CHECK_FALSE(make(1.001 * limit).contracts());
    };
    at_limit([](double eta) { return linear_map<HeavyBall>({eta, 0.9}, 1.0, 1.0); }, 3.8);
    at_limit(
        [](double eta) {
            return linear_map<Nesterov>({eta, 0.9}, 1.0, 1.0);
        },
        1.3571428571428572);
    at_limit([](double eta) { return linear_map<MomentumEma>({eta, 0.9}, 1.0, 1.0); }, 38.0);
    // A double root: trace² = 4 det, of modulus √det.
    auto const discriminant = [](LinearMap<2> const& map) {
        return map.step.trace() * map.step.trace() - 4.0 * map.step.determinant();
    };
    auto const ball = linear_map<HeavyBall>({0.1, 0.46754446796632415}, 1.0, 1.0);
    CHECK(std::abs(discriminant(ball)) < 1e-14);
    CHECK(off(std::sqrt(ball.step.determinant()), 0.6837722339831621) < 1e-14);
    CHECK(std::abs(discriminant(linear_map<Nesterov>({0.1, 0.5194938532959157}, 1.0, 1.0))) <
          1e-14);
}

TEST_CASE("Injected and doubled noise, R026, R030 - R034") {
    CHECK(off(linear_map<Sgld>({0.1, 0.5}, 1.0, 2.0).covariance()(0, 0), 0.631578947368421) <
          1e-12);
    auto const svag = linear_map<Svag>({0.2, 4.0}, 1.0, 1.0);
    CHECK(off(svag.covariance()(0, 0), 0.10256410256410256) < 1e-12);
    // Its step is that of sgd at η/l; r₁, r₂ are the weights of its two batches.
    double const unit = -0.2 / 4.0;
    double const low = std::fmin(svag.first(0) / unit, svag.second(0) / unit);
    double const high = std::fmax(svag.first(0) / unit, svag.second(0) / unit);
    CHECK(off(low, -0.8228756555322952) < 1e-14);
    CHECK(off(high, 1.8228756555322954) < 1e-14);
    CHECK(off(linear_map<AntiPgd>({0.1, 0.2}, 1.0, 0.0).covariance()(0, 0), 0.042105263157894736) <
          1e-12);
    CHECK(off(linear_map<PerturbedGd>({0.1, 0.2}, 1.0, 0.0).covariance()(0, 0),
              0.21052631578947368) < 1e-12);
}

}  // namespace reference_moments_test
