// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/catalogue.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

namespace noise_catalogue_test {
using namespace kramers;
using namespace kramers::coordinate;

namespace {

/// A law of the catalogue; fails the test when it is refused.
NoiseLaw law(std::string_view name, NoiseRequest const& request) {
    auto const* const entry = find_noise_law(name);
    REQUIRE(entry != nullptr);
    auto const result = entry->make(request);
    REQUIRE_MESSAGE(result.law.has_value(), result.reason);
    return *result.law;
}

NoiseRequest with(std::vector<double> values, double batch = 1.0, int dim = 1) {
    return {.dim = dim, .batch_size = batch, .values = std::move(values), .table = {}};
}

/// A request that every law accepts in two dimensions: defaults, and 0.5 where there is none.
NoiseRequest plain(NoiseLawEntry const& entry) {
    NoiseRequest request{.dim = 2, .batch_size = 2.0, .values = {}, .table = {}};
    for (auto const& p : entry.parameters) {
        double const value = std::isnan(p.fallback) ? 0.5 : p.fallback;
        for (int i = 0; i < (p.per_coordinate ? 2 : 1); ++i) request.values.push_back(value);
    }
    if (entry.table == "covariance") request.table = {2.0, 0.6, 0.6, 1.0};
    if (entry.table == "samples") request.table = {1.0, 0.0, -2.0, 3.0, 0.5, 0.5, 0.0, 1.0};
    return request;
}

}  // namespace

TEST_CASE("Every noise law can be found, made and described") {
    std::set<std::string_view> names;
    for (auto const& entry : noise_laws()) {
        CAPTURE(entry.name);
        CHECK(names.insert(entry.name).second);
        if (!entry.alias.empty()) CHECK(names.insert(entry.alias).second);
        CHECK(find_noise_law(entry.name) == &entry);
        if (!entry.alias.empty()) CHECK(find_noise_law(entry.alias) == &entry);
        CHECK_FALSE(entry.equation.empty());
        CHECK_FALSE(entry.covariance.empty());
        CHECK_FALSE(entry.source.empty());
        CHECK(entry.table.empty() == entry.table_doc.empty());
        for (auto const& p : entry.parameters) {
            CHECK_FALSE(p.doc.empty());
            CHECK((std::isnan(p.fallback) || (p.fallback >= p.minimum && p.fallback <= p.maximum)));
        }
        NoiseLaw const made = law(entry.name, plain(entry));
        CHECK(is_silent(made) == (entry.name == "none"));
        auto const c = variance_per_step(made, 2);
        CHECK(c.values.empty() != c.reason.empty());
        CHECK((c.values.empty() || c.values.size() == 2));
    }
    CHECK(find_noise_law("gausian") == nullptr);
    CHECK(find_noise_law("") == nullptr);
    CHECK(is_silent(NoiseLaw{}));
}

TEST_CASE("A batch divides the variance of one sample") {
    for (auto const* name : {"gaussian", "isotropic", "rademacher", "three_point"}) {
        CHECK(variance_per_step(law(name, with({4.0}, 8.0, 2)), 2).values ==
              std::vector<double>{0.5, 0.5});
    }
    CHECK(variance_per_step(law("diagonal", with({4.0, 1.0}, 8.0, 2)), 2).values ==
          std::vector<double>{0.5, 0.125});
    CHECK(variance_per_step(law("compound_poisson", with({4.0, 0.3}, 8.0)), 1).values[0] == 0.5);
    CHECK(variance_per_step(law("two_lump", with({4.0, -1.0}, 8.0)), 1).values[0] == 0.5);
    CHECK(law("hessian", with({4.0, 0.0}, 8.0)).amplitude_data.factor == 0.5);
    CHECK(law("label", with({4.0, 0.0}, 8.0)).amplitude == NoiseAmplitude::hessian);
    NoiseLaw const m = law("multiplicative", with({1.0, 0.5}, 2.0));
    CHECK(m.variances[0] == 0.5);
    CHECK(m.amplitude_data.factor == 0.25);
    // one mask and one shift for the whole batch
    CHECK(law("gradient_mask", with({0.25}, 8.0)).amplitude_data.factor == 3.0);
    CHECK(law("weight", with({0.3}, 8.0)).point_shift == 0.3);
}

TEST_CASE("Heavy tails: variance only where there is one, scale of the mean of B") {
    CHECK(variance_per_step(law("student_t", with({2.0, 4.0}, 2.0)), 1).values[0] == 2.0);
    CHECK(variance_per_step(law("student_t", with({2.0, 2.0}, 2.0)), 1).values.empty());
    CHECK(variance_per_step(law("stable", with({3.0, 2.0})), 1).values[0] == 18.0);  // 2 s²
    CHECK(variance_per_step(law("stable", with({3.0, 1.9})), 1).values.empty());
    CHECK(variance_per_step(law("stable", with({0.0, 1.9})), 1).values[0] == 0.0);
    // a mean of Cauchy draws is as wide as one; of α = 2, B^{−1/2}
    CHECK(law("stable", with({3.0, 1.0}, 7.0)).variances[0] == doctest::Approx(9.0));
    CHECK(law("stable", with({3.0, 2.0}, 9.0)).variances[0] == doctest::Approx(1.0));
    CHECK(law("stable", with({3.0, 1.5})).shape == NoiseShape::stable);
    CHECK(law("stable", with({3.0, 1.5}, 1.0, 2)).shape == NoiseShape::isotropic_stable);
}

TEST_CASE("Memory leaves the variance of a step and changes the long run") {
    NoiseLaw const coloured = law("coloured", with({4.0, 0.5}, 2.0));
    CHECK(variance_per_step(coloured, 1).values[0] == 2.0);
    CHECK(long_run_variance(coloured, 1).values[0] == doctest::Approx(6.0).epsilon(1e-14));
    NoiseLaw const still = law("anticorrelated", with({4.0, 1.0}));
    CHECK(variance_per_step(still, 1).values[0] == 4.0);
    CHECK(std::abs(long_run_variance(still, 1).values[0]) < 1e-14);
    NoiseRequest request{.dim = 1, .batch_size = 2.0, .values = {}, .table = {1.0, 2.0, 6.0, -1.0}};
    CHECK(long_run_variance(law("population_reshuffled", request), 1).values[0] == 0.0);
    // mean 2, Σ = (1 + 0 + 16 + 9)/4 = 6.5: Σ/2, and Σ/2 · (4 − 2)/(4 − 1)
    CHECK(variance_per_step(law("population", request), 1).values[0] == doctest::Approx(3.25));
    auto const distinct = variance_per_step(law("population_without_replacement", request), 1);
    CHECK(distinct.values[0] == doctest::Approx(6.5 / 3.0));
    CHECK_FALSE(distinct.values[0] == doctest::Approx(3.25));
}

TEST_CASE("State-dependent laws have no variance per step, and say why") {
    for (auto const* name :
         {"hessian", "loss", "gradient_norm", "gradient_mask", "weight", "multiplicative"}) {
        CAPTURE(name);
        auto const c = long_run_variance(law(name, plain(*find_noise_law(name))), 2);
        CHECK(c.values.empty());
        CHECK_FALSE(c.reason.empty());
    }
    CHECK(law("loss", with({1.0, 2.0, -3.0})).amplitude_data.offset == -3.0);
    // with the state-dependent part at 0 what remains is constant
    CHECK(variance_per_step(law("multiplicative", with({1.5, 0.0})), 1).values[0] == 1.5);
}

TEST_CASE("Noise structure: additive, diagonal, or general where coordinates mix") {
    auto const of = [](std::string_view name, int dim, bool separable) {
        auto request = plain(*find_noise_law(name));
        return noise_structure(law(name, request), dim, separable);
    };
    CHECK(of("covariance", 2, false) == NoiseStructure::additive);
    CHECK(of("student_t", 2, false) == NoiseStructure::additive);
    CHECK(of("multiplicative", 2, false) == NoiseStructure::diagonal);
    CHECK(of("hessian", 2, true) == NoiseStructure::diagonal);
    CHECK(of("gradient_mask", 2, false) == NoiseStructure::general);
    CHECK(of("gradient_norm", 2, true) == NoiseStructure::general);
    CHECK(of("loss", 2, true) == NoiseStructure::general);
    CHECK(of("loss", 1, true) == NoiseStructure::diagonal);
}

TEST_CASE("Cholesky: L L^T is the matrix, indefinite and lopsided ones are refused") {
    std::vector<double> const matrix = {4.0, 2.0, -2.0, 2.0, 10.0, 2.0, -2.0, 2.0, 6.0};
    // by hand: L = (2; 1 3; −1 1 2)
    CHECK(cholesky(matrix, 3) == std::vector<double>{2, 0, 0, 1, 3, 0, -1, 1, 2});
    CHECK(cholesky({1.0, 1.0, 1.0, 1.0}, 2) == std::vector<double>{1, 0, 1, 0});  // rank 1
    CHECK(cholesky({0.0, 0.0, 0.0, 0.0}, 2) == std::vector<double>(4, 0.0));
    CHECK(cholesky({1.0, 2.0, 2.0, 1.0}, 2).empty());
    CHECK(cholesky({0.0, 1.0, 1.0, 1.0}, 2).empty());
    CHECK(cholesky({1.0, 0.5, 0.4, 1.0}, 2).empty());
    CHECK(cholesky({1.0, 0.0, 0.0}, 2).empty());
    CHECK(cholesky({std::nan(""), 0.0, 0.0, 1.0}, 2).empty());
}

TEST_CASE("A covariance law is the matrix over B: amplitudes times the mixing factor") {
    std::vector<double> const sigma = {4.0, 1.2, 0.0, 1.2, 1.0, 0.0, 0.0, 0.0, 0.0};
    NoiseRequest const request{.dim = 3, .batch_size = 2.0, .values = {}, .table = sigma};
    NoiseLaw const c = law("covariance", request);
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            double product = 0.0;
            for (std::size_t k = 0; k < 3; ++k)
                product += c.factor[3 * i + k] * c.factor[3 * j + k];
            double const entry = product * std::sqrt(c.variances[i] * c.variances[j]);
            CHECK(entry == doctest::Approx(0.5 * sigma[3 * i + j]).epsilon(1e-14));
            if (i == j) CHECK(product == doctest::Approx(1.0).epsilon(1e-14));
        }
    }
    NoiseRequest const bad{
        .dim = 2, .batch_size = 1.0, .values = {}, .table = {1.0, 2.0, 2.0, 1.0}};
    CHECK_FALSE(find_noise_law("covariance")->make(bad).law);
    CHECK_FALSE(find_noise_law("covariance")->make(bad).reason.empty());
}

}  // namespace noise_catalogue_test
