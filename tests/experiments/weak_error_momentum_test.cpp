// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <Eigen/Core>
#include <cmath>
#include <string>
#include <vector>

#include "experiments/input.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/runner.hpp"
#include "tests/support/statistics.hpp"

namespace weak_error_momentum_test {
/// Heavy ball against its symmetric SDE, which is half an iteration ahead (S8b).
namespace {

using namespace kramers;
using namespace kramers::test;
using Matrix = Eigen::Matrix2d;
using Vector = Eigen::Vector2d;

constexpr double h = 1.0, c = 0.5, time = 2.0;
constexpr int substeps = 16;

std::string const quadratic = R"(kind = "order"
landscape = { name = "quadratic", curvatures = [1.0] }
dynamics  = { name = "heavy_ball" }
noise     = { law = "gaussian", gradient_variance = 0.5 }
compare   = { with = ["friction, symmetric", "friction, symmetric, unshifted"] }
ensemble  = { trajectories = 6_000, seed = 5 }
start     = { point = [1.0] }
moments   = { of = ["x", "x^2"], at = 2.0 }
sweep_design = "zip"
sweep."dynamics.learning_rate" = [0.04, 0.01, 0.0025]
sweep."dynamics.momentum"      = [0.7, 0.85, 0.925]
)";

Spec load(std::vector<std::string> const& overrides = {}) {
    return load_spec({quadratic, "test.toml", "test"}, overrides, Level::standard);
}

std::string problem(std::vector<std::string> const& overrides) {
    try {
        load(overrides);
    } catch (InputError const& error) { return error.what(); }
    return {};
}

struct Moments {
    double mean, square;
};

/// z' = step z + kick ζ, n times from (1, 0).
Moments after(Matrix const& step, Vector const& kick, int n) {
    Vector mean = Vector::Unit(0);
    Matrix covariance = Matrix::Zero();
    for (int k = 0; k < n; ++k) {
        mean = (step * mean).eval();
        covariance = (step * covariance * step.transpose() + kick * kick.transpose()).eval();
    }
    return {mean[0], covariance(0, 0) + mean[0] * mean[0]};
}

/// v' = μ v − η g, x' = x + v'.
Moments heavy_ball(double eta, double mu, int n) {
    Matrix step;
    step << 1.0 - eta * h, mu, -eta * h, mu;
    return after(step, eta * std::sqrt(c) * Vector(1.0, 1.0), n);
}

/// Platen's scheme for dX = v dt, dv = −γv dt − κ(hX dt + η^{1/4} √c dW), γ = (2/√η)(1 − μ)/(1 + μ),
/// κ = 2/(1 + μ): (1 + A dt + A² dt²/2) z + (1 + A dt/2) g ΔW.
Moments symmetric(double eta, double mu, int n) {
    double const kappa = 2.0 / (1.0 + mu), root = std::sqrt(eta), dt = root / substeps;
    Matrix flow;
    flow << 0.0, 1.0, -kappa * h, -kappa * (1.0 - mu) / root;
    Matrix const one = Matrix::Identity();
    Vector const noise(0.0, kappa * std::sqrt(root * c * dt));
    return after(one + dt * flow + 0.5 * dt * dt * flow * flow, (one + 0.5 * dt * flow) * noise, n);
}

}  // namespace

TEST_CASE("kind = order: the symmetric form has run for k + 1/2 iterations, unshifted for k") {
    Cell const cell = load().cells.at(1);  // one iteration is 0.1: k = 20
    CHECK(std::get<SnapshotPlan>(make_plan(cell, 0, 0).observe).burn_in == 20);
    auto const steps = [&](std::size_t model) {
        return std::get<SnapshotPlan>(make_sde_plan(cell, cell.order.models.at(model)).observe)
            .burn_in;
    };
    CHECK(steps(0) == 20 * 16 + 8);
    CHECK(steps(1) == 20 * 16);
    CHECK(load({"compare.substeps=4"}).cells.at(1).order.models.at(0).steps_ahead == 0.5);
}

TEST_CASE("kind = order: errors of momentum are the exact ones, those without the shift others") {
    Spec const spec = load();
    RunOutput const out = run_spec(spec, {});
    REQUIRE(out.report.estimates.size() == 12);
    for (ReportedEstimate const& r : out.report.estimates) {
        Cell const& cell = spec.cells[static_cast<std::size_t>(r.cell)];
        double const eta = cell.learning_rate, mu = cell.dynamics_values[1];
        int const k = static_cast<int>(std::lround(time / std::sqrt(eta)));
        bool const shifted = r.estimand.find("unshifted") == std::string::npos;
        bool const square = r.estimand.find("x^2") != std::string::npos;
        auto const part = [&](Moments const& m) { return square ? m.square : m.mean; };
        auto const error = [&](bool ahead) {
            return part(heavy_ball(eta, mu, k)) -
                   part(symmetric(eta, mu, k * substeps + (ahead ? substeps / 2 : 0)));
        };
        // the two differ by half a step of the velocity, about 0.2 √η
        double const detects = 0.08 * std::sqrt(eta);
        CHECK_MESSAGE(check_consistent(r.estimate, error(shifted), detects),
                      r.estimand << " at " << eta << ": " << r.estimate.value << " +- "
                                 << r.estimate.standard_error << ", exact " << error(shifted));
        CHECK_FALSE(check_consistent(r.estimate, error(!shifted), detects));
    }
}

TEST_CASE("symmetric form: order 2 in the time of an iteration half a step ahead, 1 without") {
    auto const order = [](bool ahead, bool square) {
        double error[2];
        for (int i = 0; i < 2; ++i) {
            double const step = i == 0 ? 0.02 : 0.01, eta = step * step, mu = 1.0 - 1.5 * step;
            int const k = static_cast<int>(std::lround(time / step));
            Moments const a = heavy_ball(eta, mu, k);
            Moments const b = symmetric(eta, mu, k * substeps + (ahead ? substeps / 2 : 0));
            error[i] = square ? a.square - b.square : a.mean - b.mean;
        }
        return std::log2(error[0] / error[1]);
    };
    for (bool const square : {false, true}) {
        CHECK(std::abs(order(true, square) - 2.0) < 0.1);
        CHECK(std::abs(order(false, square) - 1.0) < 0.1);
    }
}

TEST_CASE("kind = order: what a half step cannot go with is refused with the reason") {
    CHECK(problem({}).empty());
    CHECK(
        problem({"schedule.learning_rate={ kind = \"cosine\", steps = 100 }"}).find("unshifted") !=
        std::string::npos);
    CHECK(problem({"compare.with=[\"friction, unshifted\"]"}).find("friction, symmetric") !=
          std::string::npos);  // the small-friction form is not ahead
}

}  // namespace weak_error_momentum_test
