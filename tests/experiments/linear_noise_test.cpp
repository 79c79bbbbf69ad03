// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <string>
#include <vector>

#include "experiments/load_spec.hpp"
#include "experiments/query.hpp"
#include "experiments/runner.hpp"
#include "tests/support/statistics.hpp"

namespace linear_noise_test {
namespace {

using namespace kramers;
using namespace kramers::test;
using Eigen::Matrix2d;

constexpr double eta = 0.1;

/// Eigenvalues about 1 and 3, not along the axes.
Matrix2d const H = (Matrix2d() << 2.0, 0.8, 0.8, 2.5).finished();
Matrix2d const C = (Matrix2d() << 1.0, 0.7, 0.7, 1.0).finished();

Spec load(std::string const& dynamics, std::string const& noise, std::string const& scheme = "",
          std::string const& landscape =
              "name = \"given_quadratic\", hessian = [[2.0, 0.8], [0.8, "
              "2.5]]") {
    std::string const text =
        "kind = \"stationary\"\nlandscape = { " + landscape + " }\ndynamics = { " + dynamics +
        " }\nnoise = { " + noise + " }\n" + scheme +
        "ensemble = { trajectories = 6400, seed = 5, snapshots = 8 }\n"
        "start = { point = [0.0, 0.0] }\nburn_in = { steps = 100 }\nstride = { steps = 40 }\n";
    return load_spec({text, "test.toml", "test"}, {}, Level::standard);
}

std::string const sgd = "name = \"sgd\", learning_rate = 0.1";
std::string const full = "law = \"covariance\", covariance = [[1.0, 0.7], [0.7, 1.0]]";

/// What theory says about the cell, NaN where it says nothing.
Matrix2d said(Spec const& spec, char const* name, double lag = -1.0) {
    Cell const& cell = spec.cells.at(0);
    Matrix2d m;
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j) {
            Estimand const e = lag < 0.0 ? Estimand{StationaryCovariance{i, j}}
                                         : Estimand{Autocovariance{i, j, lag}};
            auto const result = predict(cell, name, e, make_query(cell));
            m(i, j) = result.prediction ? result.prediction->value : NAN;
        }
    return m;
}

/// S' = (1 - eta H) S (1 - eta H) + eta^2 C to its fixed point: the recursion itself, not its
/// solution by modes.
Matrix2d iterated(Matrix2d const& noise) {
    Matrix2d const a = Matrix2d::Identity() - eta * H;
    Matrix2d s = Matrix2d::Zero();
    for (int k = 0; k < 4000; ++k) s = a * s * a.transpose() + eta * eta * noise;
    return s;
}

/// int_0^inf exp(-Hs) 2D exp(-Hs) ds by the trapezoidal rule, the exponential a product of short
/// steps: no Lyapunov equation is solved.
Matrix2d integrated(Matrix2d const& diffusion) {
    double const ds = 1e-3;
    Matrix2d const half = Matrix2d::Identity() - 0.5 * ds * H,
                   other = Matrix2d::Identity() + 0.5 * ds * H;
    Matrix2d const step = other.inverse() * half;  // exp(-H ds) to ds^3
    Matrix2d e = Matrix2d::Identity(), sum = 0.5 * diffusion;
    for (int k = 0; k < 20000; ++k) {
        e = step * e;
        sum += e * diffusion * e.transpose();
    }
    return 2.0 * ds * sum;
}

bool near(Matrix2d const& a, Matrix2d const& b, double relative) {
    return (a - b).cwiseAbs().maxCoeff() <= relative * b.cwiseAbs().maxCoeff();
}

Matrix2d diagonal_of(Matrix2d const& m) { return m.diagonal().asDiagonal(); }

}  // namespace

TEST_CASE(
    "Predictions: SGD with a full covariance has the fixed point of its second moments (S22)") {
    Spec const spec = load(sgd, full);
    CHECK(near(said(spec, "sgd_discrete"), iterated(C), 1e-12));
    CHECK_FALSE(near(said(spec, "sgd_discrete"), iterated(diagonal_of(C)), 0.1));  // twin
    // Lag of 3 iterations: (1 - eta H)^3 S.
    Matrix2d const a = Matrix2d::Identity() - eta * H;
    CHECK(near(said(spec, "sgd_discrete", 3 * eta), a * a * a * iterated(C), 1e-12));
    // A diagonal covariance, and a law that is not normal: only C matters.
    Matrix2d const d = (Matrix2d() << 1.0, 0.0, 0.0, 4.0).finished();
    CHECK(
        near(said(load(sgd, "law = \"diagonal\", gradient_variance = [1.0, 4.0]"), "sgd_discrete"),
             iterated(d), 1e-12));
    Spec const samples =
        load(sgd, "law = \"population\", samples = [[1, 1], [-1, -1], [0.5, -0.5], [-0.5, 0.5]]");
    Matrix2d const population = (Matrix2d() << 0.625, 0.375, 0.375, 0.625).finished();
    CHECK(near(said(samples, "sgd_discrete"), iterated(population), 1e-12));
    CHECK_FALSE(near(said(samples, "sgd_discrete"), iterated(diagonal_of(population)), 0.1));
    // No temperature is invented.
    CHECK(std::isnan(said(spec, "gibbs")(0, 0)));
}

