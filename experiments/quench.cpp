// SPDX-License-Identifier: Apache-2.0
#include "experiments/quench.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "sde/linear_algebra.hpp"

namespace kramers {
namespace {

constexpr int quench_steps = 20'000;
constexpr int newton_every = 6;        // a look at the Hessian costs as much as some steps
constexpr double newton_reach = 1e-2;  // length, relative beyond 1, of the first Newton step
constexpr double vanished = 1e-9;      // of the gradient, relative to curvature × length

/// Newton's method from x; true when it stays near, in a convex region, and converges.
bool polish(Potential const& potential, Eigen::VectorXd& x) {
    Eigen::VectorXd y = x;
    double reach = newton_reach * std::max(1.0, x.norm());
    for (int k = 0; k < 8; ++k) {
        Eigen::LLT<Eigen::MatrixXd> const factor(potential.hessian(y));
        if (factor.info() != Eigen::Success) return false;
        Eigen::VectorXd const step = factor.solve(potential.gradient(y));
        if (!(step.norm() <= reach)) return false;
        y -= step;
        if (step.norm() <= vanished * std::max(1.0, y.norm())) {
            x = y;
            return true;
        }
        reach = 0.5 * step.norm();  // quadratic convergence at once, or not yet near
    }
    return false;
}

void finish(Potential const& potential, Quenched& q) {
    Eigen::MatrixXd const hessian = potential.hessian(q.point);
    Eigen::VectorXd const curvatures = linear::symmetric_eigen(hessian).values;
    q.curvature = curvatures.maxCoeff();
    q.value = potential.value(q.point);
    // A floor of equal height has a singular Hessian: there the gradient alone decides.
    double const scale = std::max(std::abs(q.curvature), 1e-300) * std::max(1.0, q.point.norm());
    bool const saddle = curvatures.minCoeff() < -1e-6 * curvatures.cwiseAbs().maxCoeff();
    q.converged =
        !saddle && (q.converged || potential.gradient(q.point).norm() <= vanished * scale);
}

}  // namespace

Quenched quench(Potential const& potential, Eigen::VectorXd start, double tolerance) {
    Quenched q;
    q.point = std::move(start);
    Eigen::VectorXd k1 = -potential.gradient(q.point), k2, k3, k4, next;
    double const first = k1.norm();
    double step = first > 0.0 ? 1e-3 * std::max(1.0, q.point.norm()) / first : 1.0;
    auto const moves = [&] {  // a step is about 2.5 / curvature long where it is stiff
        return k1.norm() * step > 1e-2 * vanished * std::max(1.0, q.point.norm());
    };
    for (int n = 0; n < quench_steps && std::isfinite(first) && moves(); ++n) {
        if (n % newton_every == 0 && polish(potential, q.point)) {
            q.converged = true;
            break;
        }
        k2 = -potential.gradient(q.point + 0.5 * step * k1);
        k3 = -potential.gradient(q.point + 0.75 * step * k2);
        next = q.point + step * (2.0 / 9.0 * k1 + 1.0 / 3.0 * k2 + 4.0 / 9.0 * k3);
        k4 = -potential.gradient(next);
        double const error =
            step * (-5.0 / 72.0 * k1 + 1.0 / 12.0 * k2 + 1.0 / 9.0 * k3 - 1.0 / 8.0 * k4).norm() /
            (tolerance * std::max(1.0, q.point.norm()));
        double const grow = error > 0.0 ? 0.9 * std::cbrt(1.0 / error) : 5.0;
        // An explicit step longer than this trembles around the minimum at the size of the tolerance.
        double const stiffness = (k4 - k1).norm() / (next - q.point).norm();
        if (std::isfinite(error) && error <= 1.0) {
            q.point = next;
            k1 = k4;
        }
        step *= std::isfinite(grow) ? std::clamp(grow, 0.2, 5.0) : 0.2;
        if (stiffness > 0.0 && std::isfinite(stiffness)) step = std::min(step, 2.0 / stiffness);
    }
    finish(potential, q);
    return q;
}

}  // namespace kramers
