// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/covariance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "sde/noise/tail.hpp"

namespace noise_covariance_test {
using namespace kramers;
using coordinate::PopulationOrder;

namespace {

std::vector<double> const samples = {1.0, 3.0, -2.0, 0.5, 0.25, -1.0, 2.0, 1.0};  // 4 of 2 numbers

/// Cov of the mean of a batch of two, over all ordered pairs (with replacement or distinct).
std::vector<double> enumerated(bool replace) {
    std::vector<double> mean(2, 0.0), square(4, 0.0);
    double pairs = 0.0;
    for (std::size_t a = 0; a < 4; ++a)
        for (std::size_t b = 0; b < 4; ++b) {
            if (a == b && !replace) continue;
            double const g[] = {0.5 * (samples[2 * a] + samples[2 * b]),
                                0.5 * (samples[2 * a + 1] + samples[2 * b + 1])};
            pairs += 1.0;
            for (std::size_t i = 0; i < 2; ++i) mean[i] += g[i];
            for (std::size_t k = 0; k < 4; ++k) square[k] += g[k / 2] * g[k % 2];
        }
    for (std::size_t k = 0; k < 4; ++k)
        square[k] = square[k] / pairs - mean[k / 2] * mean[k % 2] / (pairs * pairs);
    return square;
}

double distance(std::vector<double> const& a, std::vector<double> const& b) {
    REQUIRE(a.size() == b.size());
    double most = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k) most = std::max(most, std::abs(a[k] - b[k]));
    return most;
}

NoiseLaw population(PopulationOrder order, std::vector<double> const& of = samples) {
    auto const made = population_law(of, 2, 2.0, order);
    REQUIRE(made.law);
    return *made.law;
}

}  // namespace

TEST_CASE("Covariance of a step: a population's is that of its batches, enumerated") {
    for (bool const replace : {true, false}) {
        NoiseLaw const law = population(replace ? PopulationOrder::with_replacement
                                                : PopulationOrder::without_replacement);
        CHECK(distance(covariance_per_step(law, 2), enumerated(replace)) < 1e-14);
        CHECK(is_correlated(law, 2));
        // broken twin: the diagonal alone
        std::vector<double> const c = variance_per_step(law, 2).values;
        CHECK(distance({c[0], 0.0, 0.0, c[1]}, enumerated(replace)) > 0.1);
    }
}

TEST_CASE("Covariance of a step: a covariance law gives back its matrix, others their diagonal") {
    std::vector<double> const c = {2.0, -0.7, -0.7, 1.0};
    CHECK(distance(covariance_per_step(*covariance_law(c, 2).law, 2), c) < 1e-14);
    CHECK(is_correlated(*covariance_law(c, 2).law, 2));
    CHECK_FALSE(is_correlated(*covariance_law({2.0, 0.0, 0.0, 1.0}, 2).law, 2));
    NoiseLaw plain;
    plain.variances = {0.5, 0.25};
    CHECK(covariance_per_step(plain, 2) == std::vector<double>{0.5, 0.0, 0.0, 0.25});
    NoiseLaw loss = plain;
    loss.amplitude = coordinate::NoiseAmplitude::loss;
    loss.amplitude_data.factor = 1.0;
    CHECK(covariance_per_step(loss, 2).empty());
    // a square is uncorrelated, a line is not, a direction without noise is no correlation
    auto const order = PopulationOrder::with_replacement;
    CHECK_FALSE(is_correlated(population(order, {1, 1, 1, -1, -1, 1, -1, -1}), 2));
    CHECK(is_correlated(population(order, {1, 1, -1, -1, 0.5, 0.5, -0.5, -0.5}), 2));
    CHECK_FALSE(is_correlated(population(order, {1, 0, -1, 0, 2, 0, -2, 0}), 2));
}

TEST_CASE("Step noise: equal variances that are correlated are no c") {
    NoiseLaw const line = *covariance_law({1.0, 0.9, 0.9, 1.0}, 2).law;
    CHECK(step_noise(line, 2).variance == 0.0);
    CHECK(step_noise(*covariance_law({1.0, 0.0, 0.0, 1.0}, 2).law, 2).variance == 1.0);
    auto const order = PopulationOrder::with_replacement;
    CHECK(step_noise(population(order, {1, 1, -1, -1, 0.5, 0.5, -0.5, -0.5}), 2).variance == 0.0);
    CHECK(step_noise(population(order, {1, 1, 1, -1, -1, 1, -1, -1}), 2).variance == 0.5);
}

}  // namespace noise_covariance_test
