// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "sde/theory/deterministic.hpp"
#include "sde/theory/ornstein_uhlenbeck.hpp"
#include "sde/theory/sgd_quadratic.hpp"
#include "tests/theory/potentials.hpp"

namespace linear_test {
using namespace kramers;
using namespace kramers::theory;
using namespace kramers::theory::testing;
using Eigen::Matrix2d;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd matrix(double a, double b, double c, double d) {
    MatrixXd m(2, 2);
    m << a, b, c, d;
    return m;
}
MatrixXd const hessian = matrix(2.0, 0.5, 0.5, 1.0);
MatrixXd const noise = matrix(1.0, -0.4, -0.4, 2.0);
MatrixXd one(double x) { return MatrixXd::Constant(1, 1, x); }
SgdQuadratic scalar(double eta, double h, double c) { return {one(h), one(c), eta}; }
OrnsteinUhlenbeck scalar_ou(double rate, double D) { return {one(rate), one(D)}; }

}  // namespace

TEST_CASE("SGD on a quadratic: reference values, scalar and matrix") {
    CHECK(deviation(scalar(0.1, 1.0, 1.0).stationary_covariance()(0, 0), 0.05263157894736842) <
          1e-15);
    CHECK(deviation(scalar(0.1, 1.0, 1.0).excess_loss(), 0.02631578947368421) < 1e-15);
    CHECK(deviation(sgd_autocorrelation_time(0.1, 1.0), 19.0) < 1e-14);
    CHECK(deviation(scalar(1.5, 1.0, 1.0).stationary_covariance()(0, 0), 3.0) < 1e-15);
    CHECK(deviation(sgd_autocorrelation_time(1.5, 1.0), 1.0 / 3.0) < 1e-14);
    SgdQuadratic const sgd(hessian, noise, 0.3);
    MatrixXd const s = sgd.stationary_covariance();
    CHECK(deviation(s(0, 0), 0.13600877736614747) < 1e-14);
    CHECK(deviation(s(0, 1), -0.1251013390992182) < 1e-14);
    CHECK(deviation(s(1, 1), 0.41045387980700815) < 1e-14);
    CHECK(deviation(sgd.excess_loss(), 0.27868504772004243) < 1e-14);
    // R012 and R015; R010, R011, R013, R014 (rate, diffusion, variances of the modified equations)
    CHECK(deviation(scalar(0.3, 1.5, 2.0).stationary_covariance()(0, 0), 0.25806451612903225) <
          1e-15);
    CHECK(deviation(sgd_interpolant(0.3, 1.5, 2.0).rate, 1.9927900025187348) < 1e-14);
    CHECK(deviation(2.0 * sgd_interpolant(0.3, 1.5, 2.0).diffusion, 1.0285367754935406) < 1e-14);
    CHECK(deviation(sgd_limit(one(1.5), one(2.0), 0.3).stationary_covariance()(0, 0), 0.2) < 1e-14);
    CHECK(deviation(second_order_variance(0.3, 1.5, 2.0), 0.16326530612244897) < 1e-14);
}

TEST_CASE(
    "SGD on a quadratic: the covariance solves its equation and is the limit of the recursion") {
    SgdQuadratic const sgd(hessian, noise, 0.3);
    MatrixXd const s = sgd.stationary_covariance();
    CHECK((hessian * s + s * hessian - 0.3 * hessian * s * hessian - 0.3 * noise).norm() < 1e-14);
    MatrixXd const flow = Matrix2d::Identity() - 0.3 * hessian;
    MatrixXd walk = Matrix2d::Zero();
    VectorXd const start = Eigen::Vector2d(1.0, -2.0);
    VectorXd mean = start;
    for (int k = 1; k <= 200; ++k) {
        walk = flow * walk * flow + 0.09 * noise;
        mean = flow * mean;
        if (k != 7 && k != 200) continue;
        CHECK((sgd.covariance(k) - walk).norm() < 1e-14);
        CHECK((sgd.mean(start, k) - mean).norm() < 1e-14);
    }
    CHECK((walk - s).norm() < 1e-13);
    CHECK((sgd.autocovariance(3) - flow * flow * flow * s).norm() < 1e-14);
    SUBCASE("twins: without the factor 1 - eta h/2, and with C for 2D, fail the recursion") {
        CHECK((sgd_limit(hessian, noise, 0.3).stationary_covariance() - walk).norm() > 0.02);
        CHECK((0.5 * s - walk).norm() > 0.1);
    }
}