TEST_CASE("Predictions: the OU limit takes D = eta C/2 and T Sigma as matrices (S29)") {
    CHECK(near(said(load(sgd, full), "ou_limit"), integrated(0.5 * eta * C), 1e-4));
    CHECK_FALSE(
        near(said(load(sgd, full), "ou_limit"), integrated(0.5 * eta * diagonal_of(C)), 0.1));
    Spec const anisotropic = load("name = \"anisotropic_overdamped\", temperature = 0.2", full,
                                  "scheme = { name = \"euler_maruyama\", dt = 0.1 }\n");
    CHECK(near(said(anisotropic, "ou_limit"), integrated(0.2 * C), 1e-4));
    // Its Euler step is SGD at eta = dt with noise 2 T Sigma/dt (S54).
    CHECK(near(said(anisotropic, "euler_discrete"), iterated(2.0 * 0.2 / eta * C), 1e-12));
    CHECK(std::isnan(said(anisotropic, "sgd_discrete")(0, 0)));
    // Heavy ball through its limit: eta/(1 - mu) for eta.
    Spec const ball = load("name = \"heavy_ball\", learning_rate = 0.1, momentum = 0.5", full);
    CHECK(near(said(ball, "ou_limit"), integrated(0.5 * eta / 0.5 * C), 1e-4));
    CHECK(std::isnan(said(ball, "sgd_discrete")(0, 0)));
}

TEST_CASE("Predictions: label noise on a quadratic, S = eta delta^2/B (2 - eta H)^-1 (S20, S22)") {
    Spec const spec = load(sgd, "law = \"hessian\", label_variance = 0.6, batch_size = 2");
    Matrix2d const exact = eta * 0.3 * (2.0 * Matrix2d::Identity() - eta * H).inverse();
    CHECK(near(said(spec, "sgd_discrete"), exact, 1e-12));
    CHECK(near(said(spec, "sgd_discrete"), iterated(0.3 * H), 1e-12));
    CHECK_FALSE(near(said(spec, "sgd_discrete"), iterated(0.3 * diagonal_of(H)), 0.05));  // twin
    // The limit forgets the H in it: eta delta^2/(2 B) in every direction.
    CHECK(near(said(spec, "ou_limit"), 0.5 * eta * 0.3 * Matrix2d::Identity(), 1e-9));
}

TEST_CASE("Simulation: SGD with a full covariance on a rotated quadratic has these moments") {
    Spec spec = load(sgd, full);
    RunOutput const out = run_spec(spec, {});
    Matrix2d const exact = said(spec, "sgd_discrete");
    Matrix2d const twin = iterated(diagonal_of(C));
    int found = 0;
    for (ReportedEstimate const& r : out.report.estimates)
        for (int i = 0; i < 2; ++i)
            if (r.estimand == describe(StationaryCovariance{i, i})) {
                ++found;
                // Samples 40 steps apart: about 51200 of them, 0.6 % each; seen: 6 %.
                CHECK(check_consistent(r.estimate, exact(i, i), 0.07 * exact(i, i)));
                CHECK_FALSE(check_consistent(r.estimate, twin(i, i), 0.07 * exact(i, i)));
            }
    CHECK(found == 2);
}

TEST_CASE("Predictions: what has no one covariance on a quadratic stays declined") {
    std::string const well = "name = \"double_well_channel\"";
    CHECK(std::isnan(said(load(sgd, full, "", well), "sgd_discrete")(0, 0)));
    CHECK(std::isnan(said(load(sgd, "law = \"gradient_mask\", keep = 0.5"), "sgd_discrete")(0, 0)));
    // Isotropic noise still has its temperature, and Gibbs.
    Spec const isotropic = load(sgd, "gradient_variance = 1.0", "",
                                "name = \"quadratic\", dim = 2, curvatures = [1.0, 3.0]");
    CHECK(said(isotropic, "sgd_discrete")(0, 0) == doctest::Approx(eta / (2.0 - eta)));
    CHECK_FALSE(std::isnan(said(isotropic, "gibbs")(0, 0)));
}

}  // namespace linear_noise_test
