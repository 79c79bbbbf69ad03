// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sde/theory/potential.hpp"

/// What every scheme promises, as functions of a path generator: the conformance suite plugs in the
/// engine, one compiled method after the other, and the teeth plug in broken steppers.
namespace kramers::checks {

/// One path asked for. Its noise is the common one: coarse increments are sums of the fine ones.
struct PathRequest {
    std::string landscape;
    std::vector<double> values;  ///< landscape parameters
    Eigen::VectorXd start;
    double temperature = 0.0;
    double dt = 0.0;     ///< step of this path: refinement times the fine step
    int refinement = 1;  ///< fine steps per step: 1, 2, 4 or 8
    std::uint64_t steps = 0;
    std::uint64_t trajectory = 0;
};

/// The state after request.steps steps.
using PathGenerator = std::function<Eigen::VectorXd(PathRequest const&)>;

/// The noise of the fine steps 0 … steps − 1 of a trajectory as the stream fixes it, one column per
/// step: the draws that a path with refinement 1 must use. dim: 1, 2 or 8.
Eigen::MatrixXd fine_normals(int dim, std::uint64_t steps, std::uint64_t trajectory);
/// The seed behind them.
std::uint64_t noise_seed();

struct Verdict {
    bool passed = false;
    std::string message;  ///< the numbers, whether it passed or not
    explicit operator bool() const { return passed; }
};

/// Order p of errors ∝ dt^p (1 + c dt): the mean slope of independent batches, and an interval that
/// holds their spread (Student, 1 − 1e-6) and four times the change from leaving out the coarsest
/// rung, which covers the curvature: c shifts the slope by 3 times that change (3 rungs), or less.
struct Order {
    double value = 0.0;
    double half_width = 0.0;
};
/// errors(batch, rung) ≥ 0; dt descending, at least 3 rungs. One batch: errors without noise.
Order fit_order(Eigen::MatrixXd const& errors, std::vector<double> const& dt);

/// The interval must hold the claimed order and exclude those half an order away.
Verdict judge_order(Order const& order, double claimed);

/// No noise: the path follows the gradient flow of `potential`, integrated adaptively, with the
/// claimed order, to time 16 request.dt along dt, dt/2, …, dt/16 from 8 starts around request.start.
/// Detects: a wrong drift (the error stops falling), an order other than the claimed one.
Verdict check_gradient_flow(PathGenerator const& path, Potential const& potential,
                            PathRequest request, double claimed);

/// Strong order on common noise: rms differences between the end states at dt and 2 dt, from
/// request.dt (the fine step) on. No reference solution enters, so this says nothing of the limit;
/// check_ou_limit does.
Verdict check_strong_order(PathGenerator const& path, PathRequest request, double claimed);

/// The right limit. On a quadratic landscape with curvatures λ the expectation of the exact solution
/// given the increments ΔW_k of the fine step h is known, coordinate by coordinate:
///
///   Y = e^{−λt} x₀ + √(2T) Σ_k e^{−λ(t − t_{k+1})} (1 − e^{−λh})/(λh) ΔW_k
///
/// and √E|X − Y|² must fall with the claimed strong order; with a wrong limit it stops falling.
/// Detects: wrong noise amplitude, wrong drift, draws reused, missed or out of order, dt for √dt.
Verdict check_ou_limit(PathGenerator const& path, PathRequest request, double claimed);

/// Euler–Maruyama on a quadratic landscape: the mean of |X − Y|² of check_ou_limit is an explicit sum
/// at every dt (S66), met within the statistical error. False positives: 1e-6 per rung. Detects 20 %
/// of the mean square with 99 % power.
Verdict check_euler_error(PathGenerator const& path, PathRequest request);

/// Weak order of the second moment from the minimum of a quadratic landscape, with Y as control
/// variate:
/// error(dt) = E[X² − Y²] + (E Y² − E X_exact²).
Verdict check_weak_order(PathGenerator const& path, PathRequest request, double claimed);

}  // namespace kramers::checks