TEST_CASE("SGD on a quadratic: its limit as the learning rate goes to zero is the OU process") {
    double before = 0.0;
    for (double eta : {0.04, 0.02, 0.01}) {
        MatrixXd const exact = SgdQuadratic(hessian, noise, eta).stationary_covariance();
        double const miss =
            (sgd_limit(hessian, noise, eta).stationary_covariance() - exact).norm() / exact.norm();
        if (before != 0.0) CHECK(before / miss == doctest::Approx(2.0).epsilon(0.05));
        before = miss;
    }
    SgdQuadratic const mode = scalar(0.4, 1.5, 2.0);
    CHECK(deviation(mode.stationary_covariance()(0, 0) * (1.0 - 0.3),
                    sgd_limit(one(1.5), one(2.0), 0.4).stationary_covariance()(0, 0)) < 1e-14);
}

TEST_CASE("SGD on a quadratic: stability ends at 2 / max curvature") {
    CHECK(scalar(1.0, 4.0, 1.0).stability_limit() == 0.5);
    CHECK(scalar(0.499, 4.0, 1.0).stable());
    CHECK_FALSE(scalar(0.5, 4.0, 1.0).stable());
    double const near = scalar(0.4999, 4.0, 1.0).stationary_covariance()(0, 0);
    double const nearer = scalar(0.49999, 4.0, 1.0).stationary_covariance()(0, 0);
    CHECK(nearer / near == doctest::Approx(10.0).epsilon(1e-3));
}

TEST_CASE("SGD on a quadratic: mean loss along the way, discrete and of the two SDEs") {
    Eigen::Vector3d const lambda(10.0, 1.0, 0.1), start(1.0, 1.0, 1.0);
    MatrixXd const H = lambda.asDiagonal(), C = Eigen::Matrix3d::Identity();
    double const eta = 0.05, time = 5.0;  // 100 iterations
    CHECK(deviation(SgdQuadratic(H, C, eta).loss(start, 100), 0.0557850068903203) < 1e-13);
    auto const ou_loss = [&](MatrixXd const& drift) {
        OrnsteinUhlenbeck const x{drift, 0.5 * eta * C};
        return 0.5 * lambda.dot(x.mean(start, time).cwiseAbs2() + x.covariance(time).diagonal());
    };
    CHECK(deviation(ou_loss(H), 0.0513176115096883) < 1e-12);
    MatrixXd const second =
        (lambda.array() * (1.0 + 0.5 * eta * lambda.array())).matrix().asDiagonal();
    CHECK(deviation(ou_loss(second), 0.048453669794597275) < 1e-12);
}

