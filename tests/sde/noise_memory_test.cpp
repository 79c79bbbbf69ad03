// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/memory.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/sde/noise_draws.hpp"
#include "tests/support/statistics.hpp"

namespace noise_memory_test {
using namespace kramers;
using namespace kramers::coordinate;
using namespace kramers::test;

namespace {

constexpr int steps = 8;
constexpr int chains = 1 << 16;

/// Row k: the noise of step k in all chains.
template <NoiseMemory memory>
std::vector<std::vector<double>> noise_of(MemoryData const& data, std::uint64_t fixed_seed) {
    std::uint64_t const s = seed(fixed_seed);
    std::vector<std::vector<double>> rows(steps, std::vector<double>(chains));
    for (std::size_t c = 0; c < chains; ++c) {
        double kept = 0.0;
        double z[4];
        for (std::size_t k = 0; k < steps; ++k) {
            if (k % 4 == 0) normals4<double>(s, k / 4, 0, Purpose::increment, c, z);
            rows[k][c] = remember<memory, double>(data, z[k % 4], kept, static_cast<double>(k));
        }
    }
    return rows;
}

/// E ξ_j ξ_k; standard error √(1 + ρ²)/256 = 0.0055 at most.
Estimate covariance(std::vector<std::vector<double>> const& rows, std::size_t j, std::size_t k) {
    std::vector<double> products(chains);
    for (std::size_t c = 0; c < chains; ++c) products[c] = rows[j][c] * rows[k][c];
    return mean_of(products, [](double x) { return x; });
}

constexpr double detects = 0.08;

}  // namespace

TEST_CASE("White noise remembers nothing") {
    double kept = 0.25;
    CHECK(remember<NoiseMemory::white, double>({}, 1.5, kept, 3.0) == 1.5);
    CHECK(kept == 0.25);
    CHECK_FALSE(remembers(NoiseMemory::white));
    CHECK(remembers(NoiseMemory::coloured));
    CHECK(remembers(NoiseMemory::anticorrelated));
}

TEST_CASE("Coloured noise has variance 1 from step 0 and correlation rho^lag") {
    double const rho = 0.7;
    auto const rows = noise_of<NoiseMemory::coloured>(memory_data(NoiseMemory::coloured, rho), 301);
    for (std::size_t k : {0U, 1U, 7U})
        CHECK(check_consistent(covariance(rows, k, k), 1.0, detects));
    CHECK(check_consistent(covariance(rows, 0, 1), rho, detects));
    CHECK(check_consistent(covariance(rows, 4, 5), rho, detects));
    CHECK(check_consistent(covariance(rows, 3, 6), rho * rho * rho, detects));
    // without √(1 − ρ²) the variance grows towards 1/(1 − ρ²)
    auto const twin = noise_of<NoiseMemory::coloured>({rho, 1.0}, 301);
    CHECK_FALSE(check_consistent(covariance(twin, 7, 7), 1.0, detects));
}

TEST_CASE("Anticorrelated noise: R_1 = -theta/(1 + theta^2), nothing beyond") {
    for (double const theta : {0.5, 1.0}) {
        CAPTURE(theta);
        double const norm = 1.0 + theta * theta;
        auto const data = memory_data(NoiseMemory::anticorrelated, theta);
        auto const rows = noise_of<NoiseMemory::anticorrelated>(data, 302);
        CHECK(check_consistent(covariance(rows, 0, 0), 1.0 / norm, detects));
        CHECK(check_consistent(covariance(rows, 1, 1), 1.0, detects));
        CHECK(check_consistent(covariance(rows, 6, 6), 1.0, detects));
        CHECK(check_consistent(covariance(rows, 0, 1), -theta / norm, detects));
        CHECK(check_consistent(covariance(rows, 4, 5), -theta / norm, detects));
        CHECK(check_consistent(covariance(rows, 4, 6), 0.0, detects));
        // the wrong sign of the past
        auto const twin = noise_of<NoiseMemory::anticorrelated>({-data.past, data.present}, 302);
        CHECK_FALSE(check_consistent(covariance(twin, 4, 5), -theta / norm, detects));
    }
}

TEST_CASE("Anticorrelated noise with theta = 1 telescopes") {
    auto const data = memory_data(NoiseMemory::anticorrelated, 1.0);
    double kept = 0.0;
    double sum = 0.0;
    for (int k = 0; k < 100; ++k) {
        double const zeta = uniforms4(303, static_cast<std::uint64_t>(k), 0, 1).u[0];
        sum += remember<NoiseMemory::anticorrelated, double>(data, zeta, kept, k);
        CHECK(sum == doctest::Approx(zeta / std::sqrt(2.0)).epsilon(1e-13));
    }
}

TEST_CASE("Long-run factors are the sums of the autocovariances") {
    double const rho = 0.7;
    double sum = 1.0;
    for (int j = 1; j < 200; ++j) sum += 2.0 * std::pow(rho, j);
    auto const coloured = memory_data(NoiseMemory::coloured, rho);
    CHECK(long_run_factor(NoiseMemory::coloured, coloured) == doctest::Approx(sum).epsilon(1e-13));
    double const theta = 0.4;
    auto const anti = memory_data(NoiseMemory::anticorrelated, theta);
    CHECK(long_run_factor(NoiseMemory::anticorrelated, anti) ==
          doctest::Approx(1.0 - 2.0 * theta / (1.0 + theta * theta)).epsilon(1e-14));
    auto const still = memory_data(NoiseMemory::anticorrelated, 1.0);
    CHECK(std::abs(long_run_factor(NoiseMemory::anticorrelated, still)) < 1e-15);
    CHECK(long_run_factor(NoiseMemory::white, {}) == 1.0);
}

}  // namespace noise_memory_test
