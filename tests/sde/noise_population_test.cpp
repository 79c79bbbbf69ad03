// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/population.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sde/noise/law.hpp"
#include "tests/sde/noise_draws.hpp"
#include "tests/support/statistics.hpp"

namespace noise_population_test {
using namespace kramers;
using namespace kramers::coordinate;
using namespace kramers::test;
using coordinate::detail::Batch;

namespace {

std::vector<double> const gradients = {1.0, -0.5, 4.0, 2.5, -3.0, 0.25};

/// Variance of a batch's mean over all ordered batches of B, drawn with or without replacement.
double enumerated(std::vector<double> const& g, int batch, bool replace) {
    auto const n = static_cast<int>(g.size());
    double count = 0.0, sum = 0.0, squares = 0.0;
    int total = 1;
    for (int j = 0; j < batch; ++j) total *= n;
    for (int code = 0; code < total; ++code) {
        std::vector<int> picks;
        for (int j = 0, c = code; j < batch; ++j, c /= n) picks.push_back(c % n);
        double mean = 0.0;
        for (int const p : picks) mean += g[static_cast<std::size_t>(p)] / batch;
        std::ranges::sort(picks);
        if (!replace && std::ranges::adjacent_find(picks) != picks.end()) continue;
        count += 1.0;
        sum += mean;
        squares += mean * mean;
    }
    return squares / count - (sum / count) * (sum / count);
}

NoiseLaw law_of(PopulationOrder order, double batch, int dim = 1) {
    auto const result = population_law(gradients, dim, batch, order);
    REQUIRE(result.law);
    return *result.law;
}

/// ζ of `steps` steps in many trajectories, row per step.
std::vector<std::vector<double>> noise_of(NoiseLaw const& law, int steps, std::uint64_t fixed) {
    std::vector<std::vector<double>> rows(static_cast<std::size_t>(steps));
    auto const data = population_data(law, 1);
    for (std::size_t k = 0; k < rows.size(); ++k) {
        for (std::uint64_t n = 0; n < (1U << 15); ++n) {
            rows[k].push_back(population_offset(data, seed(fixed), n, k, 0));
        }
    }
    return rows;
}

/// Autocovariance at a lag, averaged over the position in an epoch of three steps. Standard error
/// below 0.005.
Estimate autocovariance(std::vector<std::vector<double>> const& rows, std::size_t lag) {
    std::vector<double> products(rows[0].size());
    for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t i = 0; i < products.size(); ++i) {
            products[i] += rows[k][i] * rows[k + lag][i] / 3.0;
        }
    }
    return mean_of(products, [](double x) { return x; });
}

constexpr double detects = 0.08;

}  // namespace

TEST_CASE("Minibatch noise has the variance of all batches, counted") {
    for (int const batch : {1, 2, 3}) {
        CAPTURE(batch);
        auto const law = law_of(PopulationOrder::with_replacement, batch);
        double const with = enumerated(gradients, batch, true);
        CHECK(law.variances[0] == doctest::Approx(with).epsilon(1e-13));
        double const without = enumerated(gradients, batch, false);
        for (auto order : {PopulationOrder::without_replacement, PopulationOrder::reshuffled}) {
            CHECK(law_of(order, batch).variances[0] == doctest::Approx(without).epsilon(1e-13));
        }
        if (batch > 1) CHECK_FALSE(with == doctest::Approx(without).epsilon(0.1));
    }
    auto const all = law_of(PopulationOrder::without_replacement, 6);
    CHECK(all.variances[0] == 0.0);
    CHECK(population_offset(population_data(all, 1), 1, 2, 3, 0) == 0.0);
}

TEST_CASE("Every batch and every order of an epoch is equally likely") {
    std::uint64_t const s = seed(401);
    PopulationData data{nullptr, 3, 2, 1, PopulationOrder::with_replacement};
    std::vector<std::uint64_t> pairs(9), batches(10), orders(24), neighbours(16);
    std::vector<std::uint64_t> twin(16);
    for (std::uint64_t k = 0; k < 20000; ++k) {
        Batch const replaced(data, s, 5, k);
        ++pairs[static_cast<std::size_t>(3 * replaced[0] + replaced[1])];

        Batch const fresh({nullptr, 5, 2, 1, PopulationOrder::without_replacement}, s, k, 9);
        REQUIRE(fresh[0] != fresh[1]);
        int const low = std::min(fresh[0], fresh[1]);
        int const high = std::max(fresh[0], fresh[1]);
        ++batches[static_cast<std::size_t>(low * (9 - low) / 2 + high - low - 1)];

        // Lehmer code of the order in which the four steps of epoch k see the four samples
        PopulationData const epoch{nullptr, 4, 1, 1, PopulationOrder::reshuffled};
        int seen[4];
        for (std::uint64_t j = 0; j < 4; ++j) seen[j] = Batch(epoch, s, 5, 4 * k + j)[0];
        std::size_t code = 0;
        for (int i = 0; i < 4; ++i) {
            code *= static_cast<std::size_t>(4 - i);
            for (int j = i + 1; j < 4; ++j) code += seen[j] < seen[i] ? 1U : 0U;
        }
        ++orders[code];
        int const next = Batch(epoch, s, 5, 4 * k + 4)[0];
        ++neighbours[static_cast<std::size_t>(4 * seen[3] + next)];
        ++twin[static_cast<std::size_t>(4 * seen[2] + seen[3])];
    }
    auto const even = [](std::size_t n) {
        return std::vector<double>(n, 1.0 / static_cast<double>(n));
    };
    CHECK(check_counts(pairs, even(9)));
    CHECK(check_counts(batches, even(10)));
    CHECK(check_counts(orders, even(24)));
    CHECK(check_counts(neighbours, even(16)));
    CHECK_FALSE(check_counts(twin, even(16)));
}

