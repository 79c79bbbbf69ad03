// SPDX-License-Identifier: Apache-2.0
#include "landscapes/critical_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sde/contracts.hpp"
#include "sde/linear_algebra.hpp"

namespace kramers {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double epsilon = std::numeric_limits<double>::epsilon();

std::string to_text(VectorXd const& x) {
    std::string text = "(";
    for (Eigen::Index i = 0; i < x.size(); ++i)
        text += fmt::format("{}{:.6g}", i ? ", " : "", x[i]);
    return text + ")";
}

struct NewtonRun {
    VectorXd x;
    bool converged = false;
};

/// Converged: the step is a rounding error of the position, or it is small and has stopped shrinking
/// quadratically, which is the rounding error of ∇V seen through a small curvature.
NewtonRun newton(Potential const& potential, Seed const& seed) {
    constexpr int max_steps = 80;
    NewtonRun run{seed.guess};
    double previous = std::numeric_limits<double>::infinity();
    for (int k = 0; k < max_steps && !run.converged; ++k) {
        VectorXd const step =
            linear::least_squares(potential.hessian(run.x), potential.gradient(run.x));
        if (!step.allFinite()) return run;
        run.x -= step;
        double const scale = std::max(run.x.lpNorm<Eigen::Infinity>(), seed.reach);
        double const length = step.lpNorm<Eigen::Infinity>();
        run.converged =
            length <= 4.0 * epsilon * scale || (length <= 1e-8 * scale && length > 0.25 * previous);
        previous = length;
    }
    return run;
}

/// Index of a curvature whose sign is not certain: zero, or no larger than its own change over a
/// distance of 1e-6 reach. −1: none. Scale-free: a stiff ravine is not degenerate, a merged pair is.
int degenerate_direction(Potential const& potential, VectorXd const& x, VectorXd const& curvatures,
                         MatrixXd const& directions, double reach) {
    for (int j = 0; j < static_cast<int>(curvatures.size()); ++j) {
        VectorXd const v = directions.col(j);
        for (double const sign : {-1.0, 1.0}) {
            VectorXd const there = x + sign * 1e-6 * reach * v;
            double const moved = v.dot(potential.hessian(there) * v);
            if (std::abs(curvatures[j]) <= std::abs(moved - curvatures[j])) return j;
        }
    }
    return -1;
}

double slope_on_line(Potential const& potential, VectorXd& x, int i, double t) {
    x[i] = t;
    return potential.gradient(x)[i];
}

double curvature_on_line(Potential const& potential, VectorXd& x, int i, double t) {
    x[i] = t;
    return potential.hessian(x)(i, i);
}

/// Root of f in [lower, upper], where its signs differ, to the last bit: bisection.
template <class F>
double bisect(F const& f, double lower, double upper) {
    bool const lower_negative = f(lower) < 0.0;
    while (true) {
        double const middle = 0.5 * (lower + upper);
        if (middle <= lower || middle >= upper) break;
        double const value = f(middle);
        if (value == 0.0) return middle;
        ((value < 0.0) == lower_negative ? lower : upper) = middle;
    }
    return std::abs(f(lower)) <= std::abs(f(upper)) ? lower : upper;
}

}  // namespace

PolishResult polish(Potential const& potential, Seed const& seed) {
    KRAMERS_EXPECTS(seed.guess.size() == potential.dim() && seed.reach > 0.0);
    auto const refuse = [&](std::string const& why) {
        return PolishResult{std::nullopt,
                            fmt::format("{} of {}: {}", seed.name, potential.name(), why)};
    };
    NewtonRun const run = newton(potential, seed);
    if (!run.x.allFinite()) return refuse("Newton's method left the numbers");
    MatrixXd const hessian = potential.hessian(run.x);
    linear::SymmetricEigen const eigen = linear::symmetric_eigen(hessian);
    VectorXd const& curvatures = eigen.values;
    double const distance = (run.x - seed.guess).lpNorm<Eigen::Infinity>();
    if (distance > seed.reach)
        return refuse(
            fmt::format("Newton's method from {} ran to {}, farther than {:.6g}: there is "
                        "no such point here",
                        to_text(seed.guess), to_text(run.x), seed.reach));
    int const flat = degenerate_direction(potential, run.x, curvatures, eigen.vectors, seed.reach);
    if (flat >= 0)
        return refuse(
            fmt::format("degenerate at {}: the curvature {:.3g} is zero within its "
                        "uncertainty",
                        to_text(run.x), curvatures[flat]));
    if (!run.converged)
        return refuse(fmt::format("Newton's method from {} did not converge", to_text(seed.guess)));
    int const index = static_cast<int>((curvatures.array() < 0.0).count());
    if (index != seed.morse_index)
        return refuse(fmt::format("the point {} has Morse index {}, not {}", to_text(run.x), index,
                                  seed.morse_index));
    return {CriticalPoint{seed.name, run.x, potential.value(run.x), curvatures, index}, ""};
}

