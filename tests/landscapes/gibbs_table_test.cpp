// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>

#include "landscapes/gibbs_table.hpp"
#include "landscapes/make_potential.hpp"

namespace gibbs_table_test {
using namespace kramers;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
boost::math::normal const gaussian;

/// Largest |F(table[j]) − j/(K−1)| of the entries strictly inside, with F by another quadrature.
double worst_mass(std::vector<double> const& table, Potential const& v, int i, double temperature,
                  double lower, double upper) {
    using Quadrature = boost::math::quadrature::gauss_kronrod<double, 31>;
    auto const weight = [&](double x) { return std::exp(-v.coordinate_value(i, x) / temperature); };
    std::size_t const last = table.size() - 1;
    std::vector<double> below(table.size(), 0.0);
    for (std::size_t j = 1; j <= last; ++j) {
        double const from = j == 1 ? lower : table[j - 1], to = j == last ? upper : table[j];
        below[j] = below[j - 1] + Quadrature::integrate(weight, from, to, 15, 1e-12);
    }
    double worst = 0.0;
    for (std::size_t j = 1; j < last; ++j)
        worst = std::max(worst, std::abs(below[j] / below[last] -
                                         static_cast<double>(j) / static_cast<double>(last)));
    return worst;
}

}  // namespace

TEST_CASE("Gibbs table: quadratic landscape gives normal quantiles, coordinate by coordinate") {
    auto const v = make_potential("quadratic", 2, {1.0, 50.0});
    for (int const i : {0, 1}) {
        double const temperature = 0.3;
        double const sigma = std::sqrt(temperature / (i == 0 ? 1.0 : 50.0));
        std::vector<double> const table = gibbs_quantiles(*v, i, temperature, -inf, inf, 1025);
        REQUIRE(table.size() == 1025);
        for (std::size_t j = 1; j < 1024; ++j)
            REQUIRE(table[j] / sigma ==
                    doctest::Approx(quantile(gaussian, double(j) / 1024.0)).epsilon(1e-11));
        CHECK(std::abs(table[512]) < 1e-13 * sigma);
    }
}

TEST_CASE("Gibbs table: open ends keep the mean of their tail") {
    auto const v = make_potential("quadratic", 1, {4.0});
    std::vector<double> const table = gibbs_quantiles(*v, 0, 1.0, -inf, inf, 257);
    double const sigma = 0.5;
    double const z = quantile(gaussian, 1.0 / 256.0);
    double const mean = -sigma * pdf(gaussian, z) * 256.0;  // E[X | X < σz] = −σ φ(z)/Φ(z)
    CHECK(0.5 * (table[0] + table[1]) == doctest::Approx(mean).epsilon(1e-10));
    CHECK(0.5 * (table[255] + table[256]) == doctest::Approx(-mean).epsilon(1e-10));
}

TEST_CASE("Gibbs table: a well cut at its saddle ends at the saddle, and each cell has its mass") {
    auto const v = make_potential("tilted_double_well", 1, {1.0, 0.25, 0.1});
    double const saddle = v->critical_point("saddle")->point[0];
    for (double const temperature : {0.02, 0.1, 1.0}) {
        CAPTURE(temperature);
        std::vector<double> const table = gibbs_quantiles(*v, 0, temperature, -inf, saddle, 129);
        CHECK(table.back() == saddle);
        CHECK(std::is_sorted(table.begin(), table.end()));
        CHECK(worst_mass(table, *v, 0, temperature, -10.0, saddle) < 1e-10);
        // The check has teeth: a table for a temperature 1 % off is rejected.
        std::vector<double> const off =
            gibbs_quantiles(*v, 0, 1.01 * temperature, -inf, saddle, 129);
        CHECK(worst_mass(off, *v, 0, temperature, -10.0, saddle) > 1e-4);
    }
}

TEST_CASE("Gibbs table: finite bounds are kept and many wells are weighed") {
    auto const v = make_potential("rastrigin", 8, {10.0});
    for (double const temperature : {1.0, 5.0}) {
        std::vector<double> const table = gibbs_quantiles(*v, 3, temperature, -2.5, 2.25, 65);
        CHECK(table.front() == -2.5);
        CHECK(table.back() == 2.25);
        CHECK(std::is_sorted(table.begin(), table.end()));
        CHECK(worst_mass(table, *v, 3, temperature, -2.5, 2.25) < 1e-8);
    }
}

TEST_CASE("Gibbs table: a cold landscape in a wide interval keeps its narrow peak") {
    auto const v = make_potential("quadratic", 1, {1.0});
    double const temperature = 1e-8, sigma = 1e-4;
    std::vector<double> const table = gibbs_quantiles(*v, 0, temperature, -1e3, 2e3, 101);
    for (std::size_t j = 1; j < 100; ++j)
        REQUIRE(table[j] / sigma ==
                doctest::Approx(quantile(gaussian, double(j) / 100.0)).epsilon(1e-9));
    CHECK(table.front() == -1e3);
    CHECK(table.back() == 2e3);
}

}  // namespace gibbs_table_test