TEST_CASE("An epoch sees every sample once and its noise sums to zero") {
    auto const law = law_of(PopulationOrder::reshuffled, 2);
    auto const data = population_data(law, 1);
    auto const fresh = law_of(PopulationOrder::without_replacement, 2);
    double worst = 0.0;
    double twin = 0.0;
    for (std::uint64_t epoch = 0; epoch < 50; ++epoch) {
        double sum = 0.0;
        double fresh_sum = 0.0;
        std::vector<int> seen;
        for (std::uint64_t k = 3 * epoch; k < 3 * epoch + 3; ++k) {
            Batch const batch(data, 1, 2, k);
            seen.push_back(batch[0]);
            seen.push_back(batch[1]);
            sum += population_offset(data, 1, 2, k, 0);
            fresh_sum += population_offset(population_data(fresh, 1), 1, 2, k, 0);
        }
        std::ranges::sort(seen);
        CHECK(seen == std::vector<int>{0, 1, 2, 3, 4, 5});
        worst = std::max(worst, std::abs(sum));
        twin = std::max(twin, std::abs(fresh_sum));
    }
    CHECK(worst < 1e-14);
    CHECK_FALSE(twin < 1e-14);
}

TEST_CASE("Noise of a batch has mean 0, variance 1 and no memory, with and without replacement") {
    for (auto order : {PopulationOrder::with_replacement, PopulationOrder::without_replacement}) {
        auto const rows = noise_of(law_of(order, 2), 4, 402);
        auto const mean = mean_of(rows[0], [](double x) { return x; });
        CHECK(check_consistent(mean, 0.0, detects));
        CHECK(check_consistent(autocovariance(rows, 0), 1.0, detects));
        CHECK(check_consistent(autocovariance(rows, 1), 0.0, detects));
        CHECK_FALSE(check_consistent(autocovariance(rows, 0), 0.8, detects));
    }
    // Σ/B where (N − B)/(N − 1) = 4/5 belongs: the draws then have variance 4/5
    NoiseLaw twin = law_of(PopulationOrder::without_replacement, 2);
    for (double& x : twin.offsets) x *= std::sqrt(0.8);
    CHECK_FALSE(check_consistent(autocovariance(noise_of(twin, 4, 402), 0), 1.0, detects));
}

// N = 6, B = 2, M = 3: R_j/R_0 = −(1 − j/3)/2.
TEST_CASE("Reshuffled noise has the lags of an epoch and no long-run variance") {
    auto const rows = noise_of(law_of(PopulationOrder::reshuffled, 2), 7, 403);
    CHECK(check_consistent(autocovariance(rows, 0), 1.0, detects));
    CHECK(check_consistent(autocovariance(rows, 1), -1.0 / 3.0, detects));
    CHECK(check_consistent(autocovariance(rows, 2), -1.0 / 6.0, detects));
    CHECK(check_consistent(autocovariance(rows, 3), 0.0, detects));
    auto const fresh = noise_of(law_of(PopulationOrder::without_replacement, 2), 7, 403);
    CHECK_FALSE(check_consistent(autocovariance(fresh, 1), -1.0 / 3.0, detects));
}

TEST_CASE("A batch is a function of seed, trajectory and step, the same for all coordinates") {
    // rows (1, −0.5), (4, 2.5), (−3, 0.25)
    auto const law = law_of(PopulationOrder::with_replacement, 2, 2);
    auto const data = population_data(law, 2);
    int differs = 0;
    for (std::uint64_t k = 0; k < 100; ++k) {
        double out[6] = {};
        population_offsets(data, 8, 9, k, out, 3);
        CHECK(out[0] == population_offset(data, 8, 9, k, 0));
        CHECK(out[3] == population_offset(data, 8, 9, k, 1));
        CHECK(out[1] == 0.0);
        Batch const batch(data, 8, 9, k);
        auto const g = [&](int n, int i) { return gradients[static_cast<std::size_t>(2 * n + i)]; };
        for (int i = 0; i < 2; ++i) {
            double const mean = (g(0, i) + g(1, i) + g(2, i)) / 3.0;
            double const expected = 0.5 * (g(batch[0], i) + g(batch[1], i)) - mean;
            double const scale = std::sqrt(law.variances[static_cast<std::size_t>(i)]);
            CHECK(scale * out[3 * i] == doctest::Approx(expected).epsilon(1e-12));
        }
        differs += out[0] != population_offset(data, 8, 10, k, 0) ? 1 : 0;
        differs += out[0] != population_offset(data, 18, 9, k, 0) ? 1 : 0;
    }
    CHECK(differs > 100);
}

TEST_CASE("Populations that no batch fits are refused with a reason") {
    auto const reason = [](std::vector<double> const& table, double batch, PopulationOrder order) {
        return population_law(table, 1, batch, order).reason;
    };
    CHECK(reason(gradients, 2.5, PopulationOrder::with_replacement).find("whole") !=
          std::string::npos);
    CHECK(reason(gradients, 7, PopulationOrder::with_replacement).empty());
    CHECK_FALSE(reason(gradients, 7, PopulationOrder::without_replacement).empty());
    CHECK_FALSE(reason(gradients, 4, PopulationOrder::reshuffled).empty());
    CHECK_FALSE(reason({}, 1, PopulationOrder::reshuffled).empty());
    std::vector<double> const large(largest_shuffle + 1, 1.0);
    CHECK_FALSE(reason(large, 1, PopulationOrder::reshuffled).empty());
    CHECK(reason(large, 1, PopulationOrder::with_replacement).empty());
}

}  // namespace noise_population_test