TEST_CASE("Ornstein-Uhlenbeck: reference values, scalar and matrix") {
    OrnsteinUhlenbeck const x =
        scalar_ou(1.0, 1.0);  // the rows have D = 2 in dX = -AX dt + D^{1/2} dW
    CHECK(deviation(x.stationary_covariance()(0, 0), 1.0) < 1e-15);
    CHECK(deviation(x.mean(VectorXd::Ones(1), 0.7)(0), 0.4965853037914095) < 1e-14);
    CHECK(deviation(x.covariance(0.7)(0, 0), 0.7534030360583935) < 1e-14);
    CHECK(deviation(x.autocovariance(0.3)(0, 0), 0.7408182206817179) < 1e-14);
    OrnsteinUhlenbeck const y{hessian, 0.5 * noise};
    MatrixXd const s = y.stationary_covariance(), lagged = y.autocovariance(0.3);
    CHECK(deviation(s(0, 0), 0.3476190476190476) < 1e-14);
    CHECK(deviation(s(0, 1), -0.3904761904761905) < 1e-14);
    CHECK(deviation(s(1, 1), 1.1952380952380952) < 1e-14);
    CHECK(deviation(lagged(0, 1), -0.33215107780449804) < 1e-13);
    CHECK(deviation(lagged(1, 0), -0.3257268664618006) < 1e-13);
    // R081: circulation (AΣ)₁₂ − (AΣ)₂₁
    MatrixXd const flux = hessian * s;
    CHECK(deviation(std::abs(flux(0, 1) - flux(1, 0)), 0.03333333333333333) < 1e-12);
    CHECK(y.stable());
    CHECK_FALSE(scalar_ou(-1.0, 1.0).stable());
    SUBCASE("a twin with sigma for 2D gives twice the covariance") {
        OrnsteinUhlenbeck const twin{hessian, noise};
        CHECK(deviation(twin.stationary_covariance()(0, 0), 0.3476190476190476) > 0.9);
    }
}

TEST_CASE("the interpolating OU process has the law of SGD at t = eta k") {
    Interpolant const i = sgd_interpolant(0.3, 1.5, 2.0);
    OrnsteinUhlenbeck const x = scalar_ou(i.rate, i.diffusion);
    SgdQuadratic const sgd = scalar(0.3, 1.5, 2.0);
    for (long k : {1L, 2L, 5L, 50L}) {
        double const t = 0.3 * static_cast<double>(k);
        CHECK(deviation(x.covariance(t)(0, 0), sgd.covariance(k)(0, 0)) < 1e-12);
        CHECK(deviation(x.mean(VectorXd::Ones(1), t)(0), sgd.mean(VectorXd::Ones(1), k)(0)) <
              1e-12);
    }
}

TEST_CASE("Euler-Maruyama on OU is the case eta = dt, C = 2T/dt") {
    double const T = 0.5, dt = 0.3;
    CHECK(deviation(scalar(dt, 1.0, 2.0 * T / dt).stationary_covariance()(0, 0),
                    0.5882352941176471) < 1e-14);
}

TEST_CASE("moment flow by odeint agrees with the closed forms, non-symmetric drift included") {
    MatrixXd const drift = matrix(1.5, 0.9, -0.7, 0.8);
    OrnsteinUhlenbeck const x{drift, 0.5 * noise};
    VectorXd const start = Eigen::Vector2d(1.0, -0.5);
    for (double t : {0.1, 1.0, 4.0}) {
        Moments const m = moment_flow(x, {start, Matrix2d::Zero()}, t);
        CHECK((m.mean - x.mean(start, t)).norm() < 1e-10);
        CHECK((m.covariance - x.covariance(t)).norm() < 1e-10);
    }
    Moments const late = moment_flow(x, {start, Matrix2d::Zero()}, 60.0);
    CHECK((late.covariance - x.stationary_covariance()).norm() < 1e-10);
}

TEST_CASE("gradient flow by odeint: closed forms of the quadratic and of the double well") {
    Quadratic const ravine({1.0, 50.0});
    VectorXd const x = gradient_flow(ravine, Eigen::Vector2d(1.0, 2.0), 0.3);
    CHECK(std::abs(x(0) - std::exp(-0.3)) < 1e-10);
    CHECK(std::abs(x(1) - 2.0 * std::exp(-15.0)) < 1e-10);
    // x' = x - x³: x(t)² = 1 / (1 + (1/x₀² - 1) e^{-2t})
    Polynomial const v = quartic();
    double const got = gradient_flow(v, VectorXd::Constant(1, 0.1), 2.0)(0);
    CHECK(std::abs(got - 1.0 / std::sqrt(1.0 + 99.0 * std::exp(-4.0))) < 1e-10);
}

}  // namespace linear_test