std::vector<CriticalPoint> find_critical_points(Potential const& potential,
                                                std::vector<Seed> const& seeds) {
    std::vector<CriticalPoint> points;
    for (Seed const& seed : seeds)
        if (PolishResult result = polish(potential, seed); result.point)
            points.push_back(std::move(*result.point));
    return points;
}

std::string describe(ExistenceBound const& bound) {
    return fmt::format("{} must lie in ({:.6g}, {:.6g}): {}", bound.parameter, bound.lower,
                       bound.upper, bound.why);
}

std::vector<double> stationary_points(Potential const& potential, VectorXd const& base,
                                      int coordinate, double lower, double upper, int panels) {
    KRAMERS_EXPECTS(lower < upper && panels > 0);
    VectorXd x = base;
    auto const slope = [&](double t) { return slope_on_line(potential, x, coordinate, t); };
    auto const curvature = [&](double t) { return curvature_on_line(potential, x, coordinate, t); };
    std::vector<double> roots;
    auto const search = [&](double a, double b) {  // a root in (a, b], where slope is monotone
        double const fa = slope(a), fb = slope(b);
        if (fb == 0.0) roots.push_back(b);
        else if (fa != 0.0 && (fa < 0.0) != (fb < 0.0)) roots.push_back(bisect(slope, a, b));
    };
    if (slope(lower) == 0.0) roots.push_back(lower);
    double const width = (upper - lower) / panels;
    for (int p = 0; p < panels; ++p) {
        double const a = lower + p * width;
        double const b = p + 1 == panels ? upper : lower + (p + 1) * width;
        double const ca = curvature(a), cb = curvature(b);
        double const turn = (ca < 0.0) != (cb < 0.0) ? bisect(curvature, a, b) : b;
        search(a, turn);
        if (turn < b) search(turn, b);
    }
    return roots;
}

BarrierResult barrier_between(Potential const& potential, std::string_view from,
                              std::string_view to) {
    std::optional<CriticalPoint> const a = potential.critical_point(from);
    std::optional<CriticalPoint> const b = potential.critical_point(to);
    if (!a) return {std::nullopt, potential.why_absent(from)};
    if (!b) return {std::nullopt, potential.why_absent(to)};
    auto const refuse = [&](std::string_view why) {
        return BarrierResult{std::nullopt,
                             fmt::format("no barrier from {} to {}: {}", from, to, why)};
    };
    if (a->morse_index != 0 || b->morse_index != 0) return refuse("both must be minima");
    if (!potential.separable())
        return refuse("only separable landscapes have a path that is known");
    int coordinate = -1;
    for (int i = 0; i < potential.dim(); ++i) {
        if (std::abs(a->point[i] - b->point[i]) <= 1e-9 * (1.0 + std::abs(a->point[i]))) continue;
        if (coordinate >= 0) return refuse("they differ in more than one coordinate");
        coordinate = i;
    }
    if (coordinate < 0) return refuse("they are the same point");

    double const lower = std::min(a->point[coordinate], b->point[coordinate]);
    double const upper = std::max(a->point[coordinate], b->point[coordinate]);
    double highest = -std::numeric_limits<double>::infinity();
    Seed seed{"saddle", 1, a->point, 1e-3 * (upper - lower)};
    for (double const t : stationary_points(potential, a->point, coordinate, lower, upper)) {
        double const v = potential.coordinate_value(coordinate, t);
        if (v <= highest) continue;
        highest = v;
        seed.guess[coordinate] = t;
    }
    PolishResult const saddle = polish(potential, seed);
    if (!saddle.point) return refuse(saddle.reason);
    Barrier barrier{saddle.point->value - a->value, *a, *saddle.point};
    for (CriticalPoint const& c : potential.critical_points())
        if ((c.point - barrier.saddle.point).norm() <= seed.reach) barrier.saddle.name = c.name;
    return {barrier, ""};
}

}  // namespace kramers
