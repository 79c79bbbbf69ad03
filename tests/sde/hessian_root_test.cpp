// SPDX-License-Identifier: Apache-2.0
// Eigenvalues by a fixed number of rotations, and the root of δ² max(H, floor) that they give, against
// an eigenvalue solver that iterates until it is done.
#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "sde/noise/hessian_root.hpp"
#include "tests/support/random.hpp"

namespace hessian_root_test {
using namespace kramers;
using Matrix = Eigen::MatrixXd;
using kramers::test::Random;

namespace {

constexpr double ulp = 0x1p-52;

Matrix gaussian(Random& random, int dim) {
    Matrix m(dim, dim);
    for (int i = 0; i < dim; ++i)
        for (int j = 0; j < dim; ++j) m(i, j) = random.normal();
    return m;
}

Matrix with_spectrum(Random& random, Eigen::VectorXd const& values) {
    Matrix const q = Eigen::HouseholderQR<Matrix>(gaussian(random, static_cast<int>(values.size())))
                         .householderQ();
    Matrix const h = q * values.asDiagonal() * q.transpose();
    return 0.5 * (h + h.transpose());
}

constexpr char const* kinds[] = {"indefinite",           "double eigenvalues", "graded", "rank one",
                                 "entries of all sizes", "diagonal",           "zero"};

Matrix sample(Random& random, int dim, int kind) {
    Eigen::VectorXd values(dim);
    Matrix const m = gaussian(random, dim);
    for (int i = 0; i < dim; ++i)
        values[i] = kind == 1 ? (i % 2 == 0 ? -1.0 : 1.0)
                              : std::pow(10.0, -1.5 * i) * (i % 3 == 2 ? -1.0 : 1.0);
    if (kind == 1 || kind == 2) return with_spectrum(random, values);
    if (kind == 3) return m.col(0) * m.col(0).transpose();
    if (kind == 5) return m.diagonal().asDiagonal();
    if (kind == 6) return Matrix::Zero(dim, dim);
    Matrix h = m + m.transpose();
    if (kind == 4)
        for (int i = 0; i < dim; ++i)
            for (int j = 0; j <= i; ++j)
                h(i, j) = h(j, i) = h(i, j) * std::pow(10.0, 6.0 - 12.0 * random.uniform());
    return h;
}

template <int dim>
Vec<double, dim * dim> rows_of(Matrix const& h) {
    Vec<double, dim * dim> rows{};
    for (int i = 0; i < dim; ++i)
        for (int j = 0; j < dim; ++j) rows[i * dim + j] = h(i, j);
    return rows;
}

coordinate::AmplitudeData law(double floor) { return {2.0, 0.0, floor}; }

/// S, column after column, from the unit draws.
template <int dim>
Matrix root_of(Matrix const& h, double floor) {
    Matrix root(dim, dim);
    for (int k = 0; k < dim; ++k) {
        Vec<double, dim> xi{};
        xi[k] = 1.0;
        auto const noise = coordinate::hessian_noise<dim>(law(floor), rows_of<dim>(h), xi);
        for (int i = 0; i < dim; ++i) root(i, k) = noise.amplitude[i] * noise.draw[i];
    }
    return root;
}

Matrix covariance_of(Matrix const& h, double floor) {
    Eigen::SelfAdjointEigenSolver<Matrix> const s(h);
    return s.eigenvectors() * (2.0 * s.eigenvalues().cwiseMax(floor)).asDiagonal() *
           s.eigenvectors().transpose();
}

template <int dim>
void against_solver(int repeats) {
    Random random(710 + dim);
    for (int kind = 0; kind < 7; ++kind)
        for (int r = 0; r < repeats; ++r) {
            Matrix const h = sample(random, dim, kind);
            CAPTURE(dim);
            CAPTURE(std::string(kinds[kind]));
            Vec<double, dim*dim> values = rows_of<dim>(h), vectors;
            coordinate::diagonalize<1>(dim, values.data, vectors.data);
            Matrix v(dim, dim);
            Eigen::VectorXd found(dim);
            for (int k = 0; k < dim; ++k) {
                found[k] = values[k * dim + k];
                for (int i = 0; i < dim; ++i) v(i, k) = vectors[k * dim + i];
            }
            // Each of some 3 d² rotations per entry adds its rounding; 40 d is found to be ample.
            double const close = 40.0 * dim * ulp;
            REQUIRE((v.transpose() * v - Matrix::Identity(dim, dim)).norm() < close);
            REQUIRE((h * v - v * found.asDiagonal()).norm() <= close * h.norm());
            Eigen::VectorXd sorted = found;
            std::sort(sorted.begin(), sorted.end());
            Eigen::VectorXd const exact = Eigen::SelfAdjointEigenSolver<Matrix>(h).eigenvalues();
            REQUIRE((sorted - exact).norm() <= close * h.norm());

            double const floor = r % 2 == 0 ? 0.0 : 0.25;
            Matrix const s = root_of<dim>(h, floor), c = covariance_of(h, floor);
            REQUIRE((s * s.transpose() - c).norm() <= 4.0 * close * (c.norm() + h.norm()));
            REQUIRE((s - s.transpose()).norm() <= 4.0 * close * s.norm());
            // What noise of the diagonal alone would be.
            if (kind < 4 && r == 0) {
                Matrix const twin = h.diagonal().asDiagonal();
                REQUIRE_FALSE((covariance_of(twin, floor) - c).norm() < 1e10 * close * h.norm());
            }
        }
}

}  // namespace

TEST_CASE(
    "Hessian root: rotations find what an eigenvalue solver finds, for every symmetric matrix") {
    against_solver<2>(100);
    against_solver<3>(100);
    against_solver<5>(60);
    against_solver<8>(60);
    against_solver<32>(2);
}

TEST_CASE("Hessian root: in the plane rotations give what the closed formula gives") {
    Random random(730);
    for (int kind = 0; kind < 7; ++kind)
        for (int r = 0; r < 200; ++r) {
            Matrix const h = sample(random, 2, kind);
            CAPTURE(std::string(kinds[kind]));
            double const floor = r % 2 == 0 ? 0.25 : 0.0;
            Vec<double, 2> const xi{{random.normal(), random.normal()}};
            auto const closed =
                coordinate::hessian_noise<double>(law(floor), h(0, 0), h(0, 1), h(1, 1), xi);
            auto const turned = coordinate::hessian_noise<2>(law(floor), rows_of<2>(h), xi);
            // A root is as close as the square root of the rounding where an eigenvalue is near 0.
            double const close =
                (floor > 0.0 ? 200.0 * ulp * h.norm() : 1e-7 * std::sqrt(h.norm()));
            for (int i = 0; i < 2; ++i) {
                double const size = 1.0 + std::abs(xi[0]) + std::abs(xi[1]);
                CHECK(std::abs(turned.amplitude[i] - closed.amplitude[i]) <= close);
                CHECK(std::abs(turned.amplitude[i] * turned.draw[i] -
                               closed.amplitude[i] * closed.draw[i]) <= close * size);
            }
        }
}

TEST_CASE("Hessian root: lanes beside each other have the bits of one alone") {
    constexpr int dim = 8, lanes = 16, stride = 24;
    Random random(740);
    std::vector<double> matrix(dim * dim * lanes), vectors(dim * dim * lanes), draw(dim * stride),
        amplitude(dim * stride), mixed(dim * stride);
    std::vector<Matrix> each;
    for (int i = 0; i < lanes; ++i) {
        each.push_back(sample(random, dim, i % 5));
        for (int k = 0; k < dim * dim; ++k)
            matrix[static_cast<std::size_t>(k * lanes + i)] = each.back()(k / dim, k % dim);
    }
    for (double& z : draw) z = random.normal();
    coordinate::hessian_noise<lanes>(law(0.25), dim, matrix.data(), vectors.data(),
                                     {draw.data(), amplitude.data(), mixed.data(), stride});
    int same = 0, neighbour = 0;
    for (int i = 0; i < lanes; ++i) {
        auto const alone = [&](int lane) {
            Vec<double, dim> xi{};
            for (int c = 0; c < dim; ++c) xi[c] = draw[static_cast<std::size_t>(c * stride + i)];
            return coordinate::hessian_noise<dim>(
                law(0.25), rows_of<dim>(each[static_cast<std::size_t>(lane)]), xi);
        };
        auto const count = [&](coordinate::HessianNoise<double, dim> const& noise) {
            int equal = 0;
            for (int c = 0; c < dim; ++c) {
                auto const at = static_cast<std::size_t>(c * stride + i);
                equal += std::memcmp(&noise.amplitude[c], &amplitude[at], sizeof(double)) == 0 &&
                         std::memcmp(&noise.draw[c], &mixed[at], sizeof(double)) == 0;
            }
            return equal;
        };
        same += count(alone(i));
        neighbour += count(alone((i + 1) % lanes));
    }
    CHECK(same == dim * lanes);
    CHECK(neighbour == 0);  // a lane that read its neighbour's matrix
}

}  // namespace hessian_root_test
