// SPDX-License-Identifier: Apache-2.0
// The exact step of Langevin dynamics on a quadratic with coupled coordinates: mean and covariance at
// any time (S29), from the matrix exponential and the Lyapunov equation instead of eigenvectors.
#include <doctest/doctest.h>

#include <cmath>

#include "sde/linear_algebra.hpp"
#include "sde/models/interpolant_step.hpp"
#include "sde/models/overdamped.hpp"
#include "sde/schemes/exact_ou.hpp"

namespace exact_descent_step_test {
using namespace kramers;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

namespace {

struct Moments {
    Vector mean;
    Matrix covariance;
};

double distance(Matrix const& a, Matrix const& b) { return (a - b).norm() / b.norm(); }

/// After n steps dt from x.
Moments stepped(Matrix const& h, Matrix const& d, double dt, int n, Vector x) {
    LinearStepResult const result = exact_descent_step(dt, h, d);
    REQUIRE_MESSAGE(result.step.has_value(), result.reason);
    Eigen::Index const dim = h.rows();
    Matrix m(dim, dim);
    for (Eigen::Index i = 0; i < dim; ++i)
        for (Eigen::Index j = 0; j < dim; ++j)
            m(i, j) = result.step->transform[static_cast<std::size_t>(i * dim + j)];
    Matrix const e = Matrix::Identity(dim, dim) - m * h;
    Matrix const q = *constant_covariance(result.step->noise, static_cast<int>(dim));
    Matrix s = Matrix::Zero(dim, dim);
    for (int k = 0; k < n; ++k) {
        x = e * x;
        s = e * s * e.transpose() + q;
    }
    return {x, s};
}

/// S29: e^{−Ht} x and Σ − e^{−Ht} Σ e^{−Ht} with HΣ + ΣH = D.
Moments exact(Matrix const& h, Matrix const& d, double t, Vector const& x) {
    Eigen::Index const n = h.rows();
    Matrix const one = Matrix::Identity(n, n);
    Matrix system = Matrix::Zero(n * n, n * n);
    for (Eigen::Index i = 0; i < n; ++i) {
        system.block(i * n, i * n, n, n) += h;
        for (Eigen::Index j = 0; j < n; ++j) system.block(i * n, j * n, n, n) += h(i, j) * one;
    }
    Matrix const sigma = linear::solve(system, d.reshaped()).reshaped(n, n);
    Matrix const e = linear::exponential(-t * h);
    return {e * x, sigma - e * sigma * e.transpose()};
}

Matrix const hessian = (Matrix(3, 3) << 2.0, -0.6, 0.3, -0.6, 1.1, 0.4, 0.3, 0.4, 0.7).finished();
Vector const start = (Vector(3) << 1.0, -0.5, 2.0).finished();

}  // namespace

TEST_CASE("Exact Langevin step: mean and covariance after n steps are those of the solution") {
    Matrix const even = 0.6 * Matrix::Identity(3, 3);  // 2T
    Matrix const other = (Matrix(3, 3) << 1.0, 0.4, -0.2, 0.4, 0.5, 0.1, -0.2, 0.1, 0.9).finished();
    Matrix const well = hessian, saddle = hessian - 1.3 * Matrix::Identity(3, 3);
    for (Matrix const& h : {well, saddle})
        for (Matrix const& d : {even, other})
            for (auto const& way : {std::pair{0.01, 50}, {0.3, 7}, {2.5, 1}}) {
                auto const [dt, n] = way;
                CAPTURE(way.first);
                Moments const made = stepped(h, d, dt, n, start), is = exact(h, d, n * dt, start);
                CHECK(distance(made.mean, is.mean) < 1e-12);
                CHECK(distance(made.covariance, is.covariance) < 1e-12);
                // Twins: coordinate by coordinate; T for 2T; one long step's drift by Euler.
                Matrix const diagonal = h.diagonal().asDiagonal();
                Moments const alone = stepped(diagonal, d, dt, n, start);
                CHECK_FALSE(distance(alone.mean, is.mean) < 1e-3);
                CHECK_FALSE(distance(alone.covariance, is.covariance) < 1e-4);
                CHECK_FALSE(distance(stepped(h, 0.5 * d, dt, n, start).covariance, is.covariance) <
                            0.4);
                Vector euler = start;
                for (int k = 0; k < n; ++k) euler -= dt * (h * euler);
                CHECK_FALSE(distance(euler, is.mean) < 1e-4);
            }
}

TEST_CASE("Exact Langevin step: uncoupled it is ExactOu of overdamped, flat directions included") {
    using Scheme = coordinate::ExactOu<coordinate::Overdamped>;
    double const temperature = 0.3;
    Vector const curvatures = (Vector(4) << 2.0, 0.5, 0.0, -0.4).finished();
    for (double const dt : {0.05, 1.3}) {
        auto const one = Scheme::prepare(coordinate::Overdamped::make(&temperature), dt);
        Moments const s =
            stepped(curvatures.asDiagonal(), 0.6 * Matrix::Identity(4, 4), dt, 1, Vector::Ones(4));
        for (Eigen::Index i = 0; i < 4; ++i) {
            auto const next = [&](double x, double z) {
                coordinate::Site<double> const site{
                    curvatures[i] * x, curvatures[i] * curvatures[i] * x, curvatures[i], 0.0, 0.0};
                return one.finish(Vec<double, 1>{{x}}, &site, coordinate::Draws<double>{z, 0.0},
                                  coordinate::Clock<double>{0.0, 0.0, 1.0, 1.0})[0];
            };
            double const kick = next(0.0, 1.0);
            CHECK(std::abs(s.mean[i] - next(1.0, 0.0)) < 4e-15);
            CHECK(std::abs(s.covariance(i, i) - kick * kick) < 1e-14 * kick * kick);
        }
    }
}

}  // namespace exact_descent_step_test
