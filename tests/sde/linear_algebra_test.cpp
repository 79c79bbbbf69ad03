// SPDX-License-Identifier: Apache-2.0
#include "sde/linear_algebra.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

namespace linear_algebra_test {

using kramers::linear::MatrixXd;
namespace linear = kramers::linear;

MatrixXd random_matrix(int rows, int columns, int seed) {
    std::mt19937 engine(static_cast<unsigned>(seed));
    std::normal_distribution<double> normal;
    return MatrixXd::NullaryExpr(rows, columns, [&] { return normal(engine); });
}

/// s b s⁻¹ with blocks of the given eigenvalues a ± i w on the diagonal of b: similar, not symmetric.
MatrixXd with_eigenvalues(std::vector<std::pair<double, double>> const& pairs,
                          std::vector<double> const& reals, int seed) {
    auto const n = static_cast<int>(2 * pairs.size() + reals.size());
    MatrixXd b = MatrixXd::Zero(n, n);
    int i = 0;
    for (auto const& [a, w] : pairs) {
        b(i, i) = b(i + 1, i + 1) = a;
        b(i, i + 1) = 2.0 * w;
        b(i + 1, i) = -0.5 * w;
        i += 2;
    }
    for (double const r : reals) b(i, i) = r, ++i;
    MatrixXd const s = random_matrix(n, n, seed);
    return linear::product(linear::product(s, b), linear::solve(s, MatrixXd::Identity(n, n)));
}

TEST_CASE("The smallest real part is that of pairs and of real eigenvalues") {
    double const below = -0.75, above = 0.25;
    for (int seed = 1; seed <= 20; ++seed) {
        MatrixXd const pair_first =
            with_eigenvalues({{below, 3.0}, {2.0, 0.5}}, {above, 4.0}, seed);
        MatrixXd const real_first =
            with_eigenvalues({{above, 3.0}, {2.0, 0.5}}, {below, 4.0}, seed);
        CHECK(linear::smallest_real_part(pair_first) == doctest::Approx(below).epsilon(1e-8));
        CHECK(linear::smallest_real_part(real_first) == doctest::Approx(below).epsilon(1e-8));
        // What a reading of the diagonal, or of singular values, would give is something else.
        CHECK(std::abs(pair_first.diagonal().minCoeff() - below) > 1e-3);
    }
    MatrixXd one(1, 1);
    one << -2.5;
    CHECK(linear::smallest_real_part(one) == -2.5);
}

TEST_CASE("Least squares also solve square systems that are almost singular") {
    // Two nearly equal rows: x is known, the condition number is about 4e10.
    MatrixXd a(2, 2), x(2, 1);
    a << 1.0, 1.0, 1.0, 1.0 + 1e-10;
    x << 3.0, -1.0;
    MatrixXd const found = linear::least_squares(a, linear::product(a, x));
    CHECK((found - x).cwiseAbs().maxCoeff() < 1e-4);
    CHECK(linear::rank(a) == 2);
    a(1, 1) = 1.0;
    CHECK(linear::rank(a) == 1);
}

TEST_CASE("What is left of the columns is orthogonal to them") {
    MatrixXd const a = random_matrix(6, 2, 3);
    MatrixXd const rest = linear::left_null_space(a);
    REQUIRE(rest.cols() == 4);
    CHECK(linear::product(rest.transpose(), a).cwiseAbs().maxCoeff() < 1e-14);
    MatrixXd const gram = linear::product(rest.transpose(), rest);
    CHECK((gram - MatrixXd::Identity(4, 4)).cwiseAbs().maxCoeff() < 1e-14);
}

}  // namespace linear_algebra_test
