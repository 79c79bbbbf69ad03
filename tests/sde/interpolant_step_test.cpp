// SPDX-License-Identifier: Apache-2.0
// One step of the interpolant of SGD with coupled coordinates, against the matrix exponential of the
// joint system (Van Loan's block formula), the discrete Lyapunov equation and the recursion of SGD.
#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>
#include <cmath>

#include "sde/linear_algebra.hpp"
#include "sde/models/interpolant_step.hpp"
#include "sde/models/ou_interpolant.hpp"
#include "sde/schemes/exact_ou.hpp"
#include "tests/support/random.hpp"

namespace interpolant_step_test {
using namespace kramers;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using kramers::test::Random;

namespace {

constexpr double eta = 0.2;

Matrix matrix_of(std::vector<double> const& rows, Eigen::Index dim) {
    Matrix m(dim, dim);
    for (Eigen::Index i = 0; i < dim; ++i)
        for (Eigen::Index j = 0; j < dim; ++j)
            m(i, j) = rows[static_cast<std::size_t>(i * dim + j)];
    return m;
}

Matrix rotation(Random& random, Eigen::Index dim) {
    Matrix m(dim, dim);
    for (Eigen::Index i = 0; i < dim; ++i)
        for (Eigen::Index j = 0; j < dim; ++j) m(i, j) = random.normal();
    return Eigen::HouseholderQR<Matrix>(m).householderQ();
}

/// A Hessian with these curvatures and a covariance that does not commute with it.
struct Problem {
    Matrix h, c;
    Problem(std::uint64_t seed, Vector const& curvatures) {
        Random random(seed);
        Eigen::Index const dim = curvatures.size();
        Matrix const r = rotation(random, dim), q = rotation(random, dim);
        h = r * curvatures.asDiagonal() * r.transpose();
        h = 0.5 * (h + h.transpose()).eval();
        Vector variances(dim);
        for (Eigen::Index i = 0; i < dim; ++i) variances[i] = 0.6 + 0.5 * random.uniform();
        c = q * variances.asDiagonal() * q.transpose();
        c = 0.5 * (c + c.transpose()).eval();
    }
};

struct Step {
    Matrix e, q;  ///< x' = E x + ξ, Cov ξ = Q
};

Step step_of(Matrix const& h, Matrix const& c, double dt,
             LinearScheme scheme = LinearScheme::exact) {
    LinearStepResult const result = interpolant_step(eta, dt, h, c, scheme);
    REQUIRE_MESSAGE(result.step.has_value(), result.reason);
    auto const q = constant_covariance(result.step->noise, static_cast<int>(h.rows()));
    REQUIRE(q.has_value());
    Matrix const m = matrix_of(result.step->transform, h.rows());
    return {Matrix::Identity(h.rows(), h.rows()) - m * h, *q};
}

/// Σ = E Σ Eᵀ + Q as linear equations.
Matrix discrete_lyapunov(Matrix const& e, Matrix const& q) {
    Eigen::Index const d = e.rows();
    Matrix system = Matrix::Identity(d * d, d * d);
    for (Eigen::Index i = 0; i < d; ++i)
        for (Eigen::Index j = 0; j < d; ++j) system.block(i * d, j * d, d, d) -= e(i, j) * e;
    Vector const v = linear::solve(system, q.reshaped());
    return v.reshaped(d, d);
}

/// A = −log(I − ηH)/η by its power series; η|H| < 1.
Matrix drift_of(Matrix const& h) {
    Matrix const y = eta * h;
    Matrix power = y, sum = y;
    for (int k = 2; k < 4000; ++k) {
        power = power * y;
        sum += power / k;
    }
    return sum / eta;
}

/// E = e^{−A dt} and Q = ∫ e^{−As} D e^{−As} ds from one exponential of twice the size.
Step by_blocks(Matrix const& a, Matrix const& d, double dt) {
    Eigen::Index const n = a.rows();
    Matrix block = Matrix::Zero(2 * n, 2 * n);
    block.topLeftCorner(n, n) = a * dt;
    block.topRightCorner(n, n) = d * dt;
    block.bottomRightCorner(n, n) = -a.transpose() * dt;
    Matrix const f = linear::exponential(block);
    Matrix const e = f.bottomRightCorner(n, n).transpose();
    return {e, e * f.topRightCorner(n, n)};
}

Vector const bowl = (Vector(3) << 0.3, 1.1, 2.5).finished();
Vector const saddle = (Vector(3) << -0.4, 0.0, 1.5).finished();
Vector const eight = (Vector(8) << 0.2, 0.2, 0.5, 0.9, 1.4, 1.4, 2.0, 3.1).finished();

double distance(Matrix const& a, Matrix const& b) { return (a - b).norm() / b.norm(); }

}  // namespace

TEST_CASE("Interpolant of coupled coordinates: a step is the exponential of the joint system") {
    std::uint64_t seed = 750;
    for (Vector const& curvatures : {bowl, eight}) {
        Problem const p(++seed, curvatures);
        Matrix const a = drift_of(p.h);
        // S22 and S6
        Matrix const sigma = discrete_lyapunov(Matrix::Identity(p.h.rows(), p.h.rows()) - eta * p.h,
                                               eta * eta * p.c);
        Matrix const d = a * sigma + sigma * a;
        for (double const dt : {0.01, 0.3, 0.7, 1.5}) {
            CAPTURE(dt);
            Step const made = step_of(p.h, p.c, dt), exact = by_blocks(a, d, dt);
            CHECK(distance(made.e, exact.e) < 1e-12);
            CHECK(distance(made.q, exact.q) < 1e-12);
            // What the diagonals of H and C alone would give.
            Matrix const h = p.h.diagonal().asDiagonal(), c = p.c.diagonal().asDiagonal();
            CHECK_FALSE(distance(step_of(h, p.c, dt).e, exact.e) < 1e-4);
            CHECK_FALSE(distance(step_of(h, p.c, dt).q, exact.q) < 1e-4);
            CHECK_FALSE(distance(step_of(p.h, c, dt).q, exact.q) < 1e-4);
            Step const euler = step_of(p.h, p.c, dt, LinearScheme::euler_maruyama);
            CHECK(distance(euler.q, dt * d) < 1e-12);
            CHECK((euler.e - (Matrix::Identity(a.rows(), a.rows()) - dt * a)).norm() <
                  1e-12 * dt * a.norm() + 1e-14);
        }
    }
}

TEST_CASE(
    "Interpolant of coupled coordinates: mean and covariance after n steps are those of SGD") {
    for (Vector const& curvatures : {bowl, saddle}) {
        Problem const p(760, curvatures);
        for (double const parts : {1.0, 4.0, 7.0}) {  // steps to an iteration
            Step const s = step_of(p.h, p.c, eta / parts);
            Matrix const a = Matrix::Identity(3, 3) - eta * p.h;
            Matrix const twin = a.diagonal().asDiagonal();
            Vector x = Vector::LinSpaced(3, -1.0, 2.0), y = x, z = x;
            Matrix sx = Matrix::Zero(3, 3), sy = sx, sz = sx;
            for (int n = 0; n < 12; ++n) {
                for (int k = 0; k < static_cast<int>(parts); ++k) {
                    x = s.e * x;
                    sx = s.e * sx * s.e.transpose() + s.q;
                }
                y = a * y;
                sy = a * sy * a.transpose() + eta * eta * p.c;
                z = twin * z;
                sz = twin * sz * twin + eta * eta * p.c;
            }
            CHECK(distance(x, y) < 1e-13);
            CHECK(distance(sx, sy) < 1e-13);
            CHECK_FALSE(distance(z, y) < 1e-3);
            CHECK_FALSE(distance(sz, sy) < 1e-3);
        }
    }
}

TEST_CASE("Interpolant of coupled coordinates: its stationary covariance is that of SGD") {
    Problem const p(770, eight);
    Matrix const one = Matrix::Identity(8, 8);
    Matrix const exact = discrete_lyapunov(one - eta * p.h, eta * eta * p.c);
    // S22: HΣ + ΣH − ηHΣH = ηC
    CHECK(distance(p.h * exact + exact * p.h - eta * p.h * exact * p.h, eta * p.c) < 1e-12);
    for (double const dt : {0.05, 0.9}) {
        Step const s = step_of(p.h, p.c, dt),
                   rough = step_of(p.h, p.c, dt, LinearScheme::euler_maruyama);
        CHECK(distance(discrete_lyapunov(s.e, s.q), exact) < 1e-12);
        CHECK_FALSE(distance(discrete_lyapunov(rough.e, rough.q), exact) < 1e-4);
        Step const twin = step_of(p.h.diagonal().asDiagonal(), p.c, dt);
        CHECK_FALSE(distance(discrete_lyapunov(twin.e, twin.q), exact) < 1e-2);
    }
}

TEST_CASE(
    "Interpolant of coupled coordinates: it turns with its axes, and uncoupled it is ExactOu") {
    Problem const p(780, bowl);
    Random random(781);
    Matrix const r = rotation(random, 3);
    auto const turned = [&](Matrix const& m) {
        Matrix const t = r * m * r.transpose();
        return Matrix(0.5 * (t + t.transpose()));
    };
    Step const here = step_of(p.h, p.c, 0.7), there = step_of(turned(p.h), turned(p.c), 0.7);
    CHECK(distance(there.e, r * here.e * r.transpose()) < 1e-13);
    CHECK(distance(there.q, r * here.q * r.transpose()) < 1e-13);
    CHECK_FALSE(distance(there.q, here.q) < 0.01);

    using Scheme = coordinate::ExactOu<coordinate::OuInterpolant>;
    Vector const curvatures = (Vector(4) << 2.0, 0.5, 1e-6, -0.4).finished();
    for (double const dt : {0.05, 0.2, 1.3}) {
        auto const one = Scheme::prepare(coordinate::OuInterpolant::make(&eta), dt);
        Step const s = step_of(curvatures.asDiagonal(), 1.7 * Matrix::Identity(4, 4), dt);
        for (Eigen::Index i = 0; i < 4; ++i) {
            auto const next = [&](double x, double z) {
                coordinate::Site<double> const site{curvatures[i] * x,
                                                    curvatures[i] * curvatures[i] * x,
                                                    curvatures[i], std::sqrt(1.7), 0.0};
                return one.finish(Vec<double, 1>{{x}}, &site, coordinate::Draws<double>{z, 0.0},
                                  coordinate::Clock<double>{0.0, 0.0, 1.0, 1.0})[0];
            };
            double const kick = next(0.0, 1.0);
            CHECK(std::abs(s.e(i, i) - next(1.0, 0.0)) < 4e-15);
            CHECK(std::abs(s.q(i, i) - kick * kick) < 1e-14 * kick * kick);
        }
    }
}

TEST_CASE("Interpolant of coupled coordinates: refused where SGD has none") {
    // η h ≥ 1: the iterates alternate.
    Problem const steep(790, (Vector(2) << 1.0, 6.0).finished());
    CHECK(interpolant_step(eta, 0.1, steep.h, steep.c).reason.find("alternate") !=
          std::string::npos);
    // Nearly one-dimensional noise across very different curvatures: D has a negative eigenvalue.
    Matrix const h = (Vector(2) << 0.01, 4.99).finished().asDiagonal();
    Matrix const c = (Matrix(2, 2) << 1.0, 1.0, 1.0, 1.0).finished();
    CHECK(interpolant_step(eta, 0.1, h, c).reason.find("do not commute") != std::string::npos);
    Matrix const less = (Matrix(2, 2) << 1.0, 0.1, 0.1, 1.0).finished();
    CHECK(interpolant_step(eta, 0.1, h, less).step.has_value());
    NoiseLaw law;
    law.variances = {1.0, 2.0};
    CHECK(constant_covariance(law, 2).has_value());
    law.memory = coordinate::NoiseMemory::coloured;
    CHECK_FALSE(constant_covariance(law, 2).has_value());
}

}  // namespace interpolant_step_test
